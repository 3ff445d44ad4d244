"""How the primary estimate moves as its prior, or its likelihood, is given more weight.

Both are raised to powers about 1 by importance sampling (Kallioinen, Paananen, Buerkner
and Vehtari, Stat Comput 2024;34:57): an estimate that moves with the prior rests on it.
"""

import arviz_base
import arviz_stats
import numpy as np
import pandas as pd

from alsdecline.fits.checked import checked_gaussian
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.quantities import reported_quantities
from alsdecline.models.layout import TrialLayout

N_DRAWS = 4000
"""Draws that are used at most, but for one more of each chain."""

BLOCK = 2**22
"""Patients' log-likelihoods that are held at a time: 32 MB."""

COLUMNS = ["model", "outcome", "quantity", "arm", "to_prior", "to_likelihood"]


def thinned_by_chain(draws: pd.DataFrame) -> pd.DataFrame:
    """Return evenly spaced draws, about :data:`N_DRAWS`, as many of each chain."""
    step = -(-len(draws) // N_DRAWS)
    return draws[draws.groupby("chain").cumcount() % step == 0]


def power_scaling(
    plan: FitPlan, draws: pd.DataFrame, trial: TrialLayout
) -> pd.DataFrame:
    """Compute power-scaling sensitivities of the primary estimate.

    Parameters
    ----------
    plan : FitPlan
        The fit that it rests on, of a Gaussian member.
    draws : DataFrame
        ``chain`` and its parameters, sorted by chain; as many of each chain.
    trial : TrialLayout
        Its data, laid out by it.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`, one row.
    """
    model = checked_gaussian(plan)
    used = thinned_by_chain(draws)
    chains = used["chain"].nunique()

    def by_chain(values: np.ndarray) -> np.ndarray:
        return values.reshape(chains, -1)

    assert plan.primary_quantity is not None
    outcome, quantity, arm = plan.primary_quantity
    primary = next(
        q.draws
        for _, q in reported_quantities(plan, used, horizon_week=1.0)
        if (q.outcome, q.name, q.arm) == plan.primary_quantity
    )
    step = max(1, BLOCK // trial.n_patients)
    likelihood = np.concatenate(
        [
            model.log_likelihood(used.iloc[start : start + step], trial).sum(axis=1)
            for start in range(0, len(used), step)
        ]
    )
    data = arviz_base.from_dict(
        {
            "posterior": {"primary": by_chain(primary)},
            "log_prior": {"all": by_chain(model.log_prior(used))},
            "log_likelihood": {"all": by_chain(likelihood)},
        }
    )
    found = {
        group: float(arviz_stats.psense(data, group=group)["primary"])
        for group in ("prior", "likelihood")
    }
    row = (plan.model, outcome, quantity, arm, found["prior"], found["likelihood"])
    return pd.DataFrame([row], columns=COLUMNS)
