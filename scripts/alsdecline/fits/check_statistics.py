"""Statistics by which a trial's values are compared with replicates of them.

Replicates are taken many at a time; each has the statistics, to the last bit, that it
has alone.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Self

import numpy as np
import pandas as pd

from alsdecline.settings.scales import Scale

PATIENTS_AT_MOST = 3000
"""Patients of an outcome of whom statistics are taken; of more, these many, evenly
spaced. A misfit that so many do not show is no misfit that matters."""


def visit_grid(visits: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Lay one outcome's visits out by patient.

    Parameters
    ----------
    visits : DataFrame
        ``patient`` and ``time``, n rows sorted by them.

    Returns
    -------
    times : ndarray, shape (N, T)
        0 past a patient's last visit.
    seen : ndarray of bool, shape (N, T)
        Where there is a visit; in its order, row by row, the visits fill the grid.
    """
    counts = visits.groupby("patient", sort=False).size().to_numpy()
    seen = np.arange(counts.max()) < counts[:, None]
    return on_grid(visits["time"].to_numpy(), seen), seen


def on_grid(values: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Lay values (..., n) out where there are visits, (..., N, T); else 0."""
    grid = np.zeros((*values.shape[:-1], seen.size))
    grid[..., np.flatnonzero(seen)] = values  # which is faster than by a mask
    return grid.reshape(*values.shape[:-1], *seen.shape)


@dataclasses.dataclass(frozen=True, eq=False)
class PatientLines:
    """Each patient's least-squares line through values, which may be repeated.

    Attributes
    ----------
    recorded : ndarray, shape (..., n)
        The values.
    slopes : ndarray, shape (..., N)
        Missing where all of a patient's visits are at one time.
    residuals : ndarray, shape (..., N, T)
        About the lines; 0 where there is no visit, or no line.
    n_visits : ndarray of int, shape (N,)
        Of each patient.
    """

    recorded: np.ndarray
    slopes: np.ndarray
    residuals: np.ndarray
    n_visits: np.ndarray

    @classmethod
    def through(cls, values: np.ndarray, times: np.ndarray, seen: np.ndarray) -> Self:
        """Lay lines through values (..., n) at times (N, T), where they are seen."""
        counts = seen.sum(axis=1)
        means = times.sum(axis=1, keepdims=True) / counts[:, None]
        centred_times = np.where(seen, times - means, 0.0)
        spread = (centred_times**2).sum(axis=1)
        centred = on_grid(values, seen)
        centred -= centred.sum(axis=-1, keepdims=True) / counts[:, None]
        centred *= seen
        part = centred_times * centred
        products = part.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            slopes = products / spread
        no_line = spread == 0
        np.multiply(np.where(no_line, 0.0, slopes)[..., None], centred_times, out=part)
        centred -= part
        if no_line.any():
            centred[..., no_line, :] = 0.0
        return cls(values, slopes, centred, counts)


Statistic = Callable[[PatientLines], np.ndarray]
"""Of lines through values (..., n), shape (...)."""


def _total(parts: np.ndarray) -> np.ndarray:
    """Sum over patients and visits, in one go for the rounding of a flat sum."""
    total: np.ndarray = parts.reshape(*parts.shape[:-2], -1).sum(axis=-1)
    return total


def slope_sd(lines: PatientLines) -> np.ndarray:
    """SD over patients of their least-squares slopes."""
    sd: np.ndarray = np.nanstd(lines.slopes, ddof=1, axis=-1)
    return sd


def residual_sd(lines: PatientLines) -> np.ndarray:
    """SD of values about the patients' own lines, 0 where no patient has a third."""
    spare = np.maximum(lines.n_visits - 2, 0)
    with_spare = lines.residuals
    if not spare.all():
        with_spare = np.compress(spare > 0, with_spare, axis=-2)
    squares = _total(with_spare**2)
    sd: np.ndarray = np.sqrt(squares / max(spare.sum(), 1))
    return sd


def lag_one_autocorrelation(lines: PatientLines) -> np.ndarray:
    """Correlation of successive residuals about the patients' own lines."""
    residuals = lines.residuals
    products = _total(residuals[..., 1:] * residuals[..., :-1])
    total = _total(residuals**2)
    some = total > 0
    correlation: np.ndarray = np.where(some, products, 0.0) / np.where(some, total, 1.0)
    return correlation


def _of_arms(
    patients: Sequence[str], arm_of: Mapping[str, str], reference: str
) -> dict[str, Statistic]:
    """Return the mean of the patients' slopes by arm, and its differences."""
    arms = np.array([arm_of[patient] for patient in patients])

    def mean_slope(lines: PatientLines, arm: str) -> np.ndarray:
        # a line depends on when visits are alone: all repetitions lack the same ones
        own = np.compress(arms == arm, lines.slopes, axis=-1)
        if not np.isfinite(own).any():
            return np.full(own.shape[:-1], np.nan)
        mean: np.ndarray = np.nanmean(own, axis=-1)
        return mean

    def difference(lines: PatientLines, arm: str) -> np.ndarray:
        found: np.ndarray = mean_slope(lines, arm) - mean_slope(lines, reference)
        return found

    shown = list(dict.fromkeys([reference, *sorted(set(arms))]))
    means: dict[str, Statistic] = {
        f"mean_slope:{arm}": partial(mean_slope, arm=arm) for arm in shown
    }
    return means | {
        f"slope_difference:{arm}": partial(difference, arm=arm)
        for arm in shown
        if arm != reference
    }


def _of_scale(scale: Scale) -> dict[str, Statistic]:
    def share(hits: np.ndarray) -> np.ndarray:
        found: np.ndarray = hits.mean(axis=-1)
        return found

    known: dict[str, Statistic] = {
        "slope_sd": slope_sd,
        "residual_sd": residual_sd,
        "lag_one_autocorrelation": lag_one_autocorrelation,
        "floor_share": lambda lines: share(lines.recorded <= scale.minimum),
    }
    if scale.maximum is not None:
        top = scale.maximum
        known["ceiling_share"] = lambda lines: share(lines.recorded >= top)
    return known


def statistics(
    scale: Scale,
    patients: Sequence[str],
    arm_of: Mapping[str, str] | None,
    reference: str,
) -> dict[str, Statistic]:
    """Return the statistics that data are compared with replicates by.

    Parameters
    ----------
    scale : Scale
        Its ends are the floor and the ceiling.
    patients : sequence of str, length N
        In the order of the lines.
    arm_of : mapping of str to str or None
        Arm of each patient; without it there are no statistics of the arms.
    reference : str
        The reference arm.

    Returns
    -------
    dict of str to Statistic
        By name, in the order in which they are shown.
    """
    of_arms = {} if arm_of is None else _of_arms(patients, arm_of, reference)
    return _of_scale(scale) | of_arms
