"""The effects on the slopes side by side: models, priors, and the test without one."""

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alsdecline.figures.style import (
    BLACK,
    GREY,
    FigurePlan,
    light_grid,
    new_figure,
    tell,
    wrapped,
)
from alsdecline.fits.plan import DEFAULT
from alsdecline.settings.analysis import Estimand
from alsdecline.settings.members import FAMILY

LABELS_INCHES = 2.0
"""Width taken by the names of the analyses."""

PATIENTS = "patients"
"""The kind of analysis that is no model: a test on the patients' own slopes."""


_MARKERS = ("o", "s", "D", "v", "P", "X", "<", ">", "h", "*")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 1, 1, 1)))


@dataclasses.dataclass(frozen=True)
class MethodMark:
    """How a kind of analysis is drawn: in no arm's colour, for it is of no arm."""

    marker: str
    dashes: Any
    colour: str = BLACK


def method_marks(models: Iterable[str]) -> dict[str, MethodMark]:
    """Return how each kind of analysis is drawn.

    Parameters
    ----------
    models : iterable of str
        Members of the family, in their order, at most 40.

    Returns
    -------
    dict of str to MethodMark
        Models have ink, and differ in marker and dashes taken together; the patients'
        own slopes are grey.
    """
    n, m = len(_MARKERS), len(_DASHES)
    pairs = [(_MARKERS[i % n], _DASHES[(i + i // 20) % m]) for i in range(n * m)]
    marks = {name: MethodMark(*pair) for name, pair in zip(models, pairs, strict=False)}
    return {PATIENTS: MethodMark("^", "-", GREY), **marks}


METHOD_MARKS = method_marks(FAMILY)


@dataclasses.dataclass(frozen=True)
class Effect:
    """One line of the figure.

    Attributes
    ----------
    outcome, kind, detail : str
        What it is of; a model or ``patients``; prior or test.
    estimate, lower, upper : float
        Points a month; above 0 is a better course. Ends may be infinite.
    primary : bool
        Whether it is the primary estimate.
    failed : bool
        Whether its computation missed a gate.
    """

    outcome: str
    kind: str
    detail: str
    estimate: float
    lower: float
    upper: float
    primary: bool
    failed: bool = False


def effects_of_arm(
    arm: str,
    sensitivity: pd.DataFrame,
    tests: pd.DataFrame,
    primary: Estimand,
) -> list[Effect]:
    """Collect the effects of one arm.

    Parameters
    ----------
    arm : str
        Its id.
    sensitivity : DataFrame
        Estimates by outcome, model, quantity, arm and prior.
    tests : DataFrame
        Permutation tests by outcome and arm.
    primary : Estimand
        The primary estimand.

    Returns
    -------
    list of Effect
        Models first (default prior before the alternatives), the test last.
    """
    mine = sensitivity[
        (sensitivity["arm"] == arm)
        & (sensitivity["quantity"] == "slope_difference")
        & sensitivity["estimate"].notna()
    ]
    is_primary = (
        (mine["outcome"] == primary.outcome)
        & (mine["model"] == primary.model)
        & (mine["prior"] == DEFAULT)
        & (arm == primary.treatment)
        & (primary.summary == "slope_difference")
    )
    effects = [
        Effect(
            row["outcome"],
            row["model"],
            f"{str(row['prior']).replace('_', ' ')} prior",
            row["estimate"],
            row["lower"],
            row["upper"],
            row["is_primary"],
            not row["passed"],
        )
        for _, row in mine.assign(is_primary=is_primary).iterrows()
    ]
    return effects + [
        Effect(
            row["outcome"],
            PATIENTS,
            "permutation of slopes",
            row["estimate"],
            row["lower"],
            row["upper"],
            False,
        )
        for _, row in tests[
            (tests["arm"] == arm) & (tests["test"] == "permutation")
        ].iterrows()
        if pd.notna(row["estimate"])
    ]


def _name(effect: Effect) -> str:
    name = f"{effect.kind}, {effect.detail}"
    if effect.failed:
        return f"{name} (gates missed)"
    return f"{name} (primary)" if effect.primary else name


def _panel(axes: Axes, effects: list[Effect], label: str) -> None:
    """Draw the effects on one outcome, on a scale of their own."""
    ends = [v for e in effects for v in (e.lower, e.upper) if math.isfinite(v)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    margin = 0.05 * (high - low) or 1.0
    left, right = low - margin, high + margin
    for y, e in enumerate(effects):
        mark_of = METHOD_MARKS[e.kind]
        axes.plot(
            [max(e.lower, left), min(e.upper, right)],
            [y, y],
            color=mark_of.colour,
            linestyle=mark_of.dashes,
            linewidth=2.6 if e.primary else 1.3,
        )
        # a dashed line may end in a gap
        known = [end for end in (e.lower, e.upper) if math.isfinite(end)]
        axes.plot(known, [y] * len(known), "|", color=mark_of.colour, markersize=5)
        (mark,) = axes.plot(
            e.estimate,
            y,
            mark_of.marker,
            color=mark_of.colour,
            markerfacecolor="white" if e.failed else mark_of.colour,
            markersize=7 if e.primary else 4.5,
        )
        tell(
            mark,
            {"outcome": label, "analysis": _name(e)},
            {"estimate": [e.estimate], "lower": [e.lower], "upper": [e.upper]},
        )
    names = [_name(effect) for effect in effects]
    axes.set_yticks(range(len(effects)), names)
    axes.axvline(0, color=GREY, linewidth=0.9)
    light_grid(axes, "x")
    axes.set_xlim(left, right)
    axes.set_ylim(len(effects) + 0.5, -0.6)
    _name_sides(axes, len(effects))


def _name_sides(axes: Axes, y: float) -> None:
    """Write beside zero which side is the better one, on a line of its own."""
    for text, side, shift in (
        ("\N{LEFTWARDS ARROW} worse", "right", -5),
        ("better \N{RIGHTWARDS ARROW}", "left", 5),
    ):
        axes.annotate(
            text,
            (0, y),
            xytext=(shift, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            annotation_clip=False,
        )


def plot_effects(plan: FigurePlan, effects: list[Effect], title: str) -> Figure:
    """Draw a forest of effects, a panel an outcome.

    Parameters
    ----------
    plan : FigurePlan
        Outcomes in display order.
    effects : list of Effect
        Of one arm.
    title : str
        What is compared.

    Returns
    -------
    Figure
    """
    by_outcome = [
        (outcome, mine)
        for outcome in plan.outcomes
        if (mine := [e for e in effects if e.outcome == outcome.id])
    ]
    heights = [len(mine) + 2.6 for _, mine in by_outcome]
    figure = new_figure(plan, 0.21 * sum(heights) + 0.35 * len(heights) + 0.8)
    panels = figure.subplots(
        len(by_outcome), 1, squeeze=False, height_ratios=heights
    ).ravel()
    for axes, (outcome, mine) in zip(panels, by_outcome, strict=True):
        _panel(axes, mine, outcome.label)
        heading = f"{outcome.label} ({outcome.unit} a {plan.per}), {title}"
        axes.set_title(wrapped(heading, plan.width_inches - LABELS_INCHES))
    panels[-1].set_xlabel(
        f"Difference in mean slope per {plan.per} with {plan.interval_percent} "
        "interval;\n"
        "better is a slower decline, or a faster gain"
    )
    return figure
