"""Checks of the model against the data: prior and posterior predictive.

They warn and never stop a run: stopping on them would let the data choose what is
published.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.fits.check_statistics import PatientLines, statistics, visit_grid
from alsdecline.models.checked import CheckedModel
from alsdecline.models.layout import TrialLayout
from alsdecline.settings.scales import Scale

N_REPLICATES = 400
EXTREME = 0.01
"""A predictive tail probability below this is a warning."""

PRIOR_OUTSIDE = 0.5
"""Share of prior predictive values off the scale above which the prior warns."""


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
    values = visits["value"].to_numpy(dtype=np.float64)
    # replicates are recorded as the data are: in whole points, within the scale
    recorded = np.round(replicates) if scale.whole_points else replicates
    recorded = np.clip(recorded, scale.minimum, scale.maximum)
    patients = list(dict.fromkeys(visits["patient"]))
    of_data = PatientLines.through(values, times, seen)
    of_replicates = PatientLines.through(recorded, times, seen)
    rows = []
    for name, statistic in statistics(scale, patients, arm_of, reference).items():
        observed = float(statistic(of_data))
        if np.isnan(observed):  # of an arm without slopes there is nothing to check
            continue
        repeated = statistic(of_replicates)
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
