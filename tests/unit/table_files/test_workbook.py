"""Excel workbooks: cells as the spreadsheet shows them; what is doubtful is told."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from alsdecline.table_files.dialect import PLAIN, Dialect
from alsdecline.table_files.text_table import Fault, TableError, TextTable
from alsdecline.table_files.workbook import read_workbook
from support.workbooks import workbook


def with_part(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Make the text of one part of a workbook anew."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                text = change(text.decode()).encode()
            new.writestr(name, text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, dialect: Dialect = PLAIN, *wanted: str) -> TextTable:
    return read_workbook(content, dialect, wanted or None)


def faults(content: bytes, dialect: Dialect = PLAIN) -> tuple[Fault, ...]:
    with pytest.raises(TableError) as caught:
        read_workbook(content, dialect, None)
    return caught.value.faults


def cells(*values: Any, form: str = "General", dialect: Dialect = PLAIN) -> list[str]:
    def change(sheet: Any) -> None:
        for row in range(2, len(values) + 2):
            sheet.cell(row, 1).number_format = form

    content = workbook(["x"], *[[value] for value in values], change=change)
    return read(content, dialect).columns["x"]


def test_rows_are_those_of_the_spreadsheet_whatever_is_blank() -> None:
    table = read(workbook([], ["x", "y"], [1, 2], [], [], [3, None]))
    assert table.header_row == 2
    assert list(table.rows) == [3, 6]
    assert table.columns == {"x": ["1", "3"], "y": ["2", ""]}


def test_texts_keep_leading_zeros_and_numbers_are_as_stored() -> None:
    assert cells("007", 7, 0.1, 1e-7, -3.25, True, " a ") == [
        *("007", "7", "0.1", "1e-07", "-3.25", "TRUE", "a")
    ]


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("000", 7, "007"),
        ('"P"00', 7, "P07"),
        (r"\S000", 12, "S012"),
        ('0" kg"', 85, "85"),  # an amount is its number
        ('"EUR "0.00', 7, "7"),
        ("0.0", 1, "1.0"),
        ("0.0", 1.25, "1.25"),  # 1.3 would lose something
        ("0", 1.5, "1.5"),
        ("0%", 0.85, "85%"),  # which is told as no number
        ("0.0%", 0.855, "85.5%"),
        ("#,##0", 1234, "1234"),
        ('0.0" l"', 2.5, "2.5"),
    ],
)
def test_numbers_are_as_displayed_where_that_loses_nothing(
    form: str, value: float, shown: str
) -> None:
    assert cells(value, form=form) == [shown]


def test_numbers_are_written_with_the_declared_decimal_mark() -> None:
    german = Dialect(decimal=",")
    assert cells(12.5, "12,5", 3, dialect=german) == ["12,5", "12,5", "3"]


def test_real_dates_are_iso_dates_and_serial_ones_the_numbers_that_they_are() -> None:
    noon = datetime.datetime(2020, 3, 1, 12)
    assert cells(datetime.date(2020, 2, 29), noon, form="DD.MM.YYYY") == [
        *("2020-02-29", "2020-03-01T12:00:00")
    ]
    assert cells(43890) == ["43890"]
    # day 43890 of Excel: 120 years of 365 days, 30 leap days to 29 February 2020, the
    # day that 1900 did not have, and the count from 1
    assert cells(43890, form="YYYY-MM-DD") == ["2020-02-29"]


FIRST = datetime.date(2024, 3, 1)


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("mmm-yy", FIRST, "2024-03"),
        ("mm/yyyy", FIRST, "2024-03"),
        ("[$-407]mmmm\\ yyyy;@", FIRST, "2024-03"),
        ("yyyy", datetime.date(2024, 1, 1), "2024"),
        ("d-mmm-yy", FIRST, "2024-03-01"),
        ('yyyy"d"', datetime.date(2024, 1, 1), "2024"),
        ("yyyy-mm-dd hh:mm", FIRST, "2024-03-01"),
    ],
)
def test_a_date_that_is_shown_without_its_day_has_none(
    form: str, value: datetime.date, shown: str
) -> None:
    """Who types Mar-24 has the first of March 2024 kept, and its month shown."""
    assert cells(value, form=form) == [shown]


def test_dates_with_days_keep_them_whatever_their_column_shows() -> None:
    """None of a column is typed without a day where the day of one is another."""
    days = FIRST, datetime.date(2024, 3, 15)
    assert cells(*days, form="mmm-yy") == ["2024-03-01", "2024-03-15"]
    assert cells(datetime.date(2024, 3, 1), form="yyyy") == ["2024-03-01"]


def test_dates_of_the_1904_date_system_are_the_same_days() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["x"])
    book.active.append([datetime.date(2020, 2, 29)])
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    assert f"<v>{43890 - 1462}</v>" in zipfile.ZipFile(stream).read(SHEET).decode()
    assert read(content).columns["x"] == ["2020-02-29"]


def test_error_cells_are_their_text() -> None:
    assert cells("#N/A", "#REF!", "#DIV/0!") == ["#N/A", "#REF!", "#DIV/0!"]


def test_a_formula_gives_its_result_and_one_without_is_told() -> None:
    content = workbook(["x", "y"], ["=1+1", "=1+2"], ["=2+2", "a"], ['=""', "=3"])
    results = iter(["<v>2</v>", "<v></v>", "<v>4</v>", "<v></v>", "<v></v>"])

    def calculated(text: str) -> str:
        text = re.sub(r"<v ?/>|<v></v>", lambda _: next(results), text)
        return text.replace('<c r="A4"', '<c r="A4" t="str"')

    table = read(with_part(content, SHEET, calculated))
    assert table.columns == {"x": ["2", "4"], "y": ["", "a"]}
    # that of A4 is an empty text, as IF(x="", "", x) gives; row 4 is told all the same
    assert [(f.rule, f.row, f.column) for f in table.faults] == [
        *(("formula", 2, "y"), ("formula", 4, "y"))
    ]
    table = read(with_part(content, SHEET, lambda text: text), PLAIN, "z")
    assert table.faults == ()  # of columns that are not used nothing is told


def test_merged_cells_of_used_columns_are_told_and_titles_are_not() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("A3:A4")

    content = workbook(
        ["Trial", None], ["x", "y"], ["P1", 1], [None, 2], ["P2", 3], change=merge
    )
    table = read(content, Dialect(header_row=2))
    assert table.header == ("x", "y")
    (fault,) = table.faults
    assert (fault.rule, fault.row, fault.column) == ("merged_cells", 3, "x")
    assert "A3:A4 are merged" in fault.message


def test_names_of_rows_and_empty_columns_without_a_name() -> None:
    # as pandas writes its index
    table = read(workbook(["", "x", "", "y"], [0, "a", None, 1], [1, "b", None, 2]))
    assert table.header == ("row_names", "x", "y")
    assert table.columns["y"] == ["1", "2"]
    table = read(workbook(["x", ""], [1, "a note"]))
    assert table.header == ("x", "")


def two_sheets() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Visits"
    book.active.append(["x"])
    book.active.append([1])
    book.create_sheet("Legend").append(["what x is"])
    book.create_sheet("Empty")
    hidden = book.create_sheet("Lists")
    hidden.append(["Y"])
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_of_several_sheets_one_is_asked_for() -> None:
    (fault,) = faults(two_sheets())
    assert fault.rule == "sheet"
    assert (
        "2 sheets with cells ('Visits', 'Legend'); say which is read, as `sheet: V"
        in (fault.message)
    )
    assert read(two_sheets(), Dialect(sheet="Visits")).columns == {"x": ["1"]}
    (fault,) = faults(two_sheets(), Dialect(sheet="visits"))
    assert "no sheet 'visits', which `sheet:` names; it has 'Visits'" in fault.message


def test_a_workbook_without_cells_is_told() -> None:
    assert [f.rule for f in faults(workbook())] == ["file_empty"]
    assert [f.rule for f in faults(workbook(["x"]), Dialect(header_row=5))] == [
        "file_empty"
    ]


GOOD = workbook(["x", "y"], [1, "a"], [2, "b"])


def test_a_row_that_no_spreadsheet_has_does_not_hang() -> None:
    far = with_part(
        GOOD, SHEET, lambda t: t.replace('<row r="3"', f'<row r="{10**15}"')
    )
    assert list(read(far).rows) == [2]


def test_cells_without_end_are_told() -> None:
    row = '<row r="{0}"><c r="XFD{0}"><v>1</v></c></row>'
    many = "".join(row.format(i) for i in range(10, 4000))
    wide = with_part(
        GOOD, SHEET, lambda t: t.replace("</sheetData>", f"{many}</sheetData>")
    )
    assert [f.rule for f in faults(wide)] == ["damaged"]


def test_what_unpacks_without_end_is_told() -> None:
    bomb = with_part(GOOD, SHEET, lambda t: t + " " * 20 * 2**20)
    assert len(bomb) < 2**17
    (fault,) = faults(bomb)
    assert "unpacks to more than 16 MB" in fault.message


@pytest.mark.parametrize(
    "content",
    [GOOD[:-100], GOOD[:40], b"PK\x03\x04 xl/"],
    ids=["its end cut off", "its beginning alone", "called so alone"],
)
def test_a_damaged_workbook_is_told(content: bytes) -> None:
    (fault,) = faults(content)
    assert fault.rule == "damaged"
    assert "damaged or locked by a password" in fault.message


@given(st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=20))
def test_a_spoilt_workbook_is_read_or_told(at: int, junk: bytes) -> None:
    try:
        table = read(GOOD[:at] + junk + GOOD[at + len(junk) :])
    except TableError:
        return
    assert all(len(c) == len(table.rows) for c in table.columns.values())
