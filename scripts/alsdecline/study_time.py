"""Time since the origin: study days as CDISC counts them, weeks and months."""

import pandas as pd

DAYS_PER_MONTH = 30.4375
"""Days in a month, 365.25 / 12."""

MONTHS_PER_WEEK = 7 / DAYS_PER_MONTH


def relative_day(dates: pd.Series, origins: pd.Series) -> pd.Series:
    """Return study days: the origin is day 1, the day before it is day -1."""
    days = (dates - origins).dt.days
    return (days + (days >= 0)).astype("int64")


def months_since_origin(relative: pd.Series) -> pd.Series:
    """Return months from the time origin, of study days, which skip 0."""
    return (relative - (relative > 0)) / DAYS_PER_MONTH


def model_observations(bds: pd.DataFrame) -> pd.DataFrame:
    """Return what the models of slope use of an analysis dataset.

    Parameters
    ----------
    bds : DataFrame
        USUBJID, ARMCD, ADY, AVAL and ANL01FL of one outcome.

    Returns
    -------
    DataFrame
        ``patient``, ``arm``, ``month`` from the time origin, ``value``; no missing.
    """
    used = bds[(bds["ANL01FL"] == "Y") & bds["AVAL"].notna()]
    return pd.DataFrame(
        {
            "patient": used["USUBJID"],
            "arm": used["ARMCD"],
            "month": months_since_origin(used["ADY"]),
            "value": used["AVAL"],
        }
    )
