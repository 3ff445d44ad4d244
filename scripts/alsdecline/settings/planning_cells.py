"""Cells of raw files that planning needs: when visits are, and baseline values.

Planning fills in what config.yaml leaves out, so this reads text of few columns with no
pandas. What is wrong in a file is not told here but by validation, which reads all of
it: a cell that cannot be used is passed over.
"""

import functools
import gzip
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.plain_scalars import is_decimal
from alsdecline.plain_text import one_line
from alsdecline.settings.check_paths import REMEDY, fault_of_raw_file
from alsdecline.settings.filled_in import Filled
from alsdecline.settings.wide_columns import UNITS, time_slot, visits_of, wide_columns
from alsdecline.table_files.delimited import (
    SEPARATORS,
    QuotesError,
    guessed_separator,
    split_records,
    with_row_names,
    without_empty_columns,
)
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.encodings import encoding_of
from alsdecline.table_files.reading import TEXT, format_of, read_typed
from alsdecline.table_files.text_table import TableError

MOST_BYTES = 256 * 2**20
"""Of a file, unpacked; planning takes longer over more than anybody waits."""

LARGEST = 1e15
"""No time and no value is so large; squares of such numbers would overflow."""

ANY = "*"
"""Stands, among the values that are translated, for all others."""


class NoCellsError(Exception):
    """A file cannot be read for planning; the message names it and says why."""


