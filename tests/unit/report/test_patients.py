"""A patient's page has all of the patient, and of nobody else; blinded, no arm."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from alsdecline.report.cells import Cell
from alsdecline.report.patient_links import linked
from alsdecline.report.patients import PatientData, patient_pages

DAY = pd.Timestamp("2020-03-01")
NO_DAY = pd.NaT


def plan(*, blinded: bool = False) -> Any:
    outcomes = [SimpleNamespace(id="limb", label="Limb")]
    outcomes.append(SimpleNamespace(id="fvc", label="FVC"))
    return SimpleNamespace(
        trial=SimpleNamespace(blinded=blinded),
        arm_labels={"high": "High dose"},
        covariate_labels={"onset_site": "Site of onset"},
        outcomes=outcomes,
    )


def bds(parameter: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    columns = ["USUBJID", "AVISIT", "AVISITN", "ADT", "ARELTM", "AVAL", "BASE"]
    columns += ["ABLFL", "ANL01FL", "DTYPE", "SRCSEQ"]
    return pd.DataFrame(rows, columns=columns).assign(PARAMCD=parameter, ADY=1)


LIMB = bds(
    "LIMB",
    [
        ("P2", "Week 0", 0, DAY, 0.0, 40.0, 40.0, "Y", "Y", "", 1),
        ("P1", "Week 4", 4, DAY, 28.0, 39.5, 41.0, "", "Y", "", 2),
        ("P1", "Week 4", 4, DAY, 28.0, 38.0, 41.0, "", "N", "", 3),
        ("P1", "Week 0", 0, DAY, 0.0, 41.0, 41.0, "Y", "Y", "", 1),
        ("P1", "Week 8", 8, DAY, 56.0, 39.5, 41.0, "", "Y", "LOCF", 2),
    ],
)
FVC = bds("FVC", [("P1", "Week 0", 0, DAY, 0.0, 90.0, 90.0, "", "Y", "", 1)])
PLACES = [("LIMB", "P1", 1, 2), ("LIMB", "P1", 2, 3), ("LIMB", "P1", 3, 4)]
PLACES += [("FVC", "P1", 1, 2), ("LIMB", "P2", 1, 5)]
RECORDS = [("SUBJECTS", "P1", 1, "s.csv", 2), ("SUBJECTS", "P2", 1, "s.csv", 3)]
RECORDS += [("EVENTS", "P1", 1, "e.csv", 7), ("EXPOSURE", "P1", 1, "d.csv", 4)]
RECORDS += [("EXPOSURE", "P1", 2, "d.csv", 6)]


@pytest.fixture
def data() -> PatientData:
    return PatientData(
        subjects=pd.DataFrame(
            {
                "STUDYID": "T",
                "USUBJID": ["P1", "P2"],
                "ARMCD": "high",
                "TRT01PN": 3.0,
                "ITTFL": ["Y", "N"],
                "EOSDT": [DAY, NO_DAY],
                "DTHDT": [NO_DAY, NO_DAY],
                "ONSET_SITE": ["limb", None],
            }
        ),
        doses=pd.DataFrame(
            {"STUDYID": "T", "USUBJID": "P1", "ADOSE": [3.0, 0.5], "GIVENFL": "Y"}
        ),
        adverse_events=pd.DataFrame({"USUBJID": [], "AETERM": []}),
        of_outcomes={"limb": LIMB, "fvc": FVC},
        of_values=pd.DataFrame(
            PLACES, columns=["PARAMCD", "USUBJID", "SRCSEQ", "row"]
        ).assign(file="v.csv"),
        of_patients=pd.DataFrame(
            RECORDS, columns=["domain", "USUBJID", "SEQ", "file", "row"]
        ),
        decisions=pd.DataFrame(
            {
                "patient": "P2",
                "visit": "Week 0",
                "kind": "correction",
                "rule": "",
                "file": "v.csv",
                "rows": "5",
                "column": "limb",
                "value": "400",
                "new_value": "40",
                "who": "A. B.",
                "when": "2021-01-01",
                "why": "a slip",
            },
            index=[0],
        ),
    )


def facts_of(pages: Any, patient: str) -> dict[str, str]:
    cells = zip(pages["facts"], pages["patients"][patient][0], strict=True)
    return {label: cell for label, cell in cells if cell}


def rows_of(pages: Any, patient: str, caption: str) -> tuple[list[str], Any]:
    place = [table["caption"] for table in pages["tables"]].index(caption)
    return pages["tables"][place]["head"], pages["patients"][patient][place + 1]


def test_facts_are_those_of_the_patient_with_labels(data: PatientData) -> None:
    pages = patient_pages(plan(), data)
    assert facts_of(pages, "P1") == {
        "Arm": "High dose",
        "Intent-To-Treat Population Flag": "yes",
        "End of Study Date": "2020-03-01",
        "Site of onset": "limb",
        "Limb at baseline": "41",
        "FVC at baseline": "90",
        "Rows of raw files": "s.csv 2, e.csv 7",
    }
    assert facts_of(pages, "P2")["Limb at baseline"] == "40"


def test_values_of_a_visit_stand_side_by_side_each_with_what_is_to_be_noted(
    data: PatientData,
) -> None:
    head, rows = rows_of(
        patient_pages(plan(), data), "P1", "Measured and carried values"
    )
    assert head[:3] == ["Visit", "Date", "Study day"]
    assert head[3:] == ["Limb", "FVC", "Note", "Row of v.csv"]
    assert [[row[0], *row[3:]] for row in rows] == [
        ["Week 0", "41", "90", "baseline: Limb", "2"],
        ["Week 4", "39.5", "", "", "3"],
        ["Week 4", "38", "", "not in the analysis", "4"],
        ["Week 8", "39.5", "", "carried forward", "3"],
    ]


def test_doses_and_decisions_are_the_patients_own(data: PatientData) -> None:
    pages = patient_pages(plan(), data)
    head, doses = rows_of(pages, "P1", "Doses")
    assert head == ["Analysis Dose", "Dose Given Flag", "Row of d.csv"]
    assert doses == [["3", "yes", "4"], ["0.5", "yes", "6"]]
    assert rows_of(pages, "P2", "Doses")[1] == []
    assert rows_of(pages, "P1", "Decisions on the data")[1] == []
    [decision] = rows_of(pages, "P2", "Decisions on the data")[1]
    assert decision[-1] == "a slip"
    assert "Adverse events" not in [table["caption"] for table in pages["tables"]]


def test_several_raw_files_are_named_in_the_rows(data: PatientData) -> None:
    places = data.of_values.assign(file=["v.csv", "v.csv", "v.csv", "w.csv", "v.csv"])
    head, rows = rows_of(
        patient_pages(plan(), dataclasses.replace(data, of_values=places)),
        "P1",
        "Measured and carried values",
    )
    assert (head[-1], rows[0][-1]) == ("Raw rows", "v.csv 2, w.csv 2")


def test_while_blinded_no_arm_and_no_dose_is_told(data: PatientData) -> None:
    pages = patient_pages(plan(blinded=True), data)
    assert "Arm" not in pages["facts"]
    assert "Doses" not in [table["caption"] for table in pages["tables"]]
    assert "igh" not in str(pages)


def test_named_patients_are_links_and_all_else_is_escaped() -> None:
    cell = Cell("<b>; A/1 and 2 more", patients=["<b>", "A/1"])
    assert str(linked(cell)) == (
        '<a class="patient" href="#patient=%3Cb%3E">&lt;b&gt;</a>; '
        '<a class="patient" href="#patient=A%2F1">A/1</a> and 2 more'
    )
    assert str(linked("A/1 & <i>")) == "A/1 &amp; &lt;i&gt;"
