"""The effects on the slopes side by side: models, priors, and the test without one."""

import dataclasses

import pandas as pd
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
    arm: str, sensitivity: pd.DataFrame, tests: pd.DataFrame, primary: tuple[str, str]
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
        Outcome and model of the primary estimand.

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
            (row["outcome"], row["model"], row["prior"]) == (*primary, DEFAULT),
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


def plot_effects(plan: FigurePlan, effects: list[Effect], title: str) -> Figure:
    """Draw a forest of effects, a block an outcome.

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
    rows: list[tuple[float, Effect]] = []
    heads: list[tuple[float, str]] = []
    position = 0.0
    for outcome in plan.outcomes:
        mine = [e for e in effects if e.outcome == outcome.id]
        if not mine:
            continue
        heads.append((position, f"{outcome.label} ({outcome.unit})"))
        for effect in mine:
            position += 1
            rows.append((position, effect))
        position += 1.6
    figure = new_figure(plan, 0.2 * position + 1.3)
    axes = figure.subplots()
    finite = [v for _, e in rows for v in (e.lower, e.upper) if abs(v) < float("inf")]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    margin = 0.05 * (high - low) or 1.0
    left, right = min(low, 0.0) - margin, max(high, 0.0) + margin
    for y, e in rows:
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
    ticks = [(y, _name(e)) for y, e in rows]
    axes.set_yticks([y for y, _ in ticks], [text for _, text in ticks], fontsize=8)
    for y, text in heads:
        axes.text(
            0.0,
            y,
            text,
            transform=axes.get_yaxis_transform(),
            weight="bold",
            va="center",
            fontsize=8.5,
        )
    axes.axvline(0, color=GREY, linewidth=0.9)
    light_grid(axes, "x")
    axes.set_xlim(left, right)
    axes.set_ylim(position - 0.6, -1)
    axes.set_title(title)
    axes.set_xlabel(
        f"Difference in mean slope per month with {plan.interval_percent} interval\n"
        "← faster decline        slower decline →"
    )
    return figure
