"""How well the models of one outcome predict each patient from all others.

Expected log predictive densities by Pareto-smoothed importance sampling (Vehtari,
Gelman and Gabry 2017), a patient being what is left out, and by the fit without the
patient where that is not to be relied on. They describe; which model an estimate rests
on was chosen before.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from alsdecline.fits.plan import FitPlan
from alsdecline.fits.predictive_checks import thinned
from alsdecline.models.checked import CheckedModel
from alsdecline.models.gaussian.patient_effects import leave_one_patient_out
from alsdecline.models.layout import TrialLayout

N_DRAWS = 1000
"""Draws of each posterior that are used, evenly spaced over its chains."""

UNRELIABLE = 0.67
"""Pareto k above which a patient's density is not to be relied on: 1 - 1 / log10(S) for
so many draws (Vehtari, Simpson, Gelman, Yao and Gabry 2024)."""

COLUMNS = [
    "outcome",
    "model",
    "patients",
    "elpd",
    "se",
    "difference",
    "se_difference",
    "refitted",
    "pareto_k",
    "unreliable",
]


def patient_densities(
    model: CheckedModel,
    draws: pd.DataFrame,
    left_out: pd.DataFrame,
    trial: TrialLayout,
) -> pd.DataFrame:
    """Estimate how well a model predicts each patient from all others.

    Parameters
    ----------
    model : CheckedModel
        The model.
    draws : DataFrame
        ``chain`` and its parameters, sorted by chain.
    left_out : DataFrame
        The same of fits without the patient that ``without`` names, if any.
    trial : TrialLayout
        Its data, laid out by it.

    Returns
    -------
    DataFrame
        ``patient``, ``elpd`` and ``pareto_k``, a row a patient; the last is missing
        where the density is that of a fit without the patient.
    """
    used = thinned(draws, N_DRAWS)
    log_likelihood = model.log_likelihood(used, trial)
    elpd, pareto_k = leave_one_patient_out(log_likelihood, draws["chain"].nunique())
    elpd, pareto_k = elpd.copy(), pareto_k.copy()
    patients = trial.patients["patient"]
    for i in np.flatnonzero(pareto_k > UNRELIABLE):
        without = left_out[left_out["without"] == patients.iloc[i]]
        if without.empty:
            continue
        likelihood = model.log_likelihood(thinned(without, N_DRAWS), trial)[:, i]
        elpd[i] = logsumexp(likelihood) - np.log(likelihood.size)
        pareto_k[i] = np.nan
    return pd.DataFrame({"patient": patients, "elpd": elpd, "pareto_k": pareto_k})


def _standard_error(elpd: np.ndarray) -> float:
    """Return the standard error of a sum over patients; of one there is none."""
    if elpd.size < 2:
        return float("nan")
    return float(np.sqrt(elpd.size * elpd.var(ddof=1)))


def compare_models(
    plans: Sequence[FitPlan], densities: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Compare the models that take one outcome by itself.

    Parameters
    ----------
    plans : sequence of FitPlan
        Fits of one outcome each.
    densities : mapping of str to DataFrame
        :func:`patient_densities` by the fit's name; models of the same outcome have the
        same patients.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`; a row for each model of an outcome, in the order of
        `plans`. The difference is from the outcome's highest ``elpd``, so at most 0;
        its standard error is over patients. ``refitted`` counts the patients whose
        density is that of a fit without them; ``pareto_k`` is the largest of the
        others, and ``unreliable`` names those of them above :data:`UNRELIABLE`.
    """
    rows = []
    for plan in plans:
        (outcome,) = plan.outcomes
        rivals = [densities[p.name]["elpd"] for p in plans if p.outcomes == [outcome]]
        best = max(rivals, key=lambda elpd: elpd.sum())
        mine = densities[plan.name]
        apart = (mine["elpd"] - best).to_numpy()
        worst = mine[mine["pareto_k"] > UNRELIABLE]
        rows.append(
            {
                "outcome": outcome,
                "model": plan.model,
                "patients": len(mine),
                "elpd": mine["elpd"].sum(),
                "se": _standard_error(mine["elpd"].to_numpy()),
                "difference": apart.sum(),
                "se_difference": _standard_error(apart),
                "refitted": int(mine["pareto_k"].isna().sum()),
                "pareto_k": mine["pareto_k"].max(),
                "unreliable": " ".join(worst["patient"]),
            }
        )
    return pd.DataFrame(rows)[COLUMNS]
