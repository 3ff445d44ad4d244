"""Analysis datasets in the shape of CDISC ADaM: ADSL, and one BDS for each outcome."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.consistency import time_origins
from alsdecline.data_plan import DataPlan
from alsdecline.raw_tables import ROW
from alsdecline.settings import Outcome
from alsdecline.study_time import relative_day
from alsdecline.trial_files import TrialFiles

BDS_COLUMNS = [
    "STUDYID",
    "USUBJID",
    "ARMCD",
    "TRTP",
    "PARAMCD",
    "PARAM",
    "PARAMTYP",
    "AVISIT",
    "AVISITN",
    "ADT",
    "ADY",
    "AVAL",
    "BASE",
    "CHG",
    "PCHG",
    "ABLFL",
    "ANL01FL",
    "DTYPE",
    "SRCDOM",
    "SRCVAR",
    "SRCSEQ",
]


def _dates_by_patient(frame: pd.DataFrame | None, how: str) -> dict[str, pd.Timestamp]:
    if frame is None:
        return {}
    given = frame[frame["dose"] > 0]
    dates = given.groupby("patient")["date"].agg(how)
    return dict(zip(dates.index.astype(str), dates, strict=True))


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
        STUDYID, USUBJID, ARMCD, TRT01P, TRT01PN (planned dose), RANDDT, TRTSDT and
        TRTEDT (first and last dose), ZERODT (time origin), ITTFL, SAFFL, EOSSTT, EOSDT,
        DCSREAS, DTHDT, then the baseline characteristics in capitals. Sorted by
        USUBJID.
    """
    subjects = files.tables["subjects"].sort_values("patient", ignore_index=True)
    patient = subjects["patient"]
    labels = {arm.id: arm.label for arm in plan.arms.groups}
    doses = {arm.id: arm.dose for arm in plan.arms.groups}
    exposure = files.tables.get("exposure")
    events = files.tables.get("events")
    adsl = pd.DataFrame(
        {
            "STUDYID": plan.study,
            "USUBJID": patient,
            "ARMCD": subjects["arm"],
            "TRT01P": subjects["arm"].map(labels),
            "TRT01PN": subjects["arm"].map(doses).astype("float64"),
            "RANDDT": subjects["randomisation_date"],
        }
    )
    for name, how in (("TRTSDT", "min"), ("TRTEDT", "max")):
        adsl[name] = patient.map(_dates_by_patient(exposure, how)).astype(
            "datetime64[s]"
        )
    origins = time_origins(plan, files)
    adsl["ZERODT"] = patient.map(origins).astype("datetime64[s]")
    adsl["ITTFL"] = "Y"
    # without a file of doses nobody knows who was dosed
    dosed = np.where(adsl["TRTSDT"].notna(), "Y", "N")
    adsl["SAFFL"] = "" if exposure is None else dosed
    ended = {} if events is None else events.set_index("patient").to_dict("index")
    for name, key in (("EOSSTT", "event"), ("EOSDT", "date"), ("DCSREAS", "reason")):
        values = [ended.get(p, {}).get(key) for p in patient]
        adsl[name] = pd.Series(values, dtype="object")
    adsl["EOSDT"] = adsl["EOSDT"].astype("datetime64[s]")
    adsl["DTHDT"] = adsl["EOSDT"].where(adsl["EOSSTT"] == "died")
    for characteristic in plan.data.subjects.characteristics:
        adsl[characteristic.column.upper()] = subjects[characteristic.column]
    return adsl


