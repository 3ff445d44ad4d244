"""Checks of the model against the data: prior and posterior predictive.

They warn and never stop a run: stopping on them would let the data choose what is
published.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from alsdecline.fit_plan import FitPlan, outcome_priors
from alsdecline.scales import Scale
from alsdecline.simulate import DeclineParameters, simulate_outcomes
from alsdecline.structure import Structure
from alsdecline.study_time import model_observations

N_REPLICATES = 400
EXTREME = 0.01
"""A predictive tail probability below this is a warning."""

PRIOR_OUTSIDE = 0.5
"""Share of prior predictive values off the scale above which the prior warns."""


def observed_grid(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Lay one outcome's values out by patient.

    Parameters
    ----------
    frame : DataFrame
        A BDS.

    Returns
    -------
    months, values : ndarray, shape (N, T)
        Missing past a patient's last visit.
    arms : list of str
        Each patient's arm.
    """
    observations = model_observations(frame)
    groups = [group for _, group in observations.groupby("patient", sort=True)]
    longest = max(len(group) for group in groups)
    months = np.full((len(groups), longest), np.nan)
    values = np.full((len(groups), longest), np.nan)
    for i, group in enumerate(groups):
        months[i, : len(group)] = group["month"]
        values[i, : len(group)] = group["value"]
    return months, values, [group["arm"].iloc[0] for group in groups]


