r"""Analysis of covariance of one visit: arms compared by ordinary least squares.

The model of patient :math:`i` in arm :math:`a(i)` is

.. math:: y_i = \mu_{a(i)} + \sum_f \gamma_{f, l_f(i)}
   + \sum_c \beta_c (x_{ic} - \bar x_c) + \varepsilon_i,

with one level of each factor at zero. Differences between arms do not depend on which
one that is; least squares means weigh the levels of each factor equally and stand at
the mean of each covariate over the patients analysed, as in SAS and in emmeans
(Searle, Speed and Milliken 1980).
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from alsdecline.analyses.linear_model import Floats, least_squares, t_inference
from alsdecline.faults import DataError

type Integers = npt.NDArray[np.int64]


def _complete_rows(
    frame: pd.DataFrame, numeric: Sequence[str], categories: Sequence[str]
) -> pd.DataFrame:
    """Take the columns of the model and leave out rows where one is missing."""
    for column in (*numeric, *categories):
        if column not in frame.columns:
            found = ", ".join(map(str, frame.columns))
            raise DataError(f"the data have no column {column!r}; found {found}")
    table = frame.loc[:, list(categories)].copy()
    for column in numeric:
        values = pd.to_numeric(frame[column], errors="coerce").to_numpy(
            dtype=np.float64, na_value=np.nan
        )
        wrong = np.isinf(values) | (np.isnan(values) & frame[column].notna().to_numpy())
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise DataError(
                f"column {column!r}, row {frame.index[row]!r}: "
                f"'{frame[column].iloc[row]}' is not a finite number; correct it"
            )
        table[column] = values
    return table.dropna()


def _indicator(labels: pd.Series, label: object) -> Floats:
    return np.asarray(labels == label, dtype=np.float64)


def _patients_by_arm(
    all_rows: pd.Series, complete: pd.Series, arms: Sequence[str], response: str
) -> tuple[Integers, Integers]:
    """Count each arm's rows and those of them analysed; refuse arms that have none."""
    unknown = all_rows[~all_rows.isin(list(arms))]
    if len(unknown):
        raise DataError(
            f"column {all_rows.name!r}, row {unknown.index[0]!r}: {unknown.iloc[0]!r} "
            f"is not one of the arms {', '.join(arms)}; name it or leave the row out"
        )
    rows, analysed = (
        np.array([(labels == arm).sum() for arm in arms])
        for labels in (all_rows, complete)
    )
    for arm, count in zip(arms, analysed, strict=True):
        if not count:
            raise DataError(
                f"{response!r}: no patient of arm {arm!r} has response, factors and "
                "covariates; leave the arm out of the comparison"
            )
    return rows, analysed


def _adjustment(
    table: pd.DataFrame, factors: Sequence[str], covariates: Sequence[str]
) -> tuple[dict[str, Floats], list[float]]:
    """Columns of factors and covariates, and where they stand in least squares means.

    The most frequent level of a factor is the one at zero, so that a small level that
    is confounded with an arm has a column, and is named.
    """
    columns: dict[str, Floats] = {}
    at: list[float] = []
    for factor in factors:
        levels = table[factor].value_counts()
        levels = levels[levels > 0]
        for level in levels.index[1:]:
            columns[f"{factor} {level}"] = _indicator(table[factor], level)
            at.append(1.0 / len(levels))
    for covariate in covariates:
        values = table[covariate].to_numpy(float)
        if values.size and np.ptp(values) == 0.0:
            raise DataError(
                f"covariate {covariate!r} is {values[0]} for every patient analysed: "
                "leave it out of the model"
            )
        columns[covariate] = values - values.mean()
        at.append(0.0)
    return columns, at


