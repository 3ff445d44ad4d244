"""Patients' slopes compared between two arms, adjusted for planned covariates."""

from collections.abc import Mapping

import pandas as pd

from alsdecline.analyses.ancova import ancova
from alsdecline.analyses.two_samples import TwoSamples


def adjusted_difference(
    slopes: pd.DataFrame,
    treated: str,
    reference: str,
    kinds: Mapping[str, str],
    level: float,
) -> TwoSamples:
    """Compare two arms' slopes by least squares, given covariates.

    Parameters
    ----------
    slopes : DataFrame
        ``slope`` (points/time), ``arm`` and the covariates, one row a patient; who
        lacks one is left out.
    treated, reference : str
        The arms.
    kinds : mapping of str to str
        By covariate, ``number`` or ``category``.
    level : float
        Confidence level of the interval.

    Returns
    -------
    TwoSamples

    Raises
    ------
    DataError
        If an arm has no patient with all covariates, or coefficients or residual
        variance cannot be estimated.
    """
    compared, _ = ancova(
        slopes,
        response="slope",
        arm="arm",
        arms=[reference, treated],
        reference=reference,
        factors=[name for name, kind in kinds.items() if kind == "category"],
        covariates=[name for name, kind in kinds.items() if kind == "number"],
        level=level,
    )
    [row] = compared.to_dict("records")
    return TwoSamples(
        row["estimate"],
        row["lower"],
        row["upper"],
        row["p_value"],
        exact=False,
        standard_error=row["se"],
        degrees_of_freedom=row["df"],
    )
