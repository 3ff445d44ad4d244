"""How methods do in simulated trials, by scenario, and what a rule would decide by."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alsdecline.figures.simulated_shares import METHOD_LABELS, Rows, share_panel
from alsdecline.figures.style import (
    GREY,
    FigurePlan,
    legend_below,
    new_figure,
    tell,
)
from alsdecline.settings.members import FAMILY


def _probabilities(axes: Axes, fitted: pd.DataFrame, rows: Rows, margin: float) -> None:
    """Draw what a rule decides by: the median, half and 90% of trials."""
    for method in dict.fromkeys(fitted["method"]):
        mine, look = fitted[fitted["method"] == method], rows.looks[method]
        at = rows.at(mine, method)
        for low, high, width in (("q05", "q95", 1.2), ("q25", "q75", 3.6)):
            axes.hlines(
                at,
                mine[f"probability_{low}"],
                mine[f"probability_{high}"],
                color=look["color"],
                linewidth=width,
            )
        (marks,) = axes.plot(mine["probability_q50"], at, **look | {"linestyle": ""})
        quantiles = mine.filter(regex=r"^probability_q\d+$").items()
        told = {f"{str(c)[-2:]}% of trials below": values for c, values in quantiles}
        tell(marks, {"method": METHOD_LABELS[method]}, rows.told(mine) | told)
    rows.finish(axes)
    axes.set_xlim(-0.02, 1.02)
    axes.set_title(f"Better by {margin:g}" if margin else "Probability of benefit")
    axes.set_xlabel("Posterior probability:\nmedian, half and 90% of trials")


def plot_operating_characteristics(
    plan: FigurePlan, table: pd.DataFrame, margin: float
) -> Figure:
    """Draw the share of significant trials, and that of intervals with the truth.

    Where trials were fitted, also the probabilities by which a rule would decide.

    Parameters
    ----------
    plan : FigurePlan
        Width, and the intervals' probability.
    table : DataFrame
        ``scenario``, ``arm``, ``method``, ``effect``, the two shares with errors, and
        quantiles of the probability where there are any.
    margin : float
        Which that is of being better than, points/time.

    Returns
    -------
    Figure
        A row a scenario and arm, in the table's order.
    """
    rows = Rows.of(table, ["scenario", "arm"], "method")
    figure = new_figure(plan, rows.height(0.55) + 1.9)
    fitted = table[table["method"].isin(FAMILY)]
    left, right, *third = figure.subplots(1, 2 if fitted.empty else 3, sharey=True)
    share_panel(left, table, "rejected", rows)
    share_panel(right, table, "coverage", rows)
    for axes in third:
        _probabilities(axes, fitted, rows, margin)
    effects = table.groupby(["scenario", "arm"])["effect"].first()
    rows.name_rows(left, {row: f"\neffect {effects[row]:.3g}" for row in rows.places})
    left.axvline(1.0 - plan.interval, color=GREY, linewidth=0.9)
    right.axvline(plan.interval, color=GREY, linewidth=0.9)
    left.set_xlim(-0.02, 1.02)
    left.set_title("Significant trials")
    left.set_xlabel(
        f"Share with p ≤ {1.0 - plan.interval:.3g}:\ntype I error, or power"
    )
    right.set_title("Coverage")
    right.set_xlabel(
        f"Share of {plan.interval_percent} intervals\nwith the true effect"
    )
    legend_below(figure, plan, rows.handles)
    return figure
