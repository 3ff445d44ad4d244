"""Reading CSV files as text, cell by cell, without losing where a cell was."""

import csv
import gzip
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pandas as pd

from alsdecline.raw.cells import ROW, Cells, header_findings, no_cells, no_rows
from alsdecline.raw.column_names import is_like_a_header
from alsdecline.raw.findings import Finding
from alsdecline.raw.plain_csv import read_plain_csv
from alsdecline.raw.rules import Rule
from alsdecline.settings.columns import DEATH_MARKS
from alsdecline.table_files.delimited import (
    SEPARATORS,
    QuotesError,
    guessed_separator,
    has_decimal_commas,
    split_records,
    with_row_names,
    without_empty_columns,
)
from alsdecline.table_files.dialect import PLAIN, Dialect
from alsdecline.table_files.encodings import encoding_of, guessed_encoding
from alsdecline.table_files.reading import TEXT, format_of

TITLE_ROWS = 10
"""First rows among which a header is looked for, where titles stand above it."""

LONGEST_HEADER = 1_000_000
"""Characters; more are no header, but perhaps a file that unpacks without end."""

_LINE_END = re.compile(rb"\r\n|\r|\n")


def _cells(line: bytes, mark: str) -> list[str]:
    """Split a line that is not UTF-8 as well as can be, for a message alone."""
    try:
        return next(csv.reader([line.decode("latin-1")], delimiter=mark), [])
    except csv.Error:
        return []


def _undecodable(
    content: bytes, start: int, file: str, wanted: Collection[str], dialect: Dialect
) -> Finding:
    """Say where the first byte stands that is not of the file's encoding."""
    before = _LINE_END.split(content[:start])
    line = before[-1] + _LINE_END.split(content[start:], maxsplit=1)[0]
    mark = dialect.mark or ","
    at = max(len(_cells(before[-1], mark)) - 1, 0)
    header = _cells(_LINE_END.split(content, maxsplit=1)[0], mark)
    cells = _cells(line, mark)
    name = header[at].strip() if at < len(header) and len(before) > 1 else ""
    cell = cells[at] if at < len(cells) else ""
    if no_header_finding([text.strip() for text in header], file, wanted):
        name = cell = ""
    byte = f"byte 0x{content[start]:02x}" if start < len(content) else "the end"
    if dialect.encoding:
        message = (
            f"{byte} is not of {dialect.encoding}, as `encoding:` in config.yaml says; "
            "correct that"
        )
        return Finding.by_rule(Rule.ENCODING, file, len(before), name, cell, message)
    guess = guessed_encoding(content)
    asked = ""
    if guess:
        asked = (
            f"say `encoding: {guess}` under its file in config.yaml, if that is what "
            "it was saved in, or "
        )
    message = (
        f"{byte} is not UTF-8; {asked}save the file as UTF-8 (in Excel: Save As, CSV "
        "UTF-8)"
    )
    return Finding.by_rule(Rule.ENCODING, file, len(before), name, cell, message)


def _decode(
    content: bytes, file: str, wanted: Collection[str], dialect: Dialect
) -> tuple[str, list[Finding]]:
    encoding = encoding_of(content, dialect.encoding)
    nul = content.find(b"\0") if encoding.startswith("utf-8") else -1
    if nul >= 0:
        row = len(_LINE_END.split(content[:nul]))
        message = (
            "the row has a zero byte, so this is no text in UTF-8 (another program's "
            "file, or one that is damaged); export the table as CSV in UTF-8, or say "
            "`encoding: utf-16-le` under its file in config.yaml, if it is in that"
        )
        return "", [Finding.by_rule(Rule.ENCODING, file, row, "", "", message)]
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
        return text, [*_is_utf8(content, text, file, encoding)]
    except UnicodeDecodeError as error:
        # a decoder of two bytes a character counts from behind the mark
        start = min(error.start, max(len(content) - 1, 0))
        return "", [_undecodable(content, start, file, wanted, dialect)]
    except (UnicodeError, ValueError):
        return "", [_undecodable(content, 0, file, wanted, dialect)]


def _odd_word(line: str) -> str:
    """Return the first word of a line that has other letters than those of English."""
    words = re.findall(r"[^\s,;\"|]+", line)
    return next((word for word in words if not word.isascii()), line)[:30]


def _is_utf8(content: bytes, text: str, file: str, encoding: str) -> Iterator[Finding]:
    """Find that a text is UTF-8 which is declared to have a byte a character."""
    if content.isascii() or len(text) != len(content):
        return
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return
    for row, (right, said) in enumerate(zip(lines, text.split("\n"), strict=True), 1):
        if right != said:
            message = (
                f"the file is UTF-8, by which it has {_odd_word(right)!r}; as "
                f"{encoding}, which `encoding:` says, it has {_odd_word(said)!r}. "
                "Leave `encoding:` out under its file in config.yaml"
            )
            yield Finding.by_rule(Rule.ENCODING, file, row, "", "", message)
            return