def _lines(months: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least-squares slope of each patient, and residuals; (N,), (N, T)."""
    weights = np.where(np.isnan(values), np.nan, 1.0)
    times = months * weights
    centred_times = times - np.nanmean(times, axis=1, keepdims=True)
    centred = values - np.nanmean(values, axis=1, keepdims=True)
    spread = np.nansum(centred_times**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.nansum(centred_times * centred, axis=1) / spread
    return slopes, centred - slopes[:, None] * centred_times


def slope_sd(months: np.ndarray, values: np.ndarray) -> float:
    """SD over patients of their least-squares slopes."""
    slopes, _ = _lines(months, values)
    return float(np.nanstd(slopes, ddof=1))


def lag_one_autocorrelation(months: np.ndarray, values: np.ndarray) -> float:
    """Correlation of successive residuals about the patients' own lines."""
    _, residuals = _lines(months, values)
    products = np.nansum(residuals[:, 1:] * residuals[:, :-1])
    total = np.nansum(residuals**2)
    return float(products / total) if total > 0 else 0.0


def _statistics(
    scale: Scale,
) -> dict[str, Callable[[np.ndarray, np.ndarray], float]]:
    def share(hits: np.ndarray) -> float:
        return float(np.mean(hits))

    known = {
        "slope_sd": slope_sd,
        "lag_one_autocorrelation": lag_one_autocorrelation,
        "floor_share": lambda _, v: share(v[~np.isnan(v)] <= scale.minimum),
    }
    if scale.maximum is not None:
        top = scale.maximum
        known["ceiling_share"] = lambda _, v: share(v[~np.isnan(v)] >= top)
    return known


def replicate(
    structure: Structure,
    parameters: pd.DataFrame,
    months: np.ndarray,
    arms: list[str],
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate the outcomes anew for each row of parameters, for new patients.

    Parameters
    ----------
    structure : Structure
        K outcomes and arms.
    parameters : DataFrame
        S rows of parameters by name.
    months : ndarray, shape (N, T)
        Visit times.
    arms : list of str
        Each patient's arm.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ndarray, shape (S, N, K, T)
    """
    columns = structure.parameter_names
    rows = [
        dict(zip(columns, row, strict=True)) for row in parameters[columns].to_numpy()
    ]
    return np.stack(
        [
            simulate_outcomes(
                structure,
                DeclineParameters.from_names(structure, row),
                arms,
                np.nan_to_num(months),
                rng,
            )
            for row in rows
        ]
    )


def thinned(draws: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return n draws, evenly spaced over the chains."""
    positions = np.linspace(0, len(draws) - 1, min(n, len(draws))).astype(int)
    return draws.iloc[positions]


def posterior_predictive_checks(
    plan: FitPlan,
    draws: pd.DataFrame,
    outcome: str,
    frame: pd.DataFrame,
    scale: Scale,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Compare statistics of the data with those of replicates.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    draws : DataFrame
        Its posterior.
    outcome : str
        One of its outcomes.
    frame : DataFrame
        That outcome's BDS.
    scale : Scale
        Its scale, for floor and ceiling.
    rng : numpy.random.Generator
        Source of the replicates.

    Returns
    -------
    DataFrame
        A row for each statistic: ``statistic``, ``observed``, ``lower``, ``median``,
        ``upper`` (2.5, 50 and 97.5% of replicates), ``tail_probability`` (two-sided),
        ``warning``.
    """
    months, values, arms = observed_grid(frame)
    position = plan.outcomes.index(outcome)
    simulated = replicate(
        plan.structure, thinned(draws, N_REPLICATES), months, arms, rng
    )
    drawn = np.where(np.isnan(values), np.nan, simulated[:, :, position])
    # replicates are recorded as the data are: in whole points, within the scale
    recorded = np.round(drawn) if scale.whole_points else drawn
    replicates = np.clip(recorded, scale.minimum, scale.maximum)
    rows = []
    for name, statistic in _statistics(scale).items():
        observed = statistic(months, values)
        repeated = np.array([statistic(months, values_) for values_ in replicates])
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


def prior_draws(plan: FitPlan, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw coefficients and SDs from a fit's prior; correlations are left at 0.

    The means over outcomes and times do not depend on the correlations, so the share
    of values off the scale, outcome by outcome, hardly does.
    """
    columns: dict[str, np.ndarray] = {}
    for name, prior in outcome_priors(plan).items():
        normals = {
            f"intercept[{name}]": (prior.intercept_mean, prior.intercept_sd),
            f"slope[{name}]": (prior.slope_mean, prior.slope_sd),
        }
        if prior.effect_sd is not None:
            effect = (0.0, prior.effect_sd)
            normals |= {f"effect[{name},{arm}]": effect for arm in plan.arms}
        for column, (mean, sd) in normals.items():
            columns[column] = rng.normal(mean, sd, n)
        for column, sd in (
            ("sd_intercept", prior.sd_intercept),
            ("sd_slope", prior.sd_slope),
            ("sd_residual", prior.sd_residual),
        ):
            columns[f"{column}[{name}]"] = np.abs(rng.normal(0, sd, n))
    zeros = dict.fromkeys(plan.structure.correlation_names, 0.0)
    return pd.DataFrame(columns).assign(**zeros)


def prior_predictive_check(
    plan: FitPlan,
    outcome: str,
    frame: pd.DataFrame,
    scale: Scale,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Tell what share of prior predictive values lies off the scale.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    outcome : str
        One of its outcomes.
    frame : DataFrame
        That outcome's BDS, for visit times and arms.
    scale : Scale
        Its scale.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    DataFrame
        One row in the columns of :func:`posterior_predictive_checks`.
    """
    months, values, arms = observed_grid(frame)
    parameters = prior_draws(plan, N_REPLICATES, rng)
    simulated = replicate(plan.structure, parameters, months, arms, rng)
    drawn = np.where(
        np.isnan(values), np.nan, simulated[:, :, plan.outcomes.index(outcome)]
    )
    top = np.inf if scale.maximum is None else scale.maximum
    seen = ~np.isnan(drawn)
    outside = float(np.mean((drawn[seen] < scale.minimum) | (drawn[seen] > top)))
    return pd.DataFrame(
        [
            {
                "statistic": "prior_share_off_scale",
                "observed": outside,
                "warning": outside > PRIOR_OUTSIDE,
            }
        ]
    )
