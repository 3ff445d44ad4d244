"""What the estimates of several outcomes say of each other: sum and parts, and others.

They are secondary to the one that was named beforehand; that they agree makes it no
surer than its interval, for they are measured on the same patients.
"""

import dataclasses
import math
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from alsdecline.report.cells import Cell, ids_of
from alsdecline.report.estimates import estimate_cell, interval_cell, probability_cell
from alsdecline.report.footnotes import of_estimates
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import listed

Side = Literal["better", "worse", "open"]
"""Where an interval lies; open where it contains zero."""


@dataclasses.dataclass(frozen=True)
class OfOutcome:
    """An estimate of an outcome, turned so that above 0 is better.

    Attributes
    ----------
    label : str
        The outcome's.
    lower, upper : float
        Ends of the interval.
    """

    label: str
    lower: float
    upper: float

    @property
    def side(self) -> Side:
        """On which side of zero the interval lies."""
        if self.lower > 0:
            return "better"
        return "worse" if self.upper < 0 else "open"


@dataclasses.dataclass(frozen=True)
class Coherence:
    """What is printed of several outcomes.

    Attributes
    ----------
    sentences : list of Cell
        Of sums, then of directions.
    table : PrintedTable
        A row an outcome.
    """

    sentences: list[Cell]
    table: PrintedTable


OPEN = "leaves the direction open"


def relation(primary: OfOutcome, other: OfOutcome) -> str:
    """Say in few words where another outcome points beside the primary one."""
    if other.side == "open":
        return OPEN
    if primary.side == "open":
        return f"points to a {other.side} course"
    return f"points the {'same' if other.side == primary.side else 'other'} way"


def directions(primary: OfOutcome, others: Sequence[OfOutcome]) -> str:
    """Say which outcomes point where, in the order in which they first do.

    Parameters
    ----------
    primary : OfOutcome
        That of the primary estimand.
    others : sequence of OfOutcome
        All others, at least one.

    Returns
    -------
    str
        A sentence, or two where outcomes contradict each other.
    """
    groups: dict[str, list[str]] = {}
    for other in others:
        groups.setdefault(relation(primary, other), []).append(other.label)
    as_open = groups.pop(OPEN, []) if primary.side == "open" else []
    told = [f"so {'do' if len(as_open) > 1 else 'does'} {listed(as_open)}"]
    told = told[: len(as_open)] + [
        f"{listed(labels)} "
        f"{_plural(verb) if len(labels) > 1 else verb}"
        f"{f' as {primary.label}' if verb == 'points the same way' else ''}"
        for verb, labels in groups.items()
    ]
    start = (
        f"{primary.label} itself leaves the direction open; "
        if primary.side == "open"
        else ""
    )
    said = f"{start}{'; '.join(told)}."
    if "points the other way" in groups:
        said += " The outcomes contradict each other: no one of them speaks for all."
    return said


def _plural(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return f"{first.removesuffix('s')} {rest}"


def share_of_parts(total: float, parts: Sequence[float]) -> list[float]:
    """Return the share of a sum that each part has; none where signs differ."""
    if not total or any(part * total < 0 for part in parts):
        return []
    together = sum(parts)
    return [part / together for part in parts] if together else []


def _rows(plan: ReportPlan, results: Results) -> dict[str, pd.Series]:
    """Return the estimate of each outcome by the primary estimand's model and arm."""
    estimand = plan.primary_estimand
    rates = results.tables["rate_of_decline"]
    rows = rates[
        (rates["model"] == estimand.model)
        & (rates["quantity"] == estimand.summary)
        & (rates["arm"] == estimand.treatment)
    ]
    by_outcome = {str(row["outcome"]): row for _, row in rows.iterrows()}
    return {
        o.id: by_outcome[o.id]
        for o in plan.outcomes
        if o.id in by_outcome
        and all(math.isfinite(by_outcome[o.id][c]) for c in ("estimate", "lower"))
    }


def _turned(plan: ReportPlan, outcome: str, row: pd.Series, label: str) -> OfOutcome:
    """Turn an estimate so that above 0 is better; differences are so already."""
    differs = plan.primary_estimand.summary == "slope_difference"
    if differs or plan.scales[outcome].better == "higher":
        return OfOutcome(label, row["lower"], row["upper"])
    return OfOutcome(label, -row["upper"], -row["lower"])


def _sums(
    plan: ReportPlan, rows: dict[str, pd.Series], labels: dict[str, str]
) -> list[Cell]:
    """Say of each outcome that is a sum what its parts give to it."""
    said = []
    for one in plan.fit.sums:
        if one.id not in rows or not all(part in rows for part in one.parts):
            continue
        parts = [rows[part] for part in one.parts]
        words = [
            f"{estimate_cell(row)} of {labels[part]}"
            for part, row in zip(one.parts, parts, strict=True)
        ]
        total = rows[one.id]
        text = (
            f"{labels[one.id]} is the sum of its parts, of the same draws: "
            f"{listed(words)} make {estimate_cell(total)}"
        )
        shares = share_of_parts(
            total["estimate"], [float(row["estimate"]) for row in parts]
        )
        if shares:
            largest = max(range(len(shares)), key=shares.__getitem__)
            part = labels[one.parts[largest]]
            text += f", about {100 * shares[largest]:.0f}% of it {part}"
        else:
            text += ": they point to opposite sides, and the sum hides it"
        ids = [i for row in [*parts, total] for i in ids_of(row, "estimate")]
        said.append(Cell(f"{text}.", ids))
    return said


def coherence(plan: ReportPlan, results: Results) -> Coherence | None:
    """Compare what the outcomes' estimates say; nothing where there is one alone.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.

    Returns
    -------
    Coherence or None
    """
    labels = {o.id: o.label for o in plan.outcomes}
    rows = _rows(plan, results)
    first = plan.primary_estimand.outcome
    if first not in rows or len(rows) < 2:
        return None
    turned = {o: _turned(plan, o, row, labels[o]) for o, row in rows.items()}
    others = [one for outcome, one in turned.items() if outcome != first]
    printed: list[list[str]] = [
        [
            f"{labels[outcome]}, {plan.scales[outcome].unit} a {plan.per}",
            estimate_cell(row),
            interval_cell(row),
            probability_cell(row),
            "primary" if outcome == first else relation(turned[first], turned[outcome]),
        ]
        for outcome, row in rows.items()
    ]
    level = f"{100 * plan.summaries.interval:g}% interval"
    head = ["Outcome", "Estimate", level, "Probability", "Beside the primary one"]
    return Coherence(
        [*_sums(plan, rows, labels), Cell(directions(turned[first], others))],
        of_estimates(PrintedTable(head, printed), plan.summaries.interval),
    )
