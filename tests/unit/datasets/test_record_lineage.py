"""Where patients' records stand: each row that is listed is the record's own.

The rows are read back from the texts of the files, split at line ends and commas.
"""

from pathlib import Path

import pandas as pd

from alsdecline.datasets.bds import measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import RECORD_COLUMNS, record_lineage
from support.hand_trial import datasets_of, plan_of, rows

EXPOSURE = """\
patient,date,dose
P2,2020-02-15,2
P1,2020-01-15,0
P2,2020-02-01,2

P2,2020-03-01,2
"""
EVENTS = """\
patient,event,date,reason
P2,withdrawn,2020-03-28,moved
P1,completed,2020-02-26,
"""
ADVERSE_EVENTS = """\
patient,term,start_date,end_date,severity,serious,related
P2,Rash,2020-02-20,,mild,N,
P1,Fall,2020-01-20,,mild,N,
P2,Cough,2020-02-20,,mild,N,
"""
TABLES = {
    "exposure": EXPOSURE,
    "events": EVENTS,
    "adverse_events": ADVERSE_EVENTS,
}


def traced(folder: Path, **data: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lineage, and ADEX and ADAE as one, a row a record."""
    named = {name: {"file": f"{name}.csv"} for name in TABLES}
    plan = plan_of(data={**named, **data})
    adsl, _, files = datasets_of(folder, plan, **TABLES)
    digests = {t.file: f"digest of {t.file}" for t in files.sources.values()}
    found = record_lineage(
        plan, files, adsl, measured_values(plan, files, adsl), digests
    )
    doses, events = dose_records(plan, files), adverse_event_records(plan, files)
    return found, pd.concat([doses, events], ignore_index=True)


def at(found: pd.DataFrame, domain: str) -> list[tuple[object, ...]]:
    return rows(found[found["domain"] == domain], "USUBJID", "SEQ", "row")


def test_every_record_has_its_row(tmp_path: Path) -> None:
    found, _ = traced(tmp_path)
    assert list(found.columns) == RECORD_COLUMNS
    assert at(found, "SUBJECTS") == [("P1", 1, 2), ("P2", 1, 3)]
    assert at(found, "EVENTS") == [("P1", 1, 3), ("P2", 1, 2)]
    # in the datasets' order: by day, then by dose or name; row 5 is blank
    assert at(found, "EXPOSURE") == [
        ("P1", 1, 3),
        ("P2", 1, 4),
        ("P2", 2, 2),
        ("P2", 3, 6),
    ]
    assert at(found, "ADVERSE_EVENTS") == [("P1", 1, 3), ("P2", 1, 4), ("P2", 2, 2)]
    assert set(found["sha256"]) == {
        f"digest of {name}.csv" for name in ("subjects", "visits", *TABLES)
    }


def test_the_rows_hold_what_the_datasets_have(tmp_path: Path) -> None:
    found, together = traced(tmp_path)
    for domain, shown in (("EXPOSURE", "ASTDT"), ("ADVERSE_EVENTS", "AETERM")):
        lines = TABLES[domain.lower()].split("\n")
        mine = together[together["ADOSE"].notna() == (domain == "EXPOSURE")]
        for (patient, day_or_term), row in zip(
            rows(mine, "USUBJID", shown),
            found.loc[found["domain"] == domain, "row"],
            strict=True,
        ):
            assert lines[row - 1].split(",")[:2] == [patient, day_or_term]


def test_visits_have_rows_of_their_own_where_values_stand_elsewhere(
    tmp_path: Path,
) -> None:
    plan = plan_of(data={"measurements": {"file": "long.csv"}})
    visits = "patient,visit,visit_week,visit_date\nP2,1,0,2020-02-01\n"
    visits += "P1,2,4,2020-01-29\nP1,1,0,2020-01-01\n"
    long = "patient,visit,parameter,value\nP1,1,score,8\nP1,2,score,7\nP2,1,score,9\n"
    adsl, _, files = datasets_of(tmp_path, plan, visits=visits, measurements=long)
    digests = dict.fromkeys(("subjects.csv", "visits.csv", "long.csv"), "")
    found = record_lineage(
        plan, files, adsl, measured_values(plan, files, adsl), digests
    )
    assert at(found, "VISITS") == [("P1", 1, 4), ("P1", 2, 3), ("P2", 1, 2)]
    assert set(found.loc[found["domain"] == "VISITS", "PARAMCD"]) == {"SCORE"}
