"""The mean decline of each arm as the posterior has it."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from alsdecline.figures.style import (
    GREY,
    FigurePlan,
    arm_legend,
    arm_styles,
    light_grid,
    new_figure,
)
from alsdecline.months import MONTHS_PER_WEEK
from alsdecline.posterior import Slopes

WORSE = {"higher": "", "lower": "\n(higher is worse)"}


def plot_decline(
    plan: FigurePlan, slopes: Mapping[str, Slopes], horizon_week: float, model: str
) -> Figure:
    """Draw the mean change from time zero with its interval, a panel an outcome.

    Parameters
    ----------
    plan : FigurePlan
        Outcomes and arms.
    slopes : mapping of str to Slopes
        Draws of the arms' mean slopes by outcome.
    horizon_week : float
        Where the lines end.
    model : str
        The model, for the axis label.

    Returns
    -------
    Figure
    """
    shown = [outcome for outcome in plan.outcomes if outcome.id in slopes]
    columns = min(2, len(shown))
    n_rows = -(-len(shown) // columns)
    figure = new_figure(plan, 2.6 * n_rows + 0.6)
    grid = figure.subplots(n_rows, columns, squeeze=False, sharex=True).ravel()
    weeks = np.array([0.0, horizon_week])
    tail = (1 - plan.interval) / 2
    for axes, outcome in zip(grid, shown, strict=False):
        for arm, style in arm_styles(plan).items():
            draws = slopes[outcome.id].by_arm[arm]
            # a straight line's quantiles are straight lines too
            low, mid, high = np.quantile(draws, [tail, 0.5, 1 - tail])
            months = weeks * MONTHS_PER_WEEK
            axes.fill_between(
                weeks, low * months, high * months, color=style.colour, alpha=0.18
            )
            for edge in (low, high):
                axes.plot(weeks, edge * months, color=style.colour, linewidth=0.5)
            axes.plot(
                weeks,
                mid * months,
                color=style.colour,
                linestyle=style.dashes,
                marker=style.marker,
                markevery=[1],
                linewidth=1.8,
            )
        axes.axhline(0, color=GREY, linewidth=0.8)
        light_grid(axes, "both")
        axes.set_title(outcome.label)
        axes.set_ylabel(f"Change, {outcome.unit}{WORSE[outcome.better]}")
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    for axes in grid[max(0, len(shown) - columns) : len(shown)]:
        axes.set_xlabel(f"Weeks from time zero ({model} model)")
        axes.tick_params(labelbottom=True)
    arm_legend(figure, plan)
    return figure
