"""What a fit takes of the analysis datasets: patients, covariates, observations."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.datasets.study_time import analysed_values, model_observations
from alsdecline.fits.plan import CovariateTerm, FitPlan


def _column(term: CovariateTerm, values: pd.Series) -> np.ndarray:
    if term.level is None:
        return values.to_numpy(dtype=np.float64)
    return np.where(values == term.level, 1.0, 0.0)


def fit_values(
    plan: FitPlan, values: Mapping[str, pd.DataFrame], adsl: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """Return the analysis values that a fit counts, by outcome.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    values : mapping of str to DataFrame
        The BDS of each of its outcomes, and maybe of others.
    adsl : DataFrame or None
        One row a patient; needed only where not all patients or values count.

    Returns
    -------
    dict of str to DataFrame
    """
    own = {name: values[name] for name in plan.outcomes}
    if adsl is None:
        return own
    return {
        name: analysed_values(
            frame, adsl, plan.population, until_last_dose=plan.until_last_dose
        )
        for name, frame in own.items()
    }


def fit_observations(
    plan: FitPlan, values: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return what the models use of each outcome's BDS, in the plan's unit of time."""
    return {
        name: model_observations(frame, plan.time_unit)
        for name, frame in values.items()
    }


def fit_patients(
    plan: FitPlan, values: Mapping[str, pd.DataFrame], adsl: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the patients of a fit; validation has seen that they have all covariates.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    values : mapping of str to DataFrame
        The BDS of each of its outcomes; who has a value of one is a patient of it.
    adsl : DataFrame or None
        One row a patient; needed only where the plan has covariates.

    Returns
    -------
    DataFrame
        ``patient``, ``arm`` and a column for each covariate, not yet centred, sorted by
        patient.
    """
    observed = pd.concat(fit_observations(plan, values).values())
    patients = observed[["patient", "arm"]].drop_duplicates()
    patients = patients.sort_values("patient", ignore_index=True)
    if adsl is None:
        return patients
    subjects = adsl.set_index("USUBJID")
    columns = {
        term.name: _column(term, patients["patient"].map(subjects[term.column]))
        for term in plan.covariates
    }
    return patients.assign(**columns)
