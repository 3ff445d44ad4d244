"""The picture of the answer: the primary estimate beside those by other ways."""

import dataclasses
import math
from collections.abc import Sequence

from alsdecline.report.cells import Cell
from alsdecline.report.estimates import GATES_MISSED, estimate_cell, interval_cell
from alsdecline.report.headline import primary_analyses
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.words import MINUS

LABELS = {
    "the primary analysis": "Primary analysis",
    "the one with a weak prior": "With a weak prior",
    "the permutation test": "Permutation test of slopes",
    "the adjusted one": "Own slopes, adjusted",
}
"""Short labels, by how sentences call the analyses."""

MARGIN = 0.05
"""Share of the width left free at each end."""

TICKS = 5
"""At most so many steps between marks of the axis."""


@dataclasses.dataclass(frozen=True)
class Span:
    """An estimate with its interval as drawn.

    Attributes
    ----------
    label : str
        By which analysis.
    estimate, interval : Cell
        As printed.
    at, low, high : float
        Where estimate and ends lie, in percent of the width.
    open_low, open_high : bool
        Whether an end lies beyond the width, being infinite.
    primary : bool
        Whether it is the primary analysis.
    """

    label: str
    estimate: Cell
    interval: Cell
    at: float
    low: float
    high: float
    open_low: bool
    open_high: bool
    primary: bool


@dataclasses.dataclass(frozen=True)
class Picture:
    """What is drawn on one axis.

    Attributes
    ----------
    spans : list of Span
        The primary one first.
    zero : float
        Where zero lies, in percent of the width.
    ticks : list of (float, str)
        Marks of the axis: where, and what they say.
    """

    spans: list[Span]
    zero: float
    ticks: list[tuple[float, str]]


@dataclasses.dataclass(frozen=True)
class Axis:
    """An axis from one value to another, which has zero on it."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Axis":
        """Make the axis that has zero and all finite values on it."""
        finite = [0.0, *(value for value in values if math.isfinite(value))]
        low, high = min(finite), max(finite)
        free = MARGIN * (high - low or 1)
        return cls(low - free, high + free)

    def percent(self, value: float) -> float:
        """Return where a value lies, in percent of the width; at most at its ends."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0), 1), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Return round values on the axis, each with where it lies."""
        width = self.high - self.low
        unit = 10 ** math.floor(math.log10(width / TICKS))
        step = next(n * unit for n in (1, 2, 5, 10) if width / (n * unit) <= TICKS)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [
            (self.percent(n * step), f"{n * step:.6g}".replace("-", MINUS))
            for n in range(first, last + 1)
        ]


def answer_picture(plan: ReportPlan, results: Results) -> Picture | None:
    """Lay out the primary estimate and those beside it; nothing without an estimate.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.

    Returns
    -------
    Picture or None
    """
    analyses = [
        one
        for one in primary_analyses(plan, results)
        if math.isfinite(one["row"]["estimate"])
    ]
    if not analyses:
        return None
    rows = [one["row"] for one in analyses]
    axis = Axis.of([row[end] for row in rows for end in ("estimate", "lower", "upper")])
    spans = [
        Span(
            label=LABELS[one["short"]] + GATES_MISSED * one["missed"],
            estimate=estimate_cell(row),
            interval=interval_cell(row),
            at=axis.percent(row["estimate"]),
            low=axis.percent(row["lower"]),
            high=axis.percent(row["upper"]),
            open_low=math.isinf(row["lower"]),
            open_high=math.isinf(row["upper"]),
            primary=one["short"] == "the primary analysis",
        )
        for one, row in zip(analyses, rows, strict=True)
    ]
    return Picture(spans, axis.percent(0), axis.ticks())
