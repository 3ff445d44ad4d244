"""Ordinary least squares with its inference, refusing what cannot be estimated."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg, special

from alsdecline.faults import DataError

type Floats = npt.NDArray[np.float64]

# singular values of columns of unit length below this share of the largest count as
# zero: above rounding, below any dependence that still lets effects be told apart
_DEPENDENT = 1e-9


def dependent_columns(design: npt.ArrayLike, names: Sequence[str]) -> list[str]:
    """Name the columns that take part in a linear dependence.

    Parameters
    ----------
    design : array_like, shape (n, p)
        Design matrix.
    names : sequence of str
        Name of each column.

    Returns
    -------
    list of str
        Columns with a weight in the null space of the design, in their order; empty
        where the design has full column rank.
    """
    columns = np.asarray(design, dtype=np.float64)
    lengths = np.linalg.norm(columns, axis=0)
    scaled = columns / np.where(lengths > 0.0, lengths, 1.0)
    _, singular, directions = np.linalg.svd(np.linalg.qr(scaled, mode="r"))
    rank = int((singular > _DEPENDENT * singular.max()).sum())
    weight = np.abs(directions[rank:]).max(axis=0, initial=0.0)
    return [name for name, w in zip(names, weight, strict=True) if w > 1e-6]


def t_inference(
    estimate: npt.ArrayLike, se: npt.ArrayLike, df: npt.ArrayLike, level: float
) -> pd.DataFrame:
    """Test each estimate against zero and give its interval, by Student's t.

    Parameters
    ----------
    estimate, se, df : array_like, shape (k,)
        Estimates, their standard errors and degrees of freedom.
    level : float
        Confidence level of the intervals, above 0 and below 1.

    Returns
    -------
    DataFrame
        Columns ``estimate``, ``se``, ``df``, ``t``, ``lower``, ``upper`` and
        ``p_value`` (two-sided).

    Raises
    ------
    ValueError
        If the level is out of range.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"confidence level {level} is not between 0 and 1")
    table = pd.DataFrame({"estimate": estimate, "se": se, "df": df})
    table["t"] = table["estimate"] / table["se"]
    # of scipy.special, for its stats take longer to import than a table takes
    half = -special.stdtrit(table["df"], (1.0 - level) / 2.0) * table["se"]
    table["lower"] = table["estimate"] - half
    table["upper"] = table["estimate"] + half
    table["p_value"] = 2.0 * special.stdtr(table["df"], -table["t"].abs())
    return table


def least_squares(
    columns: Mapping[str, Floats], outcome: Floats, response: str
) -> tuple[Floats, Floats, int]:
    """Fit by ordinary least squares.

    Returns
    -------
    coefficients : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
    df : int
        Residual degrees of freedom.

    Raises
    ------
    DataError
        If the coefficients or the residual variance cannot be estimated.
    """
    df = outcome.size - len(columns)
    if df < 1:
        raise DataError(
            f"{response!r}: {outcome.size} patients for {len(columns)} coefficients "
            "leave no residual degrees of freedom; pool levels or leave factors out"
        )
    design = np.column_stack(list(columns.values()))
    if dependent := dependent_columns(design, list(columns)):
        raise DataError(
            f"{response!r}: effects of {', '.join(dependent)} are confounded (linearly "
            "dependent columns); pool levels or leave the factor or covariate out"
        )
    q, r = np.linalg.qr(design)
    coefficients = linalg.solve_triangular(r, q.T @ outcome)
    residual = float(np.linalg.norm(outcome - design @ coefficients))
    if residual <= 1e-12 * np.linalg.norm(outcome):
        raise DataError(
            f"{response!r} is fitted without error (it is constant, or a function of "
            "arm, factors and covariates): there is no variance to compare arms by"
        )
    root = linalg.solve_triangular(r, np.eye(len(columns))) * residual / df**0.5
    return coefficients, root @ root.T, df