def _measured(files: TrialFiles, adsl: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Visit values of a measured outcome with their origin, sorted, values only."""
    visits = files.tables["visits"]
    origin = adsl.set_index("USUBJID")["ZERODT"]
    kept = visits[visits[outcome.column].notna()]
    frame = pd.DataFrame(
        {
            "USUBJID": kept["patient"],
            "AVISITN": kept["visit_week"],
            "ADT": kept["visit_date"],
            "AVAL": kept[outcome.column],
            "SRCVAR": files.column_name("visits", str(outcome.column)),
            "row": kept[ROW],
        }
    )
    frame["ADY"] = relative_day(frame["ADT"], frame["USUBJID"].map(origin))
    frame = frame.sort_values(["USUBJID", "ADT", "AVISITN"], ignore_index=True)
    frame["SRCSEQ"] = frame.groupby("USUBJID").cumcount() + 1
    return frame


def _summed(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Sum of parts at visits where all were measured."""
    keys = ["USUBJID", "AVISITN", "ADT", "ADY"]
    total = parts[0][[*keys, "AVAL"]]
    for part in parts[1:]:
        total = total.merge(part[[*keys, "AVAL"]], on=keys, suffixes=("", "_part"))
        total["AVAL"] += total.pop("AVAL_part")
    total = total.sort_values(["USUBJID", "ADT", "AVISITN"], ignore_index=True)
    total["SRCVAR"] = ""
    total["SRCSEQ"] = total.groupby("USUBJID").cumcount() + 1
    return total


def _baseline_positions(frame: pd.DataFrame) -> pd.Index:
    """Rows that are baselines: the last up to the origin, else the week-0 visit."""
    before = frame[frame["ADY"] <= 1].groupby("USUBJID").tail(1)
    without = frame[~frame["USUBJID"].isin(before["USUBJID"])]
    scheduled = without[without["AVISITN"] == 0].groupby("USUBJID").head(1)
    return before.index.union(scheduled.index)


def _complete(
    plan: DataPlan, adsl: pd.DataFrame, outcome: Outcome, frame: pd.DataFrame
) -> pd.DataFrame:
    """Add identifiers, baseline and change from baseline in ADaM's column order."""
    subject = adsl.set_index("USUBJID")
    baseline = frame.loc[_baseline_positions(frame)]
    scheduled = frame["AVISITN"].isin(plan.visits.weeks)
    frame = frame.assign(
        STUDYID=plan.study,
        ARMCD=frame["USUBJID"].map(subject["ARMCD"]),
        TRTP=frame["USUBJID"].map(subject["TRT01P"]),
        PARAMCD=outcome.parameter,
        PARAM=outcome.label,
        PARAMTYP="DERIVED" if outcome.sum_of else "",
        AVISIT=[
            f"Week {week:g}" if known else "Unscheduled"
            for week, known in zip(frame["AVISITN"], scheduled, strict=True)
        ],
        BASE=frame["USUBJID"].map(baseline.set_index("USUBJID")["AVAL"]),
        ABLFL=np.where(frame.index.isin(baseline.index), "Y", ""),
        ANL01FL="Y",
        DTYPE="",
        SRCDOM="VISITS" if not outcome.sum_of else "",
    )
    # change is of post-baseline records alone
    after = frame["AVAL"].where(
        frame["ADY"] > frame["USUBJID"].map(baseline.set_index("USUBJID")["ADY"])
    )
    frame["CHG"] = after - frame["BASE"]
    frame["PCHG"] = (100 * frame["CHG"] / frame["BASE"]).where(frame["BASE"] != 0)
    return frame[list(BDS_COLUMNS)]


def analysis_values(
    plan: DataPlan, files: TrialFiles, adsl: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Make a BDS for each outcome.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        Tables without fatal findings.
    adsl : DataFrame
        From :func:`subject_level`.

    Returns
    -------
    dict of str to DataFrame
        By outcome id, columns :data:`BDS_COLUMNS`, sorted by patient and date.
        The baseline is the last value up to the time origin, else that of week 0.
    """
    measured = {
        outcome.id: _measured(files, adsl, outcome)
        for outcome in plan.outcomes
        if not outcome.sum_of
    }
    result = {}
    for outcome in plan.outcomes:
        if outcome.sum_of:
            frame = _summed([measured[part] for part in outcome.sum_of])
        else:
            frame = measured[outcome.id]
        result[outcome.id] = _complete(plan, adsl, outcome, frame)
    return result


def lineage(
    plan: DataPlan,
    files: TrialFiles,
    adsl: pd.DataFrame,
    sha256: Mapping[str, str],
) -> pd.DataFrame:
    """Tell where each measured value stands in the raw files.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.
    adsl : DataFrame
        From :func:`subject_level`.
    sha256 : mapping of str to str
        Digest of each raw file, by its configured name.

    Returns
    -------
    DataFrame
        USUBJID, PARAMCD, AVISITN, ADT, SRCSEQ and file, row, column, sha256. No
        analysis reads it: a mere re-ordering of raw rows changes it.
    """
    file = files.sources["visits"].file
    parts = []
    for outcome in plan.outcomes:
        if outcome.sum_of:
            continue
        frame = _measured(files, adsl, outcome)
        parts.append(
            pd.DataFrame(
                {
                    "USUBJID": frame["USUBJID"],
                    "PARAMCD": outcome.parameter,
                    "AVISITN": frame["AVISITN"],
                    "ADT": frame["ADT"],
                    "SRCSEQ": frame["SRCSEQ"],
                    "file": file,
                    "row": frame["row"],
                    "column": frame["SRCVAR"],
                    "sha256": sha256[file],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def dose_records(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make the exposure dataset: STUDYID, USUBJID, ASTDT, ADOSE, sorted."""
    exposure = files.tables.get("exposure")
    if exposure is None:
        exposure = pd.DataFrame(columns=["patient", "date", "dose"])
    return pd.DataFrame(
        {
            "STUDYID": plan.study,
            "USUBJID": exposure["patient"].astype("object"),
            "ASTDT": exposure["date"].astype("datetime64[s]"),
            "ADOSE": exposure["dose"].astype("float64"),
        }
    ).sort_values(["USUBJID", "ASTDT", "ADOSE"], ignore_index=True)


def adverse_event_records(plan: DataPlan, files: TrialFiles) -> pd.DataFrame:
    """Make ADAE: USUBJID, AETERM, ASTDT, AENDT, AESEV, AESER and AEREL, sorted."""
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
        events = pd.DataFrame(columns=list(names))
    frame = events[list(names)].rename(columns=names)
    for column in frame:
        dates = column in ("ASTDT", "AENDT")
        frame[column] = frame[column].astype("datetime64[s]" if dates else "object")
    frame.insert(0, "STUDYID", plan.study)
    # by all columns, lest events of a day with one name keep the raw file's order
    order = ["USUBJID", "ASTDT", "AETERM", *frame.columns]
    return frame.sort_values(list(dict.fromkeys(order)), ignore_index=True)
