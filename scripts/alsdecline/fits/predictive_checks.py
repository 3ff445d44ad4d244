"""Checks of the model against the data: prior and posterior predictive.

They warn and never stop a run: stopping on them would let the data choose what is
published.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from alsdecline.models.checked import CheckedModel
from alsdecline.models.layout import TrialLayout
from alsdecline.settings.scales import Scale

N_REPLICATES = 400
EXTREME = 0.01
"""A predictive tail probability below this is a warning."""

PRIOR_OUTSIDE = 0.5
"""Share of prior predictive values off the scale above which the prior warns."""


def visit_grid(visits: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Lay one outcome's visits out by patient.

    Parameters
    ----------
    visits : DataFrame
        ``patient`` and ``time``, n rows sorted by them.

    Returns
    -------
    times : ndarray, shape (N, T)
        Missing past a patient's last visit.
    seen : ndarray of bool, shape (N, T)
        Where there is a visit; in its order, row by row, the visits fill the grid.
    """
    counts = visits.groupby("patient", sort=False).size().to_numpy()
    seen = np.arange(counts.max()) < counts[:, None]
    return on_grid(visits["time"].to_numpy(), seen), seen


def on_grid(values: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Lay values (..., n) out where there are visits, (..., N, T); else missing."""
    grid = np.full((*values.shape[:-1], *seen.shape), np.nan)
    grid[..., seen] = values
    return grid


def _lines(times: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least-squares slope of each patient, and residuals; (N,), (N, T)."""
    weights = np.where(np.isnan(values), np.nan, 1.0)
    weighted = times * weights
    centred_times = weighted - np.nanmean(weighted, axis=1, keepdims=True)
    centred = values - np.nanmean(values, axis=1, keepdims=True)
    spread = np.nansum(centred_times**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.nansum(centred_times * centred, axis=1) / spread
    return slopes, centred - slopes[:, None] * centred_times


def slope_sd(times: np.ndarray, values: np.ndarray) -> float:
    """SD over patients of their least-squares slopes."""
    slopes, _ = _lines(times, values)
    return float(np.nanstd(slopes, ddof=1))


def residual_sd(times: np.ndarray, values: np.ndarray) -> float:
    """SD of values about the patients' own lines, 0 where no patient has a third."""
    _, residuals = _lines(times, values)
    spare = np.maximum((~np.isnan(values)).sum(axis=1) - 2, 0)
    free = spare.sum()
    squares = np.nansum(residuals[spare > 0] ** 2)
    return float(np.sqrt(squares / free)) if free else 0.0


def lag_one_autocorrelation(times: np.ndarray, values: np.ndarray) -> float:
    """Correlation of successive residuals about the patients' own lines."""
    _, residuals = _lines(times, values)
    products = np.nansum(residuals[:, 1:] * residuals[:, :-1])
    total = np.nansum(residuals**2)
    return float(products / total) if total > 0 else 0.0


def _of_arms(
    patients: Sequence[str], arm_of: Mapping[str, str], reference: str
) -> dict[str, Callable[[np.ndarray, np.ndarray], float]]:
    """Return the mean of the patients' slopes by arm, and its differences."""
    arms = np.array([arm_of[patient] for patient in patients])

    def mean_slope(times: np.ndarray, values: np.ndarray, arm: str) -> float:
        slopes, _ = _lines(times, values)
        own = slopes[arms == arm]
        return float(np.nanmean(own)) if np.isfinite(own).any() else np.nan

    def difference(times: np.ndarray, values: np.ndarray, arm: str) -> float:
        treated = mean_slope(times, values, arm)
        return treated - mean_slope(times, values, reference)

    found = list(dict.fromkeys([reference, *sorted(set(arms))]))
    means: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
        f"mean_slope:{arm}": partial(mean_slope, arm=arm) for arm in found
    }
    return means | {
        f"slope_difference:{arm}": partial(difference, arm=arm)
        for arm in found
        if arm != reference
    }


def _statistics(
    scale: Scale,
) -> dict[str, Callable[[np.ndarray, np.ndarray], float]]:
    def share(hits: np.ndarray) -> float:
        return float(np.mean(hits))

    known = {
        "slope_sd": slope_sd,
        "residual_sd": residual_sd,
        "lag_one_autocorrelation": lag_one_autocorrelation,
        "floor_share": lambda _, v: share(v[~np.isnan(v)] <= scale.minimum),
    }
    if scale.maximum is not None:
        top = scale.maximum
        known["ceiling_share"] = lambda _, v: share(v[~np.isnan(v)] >= top)
    return known


def thinned(draws: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return n draws, evenly spaced over the chains."""
    positions = np.linspace(0, len(draws) - 1, min(n, len(draws))).astype(int)
    return draws.iloc[positions]


def posterior_predictive_checks(
    visits: pd.DataFrame,
    replicates: np.ndarray,
    scale: Scale,
    arm_of: Mapping[str, str] | None = None,
    reference: str = "",
) -> pd.DataFrame:
    """Compare statistics of one outcome's values with those of replicates.

    Parameters
    ----------
    visits : DataFrame
        ``patient``, ``time`` and ``value``, n rows sorted by patient and time.
    replicates : ndarray, shape (S, n)
        The values anew, as the model has them.
    scale : Scale
        For floor, ceiling and whole points.
    arm_of : mapping of str to str, optional
        Arm of each patient, for the mean slopes of the arms and their differences.
    reference : str
        The reference arm.

    Returns
    -------
    DataFrame
        A row for each statistic: ``statistic``, ``observed``, ``lower``, ``median``,
        ``upper`` (2.5, 50 and 97.5% of replicates), ``tail_probability`` (two-sided),
        ``warning``.
    """
    times, seen = visit_grid(visits)
    values = on_grid(visits["value"].to_numpy(dtype=np.float64), seen)
    drawn = on_grid(replicates, seen)
    # replicates are recorded as the data are: in whole points, within the scale
    recorded = np.round(drawn) if scale.whole_points else drawn
    recorded = np.clip(recorded, scale.minimum, scale.maximum)
    statistics = _statistics(scale)
    if arm_of is not None:
        patients = list(dict.fromkeys(visits["patient"]))
        statistics |= _of_arms(patients, arm_of, reference)
    rows = []
    for name, statistic in statistics.items():
        observed = statistic(times, values)
        if np.isnan(observed):  # of an arm without slopes there is nothing to check
            continue
        repeated = np.array([statistic(times, values_) for values_ in recorded])
        low, mid, high = np.quantile(repeated, [0.025, 0.5, 0.975])
        tail = min(np.mean(repeated <= observed), np.mean(repeated >= observed))
        probability = min(1.0, 2 * float(tail))
        rows.append(
            {
                "statistic": name,
                "observed": observed,
                "lower": low,
                "median": mid,
                "upper": high,
                "tail_probability": probability,
                "warning": probability < EXTREME,
            }
        )
    return pd.DataFrame(rows)


def prior_predictive_check(replicates: np.ndarray, scale: Scale) -> pd.DataFrame:
    """Tell what share of prior predictive values lies off the scale.

    Parameters
    ----------
    replicates : ndarray, shape (S, n)
        One outcome's values as the model has them before it sees any.
    scale : Scale
        Its scale.

    Returns
    -------
    DataFrame
        One row in the columns of :func:`posterior_predictive_checks`.
    """
    top = np.inf if scale.maximum is None else scale.maximum
    outside = float(np.mean((replicates < scale.minimum) | (replicates > top)))
    return pd.DataFrame(
        [
            {
                "statistic": "prior_share_off_scale",
                "observed": outside,
                "warning": outside > PRIOR_OUTSIDE,
            }
        ]
    )


def check_model(
    model: CheckedModel,
    trial: TrialLayout,
    draws: pd.DataFrame,
    scales: Mapping[str, Scale],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Check a model against its data, outcome by outcome.

    Parameters
    ----------
    model : CheckedModel
        The model.
    trial : TrialLayout
        The data, laid out value by value.
    draws : DataFrame
        Its posterior.
    scales : mapping of str to Scale
        By outcome.
    rng : numpy.random.Generator
        Source of the replicates.

    Returns
    -------
    DataFrame
        ``outcome``, then the columns of :func:`posterior_predictive_checks`.
    """
    after = model.replicates(thinned(draws, N_REPLICATES), trial, rng)
    before = model.replicates(model.prior_draws(N_REPLICATES, rng), trial, rng)
    patients = trial.patients
    arm_of = dict(zip(patients["patient"], patients["arm"], strict=True))
    tables = []
    for k, outcome in enumerate(model.structure.outcomes):
        here, scale = trial.outcome_at == k, scales[outcome]
        both = [
            posterior_predictive_checks(
                trial.visits[here],
                after[:, here],
                scale,
                arm_of,
                model.structure.reference,
            ),
            prior_predictive_check(before[:, here], scale),
        ]
        tables.append(pd.concat(both).assign(outcome=outcome))
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "outcome", table.pop("outcome"))
    return table