def _separator_finding(
    text: str, header: list[str], file: str, row: int
) -> list[Finding]:
    """Find that cells are separated otherwise than is said, with what would be."""
    if len(header) != 1:
        return []
    found = guessed_separator(text)
    if not found or found not in header[0]:
        return []
    shown = "tab" if found == "\t" else f'"{found}"'
    comma = has_decimal_commas(text, found)
    with_decimals = ' and `decimal: ","`' if comma else ""
    message = (
        f"columns are separated by {SEPARATORS[found]}; say `separator: {shown}`"
        f"{with_decimals} under its file in config.yaml, or export the file with "
        "commas between columns and points in numbers"
    )
    return [Finding.by_rule(Rule.SEPARATOR, file, row, "", "", message)]


def no_header_finding(
    header: Sequence[str],
    file: str,
    wanted: Collection[str],
    below: Sequence[tuple[int, list[str]]] = (),
    row: int = 1,
) -> list[Finding]:
    """Find a first row that may be no header, whose cells are then a patient's data."""
    if not wanted or not set(wanted).isdisjoint(header):
        return []
    if is_like_a_header(header, wanted):
        return []  # each column is told with the name that it may have
    for number, record in below:
        if not set(wanted).isdisjoint(record) or is_like_a_header(record, wanted):
            message = (
                f"the header seems to stand in row {number}; say `header_row: "
                f"{number}` under its file in config.yaml, or remove the rows above it"
            )
            return [Finding.by_rule(Rule.COLUMN_MISSING, file, row, "", "", message)]
    asked = sorted(set(wanted).difference(*DEATH_MARKS.values()))
    message = (
        f"none of its {len(header)} cells is a column that is used "
        f"({', '.join(asked)}); add the header if it has none, or say under "
        "`columns:` in config.yaml what they are called"
    )
    return [Finding.by_rule(Rule.COLUMN_MISSING, file, row, "", "", message)]


def _cells_too_many_or_few(record: list[str], columns: int, separator: str) -> str:
    said = f"the row has {len(record)} cells where the header has {columns}"
    what = SEPARATORS.get(separator, "separators")
    one = what.removesuffix("s")
    if len(record) > columns and not any(record[columns:]):
        return f"{said}; remove the {len(record) - columns} {what} at its end"
    if len(record) > columns:
        decimal = "a decimal comma or " if separator == "," else ""
        points = "use points, or " if separator == "," else ""
        return f"{said}; {decimal}an unquoted {one}? {points}quote the cell"
    return f"{said}; it is cut off, or a {one} is missing: write one for each cell"


def read_csv_cells(
    content: bytes,
    file: str,
    wanted: Collection[str] = (),
    dialect: Dialect = PLAIN,
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
    dialect : Dialect
        How it is written, as the configuration declares it.

    Returns
    -------
    Cells
        Without rows where the file cannot be read. The row is the line, that of the
        header being line 1 where nothing stands above it.
    list of Finding
        Empty or unreadable file, header or rows, each with its line.
    """
    text, found = _decode(content, file, wanted, dialect)
    if found:
        return no_cells(), found
    plain = read_plain_csv(text, dialect)
    if plain is not None and not no_header_finding(plain.header, file, wanted):
        return plain, []
    try:
        split = split_records(text, dialect)
    except QuotesError as error:
        message = f"cannot be read as CSV ({error}); check the quotes in this row"
        return no_cells(), [
            Finding.by_rule(Rule.QUOTES, file, error.line, "", "", message)
        ]
    if not split.records:
        message = "the file is empty; a header and at least one row are needed"
        return no_cells(), [
            Finding.by_rule(Rule.FILE_EMPTY, file, None, "", "", message)
        ]
    row, header = split.records[0]
    records = without_empty_columns(with_row_names(split.records, dialect.row_names))
    found = _separator_finding(text, header, file, row)
    header = records[0][1]
    found = (
        found
        or no_header_finding(header, file, wanted, records[1:TITLE_ROWS], row)
        or header_findings(header, file, row)
    )
    if found:
        return no_cells(), found
    rows = []
    for number, record in records[1:]:
        if len(record) == len(header):
            rows.append([*record, number])
            continue
        message = _cells_too_many_or_few(record, len(header), split.separator)
        # which of them are of columns that are used cannot be told
        found.append(Finding.by_rule(Rule.ROW_CELLS, file, number, "", "", message))
    if not rows and not found:
        found.append(no_rows(file))
    frame = pd.DataFrame(rows, columns=[*header, ROW])
    return Cells(tuple(header), frame, header_row=row), found


def csv_header(path: Path, dialect: Dialect) -> set[str]:
    """Return the column names of a CSV file; none of what is none or unreadable."""
    if not path.is_file() or format_of(path.name) != TEXT:
        return set()
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opened(path, "rb") as stream:
            first = stream.read(LONGEST_HEADER)
        encoding = encoding_of(first, dialect.encoding)
        text = first.decode(encoding, errors="replace").removeprefix("\ufeff")
        split = split_records(text, dialect, TITLE_ROWS)
    except (OSError, EOFError, zlib.error, QuotesError, UnicodeError, LookupError):
        return set()
    records = with_row_names(split.records, dialect.row_names)
    return set(records[0][1]) if records else set()