def _content(path: Path) -> bytes:
    """Return the bytes of a file, unpacked."""
    try:
        packed = path.name.lower().endswith(".gz")
        with (gzip.open if packed else open)(path, "rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise NoCellsError(f"it cannot be read ({error})") from None
    if len(content) > MOST_BYTES:
        raise NoCellsError("it is too large to be read before a run")
    if not content:
        raise NoCellsError("it is empty")
    return content


def _records(content: bytes, dialect: Dialect) -> list[list[str]]:
    """Return the records of a text file, the header first."""
    try:
        text = content.decode(encoding_of(content, dialect.encoding))
        split = split_records(text.removeprefix("\ufeff"), dialect)
    except UnicodeDecodeError:
        raise NoCellsError(
            "it is not UTF-8; say `encoding:` below its `file:`, or save it as CSV in "
            "UTF-8"
        ) from None
    except (QuotesError, UnicodeError, LookupError, ValueError, TypeError) as error:
        raise NoCellsError(f"it cannot be read ({error})") from None
    if not split.records:
        raise NoCellsError("it is empty")
    named = with_row_names(split.records, dialect.row_names)
    return [cells for _, cells in without_empty_columns(named)]


@functools.lru_cache(maxsize=8)
def _columns(
    path: Path, stamp: tuple[int, int], dialect: Dialect
) -> tuple[list[str], list[list[str]]]:
    """Return header and columns of a raw file."""
    del stamp  # a changed file is another one to the cache
    kind, content = format_of(path.name), _content(path)
    if kind != TEXT:
        try:
            table = read_typed(content, kind, dialect, None)
        except TableError as error:
            raise NoCellsError(str(error)) from None
        return list(table.header), [table.columns.get(n, []) for n in table.header]
    header, *rows = _records(content, dialect)
    guess = guessed_separator(content.decode("latin-1")) if len(header) == 1 else ""
    if guess and guess in header[0]:
        shown = "tab" if guess == "\t" else f'"{guess}"'
        raise NoCellsError(
            f"its columns are separated by {SEPARATORS[guess]}; say `separator: "
            f"{shown}` below its `file:`"
        )
    whole = [row for row in rows if len(row) == len(header)]
    return header, [[row[at] for row in whole] for at in range(len(header))]


def _file_columns(
    folder: Path, file: str, dialect: Dialect
) -> tuple[list[str], list[list[str]]]:
    """Return header and columns of a raw file; what is wrong names the file."""
    if fault := fault_of_raw_file(file):
        raise NoCellsError(f"{one_line(file)!r} {fault}; {REMEDY}")
    path = folder / file
    try:
        if not path.is_file():
            raise NoCellsError(
                "no such raw file; put it there, or correct `file:` under `data:`"
            )
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        return _columns(path.resolve(), stamp, dialect)
    except OSError as error:
        raise NoCellsError(f"{one_line(file)}: {error.strerror}") from None
    except NoCellsError as error:
        raise NoCellsError(f"{one_line(file)}: {error}") from None


class PlanningTable:
    """A raw table as planning reads it.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    table : mapping
        What the configuration says of it: file, columns, where, recode, missing,
        dialect.
    missing : sequence of str
        What says of all files that there is no value.

    Raises
    ------
    NoCellsError
        If the file cannot be read.
    """

    def __init__(
        self,
        folder: Path,
        table: Mapping[str, Any],
        missing: Sequence[str] | None = None,
    ) -> None:
        self.file = str(table["file"])
        self._columns: Mapping[str, str] = table.get("columns") or {}
        self._where: Mapping[str, Sequence[str]] = table.get("where") or {}
        self._recode: Mapping[str, Mapping[str, str]] = table.get("recode") or {}
        markers = [*(missing or ()), *(table.get("missing") or ())]
        self._dialect = Dialect.of(table)
        self._same = self._dialect.same_number_or_text
        self._missing = frozenset(self._same(str(text)) for text in markers)
        self.header, self._cells = _file_columns(folder, self.file, self._dialect)
        for name, columns in (table.get("one_of") or {}).items():
            self._make_one(str(name), columns)
        if patterns := wide_columns(self._columns):
            self._make_long(patterns, str(table.get("time", "")))

    def _make_one(self, name: str, columns: Sequence[str]) -> None:
        """Add the column of what is filled in of several; none if one is not there."""
        if not {*columns} <= {*self.header}:
            return
        each = [self._cells[self.header.index(column)] for column in columns]
        filled = (
            next((t for t in row if t and self._said(t, {})), "")
            for row in zip(*each, strict=True)
        )
        self.header, self._cells = (
            [*self.header, name],
            [*self._cells, list(filled)],
        )

    def _make_long(self, patterns: Mapping[str, str], time: str) -> None:
        """Lay out a row for each visit, under the patterns and the time's column."""
        units = [f"visit_{unit}" for unit in UNITS]
        # {n} has no unit of its own, but what it stands for has
        said = [*(unit for unit in units if unit in self._recode), f"visit_{time}"]
        slot = time_slot(patterns, said) or time_slot(patterns, units)
        visits = visits_of(patterns, self.header, self._recode.get(slot) or {})
        header = [*self.header, *patterns.values(), self.name(slot)]
        long: list[list[str]] = [[] for _ in header]
        for label, names in visits.items():
            at = {ours: self.header.index(name) for ours, name in names.items()}
            own = [self._cells[at[o]] if o in at else None for o in patterns]
            for row in range(len(self._cells[0])):
                cells = [texts[row] if texts else "" for texts in own]
                if any(cell.strip() for cell in cells):
                    whole = [*(column[row] for column in self._cells), *cells, label]
                    for column, cell in zip(long, whole, strict=True):
                        column.append(cell)
        self.header, self._cells = header, long

    def name(self, column: str) -> str:
        """Return the name that one of our columns has in the file."""
        return self._columns.get(column, column)

    @property
    def header_said(self) -> str:
        """Say what the header has; not where it may be none, but a patient's data."""
        patient = self.name("patient")
        if patient in self.header:
            return f"it has {', '.join(self.header)}"
        return (
            f"none of the {len(self.header)} cells of its first row is {patient!r}: "
            "add the header if it has none, or say under `columns:` what the patient's "
            "column is called"
        )

    def has(self, column: str) -> bool:
        """Tell whether the file has one of our columns."""
        return self.header.count(self.name(column)) == 1

    def cells(self, *columns: str) -> Iterator[tuple[str, ...]]:
        """Return the cells of our columns, row by row, of the rows that are selected.

        Raises
        ------
        NoCellsError
            If the file does not have one of them.
        """
        for name in [*map(self.name, columns), *self._where]:
            if self.header.count(name) != 1:
                message = f"no one column {name!r}; {self.header_said}"
                raise NoCellsError(f"{one_line(self.file)}: {message}")
        kept: Sequence[int] | None = None
        for name, values in self._where.items():
            texts, chosen = self._cells[self.header.index(name)], set(values)
            among = range(len(texts)) if kept is None else kept
            kept = [i for i in among if texts[i] in chosen]
        # column by column, for a file may have hundreds of thousands of rows
        return zip(*(self._texts(kept, column) for column in columns), strict=True)

    def _texts(self, kept: Sequence[int] | None, column: str) -> list[str]:
        at, meanings = self.header.index(self.name(column)), self._recode.get(column)
        texts = self._cells[at]
        found = texts if kept is None else [texts[i] for i in kept]
        if self._missing and column != "patient":
            said = {text: self._said(text, meanings or {}) for text in {*found}}
            found = [said[text] for text in found]
        return [_meant(text, meanings) for text in found] if meanings else found

    def number(self, text: str) -> float | None:
        """Return the number of a cell; None of one that has none, or no measurement."""
        return number(self.plain(text))

    def plain(self, text: str) -> str:
        """Return a cell, if it is a number, with a decimal point and no grouping."""
        return self._dialect.plain_number(text)

    def _said(self, text: str, meanings: Mapping[str, str]) -> str:
        """Return a cell, empty where it says that there is no value."""
        none = text not in meanings and self._same(text) in self._missing
        return "" if none else text


def planning_table(filled: Filled, folder: Path, name: str) -> PlanningTable:
    """Return a raw table of the configuration, as planning reads it."""
    return PlanningTable(folder, filled.at("data", name), filled.at("data", "missing"))


def _meant(text: str, meanings: Mapping[str, str]) -> str:
    if text in meanings:
        return meanings[text]
    return meanings[ANY] if text and ANY in meanings else text


@functools.lru_cache(maxsize=100_000)
def number(text: str) -> float | None:
    """Return the number that a cell has; None where it has none, or no measurement."""
    value = float(text) if is_decimal(text) else math.inf
    return value if abs(value) < LARGEST else None
