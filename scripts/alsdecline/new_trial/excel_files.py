"""Excel workbooks as tables of text, a table a sheet."""

import datetime
import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from alsdecline.faults import DataError
from alsdecline.new_trial.sources import (
    MOST_SHOWN,
    Source,
    counted,
    source_of_cells,
    text_of_number,
)
from alsdecline.plain_text import one_line

MOST_UNPACKED = 512 * 2**20
"""Bytes that the parts of a workbook may unpack to."""

UNREADABLE = (
    *(InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile),
    *(KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError),
    *(SyntaxError, OSError, NotImplementedError),
)
"""What openpyxl raises of damaged or locked files, whose parts it does not check.

SyntaxError is that of XML, NotImplementedError of a part packed in a way that zipfile
lacks, OSError of sizes that are not so; a key, type or attribute is what a part lacks.
They are caught around its reading alone, and each is told as a file that is damaged.
"""

_Row = tuple[int, list[Any]]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return str(value) if isinstance(value, int) else text_of_number(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value).strip()


def _rows(sheet: Any) -> list[_Row]:
    """Return the filled rows of a sheet with their numbers."""
    read = enumerate(sheet.iter_rows(values_only=True), 1)
    return [(i, list(row)) for i, row in read if any(c is not None for c in row)]


def _formulas_without_value(
    rows: list[_Row], written: list[_Row], name: str
) -> list[str]:
    """Find formulas of which the workbook holds no result."""
    values = dict(rows)
    found = []
    for number, row in written:
        here = values.get(number, [])
        for at, cell in enumerate(row):
            formula = isinstance(cell, str) and cell.startswith("=")
            if formula and (at >= len(here) or here[at] is None):
                column = openpyxl.utils.get_column_letter(at + 1)
                found.append(f"{column}{number}")
    if not found:
        return []
    cells = ", ".join(found[:MOST_SHOWN])
    many = counted(len(found), "cell")
    message = (
        f"{name}: a formula without its result in {many} ({cells}); open "
        "it in a spreadsheet, put values in place of the formulas, and save it"
    )
    return [message]


def _table(path: Path, title: str, rows: list[_Row], *, several: bool) -> Source | None:
    """Make a table of a sheet's rows; None of a sheet that holds no table."""
    widest = max(sum(c is not None for c in row) for _, row in rows)
    start = next(
        i
        for i, (_, row) in enumerate(rows)
        if widest < 3 or sum(c is not None for c in row) > 1
    )
    texts = [(number, [_text(c) for c in row]) for number, row in rows[start:]]
    header = texts[0][1]
    while (
        header and not header[-1] and not any(row[len(header) - 1] for _, row in texts)
    ):
        header.pop()
    width = len(header)
    records = [(number, row[:width]) for number, row in texts[1:] if any(row[:width])]
    if width < 2 or not records:
        return None
    notes = []
    if start:
        notes.append(f"{counted(start, 'row')} above the header passed over")
    sheet = title if several else ""
    return source_of_cells(path, sheet, header, records, ("Excel",), tuple(notes))


def _sheets(content: bytes, name: str) -> list[tuple[str, list[_Row], list[_Row]]]:
    """Return the title of each sheet, its rows, and its rows with formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
            most = MOST_UNPACKED // 2**20
            raise DataError(f"{name}: unpacks to more than {most} MB; give it as CSV")
    with warnings.catch_warnings():
        # of styles and extensions, which no table is
        warnings.simplefilter("ignore")
        stream, again = io.BytesIO(content), io.BytesIO(content)
        values = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        written = openpyxl.load_workbook(again, read_only=True)
        return [
            (title, _rows(values[title]), _rows(written[title]))
            for title in values.sheetnames
            if hasattr(values[title], "iter_rows")  # a chart has none
        ]


def read_workbook(content: bytes, path: Path) -> list[Source]:
    """Read an Excel workbook.

    Parameters
    ----------
    content : bytes
        The file.
    path : Path
        Its path.

    Returns
    -------
    list of Source
        One for each sheet that holds a table. Dates are ISO 8601 dates.

    Raises
    ------
    DataError
        If it cannot be read, holds no table, or formulas without results.
    """
    name = one_line(path.name)
    try:
        sheets = _sheets(content, name)
    except UNREADABLE:
        raise DataError(
            f"{name}: cannot be read as an Excel workbook; is it damaged or locked by "
            "a password? save it again as .xlsx, or export it as CSV"
        ) from None
    faults = [
        fault
        for title, rows, formulas in sheets
        for fault in _formulas_without_value(rows, formulas, f"{name} [{title}]")
    ]
    if faults:
        raise DataError("\n".join(faults))
    several = sum(bool(rows) for _, rows, _ in sheets) > 1
    tables = [
        table
        for title, rows, _ in sheets
        if rows and (table := _table(path, title, rows, several=several))
    ]
    if not tables:
        raise DataError(f"{name}: no sheet holds a table with a header and rows")
    return tables
