"""Rows of totals and notes that stand in the place of patients."""

import pytest

from alsdecline.raw.summary_rows import is_summary

NUMBERED = ["P01", "P02", "S-003"]


@pytest.mark.parametrize(
    "text",
    [
        *("Total", "Grand Total", "subtotal active", "Mean active", "Mean (SD)"),
        *("Average of score", "SD", "n", "n = 6", "SD placebo", "Mittelwert"),
        *("Mittelwert aktiv", "P01 Total", "active mean", "Mean ± SD", "MAX"),
        *("Source: database of 1 Dec 2024, n = 6", "* p below 0.05", "Notes"),
        "Produced by SAS 9.4",
    ],
)
def test_what_a_spreadsheet_writes_below_patients_is_none(text: str) -> None:
    assert is_summary(text, [*NUMBERED, text])


@pytest.mark.parametrize(
    "text",
    [
        *("P01", "SUM-01", "SD 12", "SD-12", "MEAN-003", "Total-7", "NOTE-001", "*12"),
        *("N12", "n1", "MINNA", "Meanwell", "SOURCE 01", "12 SD", "* 12", "MAX 4"),
    ],
)
def test_identifiers_of_sites_and_numbers_are_patients(text: str) -> None:
    assert not is_summary(text, [*NUMBERED, text])


def test_initials_are_patients_where_others_are_called_by_initials() -> None:
    assert not is_summary("SD", ["AB", "SD", "KL"])
    assert is_summary("Mean", ["AB", "SD", "Mean"])
