"""Rules on the groups of patients: arms, and those that are pooled."""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from alsdecline.near_names import how_alike, is_misspelt, same_but_for_form
from alsdecline.raw.cell_values import recoded
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding, further_rows
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


FEW = 2
"""Records of a level that may be another one misspelt."""

TIMES_AS_MANY = 5
"""Records of that other one, at least, for each of them."""

FEWEST_LETTERS = 4
ANSWERS = ("NO", "YES")
"""Letters of a word in capitals of which one letter may be short, and shorter ones."""

MOST_LEVELS = 200
"""Levels of which the letters are compared; of more, only how they are typed."""


def _named_alike(plan: DataPlan) -> Iterator[tuple[str, str, bool]]:
    """Return tables and columns of names, and whether they are levels."""
    held = {c.column for c in plan.covariates if c.levels}  # which are told one by one
    subjects = plan.data.subjects
    levels = [c.column for c in subjects.characteristics if c.kind == "category"]
    for column in dict.fromkeys([*levels, *(p.of for p in subjects.pooled)]):
        if column not in held:
            yield "subjects", column, True
    yield "visits", "visit", False
    yield "events", "reason", False
    yield "adverse_events", "term", False


def _is_code(name: str) -> bool:
    """Tell whether a level is a code of its own: AB beside A, NW beside N."""
    return name.isupper() and len(name) < FEWEST_LETTERS and name not in ANSWERS


def _alike(counts: pd.Series, letters: bool) -> Iterator[tuple[str, str, str]]:
    """Find levels that are nearly others, the more frequent ones, and how."""
    names = [str(name) for name in counts.index]  # the most frequent first
    by_form: dict[str, str] = {}
    for name in names:
        first = by_form.setdefault(same_but_for_form(name), name)
        if first != name:
            yield name, first, how_alike(name, first)
    if not letters or len(by_form) > MOST_LEVELS:
        return
    for name in by_form.values():
        whole = [n for n in names if n[0].casefold() == name.casefold()]
        whole = [n for n in whole if len(n) > 1 and not _is_code(n)]
        if len(whole) == 1:  # F beside Female
            yield name, whole[0], "as its first letter does"
            continue
        most = counts[name] * TIMES_AS_MANY
        near = [n for n in by_form.values() if counts[n] >= most]
        if counts[name] > FEW:
            continue
        if other := next((n for n in near if is_misspelt(name, n)), ""):
            yield name, other, "by a letter or two"


def alike_levels(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find levels and names that are probably one, written in two ways."""
    for table, column, letters in _named_alike(plan):
        frame = files.tables.get(table)
        if frame is None or column not in frame:
            continue
        texts = frame[column].dropna().sort_values(kind="stable")
        for name, other, how in _alike(texts.value_counts(), letters):
            rows = frame.loc[frame[column] == name, ROW]
            message = (
                f"differs from {other!r} {how}, and counts as another; if they are "
                f"one, write {recoded(column, name, other)}{further_rows(len(rows))}"
            )
            rule, row = Rule.ALIKE_LEVELS, rows.min()
            yield files.finding(table, rule, row, column, name, message)


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
