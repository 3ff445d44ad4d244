"""What each column of each raw table may hold; no pandas, for planning needs it."""

import dataclasses
import datetime
from typing import Literal

from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan

Kind = Literal["text", "number", "date"]
CONSENT = "consent_date"
"""Our column of the day on which a patient consented, if the configuration names it."""

HISTORY = ("onset_date", "diagnosis_date")
"""Our columns of when the disease began and was found, in this order, likewise."""

EVENTS = ("completed", "withdrawn", "died")
SEVERITIES = ("mild", "moderate", "severe")


@dataclasses.dataclass(frozen=True)
class ColumnSpec:
    """What a column of a raw table may hold.

    Attributes
    ----------
    kind : {"text", "number", "date"}
        Dates are YYYY-MM-DD.
    needed : bool
        Whether the column must be there.
    blank : bool
        Whether cells may be empty.
    some : bool
        Whether one cell at least must be filled.
    minimum, maximum : float or None
        Limits of a number, included.
    whole : bool
        Whether a number must be whole.
    latest : date or None
        Last permitted date.
    permitted : tuple of str
        Permitted values of a text; empty where any is.
    partial : {"", "refuse", "keep", "first", "last"}
        Of dates that are known in part: what becomes of them; empty where none can be.
    without_zero : bool
        Whether a number is a study day, of which there is no 0.
    unplanned : bool
        Whether a text that says unscheduled, or screening, is as an empty cell.
    about : str
        What the limits are of, for messages.
    absent, unfilled, beyond : str
        What to do where the file has no such column, a cell that must be filled is
        empty, or a value is beyond what is permitted, for messages; empty where
        nothing is particular to the column.
    """

    kind: Kind
    needed: bool = True
    blank: bool = False
    some: bool = False
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    latest: datetime.date | None = None
    permitted: tuple[str, ...] = ()
    partial: Literal["", "refuse", "keep", "first", "last"] = ""
    without_zero: bool = False
    unplanned: bool = False
    about: str = ""
    absent: str = ""
    unfilled: str = ""
    beyond: str = ""


NO_DATES = (
    "where the visits have no dates but weeks or months, write `time: week` (or day, "
    "month, year) below `data: visits:` and `time_origin: baseline` at the top"
)
OTHER_TIME = (
    "where the file has other times, say which by `time:` below `data: visits:` "
    "(date, day, week, month or year)"
)
NO_DATE = (
    "fill in the date if it is known; a visit of unknown date cannot be placed, and is "
    "left out by `where:`, which the report's note says"
)
NO_TIME = (
    "write when the visit was; one whose time is not known is left out by `where:`"
)
NOT_RANDOMISED = (
    "a patient who was not randomised is left out, visits and all, by `where:` below "
    "`data: subjects:` with values that those who were have there"
)
ANOTHER_ARM = (
    "if it is an arm of the plan, list it below `arms: groups:`; if its patients are "
    "not analysed, leave them out by `where:`"
)


DEATH_MARKS = {
    "subjects": ("DTHDTC", "DTHDT", "death_date", "date_of_death", "DTHFL"),
    "adverse_events": ("AESDTH", "AEOUT", "AETOXGR"),
}
"""Columns beside ours that tell of a death, which is then to be among the ends."""


def _visit_columns(plan: DataPlan, date: ColumnSpec) -> dict[str, ColumnSpec]:
    """Return the columns that tell when a visit was, and which one."""
    number = ColumnSpec("number")
    counted = plan.data.visits.time == "study_day"
    dated = plan.file_unit is None
    clock = date
    if not dated:
        clock = dataclasses.replace(number, without_zero=counted, unfilled=NO_TIME)
    time = dataclasses.replace(clock, absent=OTHER_TIME)
    if dated:
        time = dataclasses.replace(time, absent=NO_DATES, unfilled=NO_DATE)
    columns = {plan.time_column: time}
    if plan.planned_column:
        # a visit that was not planned is placed by when it was
        columns[plan.planned_column] = dataclasses.replace(
            number,
            blank=True,
            unplanned=True,
            absent="let `windows:` below `visits:` place the visits by their dates",
        )
    if plan.data.measurements is not None:
        columns["visit"] = ColumnSpec("text")
    return columns


