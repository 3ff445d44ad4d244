"""The effects on the slopes side by side: models, priors, and the test without one."""

import dataclasses
import math
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alsdecline.figures.style import (
    COLOURS,
    GREY,
    MARKERS,
    VERMILION,
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


def method_marks(models: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return colour and marker of each kind of analysis.

    Parameters
    ----------
    models : iterable of str
        Members of the family, in their order, fewer than 49.

    Returns
    -------
    dict of str to tuple of str
        The third mark is that of the patients' own slopes. The first seven differ in
        colour and marker, later ones in both taken together.
    """
    colours, markers = (*COLOURS, VERMILION), (*MARKERS, "X")
    n = len(colours)
    marks = [(colours[i % n], markers[(i + i // n) % n]) for i in range(n * n)]
    of_patients = marks.pop(2)
    return {PATIENTS: of_patients, **dict(zip(models, marks, strict=False))}


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
            f"{row['prior']} prior",
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
        colour, marker = METHOD_MARKS[e.kind]
        axes.plot(
            [max(e.lower, left), min(e.upper, right)],
            [y, y],
            color=colour,
            linewidth=2.6 if e.primary else 1.3,
        )
        (mark,) = axes.plot(
            e.estimate,
            y,
            marker,
            color=colour,
            markerfacecolor="white" if e.failed else colour,
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
    axes.set_ylim(len(effects) - 0.4, -0.6)


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
    heights = [len(mine) + 1.6 for _, mine in by_outcome]
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
        "interval\n"
        "← worse        better →"
    )
    return figure
