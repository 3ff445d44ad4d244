"""Excel workbooks (.xlsx) as texts, each cell as the spreadsheet shows it.

Rows are those of the spreadsheet. Numbers are as they are stored, dates ISO 8601 by the
workbook's own date system, error cells their text (#N/A). Mar-24 and 2024, which are
kept as the first day of their time, are 2024-03 and 2024. Where a number's format shows
it otherwise but as exactly (007, 1.0), the text is what is shown; one shown in percent
has its sign, since 0.85 is not what was written.
"""

import contextlib
import dataclasses
import zipfile
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from alsdecline.table_files.cell_texts import text_of
from alsdecline.table_files.delimited import ROW_NAMES
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.opened_workbook import opened_workbook
from alsdecline.table_files.shown_cells import columns_with_days, shown_text
from alsdecline.table_files.text_table import (
    MOST_CELLS,
    Fault,
    TableError,
    TextTable,
    is_wanted,
    refuse_too_many,
)
from alsdecline.table_files.workbook_parts import (
    Sheet,
    merged_ranges,
    without_result,
)

LAST_ROW = 1_048_576
"""Of a spreadsheet; a file that names a later one is damaged."""

_Row = tuple[int, Sequence[Any]]


def _filled(sheet: Any) -> Iterator[_Row]:
    """Return the rows of a sheet that have a cell, with their numbers."""
    sheet.reset_dimensions()  # what a file says of its size is not so, at times
    seen = 0
    for number, row in enumerate(sheet.iter_rows(max_row=LAST_ROW), 1):
        seen += len(row)
        if seen > MOST_CELLS:
            refuse_too_many(seen, 1)
        if any(cell.value is not None for cell in row):
            yield number, row


def _chosen(book: Any, sheets: Sequence[Sheet], dialect: Dialect) -> Sheet:
    """Choose the sheet that is declared, or the one that has cells."""
    names = [sheet.title for sheet in sheets]
    if dialect.sheet:
        found = [sheet for sheet in sheets if sheet.title == dialect.sheet]
        if found:
            return found[0]
        message = (
            f"the workbook has no sheet {dialect.sheet!r}, which `sheet:` names; it "
            f"has {', '.join(map(repr, names))}"
        )
        raise TableError(Fault("sheet", message))
    filled = [
        sheet
        for sheet in sheets
        if sheet.visible and next(_filled(book[sheet.title]), None) is not None
    ]
    if not filled:
        message = "the workbook has no cells; a header and at least one row are needed"
        raise TableError(Fault("file_empty", message))
    if len(filled) > 1:
        message = (
            f"the workbook has {len(filled)} sheets with cells "
            f"({', '.join(repr(sheet.title) for sheet in filled)}); say which is read, "
            f"as `sheet: {filled[0].title}` under its file in config.yaml"
        )
        raise TableError(Fault("sheet", message))
    return filled[0]


def _header(rows: Sequence[_Row], declared: bool) -> list[str]:
    """Return the names of columns; empty ones where neither name nor cell stands."""
    width = max(len(row) for _, row in rows)
    first = rows[0][1]
    header = [text_of(cell.value) for cell in first] + [""] * (width - len(first))
    header = [" ".join(name.split()) for name in header]
    if header[0] == "" and all(header[1:2]):
        names = [row[0].value for _, row in rows[1:] if len(row)]
        different = len({str(name) for name in names}) == len(names)
        if declared or (names and different and None not in names):
            header[0] = ROW_NAMES
    return header


