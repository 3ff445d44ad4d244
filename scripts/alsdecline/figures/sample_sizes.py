"""Power against size in simulated trials, with intervals of their Monte Carlo error."""

import math
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from alsdecline.figures.simulated_shares import METHOD_LABELS, looks
from alsdecline.figures.style import (
    GREY,
    FigurePlan,
    legend_below,
    light_grid,
    new_figure,
    tell,
)
from alsdecline.settings.simulated_design import TWO_SIDED

ACROSS = 2
"""Panels in a row."""

APART = 4.0 / 72.0
"""Inches between the marks of one size, which else would hide each other."""

RULE = "The plan's rule"
"""What stands for the share of trials that it calls a success."""

type Series = dict[str, tuple[pd.DataFrame, str, dict[str, Any]]]


def _series(table: pd.DataFrame) -> Series:
    """Return rows, column and look of each line, by its label.

    What the rule calls a success is drawn as the model's significant trials are, but
    with full marks and an unbroken line.
    """
    drawn = looks(table["method"])
    of = {method: table[table["method"] == method] for method in drawn}
    found: Series = {
        METHOD_LABELS[method]: (of[method], "rejected", look)
        for method, look in drawn.items()
    }
    by_rule = [
        m for m in drawn if "success" in table and of[m]["success"].notna().any()
    ]
    for method in by_rule:
        look = drawn[method] | {"linestyle": "-"}
        look["markerfacecolor"] = look["color"]
        label = RULE if len(by_rule) == 1 else f"{RULE}, {method}"
        found[label] = of[method], "success", look
    return found


def _panel(axes: Axes, series: Series, curve: str, arm: str) -> None:
    for nth, (label, (rows, column, look)) in enumerate(series.items()):
        mine = rows[(rows["curve"] == curve) & (rows["arm"] == arm)]
        mine = mine.sort_values("reference_patients")
        at, share = mine["reference_patients"], mine[column].to_numpy()
        error = TWO_SIDED * mine[f"{column}_error"].to_numpy()
        aside = APART * (nth - (len(series) - 1) / 2)
        place = axes.transData + ScaledTranslation(
            aside, 0.0, axes.figure.dpi_scale_trans
        )
        axes.vlines(
            at,
            np.clip(share - error, 0.0, 1.0),
            np.clip(share + error, 0.0, 1.0),
            color=look["color"],
            linewidth=1.0,
            transform=place,
        )
        (line,) = axes.plot(at, share, linewidth=1.2, transform=place, **look)
        errors = mine[f"{column}_error"]
        tell(
            line,
            {"method": label},
            {"patients": at, "share": share, "Monte Carlo error": errors},
        )


def plot_sample_sizes(plan: FigurePlan, table: pd.DataFrame, wanted: float) -> Figure:
    """Draw the share of significant trials and of successes against size.

    Parameters
    ----------
    plan : FigurePlan
        Width, the arms' labels and the intervals' probability.
    table : DataFrame
        As ``operating_characteristics`` has it; rows without a curve do not count.
    wanted : float
        Power, at which a line is drawn.

    Returns
    -------
    Figure
        A panel a curve and arm, a line a method.
    """
    table = table[table["curve"].notna()]
    keys = list(dict.fromkeys(zip(table["curve"], table["arm"], strict=True)))
    series = _series(table)
    down, across = math.ceil(len(keys) / ACROSS), min(len(keys), ACROSS)
    figure = new_figure(plan, 2.9 * down + 0.25 * len(series) / 2 + 0.4)
    panels = figure.subplots(
        down, across, squeeze=False, sharex=True, sharey=True
    ).ravel()
    level = 1.0 - plan.interval
    several = len({arm for _, arm in keys}) > 1
    for axes, (curve, arm) in zip(panels, keys, strict=False):
        _panel(axes, series, curve, arm)
        light_grid(axes, "both")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 5, 10]))
        axes.tick_params(labelbottom=True)  # where no panel is below
        axes.axhline(wanted, color=GREY, linewidth=0.9)
        axes.axhline(level, color=GREY, linewidth=0.9, linestyle=":")
        axes.set_ylim(-0.02, 1.02)
        axes.set_title(f"{curve}, {arm}" if several else curve)
        mine = table[(table["curve"] == curve) & (table["arm"] == arm)]
        even = (mine["patients"] == mine["reference_patients"]).all()
        axes.set_xlabel("Patients in each arm" if even else "Patients on the reference")
    sizes = table["reference_patients"]
    beyond = 0.06 * (sizes.max() - sizes.min())
    panels[0].set_xlim(sizes.min() - beyond, sizes.max() + beyond)
    for axes in panels[len(keys) :]:
        axes.set_visible(False)
    figure.axes[0].set_ylabel("Share of trials")
    handles = [
        Line2D([], [], label=label, **look) for label, (_, _, look) in series.items()
    ]
    lines: list[tuple[Literal["-", ":"], str]] = [
        ("-", f"Wanted, {wanted:g}"),
        (":", f"Level of the tests, {level:.3g}"),
    ]
    handles += [
        Line2D([], [], color=GREY, linewidth=0.9, linestyle=dash, label=label)
        for dash, label in lines
    ]
    legend_below(figure, plan, handles)
    return figure
