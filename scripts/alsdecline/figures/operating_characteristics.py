"""How methods do in simulated trials, by scenario, and what a rule would decide by."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from alsdecline.figures.style import (
    BLACK,
    COLOURS,
    GREY,
    MARKERS,
    FigurePlan,
    legend_below,
    light_grid,
    new_figure,
    tell,
)
from alsdecline.settings.simulated_design import SINGLE, TWO_SIDED

APART = 0.13
"""Between two methods of a scenario, in rows."""

METHOD_LABELS = {
    "t_on_slopes": "Student's t of slopes",
    "welch": "Welch's t of slopes",
    "permutation": "Permutation of slopes",
    "mixed_model": "Mixed model (Kenward-Roger)",
    "ancova": "ANCOVA of the last value",
    SINGLE: "Model, single",
}


def _panel(
    axes: Axes, rows: pd.DataFrame, column: str, places: dict[tuple[str, str], int]
) -> None:
    """Draw one property, a colour and marker a method."""
    methods = list(dict.fromkeys(rows["method"]))
    for m, method in enumerate(methods):
        mine = rows[rows["method"] == method]
        shift = APART * (m - (len(methods) - 1) / 2)
        at = [
            places[key] + shift
            for key in zip(mine["scenario"], mine["arm"], strict=True)
        ]
        colour, marker = COLOURS[m % len(COLOURS)], MARKERS[m % len(MARKERS)]
        errors = TWO_SIDED * mine[f"{column}_error"]
        for y, share, error in zip(at, mine[column], errors, strict=True):
            if math.isfinite(error):
                ends = [max(0.0, share - error), min(1.0, share + error)]
                axes.plot(ends, [y, y], color=colour, linewidth=1.2)
        (marks,) = axes.plot(mine[column], at, marker, color=colour, markersize=4.5)
        tell(
            marks,
            {"method": METHOD_LABELS[method]},
            {
                "scenario": mine["scenario"],
                "arm": mine["arm"],
                column: mine[column],
                "Monte Carlo error": mine[f"{column}_error"],
            },
        )
    light_grid(axes, "x")
    axes.set_ylim(len(places) - 0.4, -0.6)


def _probabilities(
    axes: Axes, rows: pd.DataFrame, places: dict[tuple[str, str], int]
) -> None:
    """Draw what a rule decides by: the median, half and 90% of trials."""
    at = [places[key] for key in zip(rows["scenario"], rows["arm"], strict=True)]
    for low, high, width in (("q05", "q95", 1.2), ("q25", "q75", 3.6)):
        axes.hlines(
            at,
            rows[f"probability_{low}"],
            rows[f"probability_{high}"],
            color=BLACK,
            linewidth=width,
        )
    (marks,) = axes.plot(
        rows["probability_q50"],
        at,
        "o",
        color=BLACK,
        markerfacecolor="white",
        markersize=4.5,
    )
    quantiles = rows.filter(regex=r"^probability_q\d+$").items()
    told = {f"{str(c)[-2:]}% of trials below": values for c, values in quantiles}
    tell(marks, {}, {"scenario": rows["scenario"], "arm": rows["arm"], **told})
    light_grid(axes, "x")
    axes.set_xlim(-0.02, 1.02)
    axes.set_title("Probability of benefit")
    axes.set_xlabel("Posterior probability:\nmedian, half and 90% of trials")


def plot_operating_characteristics(plan: FigurePlan, table: pd.DataFrame) -> Figure:
    """Draw the share of significant trials, and that of intervals with the truth.

    Where trials were fitted, also the probabilities by which a rule would decide.

    Parameters
    ----------
    plan : FigurePlan
        Width, and the intervals' probability.
    table : DataFrame
        ``scenario``, ``arm``, ``method``, ``effect``, the two shares with errors, and
        quantiles of the probability where there are any.

    Returns
    -------
    Figure
        A row a scenario and arm, in the table's order.
    """
    keys = dict.fromkeys(zip(table["scenario"], table["arm"], strict=True))
    places = {key: place for place, key in enumerate(keys)}
    effects = table.groupby(["scenario", "arm"])["effect"].first()
    figure = new_figure(plan, 0.55 * len(places) + 1.9)
    decided = table[table["method"] == SINGLE]
    left, right, *third = figure.subplots(1, 2 if decided.empty else 3, sharey=True)
    _panel(left, table, "rejected", places)
    _panel(right, table, "coverage", places)
    for axes in third:
        _probabilities(axes, decided, places)
    several = len({arm for _, arm in keys}) > 1
    labels = [
        f"{f'{key[0]}, {key[1]}' if several else key[0]}\neffect {effects[key]:.3g}"
        for key in keys
    ]
    left.set_yticks(range(len(places)), labels)
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
    handles = [
        Line2D(
            [],
            [],
            color=COLOURS[m % len(COLOURS)],
            marker=MARKERS[m % len(MARKERS)],
            label=METHOD_LABELS[method],
        )
        for m, method in enumerate(dict.fromkeys(table["method"]))
    ]
    legend_below(figure, plan, handles)
    return figure
