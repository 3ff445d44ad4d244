"""Decision rules on the same simulated trials, as they are and equally strict."""

import pandas as pd
from matplotlib.figure import Figure

from alsdecline.figures.simulated_shares import Rows, looks, share_panel
from alsdecline.figures.style import FigurePlan, legend_below, new_figure
from alsdecline.settings.simulated_design import Calibration


def plot_compared_rules(
    plan: FigurePlan, table: pd.DataFrame, calibrated: Calibration | None
) -> Figure:
    """Draw the share of trials that each rule calls a success.

    Parameters
    ----------
    plan : FigurePlan
        Width.
    table : DataFrame
        ``compared_rules``.
    calibrated : Calibration or None
        The scenario and type I error to which rules were calibrated, if they were.

    Returns
    -------
    Figure
        A row a scenario, arm and model; a second panel where rules were calibrated.
    """
    rules = table.groupby("rule", sort=False)[["margin", "probability"]].first()
    labels = {
        str(name): f"{name}: better than {rule['margin']:g} with "
        f"probability above {rule['probability']:g}"
        for name, rule in rules.iterrows()
    }
    # a rule may be called as a method is
    drawn = looks(table["rule"], ())
    rows = Rows.of(table, ["scenario", "arm", "method"], "rule", labels, drawn)
    panels = {"success": "As the rules are"}
    if calibrated is not None:
        title = f"Type I error {calibrated.type_i_error:g} in {calibrated.scenario}"
        panels["calibrated_success"] = title
    figure = new_figure(plan, rows.height(0.45) + 1.5 + 0.2 * len(rules))
    all_axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (column, title) in zip(all_axes, panels.items(), strict=True):
        share_panel(axes, table, column, rows)
        axes.set_xlim(-0.02, 1.02)
        axes.set_title(title)
        axes.set_xlabel("Share of trials called a success")
    rows.name_rows(all_axes[0], {})
    legend_below(figure, plan, rows.handles)
    return figure
