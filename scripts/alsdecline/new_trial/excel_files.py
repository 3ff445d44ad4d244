"""Excel workbooks as tables of text, a table a sheet, cells as a run reads them."""

from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.new_trial.sources import Source, counted, source_of_cells
from alsdecline.new_trial.typed_files import told_faults
from alsdecline.plain_text import one_line
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.text_table import TableError
from alsdecline.table_files.workbook import read_sheets
from alsdecline.table_files.workbook import read_workbook as read_sheet

_Row = tuple[int, list[str]]


def _header_place(rows: list[_Row]) -> int:
    """Find which of a sheet's rows is its header: the first that is no title."""
    filled = [sum(map(bool, cells)) for _, cells in rows]
    return next(i for i, n in enumerate(filled) if max(filled) < 3 or n > 1)


def _table(path: Path, sheet: str, rows: list[_Row], above: int) -> Source | None:
    """Make a table of a header and rows; None where these are no table."""
    width = max(at for _, cells in rows for at, cell in enumerate(cells, 1) if cell)
    (_, header), *records = [
        (row, (cells + [""] * width)[:width]) for row, cells in rows
    ]
    if width < 2 or not records:
        return None
    notes = [f"{counted(above, 'row')} above the header passed over"] if above else []
    return source_of_cells(path, sheet, header, records, ("Excel",), tuple(notes))


def _sheets(content: bytes, name: str) -> dict[str, list[_Row]]:
    """Return the rows with a text of each sheet that has such."""
    try:
        sheets = read_sheets(content)
    except TableError as error:
        raise DataError("\n".join(told_faults(error.faults, name))) from None
    filled = {
        title: [row for row in rows if any(row[1])] for title, rows in sheets.items()
    }
    return {title: rows for title, rows in filled.items() if rows}


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
        One for each sheet that holds a table. Cells are what a run reads of them.

    Raises
    ------
    DataError
        If it cannot be read, holds no table, or what a run would tell of its cells.
    """
    sheets = _sheets(content, path.name)
    tables, told = [], []
    for title, rows in sheets.items():
        start = _header_place(rows)
        sheet = title if len(sheets) > 1 else ""
        table = _table(path, sheet, rows[start:], start)
        if table is None:
            continue
        tables.append(table)
        dialect = Dialect(sheet=title, header_row=rows[start][0])
        told += told_faults(read_sheet(content, dialect, None).faults, table.name)
    if told:
        raise DataError("\n".join(told))
    if not tables:
        name = one_line(path.name)
        raise DataError(f"{name}: no sheet holds a table with a header and rows")
    return tables
