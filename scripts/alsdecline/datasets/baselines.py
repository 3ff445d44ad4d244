"""Which value of a patient is the baseline, and baselines that are no visit's."""

import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.study_time import BASELINE, until_time_zero
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.settings.data import Outcome


def may_be_baseline(days: pd.Series, weeks: pd.Series) -> pd.Series:
    """Tell which values may be baselines: those up to time zero, or of visit 0.

    Parameters
    ----------
    days, weeks : Series
        Days from time zero of each value, and the scheduled week that it is of.

    Returns
    -------
    Series of bool
    """
    return (days <= 0) | (weeks == 0)


def baseline_positions(frame: pd.DataFrame) -> pd.Index:
    """Return the rows that are baselines: the last up to time zero, else visit 0's.

    Parameters
    ----------
    frame : DataFrame
        USUBJID, AVISITN and ARELTM of one outcome, sorted by patient and time.

    Returns
    -------
    Index
        One row at most of each patient.
    """
    possible = frame[may_be_baseline(frame["ARELTM"], frame["AVISITN"])]
    before = possible[until_time_zero(possible)].groupby("USUBJID").tail(1)
    without = possible[~possible["USUBJID"].isin(before["USUBJID"])]
    return before.index.union(without.groupby("USUBJID").head(1).index)


def recorded_baselines(
    files: TrialFiles,
    adsl: pd.DataFrame,
    outcome: Outcome,
    measured: pd.DataFrame,
) -> pd.DataFrame:
    """Return baselines that stand in a column of the subjects, as rows at time zero.

    Parameters
    ----------
    files : TrialFiles
        Tables without fatal findings.
    adsl : DataFrame
        The patients.
    outcome : Outcome
        With its ``baseline``.
    measured : DataFrame
        USUBJID, AVISITN and ARELTM of its values; who has a baseline among them has no
        other.

    Returns
    -------
    DataFrame
        USUBJID, AVISITN, ADT, ADY, ARELTM, AVAL, DTYPE, SRCDOM, SRCVAR and the row.
    """
    assert outcome.baseline is not None
    column = outcome.baseline.column
    subjects = files.tables["subjects"].dropna(subset=["patient", column])
    own = measured.loc[baseline_positions(measured), "USUBJID"]
    of_trial = subjects["patient"].isin(adsl["USUBJID"])
    subjects = subjects[of_trial & ~subjects["patient"].isin(own)]
    zeros = adsl.set_index("USUBJID")["ZERODT"]
    return pd.DataFrame(
        {
            "USUBJID": subjects["patient"],
            "AVISITN": 0.0,
            "ADT": of_patients(subjects["patient"], zeros),
            "ADY": 1,
            "ARELTM": 0.0,
            "AVAL": subjects[column],
            "DTYPE": "" if outcome.baseline.use == "row" else BASELINE,
            "SRCDOM": "SUBJECTS",
            "SRCVAR": files.column_name("subjects", column),
            ROW: subjects[ROW],
        }
    )
