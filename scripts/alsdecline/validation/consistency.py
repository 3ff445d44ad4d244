"""Checks of the raw tables against each other and against the plan."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles, text_of
from alsdecline.raw.findings import Finding, Severity, further_rows
from alsdecline.raw.long_files import row_of
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.patients import (
    alike_patients,
    duplicates,
    missing_covariates,
    unallocated_patients,
    unknown_patients,
)
from alsdecline.validation.visits import (
    absent_baselines,
    patients_without_visits,
    visits_off_schedule,
)

SUM_TOLERANCE = 1e-9


def _arms(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    table = "allocation" if "allocation" in files.tables else "subjects"
    report = partial(files.finding, table)
    present = set(files.tables["subjects"]["arm"].dropna())
    for arm in plan.arms.groups:
        if present and arm.id not in present:
            message = f"no patient in arm {arm.id!r}; correct the arms in the plan"
            yield report("fatal", "empty_arm", None, "arm", None, message)


def _half_a_unit(value: float) -> float:
    """Return half a unit of a number's last decimal."""
    decimals = -int(Decimal(repr(value)).as_tuple().exponent) if value % 1 else 0
    return 0.5 * 10.0**-decimals


def _disagreements(
    files: TrialFiles, outcome: Outcome, derived: pd.Series
) -> Iterator[tuple[int, pd.Series, float]]:
    """Find recorded totals that differ from what their parts or items give.

    Yields the visit's position, the visit, and the total that it should have.
    """
    visits = files.tables["visits"]
    recorded = visits[str(outcome.column)]
    tolerance = pd.Series(SUM_TOLERANCE, index=visits.index)
    if outcome.items:  # a prorated total may be recorded rounded
        rounded = visits[outcome.items].isna().any(axis=1) & recorded.notna()
        tolerance[rounded] += recorded[rounded].map(_half_a_unit)
    gap = (recorded - derived).abs() > tolerance
    for at in np.flatnonzero(gap):
        yield int(at), visits.iloc[at], derived.iloc[at]


def _unused_totals(
    files: TrialFiles, outcome: Outcome, derived: pd.Series
) -> Iterator[Finding]:
    """Find recorded totals of visits that lack the parts to make them of."""
    column = str(outcome.column)
    visits = files.tables["visits"]
    unused = visits[visits[column].notna() & derived.isna()]
    if unused.empty or derived.isna().all():
        return
    message = (
        f"parts of {outcome.label} are missing, so this total is not used; enter them "
        f"if they are known{further_rows(len(unused))}"
    )
    first = unused.sort_values(row_of(column)).iloc[0]
    yield files.value_finding(
        "warning", "unused_total", first[row_of(column)], column, first[column], message
    )


def _name_of(files: TrialFiles, outcome: Outcome) -> str:
    """Name an outcome by its column, or by its label where it is a total of items."""
    if outcome.items:
        return outcome.label
    return files.column_name("visits", str(outcome.column))


