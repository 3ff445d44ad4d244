"""Patients' slopes compared between two arms, adjusted for planned covariates."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from alsdecline.analyses.linear_model import least_squares, t_inference
from alsdecline.analyses.two_samples import TwoSamples


def covariate_columns(
    subjects: pd.DataFrame, kinds: Mapping[str, str]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the columns of a design that covariates make.

    Parameters
    ----------
    subjects : DataFrame
        One row a patient, none of them without a covariate.
    kinds : mapping of str to str
        By column of `subjects`: ``number``, or ``category``, whose levels but the first
        have a column each.

    Returns
    -------
    dict of str to ndarray, shape (n,)
    """
    columns = {}
    for name, kind in kinds.items():
        values = subjects[name]
        if kind == "number":
            columns[name] = values.to_numpy(dtype=np.float64)
            continue
        for level in sorted(values.unique())[1:]:
            columns[f"{name}={level}"] = np.where(values == level, 1.0, 0.0)
    return columns


def adjusted_difference(
    slopes: npt.NDArray[np.float64],
    treated: npt.NDArray[np.bool_],
    covariates: Mapping[str, npt.NDArray[np.float64]],
    confidence: float,
) -> TwoSamples:
    """Compare two arms' slopes by least squares, given covariates.

    Parameters
    ----------
    slopes : ndarray, shape (n,)
        Points/time.
    treated : ndarray of bool, shape (n,)
        Who is treated.
    covariates : mapping of str to ndarray, shape (n,)
        From :func:`covariate_columns`.
    confidence : float
        Level of the interval.

    Returns
    -------
    TwoSamples
        With n less the number of coefficients as degrees of freedom.

    Raises
    ------
    DataError
        If the coefficients or the residual variance cannot be estimated.
    """
    columns = {"intercept": np.ones(slopes.size), "arm": np.where(treated, 1.0, 0.0)}
    columns |= covariates
    found, covariance, df = least_squares(columns, slopes, "slope")
    error = float(np.sqrt(covariance[1, 1]))
    row = t_inference([found[1]], [error], [df], confidence).iloc[0]
    return TwoSamples(
        float(row["estimate"]),
        float(row["lower"]),
        float(row["upper"]),
        float(row["p_value"]),
        exact=False,
        standard_error=error,
        degrees_of_freedom=float(df),
    )
