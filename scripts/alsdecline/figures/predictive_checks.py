"""What the models would have produced against what was observed."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alsdecline.figures.captions import CHECK_LABELS
from alsdecline.figures.style import (
    BLACK,
    GREY,
    VERMILION,
    FigurePlan,
    light_grid,
    new_figure,
    tell,
)


def plot_predictive_checks(plan: FigurePlan, checks: pd.DataFrame) -> Figure:
    """Draw observed statistics over the ranges of replicates, a panel a statistic.

    Parameters
    ----------
    plan : FigurePlan
        Labels of the outcomes.
    checks : DataFrame
        model, outcome, statistic, observed, lower, median, upper, warning.

    Returns
    -------
    Figure
        Bars are the central 95% of replicates of the data.
    """
    labels = {outcome.id: outcome.label for outcome in plan.outcomes}
    fits = dict.fromkeys(zip(checks["model"], checks["outcome"], strict=True))
    # the models of one outcome stand together, in the order of the outcomes
    order = list(labels)
    together = sorted(fits, key=lambda fit: order.index(fit[1]))
    rows = {fit: position for position, fit in enumerate(together)}
    figure = new_figure(plan, 3 * (0.24 * len(rows) + 0.9) + 0.4)
    grid = figure.subplots(3, 2, sharey=True).ravel()
    grid[-1].set_visible(False)
    for axes, (statistic, label) in zip(grid, CHECK_LABELS.items(), strict=False):
        for _, check in checks[checks["statistic"] == statistic].iterrows():
            y = rows[check["model"], check["outcome"]]
            axes.plot(
                [check["lower"], check["upper"]],
                [y, y],
                color=GREY,
                linewidth=5,
                alpha=0.45,
                solid_capstyle="butt",
            )
            axes.plot(check["median"], y, "|", color=GREY, markersize=9)
            marker, colour = ("X", VERMILION) if check["warning"] else ("o", BLACK)
            (mark,) = axes.plot(
                check["observed"], y, marker, color=colour, markersize=5
            )
            numbers = ("observed", "lower", "median", "upper")
            of = {
                "check": label,
                "outcome": labels[check["outcome"]],
                "model": check["model"],
            }
            tell(mark, of, {name: [float(check[name])] for name in numbers})
        axes.set_yticks(
            list(rows.values()),
            [f"{labels[outcome]}, {model}" for model, outcome in rows],
        )
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_title(label)
        light_grid(axes, "x")
    handles = [
        Line2D([], [], color=GREY, linewidth=5, alpha=0.45, label="95% of replicates"),
        Line2D([], [], color=BLACK, marker="o", linestyle="", label="observed"),
        Line2D(
            [],
            [],
            color=VERMILION,
            marker="X",
            linestyle="",
            label="observed, beyond 99%: warning",
        ),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure
