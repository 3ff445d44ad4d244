"""Every descriptive number is made again of the raw rows that its trace lists alone."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.trace.results import TrialResults
from alsdecline.trace.value import Tracer
from support.once import Once
from support.published import analysed_published
from support.raw_recomputation import (
    Raw,
    RawTrial,
    read_rows,
    recomputed,
    says,
    traced_rows,
)

DESCRIPTIVE = {
    "baseline_characteristics": ["value"],
    "disposition": ["n", "percent"],
    "exposure": ["value"],
    "adverse_events": ["patients", "percent", "events", "patient_years", "rate"],
    "numbers_analysed": ["randomized", "patients", "values", "without"],
    "change_from_baseline": ["n", "mean", "sd", "median", "min", "max"],
}
SLOPES = ["arm", "n_visits", "slope", "intercept", "se", "first_time", "last_time"]

PARTS = {
    "total": ["norris_limb", "norris_bulbar"],
    "limb": ["norris_limb"],
    "bulbar": ["norris_bulbar"],
    "fvc": ["fvc_percent"],
}


def _bundled_values(raw: Raw, outcome: str) -> pd.DataFrame:
    visits = raw["visits"]
    points = [pd.to_numeric(visits[column]) for column in PARTS[outcome]]
    return pd.DataFrame(
        {
            "patient": visits["subject_id"],
            "date": pd.to_datetime(visits["visit_date"]),
            "value": sum(points),
        }
    )


def _bundled_origin(raw: Raw) -> dict[str, pd.Timestamp]:
    subjects = raw["subjects"]
    days = pd.to_datetime(subjects["randomisation_date"])
    return dict(zip(subjects["subject_id"], days, strict=True))


_TABLES = ("subjects", "visits", "exposure", "events", "adverse_events")
BUNDLED = RawTrial(
    files={table: f"data/{table}.csv" for table in _TABLES},
    names={
        table: {
            "patient": "subject_id",
            "date": "event_date" if table == "events" else "dose_date",
            "dose": "dose_ug_per_kg",
        }
        for table in _TABLES
    },
    characteristics={
        "Age, years": "age",
        "Sex": "sex",
        "Site of onset": "onset_site",
        "Time since onset, months": "months_since_onset",
        "Riluzole": "riluzole",
    },
    outcomes={
        "Norris total": "total",
        "Norris limb": "limb",
        "Norris bulbar": "bulbar",
        "Forced vital capacity": "fvc",
    },
    values=_bundled_values,
    origin=_bundled_origin,
)


def cells_of(folder: Path) -> Iterator[tuple[str, str, int, str, dict[str, str]]]:
    """Return file, table, row, column and cells of every descriptive value."""
    tables = folder / "results/tables"
    slopes = sorted((tables / "patient_slopes").glob("*.csv"))
    columns = DESCRIPTIVE | {f"patient_slopes/{path.stem}": SLOPES for path in slopes}
    for table, values in columns.items():
        file = f"results/tables/{table}.csv"
        with (folder / file).open(encoding="utf-8") as stream:
            for number, row in enumerate(csv.DictReader(stream), 2):
                for column in values:
                    yield file, table, number, column, row


def wrongly_traced(
    folder: Path, trial: RawTrial, every: int = 1
) -> tuple[int, list[str]]:
    """Recompute descriptive values, and return how many, and those that differ."""
    whole = {file: read_rows(folder / file) for file in set(trial.files.values())}
    tracer, wrong, number = Tracer(TrialResults(folder)), [], 0
    for file, table, line, column, row in list(cells_of(folder))[::every]:
        found = tracer.trace(f"{file}:{line}:{column}")
        assert found["result"]["rawValue"] == row[column]
        again = recomputed(trial, table, row, column, traced_rows(trial, found, whole))
        number += 1
        if not says(row[column], again):
            wrong.append(f"{found['id']}: {row[column]!r}, from raw rows {again!r}")
    return number, wrong


def test_raw_rows_give_every_descriptive_number_again(reported_once: Path) -> None:
    """Each third of the trial of short fits, and every one of the bundled trial."""
    bundled = reported_once.name.endswith("analysed")
    number, wrong = wrongly_traced(reported_once, BUNDLED, every=1 if bundled else 3)
    assert wrong == []
    assert number > (1000 if bundled else 350)


# CDISC Pilot 01: SAS transport files, measurements one a row, totals of items that are
# prorated, visits by windows from the first dose, periods of dosing, values recoded
MAXIMA = {
    "ACITM01": 10,
    "ACITM02": 5,
    "ACITM04": 5,
    "ACITM05": 5,
    "ACITM06": 5,
    "ACITM07": 8,
    "ACITM08": 12,
    "ACITM11": 5,
    "ACITM12": 5,
    "ACITM13": 5,
    "ACITM14": 5,
}
"""Points of each item of ADAS-Cog (11), 70 in all."""


def _published_values(raw: Raw, outcome: str) -> pd.DataFrame:
    cells = raw["measurements"]
    codes = set(MAXIMA) if outcome == "adas" else {"CIBIC"}
    cells = cells[cells["QSTESTCD"].isin(codes) & cells["QSSTRESN"].notna()]
    visits = raw["visits"].set_index(["USUBJID", "VISITNUM"])["SVSTDTC"]
    rows = []
    for (patient, visit), mine in cells.groupby(["USUBJID", "VISITNUM"]):
        value = mine["QSSTRESN"].sum()
        if outcome == "adas":
            value *= 70 / mine["QSTESTCD"].map(MAXIMA).sum()
        rows.append((patient, pd.Timestamp(visits[patient, visit]), value))
    return pd.DataFrame(rows, columns=["patient", "date", "value"])


def _first_doses(raw: Raw) -> dict[str, pd.Timestamp]:
    subjects, doses = raw["subjects"], raw["exposure"]
    start = dict(
        zip(subjects["USUBJID"], pd.to_datetime(subjects["RFSTDTC"]), strict=True)
    )
    first = pd.to_datetime(doses["EXSTDTC"]).groupby(doses["USUBJID"]).min()
    return start | first.to_dict()


_NAMED = {"patient": "USUBJID"}
PUBLISHED = RawTrial(
    files={
        "subjects": "raw/xpt/dm.xpt",
        "visits": "raw/xpt/sv.xpt",
        "measurements": "raw/xpt/qs.xpt.gz",
        "exposure": "raw/xpt/ex.xpt",
        "events": "raw/xpt/ds.xpt",
        "adverse_events": "raw/xpt/adae.xpt",
    },
    names={
        "subjects": _NAMED | {"arm": "ARMCD"},
        "exposure": _NAMED
        | {"date": "EXSTDTC", "end_date": "EXENDTC", "dose": "EXDOSE"},
        "events": _NAMED | {"event": "DSDECOD", "reason": "DSDECOD", "date": "DSSTDTC"},
        "adverse_events": _NAMED,
    },
    characteristics={"Age, years": "AGE", "Sex": "SEX", "Race": "RACE"},
    outcomes={"ADAS-Cog (11)": "adas", "CIBIC+": "cibic"},
    values=_published_values,
    origin=_first_doses,
    meanings={
        ("subjects", "SEX"): {"F": "Female", "M": "Male"},
        ("subjects", "RACE"): {
            "WHITE": "White",
            "BLACK OR AFRICAN AMERICAN": "Black or African American",
            "AMERICAN INDIAN OR ALASKA NATIVE": "American Indian or Alaska Native",
        },
        ("events", "event"): {
            "COMPLETED": "completed",
            "DEATH": "died",
            "*": "withdrawn",
        },
        ("events", "reason"): {
            "COMPLETED": "",
            "DEATH": "",
            "ADVERSE EVENT": "Adverse event",
            "LACK OF EFFICACY": "Lack of efficacy",
            "LOST TO FOLLOW-UP": "Lost to follow-up",
            "PHYSICIAN DECISION": "Physician decision",
            "PROTOCOL VIOLATION": "Protocol violation",
            "STUDY TERMINATED BY SPONSOR": "Study terminated by sponsor",
            "WITHDRAWAL BY SUBJECT": "Withdrawal by subject",
        },
    },
)


@pytest.mark.slow
def test_raw_records_of_a_published_trial_give_its_numbers_again(
    once: Once, reference: Path
) -> None:
    """A sample: each 37th of its descriptive values, in the order of the files."""
    folder = analysed_published("cdisc_pilot01", once, reference)
    number, wrong = wrongly_traced(folder, PUBLISHED, every=37)
    assert wrong == []
    assert number > 130
