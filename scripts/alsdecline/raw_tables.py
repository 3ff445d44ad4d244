"""Reading raw CSV files as text, cell by cell, without losing where a cell was."""

import codecs
import csv
import dataclasses
import io
import re
from pathlib import Path

import pandas as pd

from alsdecline.findings import Finding

ROW = "_row"
"""Column that holds a record's line in its file."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclasses.dataclass(frozen=True)
class RawTable:
    """A raw file's cells as text.

    Attributes
    ----------
    file : str
        The file, as the configuration names it.
    frame : DataFrame
        Text columns by our names, stripped; missing cells are empty. Columns that
        the configuration does not map keep their own names. :data:`ROW` is the line.
    names : dict of str to str
        Our column name: the name in the file.
    header : tuple of str
        The names in the file; empty where it cannot be read.
    """

    file: str
    frame: pd.DataFrame
    names: dict[str, str]
    header: tuple[str, ...] = ()

    def finding(
        self, rule: str, row: int | None, column: str, value: str, message: str
    ) -> Finding:
        """Make a fatal finding about one cell, by our column name."""
        name = self.names.get(column, column)
        return Finding("fatal", rule, self.file, row, name, value, message)


def _cells(line: bytes) -> list[str]:
    """Split a line that is not UTF-8 as well as can be, for a message alone."""
    try:
        return next(csv.reader([line.decode("latin-1")]), [])
    except csv.Error:
        return []


def _undecodable(content: bytes, start: int, file: str) -> Finding:
    """Say where the first byte stands that is not UTF-8."""
    before = _LINE_END.split(content[:start])
    line = before[-1] + _LINE_END.split(content[start:], maxsplit=1)[0]
    at = max(len(_cells(before[-1])) - 1, 0)
    header, cells = _cells(_LINE_END.split(content, maxsplit=1)[0]), _cells(line)
    name = header[at].strip() if at < len(header) and len(before) > 1 else ""
    cell = cells[at] if at < len(cells) else ""
    message = f"byte 0x{content[start]:02x} is not UTF-8; save the file as UTF-8"
    return Finding("fatal", "encoding", file, len(before), name, cell, message)


def _decode(content: bytes, file: str) -> tuple[str, list[Finding]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = "the file is UTF-16; save it as UTF-8"
        return "", [Finding("fatal", "encoding", file, 1, "", "", message)]
    nul = content.find(b"\0")
    if nul >= 0:
        row = len(_LINE_END.split(content[:nul]))
        message = "the row has a zero byte, so this is no UTF-8 text; save it as such"
        return "", [Finding("fatal", "encoding", file, row, "", "", message)]
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return "", [_undecodable(content, error.start, file)]


def _header_findings(header: list[str], file: str) -> list[Finding]:
    def fatal(rule: str, column: str, value: str, message: str) -> Finding:
        return Finding("fatal", rule, file, 1, column, value, message)

    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        message = "columns must be separated by commas; export the file with commas"
        return [fatal("separator", "", header[0], message)]
    found = []
    for name in dict.fromkeys(header):
        if name and header.count(name) > 1:
            message = f"the header has this column {header.count(name)} times; keep one"
            found.append(fatal("header_repeated", name, name, message))
    if "" in header:
        message = (
            f"column {header.index('') + 1} of the header has no name; name it or "
            "remove it"
        )
        found.append(fatal("header_unnamed", "", "", message))
    if ROW in header:
        message = "this name is used inside the pipeline; rename the column"
        found.append(fatal("header_reserved", ROW, ROW, message))
    return found


def _our_names(header: list[str], columns: dict[str, str]) -> list[str | None]:
    """Return our name of each column.

    None is a column that has our name by chance, while `columns` gives that name to
    another one.
    """
    ours = {theirs: our for our, theirs in columns.items()}
    return [ours.get(name, None if name in columns else name) for name in header]


def read_raw(
    path: Path, file: str, columns: dict[str, str]
) -> tuple[RawTable, list[Finding]]:
    """Read a CSV file as text.

    Parameters
    ----------
    path : Path
        Where the file is.
    file : str
        What the configuration calls it.
    columns : dict of str to str
        Our column name: the name in the file.

    Returns
    -------
    RawTable
        Without rows where the file cannot be read.
    list of Finding
        Empty or unreadable file, header or rows, each with its line.
    """
    empty = RawTable(file, pd.DataFrame({ROW: pd.Series(dtype="int64")}), columns)
    text, found = _decode(path.read_bytes(), file)
    if found:
        return empty, found
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((line, [cell.strip() for cell in record]))
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"cannot be read as CSV ({error}); check the quotes in this row"
        return empty, [Finding("fatal", "quotes", file, line, "", "", message)]
    if not records:
        message = "the file is empty; a header and at least one row are needed"
        return empty, [Finding("fatal", "file_empty", file, None, "", "", message)]
    header = records[0][1]
    found = _header_findings(header, file)
    if found:
        return empty, found
    rows = []
    for number, record in records[1:]:
        if len(record) == len(header):
            rows.append((number, record))
            continue
        message = (
            f"the row has {len(record)} cells where the header has {len(header)}; a "
            "decimal comma or an unquoted comma? use points, or quote the cell"
        )
        shown = ",".join(record)
        found.append(Finding("fatal", "row_cells", file, number, "", shown, message))
    if not rows and not found:
        message = "the file has a header but no rows; at least one row is needed"
        found.append(Finding("fatal", "no_rows", file, None, "", "", message))
    names = _our_names(header, columns)
    kept = [i for i, name in enumerate(names) if name is not None]
    frame = pd.DataFrame(
        [[*(record[i] for i in kept), number] for number, record in rows],
        columns=[*(names[i] for i in kept), ROW],
    )
    return RawTable(file, frame, columns, tuple(header)), found
