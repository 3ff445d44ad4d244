"""What each column of each raw table may hold; no pandas, for planning needs it."""

import dataclasses
import datetime
from typing import Literal

from alsdecline.data_plan import DataPlan
from alsdecline.scales import scale_named
from alsdecline.settings import Table

Kind = Literal["text", "number", "date"]
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
    about : str
        What the limits are of, for messages.
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
    about: str = ""


def raw_tables(plan: DataPlan) -> dict[str, Table]:
    """Return the raw tables that the configuration names."""
    data = plan.data
    named = {
        "subjects": data.subjects,
        "visits": data.visits,
        "exposure": data.exposure,
        "events": data.events,
        "adverse_events": data.adverse_events,
    }
    return {name: table for name, table in named.items() if table is not None}


def fixed_columns(
    latest: datetime.date | None = None, arms: tuple[str, ...] = ()
) -> dict[str, dict[str, ColumnSpec]]:
    """Return the columns that every trial has, with what they may hold.

    Parameters
    ----------
    latest : date, optional
        Last permitted date.
    arms : tuple of str
        Permitted arms.
    """
    date = ColumnSpec("date", latest=latest)
    text = ColumnSpec("text")
    optional = ColumnSpec("text", needed=False, blank=True)
    yes_no = ColumnSpec("text", needed=False, blank=True, permitted=("Y", "N"))
    late_date = dataclasses.replace(date, needed=False, blank=True)
    return {
        "subjects": {
            "patient": text,
            "arm": dataclasses.replace(text, permitted=arms),
            "randomisation_date": date,
        },
        "visits": {
            "patient": text,
            "visit_date": date,
            "visit_week": ColumnSpec("number", minimum=0),
        },
        "exposure": {
            "patient": text,
            "date": date,
            "dose": ColumnSpec("number", minimum=0),
        },
        "events": {
            "patient": text,
            "event": dataclasses.replace(text, permitted=EVENTS),
            "date": date,
            "reason": optional,
        },
        "adverse_events": {
            "patient": text,
            "term": text,
            "start_date": date,
            "end_date": late_date,
            "severity": dataclasses.replace(text, permitted=SEVERITIES),
            "serious": dataclasses.replace(yes_no, needed=True, blank=False),
            "related": yes_no,
        },
    }


def column_specs(plan: DataPlan) -> dict[str, dict[str, ColumnSpec]]:
    """Return what each column of each raw table of a trial may hold."""
    values = {}
    for outcome in plan.outcomes:
        if outcome.column is None:
            continue
        scale = scale_named(outcome.scale, plan.scales)
        values[outcome.column] = ColumnSpec(
            "number",
            blank=True,
            some=not outcome.sum_of,
            minimum=scale.minimum,
            maximum=scale.maximum,
            whole=scale.whole_points,
            about=scale.name,
        )
    characteristics = {
        c.column: ColumnSpec("number" if c.kind == "number" else "text", blank=True)
        for c in plan.data.subjects.characteristics
    }
    fixed = fixed_columns(plan.data.cutoff, tuple(arm.id for arm in plan.arms.groups))
    return fixed | {
        "subjects": fixed["subjects"] | characteristics,
        "visits": fixed["visits"] | values,
    }