def _table(
    rows: list[_Row],
    dialect: Dialect,
    wanted: Collection[str] | None,
) -> tuple[TextTable, dict[str, int]]:
    """Return the table of a sheet's rows, and in which column each name stands."""
    header = _header(rows, dialect.row_names)
    body = rows[1:]
    used = [
        at
        for at, name in enumerate(header)
        if name or any(at < len(r) and r[at].value is not None for _, r in body)
    ]
    names = [header[at] for at in used]
    places = dict(zip(names, used, strict=True))
    dated, point = columns_with_days(row for _, row in body), dialect.decimal
    columns = {
        name: [
            shown_text(row[at], point, has_days=at in dated) if at < len(row) else ""
            for _, row in body
        ]
        for name, at in places.items()
        if is_wanted(name, names, wanted)
    }
    numbers = [number for number, _ in body]
    first = [(number, [text_of(c.value) for c in row]) for number, row in body[:10]]
    table = TextTable(
        tuple(names), columns, numbers, rows[0][0], first_rows=tuple(first)
    )
    return table, {name: places[name] for name in columns}


def _faults(
    parts: zipfile.ZipFile, sheet: Sheet, table: TextTable, places: dict[str, int]
) -> Iterator[Fault]:
    """Find merged cells and formulas without results in columns that are used."""
    names = {at: name for name, at in places.items()}
    below = table.header_row or 0
    filled = {row: i for i, row in enumerate(table.rows)}
    texts = {at: table.columns[name] for at, name in names.items()}
    for text, first, last, left, right in merged_ranges(parts, sheet):
        if last <= below or (first == last and left == right):
            continue
        for at in names:
            if left <= at <= right:
                yield Fault(
                    "merged_cells",
                    f"the cells {text} are merged, so only the first has a value; "
                    "unmerge them, and fill in each that has it",
                    max(first, below + 1),
                    names[at],
                )
    for row, at in without_result(parts, sheet):
        has_value = row in filled and at in names and texts[at][filled[row]]
        if at in names and row > below and not has_value:
            yield Fault(
                "formula",
                "a formula of which the workbook holds no result; open it in a "
                "spreadsheet and save it, so that it has",
                row,
                names[at],
            )


def sheet_of(content: bytes, dialect: Dialect) -> str:
    """Return the name of the sheet that is read; empty where none can be."""
    if dialect.sheet:
        return dialect.sheet
    with contextlib.suppress(TableError), opened_workbook(content) as (_, book, sheets):
        return _chosen(book, sheets, dialect).title
    return ""


def _shown(sheet: Any) -> list[tuple[int, list[str]]]:
    rows = [*_filled(sheet)]
    dated = columns_with_days(row for _, row in rows)
    return [
        (
            number,
            [
                shown_text(cell, ".", has_days=at in dated)
                for at, cell in enumerate(row)
            ],
        )
        for number, row in rows
    ]


def read_sheets(content: bytes) -> dict[str, list[tuple[int, list[str]]]]:
    """Read all sheets of an Excel workbook.

    Returns
    -------
    dict of str to list of tuple of int and list of str
        By a sheet's title its rows that have a cell, with their numbers.

    Raises
    ------
    TableError
        Of a file that is damaged, locked or too large.
    """
    with opened_workbook(content) as (_, book, sheets):
        return {sheet.title: _shown(book[sheet.title]) for sheet in sheets}


def read_workbook(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    """Read a sheet of an Excel workbook.

    Parameters
    ----------
    content : bytes
        The file's content.
    dialect : Dialect
        Its sheet, header row, row names and decimal mark (of cells that are texts).
    wanted : collection of str or None
        Names of the columns to convert; None for all.

    Returns
    -------
    TextTable

    Raises
    ------
    TableError
        Of a file that is damaged, locked or too large, or has no such sheet.
    """
    with opened_workbook(content) as (parts, book, sheets):
        sheet = _chosen(book, sheets, dialect)
        least = dialect.header_row or 1
        rows = [row for row in _filled(book[sheet.title]) if row[0] >= least]
        if not rows:
            message = f"sheet {sheet.title!r} has no cells from row {least} on"
            raise TableError(Fault("file_empty", message))
        table, places = _table(rows, dialect, wanted)
        faults = _faults(parts, sheet, table, places)
        return dataclasses.replace(table, faults=tuple(faults))
