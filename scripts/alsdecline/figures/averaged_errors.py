"""Errors averaged over what is believed of an effect, by scenario."""

import pandas as pd
from matplotlib.figure import Figure

from alsdecline.figures.simulated_shares import (
    METHOD_LABELS,
    Rows,
    looks,
    share_panel,
)
from alsdecline.figures.style import FigurePlan, legend_below, new_figure
from alsdecline.settings.simulated_design import TWO_SIDED

COUNTED = {
    "significantly_better": "significantly better",
    "success": "a success by the plan's rule",
}
"""What is counted, by its name in the table."""

PANELS = {
    "assurance": ("Assurance", "Share of trials counted"),
    "power": ("Averaged power", "Share counted of trials\nwith a true benefit"),
    "type_i_error": ("Averaged type I error", "Share counted of trials\nwithout one"),
    "false_success": (
        "False successes",
        "Share without a true benefit\nof those counted",
    ),
}
"""Title and meaning of each property."""

SMALL = {"type_i_error", "false_success"}
"""Of them those that are mostly near 0."""


def plot_averaged_errors(plan: FigurePlan, table: pd.DataFrame) -> Figure:
    """Draw assurance, averaged power and error, and how often a success is none.

    Parameters
    ----------
    plan : FigurePlan
        Width.
    table : DataFrame
        ``averaged_errors``.

    Returns
    -------
    Figure
        A row a scenario and arm, a mark a method and what is counted.
    """
    by = "method and what is counted"
    named = table.assign(**{by: table["method"].str.cat(table["counted"], sep=" ")})
    of_method, labels, drawn = looks(table["method"]), {}, {}
    pairs = zip(named[by], table["method"], table["counted"], strict=True)
    for key, method, counted in pairs:
        labels[key] = f"{METHOD_LABELS[method]}, {COUNTED[counted]}"
        drawn[key] = of_method[method]
        if counted == "success":
            drawn[key] = drawn[key] | {"markerfacecolor": drawn[key]["color"]}
    rows = Rows.of(named, ["scenario", "arm"], by, labels, drawn)
    figure = new_figure(plan, 2 * (rows.height(0.45) + 1.1) + 0.1 * len(labels) + 0.4)
    drawn = figure.subplots(2, 2, sharey=True).ravel()
    for axes, (column, (title, means)) in zip(drawn, PANELS.items(), strict=True):
        share_panel(axes, named, column, rows)
        axes.set_title(title)
        axes.set_xlabel(means)
        right = 1.0
        if column in SMALL:
            ends = named[column] + TWO_SIDED * named[f"{column}_error"].fillna(0.0)
            right = max(0.1, min(1.0, 1.05 * float(ends.fillna(0.0).max())))
        axes.set_xlim(-0.02 * right, 1.02 * right)
    for axes in drawn[::2]:
        rows.name_rows(axes, {})
    legend_below(figure, plan, rows.handles)
    return figure
