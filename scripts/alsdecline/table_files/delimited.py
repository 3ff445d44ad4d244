"""Records of delimited text: a `sep=` line, separators, row names without a header."""

import csv
import dataclasses
import io
import re
from collections.abc import Sequence

from alsdecline.table_files.dialect import Dialect

ROW_NAMES = "row_names"
"""What a column of row names is called, which the file gives no name."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may stand between cells, and what it is called."""

SEPARATOR_SAID = re.compile(r'\A"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line by which Excel is told what separates the cells."""

TRIED_RECORDS = 20
"""First records by which a separator is guessed."""

Record = tuple[int, list[str]]
"""The line that a record begins in, and its cells."""


class QuotesError(Exception):
    """A record cannot be read for its quotes; the line, and what the reader says."""

    def __init__(self, line: int, said: str) -> None:
        super().__init__(said)
        self.line = line


@dataclasses.dataclass(frozen=True)
class Delimited:
    """The records of a delimited text.

    Attributes
    ----------
    separator : str
        Between the cells.
    records : list of tuple of int and list of str
        Those that are filled, the header first, cells stripped.
    """

    separator: str
    records: list[Record]


def separated(text: str, dialect: Dialect) -> tuple[str, int, str]:
    """Tell what separates the cells of a text, and where its records begin.

    Parameters
    ----------
    text : str
        Of the whole file.
    dialect : Dialect
        As the configuration declares it; a `sep=` line that the file begins with holds
        where no separator is declared, and is no record either way.

    Returns
    -------
    separator : str
    first : int
        The line of the first record.
    text : str
        From that line on.
    """
    said = SEPARATOR_SAID.match(text)
    separator = dialect.mark or (said[1] if said and _is_mark(said[1]) else ",")
    return (separator, 2, text[said.end() :]) if said else (separator, 1, text)


def split_records(text: str, dialect: Dialect, most: int | None = None) -> Delimited:
    """Split a text into records.

    Parameters
    ----------
    text : str
        Of the whole file.
    dialect : Dialect
        As the configuration declares it.
    most : int or None
        Records after which the rest is left; None for all.

    Returns
    -------
    Delimited

    Raises
    ------
    QuotesError
        If the quotes of a record are wrong.
    """
    separator, first, text = separated(text, dialect)
    lines = io.StringIO(text, newline="")
    before = max((dialect.header_row or 1) - first, 0)
    for _ in range(before):  # of a title, whose quotes are those of a sentence
        lines.readline()
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[Record] = []
    line = first = first + before
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(cells):
                records.append((line, cells))
            if len(records) == most:
                break
            line = reader.line_num + first
    except csv.Error as error:
        raise QuotesError(line, str(error)) from None
    return Delimited(separator, records)


def _is_mark(character: str) -> bool:
    return not character.isalnum() and character not in '"\r\n'


def with_row_names(records: Sequence[Record], declared: bool) -> list[Record]:
    """Give a column of row names its name, where the header lacks it.

    R writes row names below no header (`write.table`: the header has one cell fewer
    than all records), or below an empty one (`write.csv`; so does pandas): then their
    values differ, and all other columns have names. That can mean nothing else; else
    it must be declared.

    Parameters
    ----------
    records : sequence of tuple of int and list of str
        Header first.
    declared : bool
        Whether the configuration says that there is such a column.

    Returns
    -------
    list of tuple of int and list of str
    """
    if len(records) < 2:
        return list(records)
    (line, header), *rest = records
    if "" not in header:
        longer = all(len(cells) == len(header) + 1 for _, cells in rest)
        if longer and (declared or (_are_names(rest) and any(c[-1] for _, c in rest))):
            return [(line, [ROW_NAMES, *header]), *rest]
    elif header[0] == "" and "" not in header[1:] and (declared or _are_names(rest)):
        return [(line, [ROW_NAMES, *header[1:]]), *rest]
    return list(records)


def _are_names(records: Sequence[Record]) -> bool:
    """Tell whether the first cells are filled and differ, as names of rows do."""
    names = [cells[0] for _, cells in records if cells]
    return all(names) and len(set(names)) == len(names)


def without_empty_columns(records: Sequence[Record]) -> list[Record]:
    """Leave out columns that have neither a name nor a cell, as spreadsheets write."""
    header = records[0][1] if records else []
    if "" not in header or any(len(cells) != len(header) for _, cells in records):
        return list(records)
    kept = [
        at
        for at, name in enumerate(header)
        if name or any(cells[at] for _, cells in records)
    ]
    return [(line, [cells[at] for at in kept]) for line, cells in records]


def guessed_separator(text: str) -> str:
    """Guess what separates the cells; empty where nothing gives two columns.

    Parameters
    ----------
    text : str
        The file's.

    Returns
    -------
    str
        That by which most of the first records are as long as the longest header.
    """
    first = "\n".join(text.splitlines()[: TRIED_RECORDS + 1])
    best, most = "", (0.0, 1)
    for separator in SEPARATORS:
        try:
            found = [
                record
                for record in csv.reader(io.StringIO(first), delimiter=separator)
                if any(cell.strip() for cell in record)
            ]
        except csv.Error:
            continue
        width = len(found[0]) if found else 0
        fit = (sum(len(r) == width for r in found) / max(len(found), 1), width)
        if width > 1 and fit > most:
            best, most = separator, fit
    return best


_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+", re.ASCII)


def has_decimal_commas(text: str, separator: str) -> bool:
    """Tell whether the first records have cells such as 12,5, and none such as 12.5."""
    first = io.StringIO("\n".join(text.splitlines()[: TRIED_RECORDS + 1]))
    try:
        cells = [c.strip() for r in csv.reader(first, delimiter=separator) for c in r]
    except csv.Error:
        return False
    points = [c for c in cells if re.fullmatch(r"[+-]?\d+\.\d+", c, re.ASCII)]
    return not points and any(_COMMA_NUMBER.fullmatch(c) for c in cells)
