"""Which patients and values a supplementary analysis uses."""

import pandas as pd

from alsdecline.datasets.study_time import observed_values
from alsdecline.settings.supplementary import Ancova, MixedModel
from alsdecline.time_units import SAME_WEEK


def population_of(adsl: pd.DataFrame, population: str) -> pd.DataFrame:
    """Return the patients of a population, all where it has no name."""
    return adsl[adsl[population] == "Y"] if population else adsl


def visit_rows(analysis: Ancova, adsl: pd.DataFrame, bds: pd.DataFrame) -> pd.DataFrame:
    """Return the analysis values that an ANCOVA uses.

    Parameters
    ----------
    analysis : Ancova
        Visit, population and whether carried values count.
    adsl : DataFrame
        One row a patient.
    bds : DataFrame
        Analysis values of the outcome.

    Returns
    -------
    DataFrame
        Rows of `bds`.
    """
    that_week = (bds["AVISITN"] - analysis.week).abs() < SAME_WEEK
    at = bds[(bds["ANL01FL"] == "Y") & that_week]
    if not analysis.carried_forward:
        at = at[at["DTYPE"] == ""]
    return at[at["USUBJID"].isin(population_of(adsl, analysis.population)["USUBJID"])]


def model_rows(
    model: MixedModel, adsl: pd.DataFrame, bds: pd.DataFrame
) -> pd.DataFrame:
    """Return the analysis values that a mixed model uses.

    Parameters
    ----------
    model : MixedModel
        Population, and whether the baseline is a covariate.
    adsl : DataFrame
        One row a patient.
    bds : DataFrame
        Analysis values of the outcome.

    Returns
    -------
    DataFrame
        Rows of `bds`.
    """
    values = observed_values(bds)
    patients = population_of(adsl, model.population)["USUBJID"]
    values = values[values["USUBJID"].isin(patients)]
    if model.baseline == "covariate":
        values = values[values["CHG"].notna()]
    return values
