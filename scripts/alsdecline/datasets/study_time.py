"""Time since the origin, and which values of an analysis dataset count."""

import pandas as pd

from alsdecline.time_units import DAYS_PER, TimeUnit

LOCF = "LOCF"
"""DTYPE of a carried value."""

BASELINE = "BASELINE"
"""DTYPE of a recorded baseline that change is from, and that is no analysis value."""


def study_day(days: pd.Series) -> pd.Series:
    """Return the study days, which skip 0, in which days since the origin lie.

    Day 0 is study day 1 and so is day 0.9; day -1 is -1. Missing where `days` is.
    """
    whole = days // 1
    return whole + (whole >= 0)


def until_time_zero(bds: pd.DataFrame) -> pd.Series:
    """Tell which rows of an analysis dataset are of time zero or before it."""
    return bds["ARELTM"] <= 0


def after_time_zero(bds: pd.DataFrame) -> pd.DataFrame:
    """Return the measured rows of an analysis dataset that are after time zero."""
    return observed_values(bds[~until_time_zero(bds)])


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
        bds = bds[(bds["ADT"] <= last) | until_time_zero(bds)]
    return bds


def recorded_values(bds: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an analysis dataset that the raw files have, none carried."""
    return bds[(bds["DTYPE"] != LOCF) & bds["AVAL"].notna()]


def observed_values(bds: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an analysis dataset that analyses use, none carried."""
    return bds[(bds["DTYPE"] == "") & bds["AVAL"].notna()]


def model_observations(bds: pd.DataFrame, unit: TimeUnit) -> pd.DataFrame:
    """Return what the models of slope use of an analysis dataset.

    Parameters
    ----------
    bds : DataFrame
        USUBJID, ARMCD, ARELTM, AVAL and DTYPE of one outcome.
    unit : {"days", "weeks", "months", "years"}
        Unit of the time.

    Returns
    -------
    DataFrame
        ``patient``, ``arm``, ``time`` from the time origin, ``value``; no missing.
    """
    used = observed_values(bds)
    return pd.DataFrame(
        {
            "patient": used["USUBJID"],
            "arm": used["ARMCD"],
            "time": used["ARELTM"] / DAYS_PER[unit],
            "value": used["AVAL"],
        }
    )
