"""The effects on the slopes side by side: models, priors, and the test without one."""

import dataclasses
import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alsdecline.figures.style import (
    COLOURS,
    GREY,
    MARKERS,
    FigurePlan,
    light_grid,
    new_figure,
)
from alsdecline.fit_plan import DEFAULT

METHOD_STYLE = {"joint": 0, "single": 1, "patients": 2}
"""Which colour and marker stands for which kind of analysis."""


@dataclasses.dataclass(frozen=True)
class Effect:
    """One line of the figure.

    Attributes
    ----------
    outcome, kind, detail : str
        What it is of; ``joint``, ``single`` or ``patients``; prior or test.
    estimate, lower, upper : float
        Points a month; above 0 is slower decline. Ends may be infinite.
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
    primary: tuple[str, str, str],
) -> list[Effect]:
    """Collect the effects of one arm.

    Parameters
    ----------
    arm : str
        Its id.
    sensitivity : DataFrame
        Slope differences by outcome, model, arm and prior.
    tests : DataFrame
        Permutation tests by outcome and arm.
    primary : tuple of str
        Outcome, treatment and model of the primary estimand.

    Returns
    -------
    list of Effect
        Models first (default prior before the alternatives), the test last.
    """
    mine = sensitivity[sensitivity["arm"] == arm]
    effects = [
        Effect(
            row["outcome"],
            row["model"],
            f"{row['prior']} prior",
            row["estimate"],
            row["lower"],
            row["upper"],
            (row["outcome"], arm, row["model"], row["prior"]) == (*primary, DEFAULT),
            not row["passed"],
        )
        for _, row in mine.iterrows()
    ]
    return effects + [
        Effect(
            row["outcome"],
            "patients",
            "permutation of slopes",
            row["estimate"],
            row["lower"],
            row["upper"],
            False,
        )
        for _, row in tests[tests["arm"] == arm].iterrows()
        if pd.notna(row["estimate"])
    ]


def _name(effect: Effect) -> str:
    name = f"{effect.kind}, {effect.detail}"
    if effect.failed:
        return f"{name} (gates missed)"
    return f"{name} (primary)" if effect.primary else name


def _panel(axes: Axes, effects: list[Effect]) -> None:
    """Draw the effects on one outcome, on a scale of their own."""
    ends = [v for e in effects for v in (e.lower, e.upper) if math.isfinite(v)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    margin = 0.05 * (high - low) or 1.0
    left, right = low - margin, high + margin
    for y, e in enumerate(effects):
        index = METHOD_STYLE[e.kind]
        colour = COLOURS[index]
        axes.plot(
            [max(e.lower, left), min(e.upper, right)],
            [y, y],
            color=colour,
            linewidth=2.6 if e.primary else 1.3,
        )
        axes.plot(
            e.estimate,
            y,
            MARKERS[index],
            color=colour,
            markerfacecolor="white" if e.failed else colour,
            markersize=7 if e.primary else 4.5,
        )
    names = [_name(effect) for effect in effects]
    axes.set_yticks(range(len(effects)), names, fontsize=8)
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
        _panel(axes, mine)
        axes.set_title(f"{outcome.label} ({outcome.unit} a month), {title}")
    panels[-1].set_xlabel(
        f"Difference in mean slope per month with {plan.interval_percent} interval\n"
        "← faster        slower →"
    )
    return figure
