"""A trace of a value of a workbook names its sheet, declared or the only one."""

from pathlib import Path

import openpyxl
import pytest

from alsdecline.trace.answer import RawRows
from alsdecline.trace.raw_files import sheets_read
from alsdecline.trace.text import _raw_lines
from support.hand_trial import plan_of


def test_the_sheets_are_those_that_were_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Patients"
    book.active.append(["patient"])
    book.create_sheet("Empty")
    book.save(tmp_path / "subjects.xlsx")
    subjects = {"file": "subjects.xlsx"}
    plan = plan_of(data={"subjects": subjects})
    assert sheets_read(plan, tmp_path) == {"SUBJECTS": "Patients", "VISITS": ""}
    visits = {"file": "subjects.xlsx", "sheet": "Visits 2"}
    plan = plan_of(data={"subjects": subjects, "visits": visits})
    assert sheets_read(plan, tmp_path)["VISITS"] == "Visits 2"
    (tmp_path / "subjects.xlsx").write_bytes(b"no workbook any more")
    assert sheets_read(plan, tmp_path)["SUBJECTS"] == ""


@pytest.mark.parametrize(("sheet", "said"), [("", ""), ("Visits 2", " sheet 'Visits")])
def test_the_sheet_stands_beside_the_file_and_the_row(sheet: str, said: str) -> None:
    rows: RawRows = {
        "file": "data.xlsx",
        "sheet": sheet,
        "sha256": "0" * 64,
        "state": "unchanged",
        "columns": ["limb"],
        "count": 1,
        "ranges": [(3, 3)],
        "rows": [{"row": 3, "USUBJID": "P1", "variables": ["AVAL"]}],
        "decisions": [],
    }
    first = next(_raw_lines(rows))
    assert first.split("data.xlsx,")[1].startswith(said)
    assert ("sheet" in first) == bool(sheet)
