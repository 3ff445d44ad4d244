"""No cell of a table begins a formula; numbers and texts read back as they were."""

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.result_tables import read_result_table, write_result_table
from alsdecline.stable_files import (
    read_csv,
    with_formulas,
    without_formulas,
    write_csv,
)

FORMULAS = [
    "=1+1",
    "=HYPERLINK(\"http://x\",\"y\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "a;=1",
    "a\t-1+2",
    "a\n=1",
    "\uff1d1",
]  # fmt: skip
NUMBERS = ["-3", "+3", "-3.5", "-.5", "1e-4", "-1E+10"]
TEXTS = ["", "Fall", "'quoted'", "a - b", "a; b", "x=1", "P-1", "\u2212 3", "a@b.c"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula_by_whatever_parts_cells(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, pd.DataFrame({"text": [text], "value": [-1.5]}))
    written = path.read_bytes().decode().replace('"', "")
    cells = re.split("[,;\t\r\n]", written)
    assert [c for c in cells if c and c[0] in "=+-@\uff1d"] == ["-1.5"]
    read = read_csv(path)
    assert read.to_dict("list") == {"text": [text], "value": ["-1.5"]}


@pytest.mark.parametrize("text", [*NUMBERS, *TEXTS])
def test_a_number_and_a_harmless_text_stand_as_they_are(text: str) -> None:
    assert without_formulas(text) == text


@given(st.text(alphabet="'=+-@;\t\r\n1a "))
def test_every_text_reads_back(text: str) -> None:
    assert with_formulas(without_formulas(text)) == text


def test_a_result_table_reads_back_its_texts(tmp_path: Path) -> None:
    path = tmp_path / "results/tables/adverse_events.csv"
    frame = pd.DataFrame({"term": ["=1+1", "Fall", None]})
    write_result_table(path, frame, "synthetic")
    assert path.read_text(encoding="utf-8").split("\n")[1] == "'=1+1,synthetic"
    assert list(read_result_table(path)["term"][:2]) == ["=1+1", "Fall"]
    assert read_result_table(path)["term"].isna().tolist() == [False, False, True]


def test_a_column_without_any_text_stays_one_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "results/tables/adverse_events.csv"
    write_result_table(path, pd.DataFrame({"term": [None, None]}), "synthetic")
    assert read_result_table(path)["term"].dtype == "object"
