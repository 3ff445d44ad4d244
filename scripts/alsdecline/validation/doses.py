"""Rules on doses: those of the patient's arm, and periods of dosing with an end."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from alsdecline.datasets.of_patients import of_patients
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.partial_dates import FROM, day_known
from alsdecline.raw.relative_times import said_day
from alsdecline.raw.rules import Rule, Severity
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.dates import dates_beyond, records_beyond


def doses_of_other_arms(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find doses that the arm of their patient does not plan; one left out is none."""
    if "exposure" not in files.tables:
        return
    report = partial(files.finding, "exposure")
    # in which arm one is who stands in two rows is not known, and told already
    subjects = files.tables["subjects"].drop_duplicates("patient", keep=False)
    arm_of = subjects.set_index("patient")["arm"].to_dict()
    planned = {arm.id: arm.dose for arm in plan.arms.groups if arm.dose is not None}
    titration = {arm.id: arm.titration for arm in plan.arms.groups}
    doses = files.tables["exposure"]
    due = of_patients(doses["patient"], arm_of).map(planned).astype("float64")
    wrong = doses["dose"].notna() & due.notna() & (doses["dose"] != due)
    # 0 says that none was given, unless the patient never had another
    dosed = doses["patient"].isin(doses.loc[doses["dose"] > 0, "patient"])
    wrong &= ~((doses["dose"] == 0) & dosed)
    for dose in doses[wrong].to_dict("records"):
        arm = arm_of[dose["patient"]]
        if dose["dose"] in titration[arm]:
            continue
        other = [a for a, d in planned.items() if d == dose["dose"]]
        severity: Severity = "fatal" if other else "warning"
        whose = f"the dose of arm {other[0]!r}" if other else "of no arm"
        message = (
            f"{whose}, but the patient is in arm {arm!r} ({planned[arm]:g}); correct "
            "dose or arm if one is wrong, or, if the plan permits the dose, write "
            f"`titration: [{dose['dose']:g}]` below the arm"
        )
        if other:
            message += "; if it was given in error, accept it by `data: decisions:`"
        yield report(
            Rule.DOSE_OF_ARM, dose[ROW], "dose", dose["dose"], message, severity
        )


def overlapping_periods(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find periods of dosing that begin before the patient's last one ended."""
    if "exposure" not in files.tables:
        return
    doses = files.tables["exposure"].dropna(subset=["patient", "date", "end_date"])
    doses = doses.assign(_until=day_known(doses, "end_date", FROM))
    doses = doses.sort_values(["patient", "date", ROW], kind="stable")
    last = doses.groupby("patient")[["date", "_until", ROW]].shift()
    # of two of one day the dates are told as the same
    ends = last["_until"].where(doses["date"] > last["date"])
    doses = doses.assign(_last=last[ROW])
    told: dict[str, list[tuple[dict[Any, Any], Any]]] = {}
    for dose, end in records_beyond(doses, "date", ends, later=False):
        told.setdefault(dose["patient"], []).append((dose, end))
    for overlaps in told.values():
        dose, end = overlaps[0]
        message = (
            f"before the end, on {said_day(plan, end)}, of the period in row "
            f"{dose['_last']:.0f}; correct the date that is wrong"
            f"{further_rows(len(overlaps))}"
        )
        yield files.finding(
            "exposure",
            Rule.OVERLAPPING_DOSES,
            dose[ROW],
            "date",
            dose["date"],
            message,
        )


def open_periods(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find periods of dosing without an end, and those that end before they start."""
    if "exposure" not in files.tables:
        return
    doses = files.tables["exposure"]
    named = "end_date" in files.sources["exposure"].columns
    if not named and doses["end_date"].isna().all():  # rows are doses, not periods
        return
    message = "before its start on {}; correct the date that is wrong"
    yield from dates_beyond(
        files,
        "exposure",
        "end_date",
        day_known(doses, "date", FROM),
        False,
        Rule.END_BEFORE_START,
        message,
        plan,
    )
    open_ = doses[doses["end_date"].isna()]
    # where none has an end, that is told once
    none_ends = len(open_) == len(doses)
    for dose in open_[:1].to_dict("records") if none_ends else open_.to_dict("records"):
        message = "no end of this period; it counts as one day. Enter it if it is known"
        message += further_rows(len(open_)) if none_ends else ""
        yield files.finding(
            "exposure", Rule.NO_END_DATE, dose[ROW], "end_date", None, message
        )
