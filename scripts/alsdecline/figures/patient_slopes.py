"""Every patient's own slope, by outcome and arm."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.special import stdtrit

from alsdecline.figures.captions import MOST_DRAWN, MOST_NAMED
from alsdecline.figures.style import (
    GREY,
    ArmStyle,
    FigurePlan,
    OutcomeLabel,
    arm_handles,
    arm_styles,
    legend_below,
    light_grid,
    new_figure,
    tell,
    wrapped,
)

WHISKERS = 3.0
"""Interquartile ranges past the quartiles at which the axis ends; Tukey's far out."""

ARROW_SIZE = 6

CURVE_POINTS = 400
"""Points of a curve that stands for the slopes of very many patients."""

FREE_OF_LINE = 3
"""Visits from which a slope has a standard error of its own."""


def _half_width(slopes: pd.DataFrame, interval: float) -> np.ndarray:
    """Half the width of each slope's t interval; missing with fewer than 3 visits."""
    freedom = slopes["n_visits"].to_numpy() - 2
    with np.errstate(invalid="ignore"):
        quantile = stdtrit(np.where(freedom > 0, freedom, 1), (1 + interval) / 2)
    return np.where(freedom > 0, quantile * slopes["se"].to_numpy(), np.nan)


def mean_interval(slopes: np.ndarray, interval: float) -> tuple[float, float]:
    """Return the ends of the t interval of a mean; of one value, twice that value."""
    mean = float(slopes.mean())
    if slopes.size < 2:
        return mean, mean
    quantile = stdtrit(slopes.size - 1, (1 + interval) / 2)
    half = float(quantile * slopes.std(ddof=1) / np.sqrt(slopes.size))
    return mean - half, mean + half


def axis_limits(slopes: np.ndarray, ends: np.ndarray) -> tuple[float, float]:
    """Return limits that slopes of two visits alone cannot blow up.

    Parameters
    ----------
    slopes : ndarray, shape (n,)
        Slopes, none missing.
    ends : ndarray
        Ends of their intervals; missing ones count for nothing.

    Returns
    -------
    float, float
        All slopes and ends, but no farther than :data:`WHISKERS` interquartile ranges
        past the quartiles, unless half of the slopes are alike; 0 is within.
    """
    every = np.concatenate([slopes, ends[np.isfinite(ends)]])
    low, high = float(every.min()), float(every.max())
    first, third = np.quantile(slopes, [0.25, 0.75])
    reach = WHISKERS * float(third - first)
    if reach > 0:
        low, high = max(low, float(first) - reach), min(high, float(third) + reach)
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.04 * (high - low) or 1.0
    return low - margin, high + margin


def _points(
    axes: Axes, mine: pd.DataFrame, rows: np.ndarray, style: ArmStyle, size: float
) -> None:
    """Draw slopes: of two visits hollow, past the axis as arrows at its edge."""
    left, right = axes.get_xlim()
    slope = mine["slope"].to_numpy()
    two = mine["n_visits"].to_numpy() < FREE_OF_LINE
    within = (slope >= left) & (slope <= right)
    drawn = [
        (within & ~two, style.marker, style.colour, size),
        (within & two, style.marker, "white", size),
        (slope < left, "<", "white", ARROW_SIZE),
        (slope > right, ">", "white", ARROW_SIZE),
    ]
    for chosen, marker, face, markersize in drawn:
        # layout would make room for an empty artist that is not clipped
        if chosen.any():
            (marks,) = axes.plot(
                np.clip(slope[chosen], left, right),
                rows[chosen],
                linestyle="",
                marker=marker,
                color=style.colour,
                markerfacecolor=face,
                markeredgewidth=0.8,
                markersize=markersize,
                clip_on=False,
            )
            told = mine[chosen]
            tell(
                marks,
                {"outcome": str(axes.get_label()), "arm": style.label},
                {
                    "patient": told["patient"],
                    "slope": told["slope"],
                    "visits": told["n_visits"],
                },
            )


def _curve(axes: Axes, slope: np.ndarray, rows: np.ndarray, style: ArmStyle) -> None:
    """Draw slopes in order as a curve, with an arrow where any is past the axis."""
    left, right = axes.get_xlim()
    at = np.linspace(0, len(slope) - 1, CURVE_POINTS).astype(int)
    within = np.clip(slope[at], left, right)
    axes.plot(within, rows[at], color=style.colour, linewidth=2.2)
    for past, marker, end in ((slope < left, "<", left), (slope > right, ">", right)):
        if past.any():
            axes.plot(
                end,
                rows[past].mean(),
                linestyle="",
                marker=marker,
                color=style.colour,
                markerfacecolor="white",
                markeredgewidth=0.8,
                markersize=ARROW_SIZE,
                clip_on=False,
            )


