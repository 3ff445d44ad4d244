"""Labels of arms and outcomes in the analysis datasets, for people.

The datasets that analyses read have none: a label is presentation, and a new one must
not redo a fit.
"""

from collections.abc import Mapping

import pandas as pd


def _with_column(
    frame: pd.DataFrame, name: str, labels: pd.Series | str, after: str
) -> pd.DataFrame:
    """Add a column after another."""
    columns = list(frame.columns)
    columns.insert(columns.index(after) + 1, name)
    return frame.assign(**{name: labels})[columns]


def labelled_adsl(adsl: pd.DataFrame, arms: Mapping[str, str]) -> pd.DataFrame:
    """Return ADSL with TRT01P, the label of the arm, after ARMCD.

    Parameters
    ----------
    adsl : DataFrame
        From :func:`alsdecline.datasets.adsl.subject_level`.
    arms : mapping of str to str
        Labels by id.

    Returns
    -------
    DataFrame
    """
    return _with_column(adsl, "TRT01P", adsl["ARMCD"].map(dict(arms)), after="ARMCD")


def labelled_bds(
    values: pd.DataFrame, arms: Mapping[str, str], outcome: str
) -> pd.DataFrame:
    """Return a BDS with TRTP after ARMCD, and PARAM after PARAMCD.

    Parameters
    ----------
    values : DataFrame
        One outcome, from :func:`alsdecline.datasets.bds.analysis_values`.
    arms : mapping of str to str
        Labels by id.
    outcome : str
        Label of the outcome.

    Returns
    -------
    DataFrame
    """
    of_arms = values["ARMCD"].map(dict(arms))
    labelled = _with_column(values, "TRTP", of_arms, after="ARMCD")
    return _with_column(labelled, "PARAM", outcome, after="PARAMCD")
