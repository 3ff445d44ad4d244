"""ADSL, the subject-level dataset of CDISC ADaM, and its population flags."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.study_time import after_time_zero
from alsdecline.datasets.visit_times import given_doses, time_origins
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.partial_dates import FLAG, TEXT
from alsdecline.raw.relative_times import study_days_of
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.tables import Pooling

HISTORY_NAMES = {"onset_date": "ONSETDT", "diagnosis_date": "DIAGDT"}


def _with_history(adsl: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """Add when the disease began and was found; of a date known in part its text."""
    for column, variable in HISTORY_NAMES.items():
        if column not in subjects:
            continue
        adsl[variable] = subjects[column].astype("datetime64[s]")
        if column + TEXT in subjects:
            adsl[f"{variable}C"] = subjects[column + TEXT]
    return adsl


def _dosing_periods(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Return the first and last day of dosing by patient."""
    if "exposure" not in files.tables:
        return pd.DataFrame(columns=["first", "last"], dtype="datetime64[s]")
    given = given_doses(plan, files)
    ends = given["end_date"].fillna(given["date"])
    dates = given.assign(end=ends).groupby("patient")
    return pd.DataFrame({"first": dates["date"].min(), "last": dates["end"].max()})


def pooled_groups(subjects: pd.DataFrame, pooling: Pooling) -> pd.Series:
    """Pool the groups that have too few patients in any arm.

    Parameters
    ----------
    subjects : DataFrame
        The column to pool by, and ``arm``; one row a patient.
    pooling : Pooling
        Its ``fewest`` patients in each arm keep a group to itself.

    Returns
    -------
    Series
        The group of each patient.
    """
    counts = pd.crosstab(subjects[pooling.of], subjects["arm"])
    small = counts.index[(counts < pooling.fewest).any(axis=1)]
    return subjects[pooling.of].mask(subjects[pooling.of].isin(small), pooling.label)


def subject_level(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make ADSL: one row a patient.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        Tables without fatal findings.

    Returns
    -------
    DataFrame
        STUDYID, USUBJID, ARMCD, TRT01PN (planned dose), RANDDT, TRTSDT and
        TRTEDT (first and last dose), ZERODT (time origin), ITTFL, SAFFL, EOSSTT, EOSDT,
        DCSREAS, DTHDT, then the baseline characteristics in capitals and the pooled
        groupings. Sorted by USUBJID.
    """
    subjects = files.tables["subjects"].sort_values("patient", ignore_index=True)
    patient = subjects["patient"]
    doses = {arm.id: arm.dose for arm in plan.arms.groups}
    exposure = files.tables.get("exposure")
    events = files.tables.get("events")
    adsl = pd.DataFrame(
        {
            "STUDYID": plan.study,
            "USUBJID": patient,
            "ARMCD": subjects["arm"],
            "TRT01PN": subjects["arm"].map(doses).astype("float64"),
            "RANDDT": subjects["randomisation_date"].astype("datetime64[s]"),
        }
    )
    periods = _dosing_periods(plan, files)
    for name, which in (("TRTSDT", "first"), ("TRTEDT", "last")):
        days = of_patients(patient, periods[which])
        adsl[name] = days.astype("datetime64[s]")
    origins = time_origins(plan, files)
    adsl["ZERODT"] = of_patients(patient, origins).astype("datetime64[s]")
    adsl["ITTFL"] = "Y"
    # without a file of doses nobody knows who was dosed
    dosed = np.where(adsl["TRTSDT"].notna(), "Y", "N")
    adsl["SAFFL"] = "" if exposure is None else dosed
    ended = pd.DataFrame(columns=["patient", "event", "date", "reason"])
    ended = (ended if events is None else events).set_index("patient")
    for name, key in (("EOSSTT", "event"), ("EOSDT", "date"), ("DCSREAS", "reason")):
        adsl[name] = of_patients(patient, ended[key]).astype("object")
    adsl["EOSDT"] = adsl["EOSDT"].astype("datetime64[s]")
    adsl["DTHDT"] = adsl["EOSDT"].where(adsl["EOSSTT"] == "died")
    if events is not None and (flags := events.get("date" + FLAG)) is not None:
        imputed = dict(zip(events["patient"], flags, strict=True))
        adsl["EOSDTF"] = of_patients(patient, imputed).fillna("")
        adsl["DTHDTF"] = adsl["EOSDTF"].where(adsl["EOSSTT"] == "died", "")
    if plan.file_unit is not None:
        adsl = _in_study_days(adsl)
    elif not plan.pseudonyms:
        adsl = _with_history(adsl, subjects)
    for characteristic in plan.data.subjects.characteristics:
        adsl[characteristic.column.upper()] = subjects[characteristic.column]
    for pooling in plan.data.subjects.pooled:
        adsl[pooling.column] = pooled_groups(subjects, pooling)
    return adsl


def _in_study_days(adsl: pd.DataFrame) -> pd.DataFrame:
    """Put study days in place of dates of doses and ends, in a trial without dates."""
    days = {}
    for name in ("TRTSD", "TRTED", "EOSD", "DTHD"):
        if adsl[f"{name}T"].notna().any():
            days[f"{name}Y"] = study_days_of(adsl[f"{name}T"])
            adsl[f"{name}T"] = pd.Series(pd.NaT, adsl.index, dtype="datetime64[s]")
    return adsl.assign(**days)


def with_population_flags(
    plan: DataPlan, adsl: pd.DataFrame, values: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Add a flag for each population of the plan.

    Parameters
    ----------
    plan : DataPlan
        With the populations.
    adsl : DataFrame
        From :func:`subject_level`.
    values : mapping of str to DataFrame
        The BDS of each outcome.

    Returns
    -------
    DataFrame
        `adsl` with a column of Y and N for each population.
    """
    flags = {}
    for flag, population in plan.populations.items():
        inside = pd.Series(data=True, index=adsl.index)
        if population.dosed:
            inside &= adsl["SAFFL"] == "Y"
        for outcome in population.values_after_baseline:
            frame = values[outcome]
            later = after_time_zero(frame)
            inside &= adsl["USUBJID"].isin(later["USUBJID"])
        flags[flag] = np.where(inside, "Y", "N")
    return adsl.assign(**flags)