def _named_panel(axes: Axes, plan: FigurePlan, slopes: pd.DataFrame) -> None:
    """Give each patient a line and a name."""
    position = 0.0
    names: list[tuple[float, str]] = []
    for arm, style in arm_styles(plan).items():
        mine = slopes[slopes["arm"] == arm]
        if mine.empty:
            continue
        rows = position + np.arange(len(mine))
        half = _half_width(mine, plan.interval)
        slope = mine["slope"].to_numpy()
        axes.hlines(rows, slope - half, slope + half, color=style.colour, linewidth=0.9)
        _points(axes, mine, rows, style, 4)
        mean = mine["slope"].mean()
        ends = [rows[0] - 0.4, rows[-1] + 0.4]
        axes.plot([mean, mean], ends, color=style.colour, linestyle=style.dashes)
        names += zip(rows, mine["patient"], strict=True)
        position = rows[-1] + 1.5
    axes.set_yticks([y for y, _ in names], [name for _, name in names])


def _crowded_panel(axes: Axes, plan: FigurePlan, slopes: pd.DataFrame) -> None:
    """Give each arm a strip: its slopes in order, its mean and the mean's interval.

    The slopes are points, or, of very many patients, a curve.
    """
    styles = arm_styles(plan)
    for strip, (arm, style) in enumerate(styles.items()):
        mine = slopes[slopes["arm"] == arm]
        if mine.empty:
            continue
        rows = strip + np.linspace(0.1, 0.9, len(mine))
        if len(mine) > MOST_DRAWN:
            _curve(axes, mine["slope"].to_numpy(), rows, style)
        else:
            _points(axes, mine, rows, style, 3)
        mean = mine["slope"].mean()
        low, high = mean_interval(mine["slope"].to_numpy(), plan.interval)
        axes.fill_betweenx(
            [strip + 0.04, strip + 0.96], low, high, color=style.colour, alpha=0.25
        )
        axes.vlines(
            mean,
            strip + 0.04,
            strip + 0.96,
            color=style.colour,
            linestyle=style.dashes,
            linewidth=1.6,
        )
    names = [wrapped(style.label, plan.width_inches / 6) for style in styles.values()]
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(0, len(names))


def _panel(
    axes: Axes,
    plan: FigurePlan,
    outcome: OutcomeLabel,
    slopes: pd.DataFrame,
    named: bool,
) -> tuple[bool, bool]:
    """Draw an outcome; return whether points are hollow, or slopes past the axis."""
    present = slopes[slopes["slope"].notna()]
    present = present.sort_values(["slope", "patient"], ascending=False)
    values = present["slope"].to_numpy()
    far = False
    if values.size:
        half = _half_width(present, plan.interval) if named else np.zeros(0)
        ends = [values - half, values + half] if named else []
        limits = axis_limits(values, np.concatenate([*ends, np.zeros(0)]))
        axes.set_xlim(limits)
        far = bool(((values < limits[0]) | (values > limits[1])).any())
    axes.set_label(outcome.label)
    draw = _named_panel if named else _crowded_panel
    draw(axes, plan, present)
    axes.invert_yaxis()
    axes.axvline(0, color=GREY, linewidth=0.8)
    light_grid(axes, "x")
    axes.set_title(wrapped(outcome.label, plan.width_inches / 2 - 0.4))
    axes.set_xlabel(f"{outcome.unit} per {plan.per}")
    as_points = present.groupby("arm")["arm"].transform("size") <= MOST_DRAWN
    hollow = (present["n_visits"] < FREE_OF_LINE) & (as_points | named)
    return bool(hollow.any()), far


def plot_patient_slopes(plan: FigurePlan, slopes: dict[str, pd.DataFrame]) -> Figure:
    """Draw each patient's least-squares slope.

    Parameters
    ----------
    plan : FigurePlan
        Outcomes and arms.
    slopes : dict of str to DataFrame
        By outcome: patient, arm, n_visits, slope, se.

    Returns
    -------
    Figure
        Vertical lines are the arms' means. Few patients have names and intervals;
        many are points in order, very many a curve, and the interval is that of their
        mean.
    """
    columns = min(2, len(plan.outcomes))
    n_rows = -(-len(plan.outcomes) // columns)
    patients = max(len(frame) for frame in slopes.values())
    few = patients <= MOST_NAMED * len(plan.arms)
    drawn = 0.2 * patients if few else 1.25 * len(plan.arms)
    figure = new_figure(plan, n_rows * (1.2 + drawn) + 0.5)
    grid = figure.subplots(n_rows, columns, squeeze=False, sharey=not few).ravel()
    told = [
        _panel(axes, plan, outcome, slopes[outcome.id], few)
        for axes, outcome in zip(grid, plan.outcomes, strict=False)
    ]
    for axes in grid[len(plan.outcomes) :]:
        axes.set_visible(False)
    handles = arm_handles(plan)
    meanings = {"o": "from 2 visits alone", ">": "beyond the axis"}
    for (marker, meaning), there in zip(
        meanings.items(), zip(*told, strict=True), strict=True
    ):
        if any(there):
            handles.append(
                Line2D(
                    [],
                    [],
                    color=GREY,
                    marker=marker,
                    markerfacecolor="white",
                    linestyle="",
                    label=meaning,
                )
            )
    legend_below(figure, plan, handles)
    return figure
