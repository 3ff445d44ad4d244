"""Every patient's measured course, by outcome and arm."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from alsdecline.datasets.study_time import observed_values
from alsdecline.figures.captions import CENTRAL, MOST_DRAWN, MOST_NAMED
from alsdecline.figures.style import (
    ArmStyle,
    FigurePlan,
    OutcomeLabel,
    arm_styles,
    light_grid,
    new_figure,
    tell,
    wrapped,
)

FEWEST_IN_MEAN = 3
"""Patients seen at a visit from which their mean is drawn."""


def visit_means(values: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of those seen at each scheduled visit, without any model.

    Parameters
    ----------
    values : DataFrame
        Measured rows of the BDS of one outcome and arm, with ``time``.

    Returns
    -------
    DataFrame
        ``time``, the mean time at which they were seen, ``mean``, and ``low`` and
        ``high``, between which the central :data:`CENTRAL` of them lie, by visit;
        visits of fewer than :data:`FEWEST_IN_MEAN` patients are left out.
    """
    scheduled = values[
        (values["ANL01FL"] == "Y") & (values["AVISIT"] != "Unscheduled")
    ].dropna(subset=["AVISITN"])
    by_visit = scheduled.groupby("AVISITN", sort=True)
    means = by_visit.agg(
        time=("time", "mean"), mean=("AVAL", "mean"), n=("USUBJID", "nunique")
    )
    tail = (1 - CENTRAL) / 2
    means["low"] = by_visit["AVAL"].quantile(tail)
    means["high"] = by_visit["AVAL"].quantile(1 - tail)
    return means[means["n"] >= FEWEST_IN_MEAN].drop(columns="n")


def drawn_patients(patients: np.ndarray) -> np.ndarray:
    """Return those of an arm's patients whose courses are drawn.

    All, or :data:`MOST_DRAWN` of them, evenly spaced in the order of their identifiers.
    """
    names: np.ndarray = np.unique(patients)
    if len(names) > MOST_DRAWN:
        names = names[np.linspace(0, len(names) - 1, MOST_DRAWN).astype(int)]
    return names


def _summary(axes: Axes, values: pd.DataFrame, style: ArmStyle, *, band: bool) -> None:
    """Draw the means at each visit, and a band where not all patients are drawn."""
    means = visit_means(values)
    if band:
        axes.fill_between(
            means["time"], means["low"], means["high"], color=style.colour, alpha=0.25
        )
    # a white line below keeps the mean apart from the patients in any colour
    axes.plot(means["time"], means["mean"], color="white", linewidth=5.5)
    axes.plot(
        means["time"],
        means["mean"],
        color="black",
        linewidth=2.2,
        marker=style.marker,
        markersize=6,
        markerfacecolor=style.colour,
        markeredgecolor="white",
    )


def _panel(
    axes: Axes, values: pd.DataFrame, style: ArmStyle, outcome: OutcomeLabel
) -> None:
    """Draw the patients of one arm; where they are many, thin and with their mean."""
    patients = values["USUBJID"].to_numpy(dtype="object")
    drawn = drawn_patients(patients)
    n_patients = values["USUBJID"].nunique()
    few = n_patients <= MOST_NAMED
    shown = values[values["USUBJID"].isin(drawn)]
    for name, patient in shown.groupby("USUBJID", sort=True):
        (line,) = axes.plot(
            patient["time"],
            patient["AVAL"],
            color=style.colour,
            linewidth=1.0 if few else 0.6,
            alpha=0.85 if few else 0.3,
            marker=style.marker if few else "",
            markersize=2.2,
        )
        tell(
            line,
            {"outcome": outcome.label, "arm": style.label, "patient": str(name)},
            {
                "visit": patient["AVISIT"],
                "time": patient["time"],
                "value": patient["AVAL"],
            },
        )
    if not few:
        _summary(axes, values, style, band=n_patients > len(drawn))
    light_grid(axes, "both")


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
        An arm of many patients has the means of those seen at each visit; of one of
        very many some are drawn, and the range of most.
    """
    figure = new_figure(plan, 2.1 * len(plan.outcomes) + 0.6)
    grid = figure.subplots(
        len(plan.outcomes), len(plan.arms), sharex=True, sharey="row", squeeze=False
    )
    width = plan.width_inches / len(plan.arms) - 0.4
    for row, outcome in zip(grid, plan.outcomes, strict=True):
        observed = observed_values(values[outcome.id])
        observed = observed.assign(time=plan.scheduled_times(observed["ARELTM"]))
        for axes, (arm, style) in zip(row, arm_styles(plan).items(), strict=True):
            mine = observed[observed["ARMCD"] == arm]
            _panel(axes, mine, style, outcome)
            n = mine["USUBJID"].nunique()
            # a line breaks before the number, not within it
            of = f"(n = {n})".replace(" ", "\N{NO-BREAK SPACE}")
            title = f"{outcome.label}, {style.label} {of}"
            axes.set_title(wrapped(title, width))
        row[0].set_ylabel(outcome.unit)
    for axes in grid[-1]:
        axes.set_xlabel(plan.time_label)
    return figure
