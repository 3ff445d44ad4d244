"""Checks of the visits: who has any, and who has a baseline."""

from collections.abc import Collection, Iterator
from functools import partial

import pandas as pd

from alsdecline.datasets.baselines import baseline_positions, may_be_baseline
from alsdecline.datasets.totals import outcome_values
from alsdecline.datasets.visit_times import visit_days, visit_weeks
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan

USUAL_LOSS = 0.1
"""Share of patients who may have left before their first visit after time zero, where
no file tells of ends. Of more of them an export may have stopped too early."""


def patients_without_visits(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients who have no visit."""
    report = partial(files.finding, "subjects")
    visits = files.tables["visits"]
    if visits["patient"].isna().all():  # none could be read, which is told already
        return
    which = "with a measurement" if plan.data.measurements else "at all"
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    for _, subject in subjects[~subjects["patient"].isin(visits["patient"])].iterrows():
        message = (
            f"no visit {which}; the patient is listed, and in no analysis. Enter the "
            "visits if there are any"
        )
        yield report(
            Rule.NO_VISITS,
            subject[ROW],
            "patient",
            subject["patient"],
            message,
        )


def _no_total(files: TrialFiles, outcome: Outcome) -> Finding:
    """Say that no visit has the items of a total."""
    message = (
        f"no visit has the items that {outcome.label} needs: {', '.join(outcome.items)}"
        "; enter them, or leave the outcome out"
    )
    table, _ = files.value_cells(outcome.items[0])
    return files.finding(table, Rule.NO_TOTAL, None, "", None, message)


def _times(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return when the visits were, and whether they are at baseline."""
    frame, days = files.tables["visits"], visit_days(plan, files)
    weeks = visit_weeks(plan, frame, days)
    return pd.DataFrame(
        {
            "patient": frame["patient"],
            ROW: frame[ROW],
            "AVISITN": weeks,
            "ARELTM": days,
            "early": may_be_baseline(days, weeks),
        }
    )


def _with_values(
    plan: DataPlan, files: TrialFiles, times: pd.DataFrame, outcome: Outcome
) -> pd.DataFrame:
    """Add an outcome's values to the times of the visits that are of a patient."""
    values = outcome_values(plan, files.tables["visits"], outcome)
    return times.assign(value=values).dropna(subset=["patient"])


def _recorded(files: TrialFiles, outcome: Outcome) -> pd.DataFrame:
    """Return the baselines that stand in a column of the subjects: value and row."""
    if outcome.baseline is None:
        return pd.DataFrame(columns=["value", ROW])
    subjects = files.tables["subjects"].drop_duplicates("patient").set_index("patient")
    columns = {outcome.baseline.column: "value"}
    return subjects.rename(columns=columns)[["value", ROW]].dropna()


def differing_baselines(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find recorded baselines that are not what was measured up to time zero."""
    times = _times(plan, files)
    for outcome in plan.outcomes:
        if outcome.baseline is None:
            continue
        visits = _with_values(plan, files, times, outcome).dropna(subset=["value"])
        visits = visits.rename(columns={"patient": "USUBJID"})
        visits = visits.sort_values(["USUBJID", "ARELTM"], ignore_index=True)
        measured = visits.loc[baseline_positions(visits)].set_index("USUBJID")
        found = measured.rename(columns={"value": "measured", ROW: "visit_row"})
        both = _recorded(files, outcome).join(found, how="inner")
        for patient, row in both[both["value"] != both["measured"]].iterrows():
            message = (
                f"patient {patient} has {row['measured']:g} in row "
                f"{row['visit_row']:g} of the visits, which is used; correct one of "
                "them if it is wrong"
            )
            yield files.finding(
                "subjects",
                Rule.BASELINE_DIFFERS,
                int(row[ROW]),
                outcome.baseline.column,
                row["value"],
                message,
            )


def _absent_values_of(
    plan: DataPlan, files: TrialFiles, times: pd.DataFrame, outcome: Outcome
) -> Iterator[Finding]:
    """Find who has no value of an outcome, or none at baseline."""
    visits = _with_values(plan, files, times, outcome)
    # who is not in the subjects file is told already
    visits = visits[visits["patient"].isin(files.tables["subjects"]["patient"])]
    patients = visits.groupby("patient")
    at_any_time = patients["value"].count()
    early = visits["value"].where(visits["early"])
    at_baseline = early.groupby(visits["patient"]).count()
    recorded = _recorded(files, outcome)["value"]
    at_baseline += at_baseline.index.isin(recorded.index)
    if not at_any_time.any():  # which is told of a column already
        if outcome.items and len(visits):
            yield _no_total(files, outcome)
        return
    column = "" if plan.data.measurements else outcome.column or ""
    of_outcome = "" if column else f" of {outcome.label}"
    if visits["AVISITN"].isna().all() and visits["ARELTM"].isna().all():
        return  # when the visits were cannot be read, which is told
    if not at_baseline.any():
        message = (
            f"no patient has a baseline of {outcome.label}: no change from it. Where "
            "it stands in a column of the subjects, write `baseline: {column: NAME, "
            f"use: row}}` below outcome {outcome.id!r} in config.yaml"
        )
        yield files.finding("visits", Rule.NO_BASELINE, None, "", None, message)
        at_baseline = at_any_time
    # where a message points to: the visit of week 0, else the first in the file
    in_order = visits.assign(later=~visits["early"])
    in_order = in_order.sort_values("later", kind="stable")
    first = in_order.groupby("patient")[ROW].first()
    report = partial(files.finding, "visits")
    for patient in at_any_time.index[at_baseline == 0]:
        row = first[patient]
        if at_any_time[patient] == 0:
            message = (
                f"patient {patient} has no value{of_outcome} and is in no analysis of "
                "it. Enter the values if they were measured"
            )
            yield report(Rule.NO_VALUES, row, column, None, message)
            continue
        message = (
            f"patient {patient} has no baseline (week 0) value{of_outcome}; there is "
            "no change from baseline. Enter it if it was measured; the models take the "
            "other values all the same"
        )
        yield report(Rule.NO_BASELINE, row, column, None, message)


def absent_values(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients without any value of an outcome, or without one at baseline."""
    times = _times(plan, files)
    for outcome in plan.outcomes:
        if not outcome.sum_of:
            yield from _absent_values_of(plan, files, times, outcome)


def _gone(files: TrialFiles, lost: Collection[str]) -> set[str]:
    """Return those of whom it is no wonder that they have no value after time zero.

    They ended early, as the events tell; where no file tells of ends, they are few.
    """
    if "events" not in files.tables:
        patients = files.tables["subjects"]["patient"].nunique()
        return set(lost) if len(lost) <= USUAL_LOSS * patients else set()
    events = files.tables["events"]
    ended = events[events["event"].isin(["died", "withdrawn"])]
    return set(lost) & set(ended["patient"])


def patients_without_follow_up(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients who have values of outcomes, but none after time zero.

    A note of those who left the trial; a warning of others, and of who has values of
    another outcome there.
    """
    known, times = set(files.tables["subjects"]["patient"]), _times(plan, files)
    first: list[pd.Series] = []
    lacking: dict[str, list[str]] = {}
    followed: set[str] = set()
    for outcome in plan.outcomes:
        if outcome.sum_of:
            continue
        visits = _with_values(plan, files, times, outcome).dropna(subset=["value"])
        of_patients = visits[visits["patient"].isin(known)].groupby("patient")
        early = of_patients["early"].all()
        first.append(of_patients[ROW].min())
        for name in early.index[early].tolist():
            lacking.setdefault(name, []).append(outcome.label)
        followed.update(early.index[~early].tolist())
    gone = _gone(files, lacking.keys() - followed)
    for name, labels in lacking.items():
        of_these = f" of {', '.join(labels)}" if name in followed else ""
        remedy = "" if name in gone else ". Enter the values if they were measured"
        yield files.finding(
            "visits",
            Rule.NO_FOLLOW_UP,
            min(int(rows[name]) for rows in first if name in rows),
            "patient",
            name,
            f"patient {name} has no value{of_these} after time zero, and says nothing "
            f"of a slope{remedy}",
            "note" if name in gone else "warning",
        )
