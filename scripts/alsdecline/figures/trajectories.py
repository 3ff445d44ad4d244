"""Every patient's measured course, by outcome and arm."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from alsdecline.figures.style import FigurePlan, arm_styles, light_grid, new_figure

MOST_NAMED = 12
"""Patients of an arm up to which lines are named and visits marked."""

DAYS_PER_WEEK = 7


def plot_trajectories(plan: FigurePlan, values: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw each patient's values against time, a row an outcome, a column an arm.

    Parameters
    ----------
    plan : FigurePlan
        Outcomes and arms.
    values : mapping of str to DataFrame
        The BDS of each outcome.

    Returns
    -------
    Figure
    """
    figure = new_figure(plan, 2.1 * len(plan.outcomes) + 0.6)
    grid = figure.subplots(
        len(plan.outcomes), len(plan.arms), sharex=True, sharey="row", squeeze=False
    )
    for row, outcome in zip(grid, plan.outcomes, strict=True):
        frame = values[outcome.id]
        for axes, (arm, style) in zip(row, arm_styles(plan).items(), strict=True):
            mine = frame[(frame["ARMCD"] == arm) & (frame["ANL01FL"] == "Y")]
            few = mine["USUBJID"].nunique() <= MOST_NAMED
            for _, patient in mine.groupby("USUBJID", sort=True):
                weeks = (patient["ADY"] - (patient["ADY"] > 0)) / DAYS_PER_WEEK
                axes.plot(
                    weeks,
                    patient["AVAL"],
                    color=style.colour,
                    linewidth=1.0 if few else 0.6,
                    alpha=0.85 if few else 0.3,
                    marker=style.marker if few else "",
                    markersize=2.2,
                )
            light_grid(axes, "both")
            n = mine["USUBJID"].nunique()
            axes.set_title(f"{outcome.label}, {style.label} (n = {n})")
        row[0].set_ylabel(outcome.unit)
    for axes in grid[-1]:
        axes.set_xlabel("Weeks from time zero")
    return figure
