"""Days from each patient's time zero in the place of dates."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from alsdecline.datasets.of_patients import of_patients


def day_zeros(
    adsl: pd.DataFrame, frames: Sequence[pd.DataFrame]
) -> dict[str, pd.Timestamp]:
    """Return the day that each patient's days count from.

    Parameters
    ----------
    adsl : DataFrame
        USUBJID, ZERODT and RANDDT, with dates.
    frames : sequence of DataFrame
        The other datasets, with USUBJID and dates.

    Returns
    -------
    dict of str to Timestamp
        Time zero; where a trial has no dates of visits, and so none of time zero, the
        randomisation, or the patient's first date of all.
    """
    dated = [adsl, *frames]
    firsts = [
        frame.set_index("USUBJID")[column].dropna()
        for frame in dated
        for column in frame.select_dtypes("datetime")
    ]
    every = pd.concat(firsts) if firsts else pd.Series(dtype="datetime64[s]")
    earliest = every.groupby(level=0).min()
    zero = adsl["ZERODT"].fillna(adsl["RANDDT"])
    zero = zero.fillna(of_patients(adsl["USUBJID"], earliest))
    known = dict(zip(adsl["USUBJID"], zero, strict=True))
    return {patient: day for patient, day in known.items() if pd.notna(day)}


def in_days(frame: pd.DataFrame, zeros: Mapping[str, pd.Timestamp]) -> pd.DataFrame:
    """Turn the dates of a dataset into days since each patient's day zero.

    Parameters
    ----------
    frame : DataFrame
        USUBJID and any columns of dates.
    zeros : mapping of str to Timestamp
        From :func:`day_zeros`.

    Returns
    -------
    DataFrame
        With the same columns; those of dates are numbers, day zero being 0.
    """
    zero = pd.to_datetime(of_patients(frame["USUBJID"], zeros))
    days: dict[str, pd.Series] = {
        str(column): (frame[column] - zero).dt.days.astype("float64")
        for column in frame.select_dtypes("datetime")
    }
    return frame.assign(**days)


def days_between(first: Any, last: pd.Series) -> pd.Series:
    """Return the days from one date, or each, to another, be they days already."""
    between: Any = last - first
    if pd.api.types.is_timedelta64_dtype(between):
        between = between.dt.days
    days: pd.Series = between
    return days
