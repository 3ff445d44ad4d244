"""Every patient's own slope, by outcome and arm."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from alsdecline.figures.style import (
    GREY,
    FigurePlan,
    OutcomeLabel,
    arm_legend,
    arm_styles,
    light_grid,
    new_figure,
)

MOST_NAMED = 12
"""Patients up to which each has a line and a name."""


def _half_width(slopes: pd.DataFrame, interval: float) -> np.ndarray:
    """Half the width of each slope's t interval; missing with fewer than 3 visits."""
    freedom = slopes["n_visits"].to_numpy() - 2
    with np.errstate(invalid="ignore"):
        quantile = stats.t.ppf((1 + interval) / 2, np.where(freedom > 0, freedom, 1))
    return np.where(freedom > 0, quantile * slopes["se"].to_numpy(), np.nan)


def _panel(
    axes: Axes, plan: FigurePlan, outcome: OutcomeLabel, slopes: pd.DataFrame
) -> None:
    position = 0.0
    names: list[tuple[float, str]] = []
    named = len(slopes) <= MOST_NAMED * len(plan.arms)
    for arm, style in arm_styles(plan).items():
        mine = slopes[(slopes["arm"] == arm) & slopes["slope"].notna()]
        mine = mine.sort_values(["slope", "patient"], ascending=False)
        rows = position + np.arange(len(mine)) * (1.0 if named else 0.15)
        axes.errorbar(
            mine["slope"],
            rows,
            xerr=_half_width(mine, plan.interval) if named else None,
            fmt=style.marker,
            color=style.colour,
            markersize=4 if named else 2,
            elinewidth=0.9,
        )
        if len(mine):
            ends = [rows[0] - 0.4, rows[-1] + 0.4]
            mean = mine["slope"].mean()
            axes.plot([mean, mean], ends, color=style.colour, linestyle=style.dashes)
            if named:
                names += zip(rows, mine["patient"], strict=True)
            else:
                names.append((float(rows.mean()), style.label))
            position = rows[-1] + 1.5
    axes.set_yticks([y for y, _ in names], [name for _, name in names], fontsize=7.5)
    axes.invert_yaxis()
    axes.axvline(0, color=GREY, linewidth=0.8)
    light_grid(axes, "x")
    axes.set_title(outcome.label)
    axes.set_xlabel(f"{outcome.unit} per month")


def plot_patient_slopes(plan: FigurePlan, slopes: dict[str, pd.DataFrame]) -> Figure:
    """Draw each patient's least-squares slope with its interval.

    Parameters
    ----------
    plan : FigurePlan
        Outcomes and arms.
    slopes : dict of str to DataFrame
        By outcome: patient, arm, n_visits, slope, se.

    Returns
    -------
    Figure
        Vertical lines are the arms' means.
    """
    columns = min(2, len(plan.outcomes))
    n_rows = -(-len(plan.outcomes) // columns)
    patients = max(len(frame) for frame in slopes.values())
    height = n_rows * (1.2 + min(0.2 * patients, 5.0)) + 0.5
    figure = new_figure(plan, height)
    grid = figure.subplots(n_rows, columns, squeeze=False).ravel()
    for axes, outcome in zip(grid, plan.outcomes, strict=False):
        _panel(axes, plan, outcome, slopes[outcome.id])
    for axes in grid[len(plan.outcomes) :]:
        axes.set_visible(False)
    arm_legend(figure, plan)
    return figure
