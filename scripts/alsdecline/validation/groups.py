"""Rules on the groups of patients: arms, and those that are pooled."""

from collections.abc import Iterator
from functools import partial

from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.examples import in_one_line


def empty_arms(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find arms of the plan that no patient is in."""
    table = "allocation" if "allocation" in files.tables else "subjects"
    report = partial(files.finding, table)
    present = set(files.tables["subjects"]["arm"].dropna())
    if present - {arm.id for arm in plan.arms.groups}:
        return  # who is in which cannot be told, and each cell is told
    for arm in plan.arms.groups:
        if present and arm.id not in present:
            there = ", ".join(map(repr, sorted(present)))
            message = (
                f"no patient in arm {arm.id!r}, but in {there}; if the file calls it "
                "otherwise, say so under `recode:`, as "
                f"`recode: {in_one_line({'arm': {'NAME': arm.id}})}`; if nobody was in "
                "it, take it out of `arms: groups:` in config.yaml"
            )
            yield report(Rule.EMPTY_ARM, None, "arm", None, message)


def pooled_groups_of_a_label(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find groups that are called as those are that were pooled."""
    subjects = files.tables["subjects"]
    for pooling in plan.data.subjects.pooled:
        named = subjects[subjects[pooling.of] == pooling.label]
        if named.empty:
            continue
        message = (
            f"pooled groups of {pooling.column} are called {pooling.label!r} too; "
            "choose another `label` in config.yaml"
        )
        row, value = named[ROW].iloc[0], pooling.label
        yield files.finding(
            "subjects", Rule.POOLED_LABEL, row, pooling.of, value, message
        )