def fixed_columns(plan: DataPlan) -> dict[str, dict[str, ColumnSpec]]:
    """Return the columns that are no outcome's and no characteristic's."""
    date = ColumnSpec("date", latest=plan.data.cutoff)
    late_date = dataclasses.replace(date, needed=False, blank=True)
    text = ColumnSpec("text")
    patient = dataclasses.replace(
        text,
        unfilled="fill in whose row it is; one that is nobody's, as a total, is no row",
    )
    optional = ColumnSpec("text", needed=False, blank=True)
    yes_no = ColumnSpec("text", needed=False, blank=True, permitted=("Y", "N"))
    arms = tuple(arm.id for arm in plan.arms.groups)
    # where there is one arm, all are in it
    of_arm = ColumnSpec(
        "text",
        needed=len(arms) > 1,
        permitted=arms,
        absent="where the arms stand in a file of their own, name it below `data:` "
        "under `allocation:`",
        unfilled=NOT_RANDOMISED,
        beyond=ANOTHER_ARM,
    )
    arm = {"arm": of_arm}
    elsewhere = plan.blinded or plan.data.allocation is not None
    dated = plan.file_unit is None
    randomised = dataclasses.replace(date, absent=NO_DATES, unfilled=NOT_RANDOMISED)

    def of_table(spec: ColumnSpec, name: str) -> ColumnSpec:
        table = getattr(plan.data, name)
        if table is None:
            return spec
        if table.time == "date":
            return dataclasses.replace(spec, partial=table.partial_dates)
        counted = table.time == "study_day"
        return dataclasses.replace(
            spec, kind="number", latest=None, without_zero=counted
        )

    return {
        "subjects": {
            "patient": patient,
            **({} if elsewhere else arm),
            "randomisation_date": randomised if dated else late_date,
        },
        "allocation": {"patient": patient, **arm},
        "visits": {"patient": patient, **_visit_columns(plan, date)},
        "measurements": {
            "patient": patient,
            "visit": text,
            "parameter": text,
            "value": ColumnSpec("number", blank=True),
            "date": late_date,
        },
        "exposure": {
            "patient": patient,
            "date": of_table(date, "exposure"),
            "dose": ColumnSpec("number", minimum=0),
            "end_date": of_table(late_date, "exposure"),
        },
        "events": {
            "patient": patient,
            "event": dataclasses.replace(text, permitted=EVENTS),
            "date": of_table(date, "events"),
            "reason": optional,
        },
        "adverse_events": {
            "patient": patient,
            "term": text,
            "start_date": of_table(date, "adverse_events"),
            "end_date": of_table(late_date, "adverse_events"),
            "severity": dataclasses.replace(optional, permitted=SEVERITIES),
            "serious": dataclasses.replace(yes_no, needed=True, blank=False),
            "related": yes_no,
        },
    }


def _value_spec(plan: DataPlan, outcome: Outcome) -> ColumnSpec:
    """Return what a value of an outcome may be, visit or baseline."""
    scale = plan.scales[outcome.scale]
    return ColumnSpec(
        "number",
        blank=True,
        minimum=scale.minimum,
        maximum=scale.maximum,
        whole=scale.whole_points,
        about=scale.name,
    )


def value_specs(plan: DataPlan) -> dict[str, ColumnSpec]:
    """Return what the columns or parameters of outcomes and their items may hold."""
    values = {}
    for outcome in plan.outcomes:
        scale = plan.scales[outcome.scale]
        maxima = scale.item_maxima if outcome.items else []
        for item, most in zip(outcome.items, maxima, strict=True):
            values[item] = ColumnSpec(
                "number",
                blank=True,
                minimum=0,
                maximum=most,
                whole=scale.whole_points,
                about=f"{item} of {scale.name}",
            )
        if outcome.column is not None:
            values[outcome.column] = dataclasses.replace(
                _value_spec(plan, outcome),
                some=not outcome.sum_of and not outcome.items,
            )
    return values


def column_specs(plan: DataPlan) -> dict[str, dict[str, ColumnSpec]]:
    """Return what each column of each raw table of a trial may hold."""
    subjects = plan.data.subjects
    fixed = fixed_columns(plan)
    characteristics = {
        c.column: ColumnSpec(
            "number" if c.kind == "number" else "text",
            blank=True,
        )
        for c in subjects.characteristics
    }
    # who is in no group can be pooled with none
    pooled = {p.of: ColumnSpec("text") for p in subjects.pooled}
    baselines = {
        outcome.baseline.column: _value_spec(plan, outcome)
        for outcome in plan.outcomes
        if outcome.baseline
    }
    of_subjects = fixed["subjects"] | characteristics | pooled | baselines
    if CONSENT in subjects.columns:  # one that is there by chance is left alone
        date = ColumnSpec("date", needed=False, blank=True, latest=plan.data.cutoff)
        of_subjects[CONSENT] = date
    of_subjects |= {
        column: ColumnSpec(
            "date",
            needed=False,
            blank=True,
            latest=plan.data.cutoff,
            partial="keep",
        )
        for column in HISTORY
        if column in subjects.columns
    }
    if plan.data.allocation is not None:
        # if it is there, it is held to the allocation, which counts
        of_subjects["arm"] = ColumnSpec("text", needed=False, blank=True)
    specs = fixed | {"subjects": of_subjects}
    for name, marks in DEATH_MARKS.items():
        table = getattr(plan.data, name)
        dropped = table.drop if table is not None else []
        of_death = ColumnSpec("text", needed=False, blank=True)
        free = [m for m in marks if m not in specs[name] and m not in dropped]
        specs[name] = specs[name] | dict.fromkeys(free, of_death)
    if plan.data.measurements is None:
        specs["visits"] = fixed["visits"] | value_specs(plan)
    return specs
