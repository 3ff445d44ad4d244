"""Datasets of what happened to patients: doses given and adverse events."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.datasets.visit_times import given_doses
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.partial_dates import FLAG, TEXT
from alsdecline.raw.relative_times import study_days_of
from alsdecline.settings.data_plan import DataPlan


def placed_doses(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make the exposure dataset, sorted, with the raw row of each record.

    STUDYID, USUBJID, ASTDT, AENDT (ASTDT where a row is one dose), ADOSE and GIVENFL,
    which is N where a dose of 0 says that none was given, then the row.
    """
    exposure = files.tables.get("exposure")
    if exposure is None:
        exposure = pd.DataFrame(columns=["patient", "date", "end_date", "dose", ROW])
        given = exposure.index
    else:
        given = given_doses(plan, files).index
    starts = pd.to_datetime(exposure["date"]).astype("datetime64[s]")
    ends = pd.to_datetime(exposure["end_date"]).astype("datetime64[s]")
    frame = pd.DataFrame(
        {
            "STUDYID": plan.study,
            "USUBJID": exposure["patient"].astype("object"),
            "ASTDT": starts,
            "AENDT": ends.fillna(starts),
            "ADOSE": exposure["dose"].astype("float64"),
            "GIVENFL": np.where(exposure.index.isin(given), "Y", "N"),
            ROW: exposure[ROW],
        }
    )
    dates = {"date": "ASTDT", "end_date": "AENDT"}
    frame = _with_imputed(plan, frame, exposure, dates)
    order = ["USUBJID", "ASTDT", "ADOSE", "AENDT"]
    return _without_dates(plan, frame.sort_values(order, ignore_index=True))


def _without_dates(plan: DataPlan, frame: pd.DataFrame) -> pd.DataFrame:
    """Put study days in place of dates where the trial has none."""
    if plan.file_unit is None or frame.empty:
        return frame
    starts, ends = study_days_of(frame["ASTDT"]), study_days_of(frame["AENDT"])
    after = list(frame.columns).index("AENDT") + 1
    frame.insert(after, "ASTDY", starts)
    frame.insert(after + 1, "AENDY", ends)
    none = pd.Series(pd.NaT, frame.index, dtype="datetime64[s]")
    return frame.assign(ASTDT=none, AENDT=none)


def _with_imputed(
    plan: DataPlan,
    frame: pd.DataFrame,
    records: pd.DataFrame,
    dates: Mapping[str, str],
) -> pd.DataFrame:
    """Add what was imputed of dates, after those of which any is known in part.

    A flag (ASTDTF) says what is made up of a day, and SDTM's text (AESTDTC) what is
    known where none is; where patients have pseudonyms, it would tell a date.
    """
    for column, variable in dates.items():
        if column + FLAG not in records:
            continue
        after = list(frame.columns).index(variable) + 1
        if (records[column + FLAG] != "").any():
            frame.insert(after, f"{variable}F", records[column + FLAG])
        if plan.pseudonyms:
            continue
        kept = records[column + TEXT].where(records[column].isna(), "")
        if (kept != "").any():
            which = "ST" if variable == "ASTDT" else "EN"
            frame.insert(after, f"AE{which}DTC", kept)
    return frame


def dose_records(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make the exposure dataset, ADEX."""
    return placed_doses(plan, files).drop(columns=ROW)


def placed_adverse_events(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make the dataset of adverse events, sorted, with the raw row of each record.

    STUDYID, USUBJID, AETERM, ASTDT, AENDT, AESEV, AESER and AEREL, then the row.
    """
    names = {
        "patient": "USUBJID",
        "term": "AETERM",
        "start_date": "ASTDT",
        "end_date": "AENDT",
        "severity": "AESEV",
        "serious": "AESER",
        "related": "AEREL",
    }
    events = files.tables.get("adverse_events")
    if events is None:
        events = pd.DataFrame(columns=[*names, ROW])
    frame = events[list(names)].rename(columns=names)
    for column in frame:
        dates = column in ("ASTDT", "AENDT")
        frame[column] = frame[column].astype("datetime64[s]" if dates else "object")
    frame.insert(0, "STUDYID", plan.study)
    variables = {"start_date": "ASTDT", "end_date": "AENDT"}
    frame = _with_imputed(plan, frame, events, variables)
    # by all columns, lest events of a day with one name keep the raw file's order
    order = ["USUBJID", "ASTDT", "AETERM", *frame.columns]
    frame[ROW] = events[ROW]
    in_order = frame.sort_values(list(dict.fromkeys(order)), ignore_index=True)
    return _without_dates(plan, in_order)


def adverse_event_records(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make the dataset of adverse events, ADAE."""
    return placed_adverse_events(plan, files).drop(columns=ROW)
