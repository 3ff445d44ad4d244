"""Time since the origin: study days as CDISC counts them, weeks and months."""

import pandas as pd

from alsdecline.months import DAYS_PER_MONTH


def relative_day(days: pd.Series) -> pd.Series:
    """Return study days of days since the origin: day 0 is study day 1, -1 is -1."""
    return (days + (days >= 0)).astype("int64")


def days_since_origin(relative: pd.Series) -> pd.Series:
    """Return days from the time origin, of study days, which skip 0."""
    return relative - (relative > 0)


def months_since_origin(relative: pd.Series) -> pd.Series:
    """Return months from the time origin, of study days."""
    return days_since_origin(relative) / DAYS_PER_MONTH


def analysed_values(
    bds: pd.DataFrame, adsl: pd.DataFrame, population: str, *, until_last_dose: bool
) -> pd.DataFrame:
    """Return the values of a population that an estimand counts.

    Parameters
    ----------
    bds : DataFrame
        Of one outcome.
    adsl : DataFrame
        One row a patient.
    population : str
        Name of its flag in `adsl`; empty for all.
    until_last_dose : bool
        Whether values after the day of the last dose are left out; of who had none,
        those after time zero.

    Returns
    -------
    DataFrame
        Rows of `bds`.
    """
    if population:
        inside = adsl.loc[adsl[population] == "Y", "USUBJID"]
        bds = bds[bds["USUBJID"].isin(inside)]
    if until_last_dose:
        last = bds["USUBJID"].map(adsl.set_index("USUBJID")["TRTEDT"])
        bds = bds[(bds["ADT"] <= last) | (bds["ADY"] <= 1)]
    return bds


def observed_values(bds: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an analysis dataset that were measured, none carried."""
    return bds[(bds["DTYPE"] == "") & bds["AVAL"].notna()]


def model_observations(bds: pd.DataFrame) -> pd.DataFrame:
    """Return what the models of slope use of an analysis dataset.

    Parameters
    ----------
    bds : DataFrame
        USUBJID, ARMCD, ADY, AVAL and DTYPE of one outcome.

    Returns
    -------
    DataFrame
        ``patient``, ``arm``, ``month`` from the time origin, ``value``; no missing.
    """
    used = observed_values(bds)
    return pd.DataFrame(
        {
            "patient": used["USUBJID"],
            "arm": used["ARMCD"],
            "month": months_since_origin(used["ADY"]),
            "value": used["AVAL"],
        }
    )
