"""The mean decline of each arm as the posterior has it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alsdecline.figures.style import (
    GREY,
    ArmStyle,
    FigurePlan,
    arm_legend,
    arm_styles,
    light_grid,
    new_figure,
    tell,
)
from alsdecline.time_units import DAYS_PER_WEEK

WORSE = {"higher": "", "lower": "\n(higher is worse)"}


def observed_changes(bds: pd.DataFrame) -> pd.DataFrame:
    """Return the mean observed change from baseline by arm and scheduled visit.

    Parameters
    ----------
    bds : DataFrame
        Of one outcome; values that are carried forward do not count.

    Returns
    -------
    DataFrame
        ``ARMCD``, ``AVISITN``, ``mean`` and ``n`` of those seen then.
    """
    seen = bds[(bds["DTYPE"] == "") & (bds["ANL01FL"] == "Y")]
    seen = seen.dropna(subset=["CHG", "AVISITN"])
    grouped = seen.groupby(["ARMCD", "AVISITN"])["CHG"]
    return grouped.agg(mean="mean", n="count").reset_index()


def _draw_model(
    axes: Axes,
    times: np.ndarray,
    of_model: np.ndarray,
    style: ArmStyle,
    of: Mapping[str, str],
) -> None:
    """Draw lower end, median and upper end of an arm's mean change, shape (3, T)."""
    low, mid, high = of_model
    axes.fill_between(times, low, high, color=style.colour, alpha=0.18)
    for edge in (low, high):
        axes.plot(times, edge, color=style.colour, linewidth=0.5)
    (line,) = axes.plot(
        times,
        mid,
        color=style.colour,
        linestyle=style.dashes,
        marker=style.marker,
        markevery=[-1],
        linewidth=1.8,
    )
    ends = {"lower": low, "upper": high}
    tell(line, of, {"time": times, "model median": mid, **ends})


def _draw_means(
    axes: Axes,
    times: np.ndarray,
    seen: pd.DataFrame,
    style: ArmStyle,
    of: Mapping[str, str],
) -> None:
    """Draw the observed means of an arm."""
    (marks,) = axes.plot(
        times,
        seen["mean"],
        color=style.colour,
        linestyle="none",
        marker=style.marker,
        markersize=3.5,
        markerfacecolor="white",
        markeredgewidth=0.9,
    )
    tell(
        marks,
        of,
        {"time": times, "observed mean": seen["mean"], "patients seen": seen["n"]},
    )


def plot_decline(
    plan: FigurePlan,
    changes: Mapping[str, Mapping[str, np.ndarray]],
    weeks: np.ndarray,
    model: str,
    observed: Mapping[str, pd.DataFrame],
) -> Figure:
    """Draw the mean change from time zero with its interval, a panel an outcome.

    Over the model's lines stand the observed means of those seen at each visit.

    Parameters
    ----------
    plan : FigurePlan
        Outcomes and arms.
    changes : mapping of str to mapping of str to ndarray, shape (T, S)
        Draws of the mean change from time zero, by outcome and arm; without the arms
        whose slopes the data do not identify.
    weeks : ndarray, shape (T,)
        When they are, from time zero.
    model : str
        The model, for the axis label.
    observed : mapping of str to DataFrame
        From :func:`observed_changes`, by outcome.

    Returns
    -------
    Figure
    """
    times = plan.scheduled_times(weeks * DAYS_PER_WEEK)
    shown = [outcome for outcome in plan.outcomes if outcome.id in changes]
    columns = min(2, len(shown))
    n_rows = -(-len(shown) // columns)
    figure = new_figure(plan, 2.6 * n_rows + 0.6)
    grid = figure.subplots(n_rows, columns, squeeze=False, sharex=True).ravel()
    tail = (1 - plan.interval) / 2
    for axes, outcome in zip(grid, shown, strict=False):
        for arm, style in arm_styles(plan).items():
            if arm not in changes[outcome.id]:
                continue
            of_model = np.quantile(
                changes[outcome.id][arm], [tail, 0.5, 1 - tail], axis=1
            )
            of = {"outcome": outcome.label, "arm": style.label}
            _draw_model(axes, times, of_model, style, of)
            own = observed[outcome.id]
            own = own[(own["ARMCD"] == arm) & (own["AVISITN"] <= weeks[-1])]
            seen_at = plan.scheduled_times(own["AVISITN"] * DAYS_PER_WEEK)
            _draw_means(axes, seen_at, own, style, of)
        axes.axhline(0, color=GREY, linewidth=0.8)
        light_grid(axes, "both")
        axes.set_title(outcome.label)
        axes.set_ylabel(f"Change, {outcome.unit}{WORSE[outcome.better]}")
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    for axes in grid[max(0, len(shown) - columns) : len(shown)]:
        axes.set_xlabel(f"{plan.time_label} ({model} model)")
        axes.tick_params(labelbottom=True)
    arm_legend(figure, plan)
    return figure
