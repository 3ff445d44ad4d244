"""Identifiers of patients do not pass in texts, however they stand there."""

import pytest

from alsdecline.raw.untold_patients import UntoldPatients

PATIENTS = ["P03", "S 03/7", "1003", "10012", "41", "P1", "01-02", "Max", "[07-A]"]
UNTOLD = UntoldPatients({p: f"P-{i:012X}" for i, p in enumerate(PATIENTS)})


@pytest.mark.parametrize(
    ("text", "patient"),
    [
        *(("family of P03.", "P03"), ("as P03_", "P03"), ("see P03-visit", "P03")),
        *(("wife of S 03/7", "S 03/7"), ("wife of s  03/7,", "S 03/7")),
        *(("as 10012", "10012"), ("p03's wife", "P03"), ("met Max", "Max")),
        *(("Grade 01-02", "01-02"), ("07-A came", "[07-A]")),
    ],
)
def test_an_identifier_tells_and_becomes_a_pseudonym(text: str, patient: str) -> None:
    assert UNTOLD.tells(text)
    for told in (UNTOLD.of_cell(text), UNTOLD.of_reason(text)):
        assert f"P-{PATIENTS.index(patient):012X}" in told
        assert patient not in told


@pytest.mark.parametrize(
    "text",
    [
        *("P031", "XP03", "max dose", "38.10012", "on 2003-01-02", "1,10012"),
        *("P 03", "grade 41", "1003", "41", ""),
    ],
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert not UNTOLD.tells(text)
    assert UNTOLD.of_cell(text).replace("(date)", "2003-01-02") == text


@pytest.mark.parametrize(
    ("text", "cell", "reason"),
    [
        ("kit of 1003", "kit of (number)", "kit of (number)"),
        ("with P1", "with (number)", "with (number)"),
        ("patient 41 fell", "patient (number) fell", "patient (number) fell"),
        ("pt. no. 41", "pt. no. (number)", "pt. no. (number)"),
        ("41 points", "41 points", "(number) points"),
        ("1003", "1003", "(number)"),
    ],
)
def test_a_short_number_is_left_out_where_it_may_be_a_patients(
    text: str, cell: str, reason: str
) -> None:
    assert not UNTOLD.tells(text)
    assert (UNTOLD.of_cell(text), UNTOLD.of_reason(text)) == (cell, reason)