def ancova(
    frame: pd.DataFrame,
    *,
    response: str,
    arm: str,
    arms: Sequence[str],
    reference: str,
    factors: Sequence[str] = (),
    covariates: Sequence[str] = (),
    level: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare arms in pairs, and estimate the mean of each, by analysis of covariance.

    Parameters
    ----------
    frame : DataFrame
        One row a patient. Rows with a missing response, factor or covariate are left
        out, and counted in the second result.
    response, arm : str
        Columns of the outcome and of the arm.
    arms : sequence of str
        All arms, in display order.
    reference : str
        Arm that comes first in both results, whatever the display order.
    factors, covariates : sequence of str
        Columns taken as categories, and numeric columns.
    level : float
        Confidence level of the intervals, above 0 and below 1.

    Returns
    -------
    comparisons : DataFrame
        One row a pair, every arm against every earlier one (for placebo, low, high:
        low - placebo, high - placebo, high - low): ``arm``, ``versus``, ``estimate``
        (mean of ``arm`` minus that of ``versus``, units of the response), ``se``,
        ``df``, ``t``, ``lower``, ``upper``, ``p_value``.
    means : DataFrame
        One row an arm: ``arm``, ``n`` (patients analysed), ``n_left_out``,
        ``estimate`` (least squares mean, units of the response), ``se``, ``df``,
        ``lower``, ``upper``.

    Raises
    ------
    DataError
        If a column is absent or not numeric, a row has no or an unknown arm, an arm
        has no patient, effects are confounded, or no residual variance is left.
    ValueError
        If the reference is not an arm, or the level is out of range.
    """
    if reference not in arms:
        raise ValueError(f"reference {reference!r} is not an arm: {', '.join(arms)}")
    ordered = [reference, *(a for a in arms if a != reference)]
    table = _complete_rows(frame, (response, *covariates), (arm, *factors))
    n_rows, n = _patients_by_arm(frame[arm], table[arm], ordered, response)
    adjustment, at = _adjustment(table, factors, covariates)
    of_arms = {f"{arm} {a}": _indicator(table[arm], a) for a in ordered}
    coefficients, covariance, df = least_squares(
        of_arms | adjustment, table[response].to_numpy(float), response
    )

    def estimate(weights: Floats) -> pd.DataFrame:
        se = np.sqrt(np.diag(weights @ covariance @ weights.T))
        return t_inference(weights @ coefficients, se, np.full(se.size, df), level)

    weights = np.column_stack([np.eye(len(ordered)), np.tile(at, (len(ordered), 1))])
    pairs = sorted(combinations(range(len(ordered)), 2), key=lambda pair: pair[1])
    comparisons = estimate(
        weights[[i for _, i in pairs]] - weights[[j for j, _ in pairs]]
    )
    comparisons.insert(0, "arm", [ordered[i] for _, i in pairs])
    comparisons.insert(1, "versus", [ordered[j] for j, _ in pairs])
    # a test that a mean is zero answers no question
    means = estimate(weights).drop(columns=["t", "p_value"])
    means.insert(0, "arm", ordered)
    means.insert(1, "n", n)
    means.insert(2, "n_left_out", n_rows - n)
    return comparisons, means


def dose_response(
    frame: pd.DataFrame,
    *,
    response: str,
    dose: str,
    factors: Sequence[str] = (),
    covariates: Sequence[str] = (),
    level: float,
) -> pd.DataFrame:
    """Test a linear term in dose in the place of the arms.

    Parameters
    ----------
    frame, response, factors, covariates, level
        As for :func:`ancova`; rows with a missing dose are left out too.
    dose : str
        Numeric column.

    Returns
    -------
    DataFrame
        One row: ``n`` (patients analysed), ``estimate`` (units of the response per
        unit of dose), ``se``, ``df``, ``t``, ``lower``, ``upper``, ``p_value``.

    Raises
    ------
    DataError
        As :func:`ancova`, and if the dose is the same for all.
    ValueError
        If the level is out of range.
    """
    table = _complete_rows(frame, (response, dose, *covariates), factors)
    adjustment, _ = _adjustment(table, factors, (dose, *covariates))
    columns = {"the intercept": np.ones(len(table))} | adjustment
    coefficients, covariance, df = least_squares(
        columns, table[response].to_numpy(float), response
    )
    i = list(columns).index(dose)
    se = covariance[i, i] ** 0.5
    result = t_inference([coefficients[i]], [se], [df], level)
    result.insert(0, "n", len(table))
    return result