def _sums(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    known = {outcome.id: outcome for outcome in plan.outcomes}
    for outcome in plan.outcomes:
        column = outcome.column
        if column is None or not (outcome.sum_of or outcome.items):
            continue
        items = files.tables["visits"][outcome.items]
        if items.isna().all().any():  # of an item that is absent, which is told already
            continue
        parts = {
            _name_of(files, known[part]): outcome_values(
                plan, files.tables["visits"], known[part]
            )
            for part in outcome.sum_of
        }
        totals = outcome_values(plan, files.tables["visits"], outcome)
        yield from _unused_totals(files, outcome, totals)
        for at, record, derived in _disagreements(files, outcome, totals):
            shown = " + ".join(
                f"{name} {values.iloc[at]:g}" for name, values in parts.items()
            )
            shown = shown or f"the total of the items of {outcome.label}"
            yield files.value_finding(
                "fatal",
                "sum",
                record[row_of(column)],
                column,
                record[column],
                f"{shown} is {derived:g}; correct the part or the sum",
            )


def _doses(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    if "exposure" not in files.tables:
        return
    report = partial(files.finding, "exposure")
    arm_of = files.tables["subjects"].set_index("patient")["arm"].to_dict()
    planned = {arm.id: arm.dose for arm in plan.arms.groups if arm.dose is not None}
    titration = {arm.id: arm.titration for arm in plan.arms.groups}
    doses = files.tables["exposure"]
    due = doses["patient"].map(arm_of).map(planned).astype("float64")
    wrong = doses["dose"].notna() & due.notna() & (doses["dose"] != due)
    for _, dose in doses[wrong].iterrows():
        arm = arm_of[dose["patient"]]
        if dose["dose"] in titration[arm]:
            continue
        other = [a for a, d in planned.items() if d == dose["dose"]]
        severity: Severity = "fatal" if other else "warning"
        of = f"the dose of arm {other[0]!r}" if other else "of no arm"
        message = (
            f"{of}, but the patient is in arm {arm!r} ({planned[arm]:g}); correct dose "
            "or arm, or name the dose under `titration:` of the arm"
        )
        yield report(severity, "dose_of_arm", dose[ROW], "dose", dose["dose"], message)


def _beyond(
    files: TrialFiles,
    table: str,
    column: str,
    limits: pd.Series,
    later: bool,
    rule: str,
    message: str,
) -> Iterator[Finding]:
    """Find dates later, or else earlier, than the limits of their records."""
    frame = files.tables[table]
    wrong = frame[column] > limits if later else frame[column] < limits
    for limit, (_, record) in zip(limits[wrong], frame[wrong].iterrows(), strict=True):
        told = message.format(text_of(limit))
        yield files.finding(
            table, "fatal", rule, record[ROW], column, record[column], told
        )


def _dates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    randomised = subjects.set_index("patient")["randomisation_date"].to_dict()
    if plan.data.visits.time != "date":  # then there are no other dates either
        return
    for table in ("exposure", "events"):
        if table in files.tables:
            limits = _dates_of(files.tables[table]["patient"], randomised)
            message = "before randomisation on {}; correct the date"
            yield from _beyond(
                files, table, "date", limits, False, "before_randomisation", message
            )
    if "adverse_events" in files.tables:
        starts = files.tables["adverse_events"]["start_date"]
        message = "before its start on {}; correct it"
        yield from _beyond(
            files,
            "adverse_events",
            "end_date",
            starts,
            False,
            "end_before_start",
            message,
        )


def _after_death(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    del plan
    if "events" not in files.tables:
        return
    events = files.tables["events"].dropna(subset=["patient", "date"])
    deaths = events[events["event"] == "died"].set_index("patient")["date"].to_dict()
    message = "after the death on {}; correct one of the dates"
    for table, column in (
        ("visits", "visit_date"),
        ("exposure", "date"),
        ("exposure", "end_date"),
        ("adverse_events", "start_date"),
    ):
        if table in files.tables:
            limits = _dates_of(files.tables[table]["patient"], deaths)
            yield from _beyond(
                files, table, column, limits, True, "after_death", message
            )


def _open_periods(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find periods of dosing without an end, and those that end before they start."""
    del plan
    if "exposure" not in files.tables:
        return
    doses = files.tables["exposure"]
    named = "end_date" in files.sources["exposure"].columns
    if not named and doses["end_date"].isna().all():  # rows are doses, not periods
        return
    message = "before its start on {}; correct it"
    yield from _beyond(
        files, "exposure", "end_date", doses["date"], False, "end_before_start", message
    )
    for _, dose in doses[doses["end_date"].isna()].iterrows():
        yield files.finding(
            "exposure",
            "warning",
            "no_end_date",
            dose[ROW],
            "end_date",
            None,
            "no end of this period; it counts as one day. Enter it if it is known",
        )


def _pooled_groups(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
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
            "subjects", "fatal", "pooled_label", row, pooling.of, value, message
        )


_RULES: tuple[Callable[[DataPlan, TrialFiles], Iterator[Finding]], ...] = (
    unknown_patients,
    alike_patients,
    duplicates,
    unallocated_patients,
    _arms,
    _sums,
    _pooled_groups,
    missing_covariates,
    patients_without_visits,
    absent_baselines,
    visits_off_schedule,
    _doses,
    _open_periods,
    _dates,
    _after_death,
)


def _dates_of(patients: pd.Series, dates: Mapping[Any, Any]) -> pd.Series:
    """Return the date that each record's patient has; missing where there is none."""
    return pd.to_datetime(patients.map(dict(dates)))


def check_consistency(plan: DataPlan, files: TrialFiles) -> list[Finding]:
    """Check the tables against each other and the plan.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables; cells that could not be read are missing.

    Returns
    -------
    list of Finding
        Unknown and repeated records, wrong sums, absent covariates and baselines,
        visits out of their windows, doses and dates that contradict the arm, the
        randomisation or the death of the patient.
    """
    return [finding for rule in _RULES for finding in rule(plan, files)]
