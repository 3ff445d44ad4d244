"""Each patient's own rate of change: ordinary least squares on time, one by one."""

import numpy as np
import pandas as pd

_COLUMNS = ("patient", "time", "value")


def _check_observations(observations: pd.DataFrame) -> None:
    """Raise ValueError, naming column and row, where a slope would be ill-defined."""
    for column in _COLUMNS:
        if column not in observations.columns:
            raise ValueError(
                f"observations have no column {column!r}; found "
                f"{', '.join(map(str, observations.columns))}"
            )
    observed = observations["value"].notna()
    bad = {
        "patient": observations["patient"].isna(),
        "time": observed & ~np.isfinite(observations["time"].astype(float)),
        "value": observed & ~np.isfinite(observations["value"].astype(float)),
    }
    for column, rows in bad.items():
        if rows.any():
            row = observations.index[rows][0]
            raise ValueError(
                f"column {column!r}, row {row!r}: {observations.loc[row, column]!r} is "
                "missing or not finite; correct it or leave the observation out"
            )


def ordinary_slopes(observations: pd.DataFrame) -> pd.DataFrame:
    """Fit a straight line to each patient's values by ordinary least squares.

    The standard error takes residuals about the patient's own line as independent
    with one variance.

    Parameters
    ----------
    observations : DataFrame
        One row an observation, with columns ``patient``, ``time`` (since
        randomisation) and ``value`` (points); other columns are ignored. Rows whose
        value is missing count for nothing, except that their patient is listed.

    Returns
    -------
    DataFrame
        One row a patient, sorted by patient:

        - ``patient``;
        - ``n_visits``: observed values, an integer;
        - ``slope``: points/time, NaN with fewer than two distinct times;
        - ``intercept``: points, the line at time 0, NaN where the slope is;
        - ``se``: standard error of the slope, points/time, NaN where the slope is and
          with fewer than three values;
        - ``first_time``, ``last_time``: of the observed values, NaN with none.

    Raises
    ------
    ValueError
        If a column is absent, a patient is missing, or an observed value or its time
        is not finite.
    """
    _check_observations(observations)
    table = observations.loc[:, list(_COLUMNS)]
    n_visits = table.groupby("patient", observed=True)["value"].count()

    # deviations from the patient's means: sums of squares then do not cancel
    seen = table.dropna(subset=["value"]).astype({"time": float, "value": float})
    patient = seen["patient"]
    by_patient = seen.groupby("patient", observed=True)
    mean = by_patient[["time", "value"]].mean()
    time = seen["time"] - by_patient["time"].transform("mean")
    value = seen["value"] - by_patient["value"].transform("mean")

    def total(terms: pd.Series) -> pd.Series:
        return terms.groupby(patient, observed=True).sum()

    has_slope = by_patient["time"].nunique() >= 2
    sxx = total(time**2).where(has_slope)
    slope = total(time * value) / sxx
    fitted = slope.reindex(patient).to_numpy() * time
    residual_df = (by_patient.size() - 2).where(by_patient.size() >= 3)
    return pd.DataFrame(
        {
            "n_visits": n_visits,
            "slope": slope,
            "intercept": mean["value"] - slope * mean["time"],
            "se": (total((value - fitted) ** 2) / residual_df / sxx) ** 0.5,
            "first_time": by_patient["time"].min(),
            "last_time": by_patient["time"].max(),
        },
        index=n_visits.index,
    ).reset_index()
