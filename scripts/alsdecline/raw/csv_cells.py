"""Reading CSV files as text, cell by cell, without losing where a cell was."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from alsdecline.raw.cells import ROW, Cells, header_findings, no_cells, no_rows
from alsdecline.raw.column_names import is_like_a_header
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule

TITLE_ROWS = 10
"""First rows among which a header is looked for, where titles stand above it."""

LONGEST_HEADER = 1_000_000
"""Characters; more are no header, but perhaps a file that unpacks without end."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


def _cells(line: bytes) -> list[str]:
    """Split a line that is not UTF-8 as well as can be, for a message alone."""
    try:
        return next(csv.reader([line.decode("latin-1")]), [])
    except csv.Error:
        return []


def _undecodable(
    content: bytes, start: int, file: str, wanted: Collection[str]
) -> Finding:
    """Say where the first byte stands that is not UTF-8."""
    before = _LINE_END.split(content[:start])
    line = before[-1] + _LINE_END.split(content[start:], maxsplit=1)[0]
    at = max(len(_cells(before[-1])) - 1, 0)
    header, cells = _cells(_LINE_END.split(content, maxsplit=1)[0]), _cells(line)
    name = header[at].strip() if at < len(header) and len(before) > 1 else ""
    cell = cells[at] if at < len(cells) else ""
    if _no_header_finding([text.strip() for text in header], file, wanted):
        name = cell = ""
    message = (
        f"byte 0x{content[start]:02x} is not UTF-8; save the file as UTF-8 (in Excel: "
        "Save As, CSV UTF-8)"
    )
    return Finding.by_rule(Rule.ENCODING, file, len(before), name, cell, message)


def _decode(
    content: bytes, file: str, wanted: Collection[str]
) -> tuple[str, list[Finding]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = "the file is UTF-16; save it as UTF-8 (in Excel: Save As, CSV UTF-8)"
        return "", [Finding.by_rule(Rule.ENCODING, file, 1, "", "", message)]
    nul = content.find(b"\0")
    if nul >= 0:
        row = len(_LINE_END.split(content[:nul]))
        message = (
            "the row has a zero byte, so this is no text in UTF-8 (another program's "
            "file, or one that is damaged); export the table as CSV in UTF-8"
        )
        return "", [Finding.by_rule(Rule.ENCODING, file, row, "", "", message)]
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return "", [_undecodable(content, error.start, file, wanted)]


def _separator_finding(header: list[str], file: str) -> list[Finding]:
    if len(header) != 1:
        return []
    marks = {";": "semicolons", "\t": "tabs", "|": "bars"}
    found = next((name for mark, name in marks.items() if mark in header[0]), "")
    if not found:
        return []
    message = (
        f"columns are separated by {found} and must be by commas; export the file with "
        "commas between columns and points in numbers (a spreadsheet takes both from "
        "the region that is set; English has them)"
    )
    return [Finding.by_rule(Rule.SEPARATOR, file, 1, "", "", message)]


def _no_header_finding(
    header: list[str],
    file: str,
    wanted: Collection[str],
    below: Sequence[tuple[int, list[str]]] = (),
) -> list[Finding]:
    """Find a first row that may be no header, whose cells are then a patient's data."""
    if not wanted or not set(wanted).isdisjoint(header):
        return []
    if is_like_a_header(header, wanted):
        return []  # each column is told with the name that it may have
    for number, record in below:
        if not set(wanted).isdisjoint(record) or is_like_a_header(record, wanted):
            message = (
                f"the header seems to stand in row {number}; remove the rows above it"
            )
            return [Finding.by_rule(Rule.COLUMN_MISSING, file, 1, "", "", message)]
    message = (
        f"none of its {len(header)} cells is a column that is used "
        f"({', '.join(sorted(wanted))}); add the header if it has none, or say under "
        "`columns:` in config.yaml what they are called"
    )
    return [Finding.by_rule(Rule.COLUMN_MISSING, file, 1, "", "", message)]


def _cells_too_many_or_few(record: list[str], columns: int) -> str:
    said = f"the row has {len(record)} cells where the header has {columns}"
    if len(record) > columns and not any(record[columns:]):
        return f"{said}; remove the {len(record) - columns} commas at its end"
    if len(record) > columns:
        return (
            f"{said}; a decimal comma or an unquoted comma? use points, or quote the "
            "cell"
        )
    return f"{said}; it is cut off, or a comma is missing: write one for each cell"


def read_csv_cells(
    content: bytes, file: str, wanted: Collection[str] = ()
) -> tuple[Cells, list[Finding]]:
    """Read a CSV file as text.

    Parameters
    ----------
    content : bytes
        The file's content.
    file : str
        What the configuration calls it.
    wanted : collection of str
        Names of the columns that are used; findings show no other's cells.

    Returns
    -------
    Cells
        Without rows where the file cannot be read. The row is the line, the header
        being line 1.
    list of Finding
        Empty or unreadable file, header or rows, each with its line.
    """
    text, found = _decode(content, file, wanted)
    if found:
        return no_cells(), found
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
        return no_cells(), [Finding.by_rule(Rule.QUOTES, file, line, "", "", message)]
    if not records:
        message = "the file is empty; a header and at least one row are needed"
        return no_cells(), [
            Finding.by_rule(Rule.FILE_EMPTY, file, None, "", "", message)
        ]
    header = records[0][1]
    found = (
        _separator_finding(header, file)
        or _no_header_finding(header, file, wanted, records[1:TITLE_ROWS])
        or header_findings(header, file, 1)
    )
    if found:
        return no_cells(), found
    rows = []
    for number, record in records[1:]:
        if len(record) == len(header):
            rows.append([*record, number])
            continue
        message = _cells_too_many_or_few(record, len(header))
        # which of them are of columns that are used cannot be told
        found.append(Finding.by_rule(Rule.ROW_CELLS, file, number, "", "", message))
    if not rows and not found:
        found.append(no_rows(file))
    frame = pd.DataFrame(rows, columns=[*header, ROW])
    return Cells(tuple(header), frame), found


def csv_header(path: Path) -> set[str]:
    """Return the column names of a CSV file; none of what is none or unreadable."""
    name = path.name.lower()
    if not path.is_file() or not name.removesuffix(".gz").endswith(".csv"):
        return set()
    opened = gzip.open if name.endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", errors="replace") as stream:
            first = stream.readline(LONGEST_HEADER)
        return {cell.strip() for cell in next(csv.reader([first]), [])}
    except (OSError, EOFError, zlib.error, csv.Error):
        return set()
