"""Reading raw CSV files as text, cell by cell, without losing where a cell was."""

import csv
import dataclasses
import io
from pathlib import Path

import pandas as pd

from alsdecline.findings import Finding

ROW = "_row"
"""Column that holds a record's line in its file."""


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
    """

    file: str
    frame: pd.DataFrame
    names: dict[str, str]

    def finding(
        self, rule: str, row: int | None, column: str, value: str, message: str
    ) -> Finding:
        """Make a fatal finding about one cell, by our column name."""
        name = self.names.get(column, column)
        return Finding("fatal", rule, self.file, row, name, value, message)


def _decode(content: bytes, file: str) -> tuple[str, list[Finding]]:
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        line = content.splitlines()[row - 1]
        before = content[: error.start].rpartition(b"\n")[2]
        column = before.count(b",") + 1
        header = content.split(b"\n", 1)[0].decode("utf-8", "replace").split(",")
        name = header[column - 1].strip() if column <= len(header) else ""
        cell = line.split(b",")[column - 1].decode("latin-1") if line else ""
        message = f"byte 0x{content[error.start]:02x} is not UTF-8; save file as UTF-8"
        return "", [Finding("fatal", "encoding", file, row, name, cell, message)]


def _header_findings(header: list[str], file: str) -> list[Finding]:
    found = []
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            message = f"the header has this column {header.count(name)} times; keep one"
            found.append(
                Finding("fatal", "header_repeated", file, 1, name, name, message)
            )
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        message = "columns must be separated by commas; export the file with commas"
        found.append(Finding("fatal", "separator", file, 1, "", header[0], message))
    return found


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
            rows.append([*record, number])
            continue
        message = (
            f"the row has {len(record)} cells where the header has {len(header)}; a "
            "decimal comma or an unquoted comma? use points, or quote the cell"
        )
        shown = ",".join(record)
        found.append(Finding("fatal", "row_cells", file, number, "", shown, message))
    if not rows and not found:
        message = "the file has a header but no rows; at least one row is needed"
        found.append(Finding("fatal", "file_empty", file, None, "", "", message))
    ours = {theirs: our for our, theirs in columns.items()}
    names = [ours.get(name, name) for name in header]
    frame = pd.DataFrame(rows, columns=[*names, ROW])
    return RawTable(file, frame, columns), found
