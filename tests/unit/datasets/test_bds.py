"""The derivations of the analysis datasets, on a trial small enough to do by hand.

Days are counted as CDISC's SDTM and ADaM do: the origin is day 1, the day before it is
day -1. 2020 is a leap year.
"""

import csv
import datetime
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import value_lineage
from alsdecline.digests import sha256_of_file
from alsdecline.raw.files import TrialFiles, read_trial_files
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from alsdecline.stable_files import write_parquet
from alsdecline.validation.consistency import check_consistency
from support.trial_folder import copy_bundled_trial

SUBJECTS = """\
id,arm,randomisation_date,age,sex
P2,b,2020-01-10,50,M
P1,a,2020-01-01,60,F
P4,b,2020-01-01,,
P3,a,2020-02-01,70,M
"""
# P1 was screened the day before randomisation; P2's week 0 was two days after it; P3
# has no week 0; P4 starts from 0 points
VISITS = """\
id,visit_week,visit_date,limb_score,bulbar
P1,8,2020-02-26,30,20
P1,0,2020-01-01,40,25
P2,0,2020-01-12,50,
P1,0.5,2019-12-31,42,24
P2,4,2020-02-07,45,30

P2,8,2020-03-06,,28
P3,8,2020-03-28,5,9
P3,4,2020-02-29,6,10
P4,0,2020-01-01,0,30
P4,4,2020-01-29,3,30
"""
EXPOSURE = """\
id,date,dose
P1,2020-01-20,1
P1,2020-01-03,1
P1,2020-01-02,0
P2,2020-01-12,2
"""
EVENTS = """\
id,event,date,reason
P3,withdrawn,2020-03-30,moved away
P1,completed,2020-02-28,
P2,died,2020-03-20,
"""
ADVERSE_EVENTS = """\
id,term,start_date,end_date,severity,serious,related
P2,Fall,2020-02-01,,mild,N,
P1,Headache,2020-01-03,2020-01-04,severe,Y,Y
P1,Fall,2020-01-03,,mild,N,N
"""
PATIENT = {"patient": "id"}
PLAN = {
    "study": "HAND-1",
    "data": {
        "subjects": {
            "file": "subjects.csv",
            "columns": PATIENT,
            "characteristics": [
                {"column": "age", "label": "Age", "kind": "number"},
                {"column": "sex", "label": "Sex", "kind": "category"},
            ],
        },
        "visits": {
            "file": "visits.csv",
            "columns": {**PATIENT, "limb": "limb_score"},
        },
        "exposure": {"file": "exposure.csv", "columns": PATIENT},
        "events": {"file": "events.csv", "columns": PATIENT},
        "adverse_events": {"file": "adverse_events.csv", "columns": PATIENT},
        "cutoff": "2020-12-31",
    },
    "arms": {
        "reference": "a",
        "groups": [
            {"id": "a", "label": "Arm A", "dose": 1},
            {"id": "b", "label": "Arm B", "dose": 2},
        ],
    },
    "scales": {
        name: catalogue().scales[name].model_dump()
        for name in ("norris_limb", "norris_bulbar", "norris_total")
    },
    "outcomes": [
        {
            "id": "limb",
            "label": "Limb",
            "parameter": "LIMB",
            "scale": "norris_limb",
            "column": "limb",
        },
        {
            "id": "bulbar",
            "label": "Bulbar",
            "parameter": "BULB",
            "scale": "norris_bulbar",
            "column": "bulbar",
        },
        {
            "id": "total",
            "label": "Total",
            "parameter": "TOT",
            "scale": "norris_total",
            "sum_of": ["limb", "bulbar"],
        },
    ],
    "visits": {"weeks": [0, 4, 8], "window_days": 6},
    "time_origin": "randomisation",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "subjects": SUBJECTS,
        "visits": VISITS,
        "exposure": EXPOSURE,
        "events": EVENTS,
        "adverse_events": ADVERSE_EVENTS,
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def read(folder: Path, **settings: object) -> tuple[DataPlan, TrialFiles]:
    plan = DataPlan.model_validate(PLAN | settings)
    files, findings = read_trial_files(plan, folder)
    findings += check_consistency(plan, files)
    assert not [str(f) for f in findings if f.severity == "fatal"]
    return plan, files


def values(folder: Path, **settings: object) -> dict[str, pd.DataFrame]:
    plan, files = read(folder, **settings)
    return analysis_values(
        plan,
        measured_values(plan, files, subject_level(plan, files)),
        subject_level(plan, files),
    )


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Return columns as tuples, missing values as None and dates as text."""
    shown = [
        [
            None if pd.isna(v) else str(v.date()) if isinstance(v, pd.Timestamp) else v
            for v in frame[column]
        ]
        for column in columns
    ]
    return list(zip(*shown, strict=True))


def test_study_days_have_no_day_0(folder: Path) -> None:
    limb = values(folder)["limb"]
    assert rows(limb, "USUBJID", "ADT", "ADY") == [
        ("P1", "2019-12-31", -1),
        ("P1", "2020-01-01", 1),
        ("P1", "2020-02-26", 57),  # 30 days to 31 January, then 26
        ("P2", "2020-01-12", 3),
        ("P2", "2020-02-07", 29),
        ("P3", "2020-02-29", 29),
        ("P3", "2020-03-28", 57),
        ("P4", "2020-01-01", 1),
        ("P4", "2020-01-29", 29),
    ]


def test_the_baseline_is_the_last_value_up_to_the_origin_else_that_of_week_0(
    folder: Path,
) -> None:
    limb = values(folder)["limb"]
    assert rows(limb[limb["ABLFL"] == "Y"], "USUBJID", "ADT", "AVAL") == [
        ("P1", "2020-01-01", 40),  # not the screening's 42
        ("P2", "2020-01-12", 50),  # week 0, two days after the origin
        ("P4", "2020-01-01", 0),
    ]
    assert set(limb["ABLFL"]) == {"Y", ""}


def test_changes_are_from_the_baseline_and_of_later_values_alone(folder: Path) -> None:
    limb = values(folder)["limb"]
    assert rows(limb, "USUBJID", "AVISITN", "AVAL", "BASE", "CHG", "PCHG") == [
        ("P1", 0.5, 42, 40, None, None),
        ("P1", 0, 40, 40, None, None),
        ("P1", 8, 30, 40, -10, -25),
        ("P2", 0, 50, 50, None, None),
        ("P2", 4, 45, 50, -5, -10),
        ("P3", 4, 6, None, None, None),
        ("P3", 8, 5, None, None, None),
        ("P4", 0, 0, 0, None, None),
        ("P4", 4, 3, 0, 3, None),  # no percentage of 0
    ]


def test_a_value_that_was_not_recorded_is_no_record(folder: Path) -> None:
    bulbar = values(folder)["bulbar"]
    of_p2 = bulbar[bulbar["USUBJID"] == "P2"]
    assert rows(of_p2, "AVISITN", "AVAL", "BASE") == [(4, 30, None), (8, 28, None)]


def test_a_sum_is_there_only_where_all_its_parts_are(folder: Path) -> None:
    total = values(folder)["total"]
    assert rows(total, "USUBJID", "AVISITN", "AVAL", "BASE", "CHG") == [
        ("P1", 0.5, 66, 65, None),
        ("P1", 0, 65, 65, None),
        ("P1", 8, 50, 65, -15),
        ("P2", 4, 75, None, None),
        ("P3", 4, 16, None, None),
        ("P3", 8, 14, None, None),
        ("P4", 0, 30, 30, None),
        ("P4", 4, 33, 30, 3),
    ]
    assert total["PCHG"].dropna().tolist() == pytest.approx([-1500 / 65, 10])
    assert set(total["PARAMTYP"]) == {"DERIVED"}
    assert set(total["SRCDOM"]) == set(total["SRCVAR"]) == {""}


def test_visits_out_of_the_schedule_are_kept_and_named_so(folder: Path) -> None:
    limb = values(folder)["limb"]
    assert limb["AVISIT"].tolist()[:3] == ["Unscheduled", "Week 0", "Week 8"]
    assert set(limb["ANL01FL"]) == {"Y"}


def test_time_may_start_at_the_first_dose(folder: Path) -> None:
    limb = values(folder, time_origin="first_dose")["limb"]
    assert rows(limb, "USUBJID", "ADT", "ADY", "ABLFL") == [
        ("P1", "2019-12-31", -3, ""),  # a dose of 0 on 2 January is none
        ("P1", "2020-01-01", -2, "Y"),
        ("P1", "2020-02-26", 55, ""),
        ("P2", "2020-01-12", 1, "Y"),
        ("P2", "2020-02-07", 27, ""),
        ("P3", "2020-02-29", 29, ""),  # never dosed: from randomisation
        ("P3", "2020-03-28", 57, ""),
        ("P4", "2020-01-01", 1, "Y"),
        ("P4", "2020-01-29", 29, ""),
    ]


def test_the_subject_level_dataset_has_a_row_a_patient(folder: Path) -> None:
    plan, files = read(folder)
    adsl = subject_level(plan, files)
    assert rows(adsl, "USUBJID", "ARMCD", "TRT01PN", "RANDDT", "AGE", "SEX") == [
        ("P1", "a", 1, "2020-01-01", 60, "F"),
        ("P2", "b", 2, "2020-01-10", 50, "M"),
        ("P3", "a", 1, "2020-02-01", 70, "M"),
        ("P4", "b", 2, "2020-01-01", None, None),
    ]
    assert rows(adsl, "USUBJID", "TRTSDT", "TRTEDT", "SAFFL", "ITTFL") == [
        ("P1", "2020-01-03", "2020-01-20", "Y", "Y"),
        ("P2", "2020-01-12", "2020-01-12", "Y", "Y"),
        ("P3", None, None, "N", "Y"),
        ("P4", None, None, "N", "Y"),
    ]
    assert rows(adsl, "USUBJID", "EOSSTT", "EOSDT", "DCSREAS", "DTHDT") == [
        ("P1", "completed", "2020-02-28", None, None),
        ("P2", "died", "2020-03-20", None, "2020-03-20"),
        ("P3", "withdrawn", "2020-03-30", "moved away", None),
        ("P4", None, None, None, None),
    ]
    assert set(adsl["STUDYID"]) == {"HAND-1"}


def test_doses_and_adverse_events_are_sorted_by_patient_and_date(folder: Path) -> None:
    plan, files = read(folder)
    assert rows(dose_records(plan, files), "USUBJID", "ASTDT", "ADOSE") == [
        ("P1", "2020-01-02", 0),
        ("P1", "2020-01-03", 1),
        ("P1", "2020-01-20", 1),
        ("P2", "2020-01-12", 2),
    ]
    events = adverse_event_records(plan, files)
    assert rows(events, "USUBJID", "AETERM", "ASTDT", "AENDT", "AESER", "AEREL") == [
        ("P1", "Fall", "2020-01-03", None, "N", "N"),
        ("P1", "Headache", "2020-01-03", "2020-01-04", "Y", "Y"),
        ("P2", "Fall", "2020-02-01", None, "N", None),
    ]


def test_adverse_events_of_a_day_with_one_name_have_one_order(folder: Path) -> None:
    header, *records = ADVERSE_EVENTS.splitlines()
    records += [record.replace("mild", "severe") for record in records]
    found = []
    for some in (records, records[::-1]):
        (folder / "adverse_events.csv").write_text("\n".join([header, *some]) + "\n")
        write_parquet(folder / "adae", adverse_event_records(*read(folder)))
        found.append((folder / "adae").read_bytes())
    assert found[0] == found[1]


def test_without_the_optional_files_there_are_no_doses_events_or_ends(
    folder: Path,
) -> None:
    data = {k: v for k, v in PLAN["data"].items() if k in ("subjects", "visits")}
    data["cutoff"] = datetime.date(2020, 12, 31)
    plan, files = read(folder, data=data, time_origin="first_dose")
    adsl = subject_level(plan, files)
    assert rows(adsl, "SAFFL", "EOSSTT", "ZERODT")[0] == ("", None, "2020-01-01")
    assert dose_records(plan, files).empty
    assert adverse_event_records(plan, files).empty


def test_lineage_points_at_the_lines_of_the_raw_file(folder: Path) -> None:
    plan, files = read(folder)
    adsl = subject_level(plan, files)
    digest = hashlib.sha256((folder / "visits.csv").read_bytes()).hexdigest()
    found = value_lineage(
        plan, files, measured_values(plan, files, adsl), {"visits.csv": digest}
    )
    limb = found[found["PARAMCD"] == "LIMB"]
    # P2's week 8 has no limb score; a blank line stands before it
    assert rows(limb, "USUBJID", "AVISITN", "SRCSEQ", "row") == [
        ("P1", 0.5, 1, 5),
        ("P1", 0, 2, 3),
        ("P1", 8, 3, 2),
        ("P2", 0, 1, 4),
        ("P2", 4, 2, 6),
        ("P3", 4, 1, 10),
        ("P3", 8, 2, 9),
        ("P4", 0, 1, 11),
        ("P4", 4, 2, 12),
    ]
    assert set(found["PARAMCD"]) == {"LIMB", "BULB"}
    assert set(found["file"]) == {"visits.csv"}
    assert set(found["sha256"]) == {digest}
    lines = (folder / "visits.csv").read_text().split("\n")
    header = lines[0].split(",")
    bds = values(folder)
    by_parameter = {"LIMB": bds["limb"], "BULB": bds["bulbar"]}
    for record in found.itertuples():
        cells = dict(zip(header, lines[record.row - 1].split(","), strict=True))
        frame = by_parameter[record.PARAMCD]
        value = frame[
            (frame["USUBJID"] == record.USUBJID) & (frame["SRCSEQ"] == record.SRCSEQ)
        ]
        assert float(cells[record.column]) == value["AVAL"].item()
        assert cells["id"] == record.USUBJID


def _each_record(
    change: Callable[[list[list[str]]], list[list[str]]],
) -> Callable[[bytes], bytes]:
    def rewrite(content: bytes) -> bytes:
        header, *records = csv.reader(io.StringIO(content.decode(), newline=""))
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([header, *change(records)])
        return out.getvalue().encode()

    return rewrite


def _quoted(content: bytes) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows(csv.reader(io.StringIO(content.decode(), newline="")))
    return out.getvalue().encode()


SAME_RECORDS = {
    "rows in reverse": _each_record(lambda records: records[::-1]),
    "rows sorted by their last cell": _each_record(
        lambda records: sorted(records, key=lambda r: r[::-1])
    ),
    "all cells in quotes": _quoted,
    "carriage returns": lambda content: content.replace(b"\n", b"\r\n"),
    "blank lines at the end": lambda content: content + b"\n\n",
    "byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "spaces around cells": lambda content: content.replace(b",", b" , "),
}


def datasets(folder: Path, to: Path) -> dict[str, bytes]:
    """Write the bundled trial's datasets, lineage excepted, and return their bytes."""
    plan = data_plan(read_settings(folder / "config.yaml"))
    files, findings = read_trial_files(plan, folder)
    assert findings == []
    adsl = subject_level(plan, files)
    frames = {
        "adsl": adsl,
        "adex": dose_records(plan, files),
        "adae": adverse_event_records(plan, files),
        **analysis_values(plan, measured_values(plan, files, adsl), adsl),
    }
    for name, frame in frames.items():
        write_parquet(to / name, frame)
    return {name: (to / name).read_bytes() for name in frames}


@pytest.mark.parametrize("how", SAME_RECORDS)
def test_raw_files_with_the_same_records_give_the_same_bytes(
    how: str, tmp_path: Path
) -> None:
    folder = copy_bundled_trial(tmp_path / "trial")
    expected = datasets(folder, tmp_path / "before")
    assert len(expected) == 7
    for name in ("subjects", "visits", "exposure", "events", "adverse_events"):
        path = folder / "data" / f"{name}.csv"
        before = sha256_of_file(path)
        path.write_bytes(SAME_RECORDS[how](path.read_bytes()))
        assert sha256_of_file(path) != before
    assert datasets(folder, tmp_path / "after") == expected


def test_numbers_written_otherwise_are_the_same_values(folder: Path) -> None:
    before = values(folder)
    text = (folder / "visits.csv").read_text()
    text = text.replace("P4,0,2020-01-01,0,30", "P4,0.0,2020-01-01,-0,3.0e1")
    (folder / "visits.csv").write_text(text)
    for outcome, frame in values(folder).items():
        write_parquet(folder / "now", frame)
        write_parquet(folder / "then", before[outcome])
        assert (folder / "now").read_bytes() == (folder / "then").read_bytes()
