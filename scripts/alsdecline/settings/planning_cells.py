"""Cells of raw files that planning needs: when visits are, and baseline values.

Planning fills in what config.yaml leaves out, so this reads text of few columns with no
pandas. What is wrong in a file is not told here but by validation, which reads all of
it: a cell that cannot be used is passed over.
"""

import csv
import functools
import gzip
import io
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.plain_scalars import is_decimal
from alsdecline.plain_text import one_line
from alsdecline.settings.check_paths import REMEDY, fault_of_raw_file

MOST_BYTES = 256 * 2**20
"""Of a file, unpacked; planning takes longer over more than anybody waits."""

LARGEST = 1e15
"""No time and no value is so large; squares of such numbers would overflow."""

ANY = "*"
"""Stands, among the values that are translated, for all others."""


class NoCellsError(Exception):
    """A file cannot be read for planning; the message names it and says why."""


@functools.lru_cache(maxsize=8)
def _rows(path: Path, stamp: tuple[int, int]) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a CSV file."""
    del stamp  # a changed file is another one to the cache
    name = path.name.lower()
    if not name.removesuffix(".gz").endswith(".csv"):
        raise NoCellsError(
            "only CSV files are read before a run; write what would be taken from it: "
            "time_origin, visits: {weeks: [...]} and the priors"
        )
    try:
        with (gzip.open if name.endswith(".gz") else open)(path, "rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise NoCellsError("it is too large to be read before a run")
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        rows = [row for row in reader if any(row)]
    except UnicodeDecodeError:
        raise NoCellsError("it is not UTF-8; save it as CSV in UTF-8") from None
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise NoCellsError(f"it cannot be read ({error})") from None
    if not rows:
        raise NoCellsError("it is empty")
    header = [cell.strip() for cell in rows[0]]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise NoCellsError("its columns must be separated by commas")
    return header, [row for row in rows[1:] if len(row) == len(header)]


def _file_rows(folder: Path, file: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a raw file; what is wrong names the file."""
    if fault := fault_of_raw_file(file):
        raise NoCellsError(f"{one_line(file)!r} {fault}; {REMEDY}")
    path = folder / file
    try:
        if not path.is_file():
            raise NoCellsError(
                "no such raw file; put it there, or correct `file:` under `data:`"
            )
        status = path.stat()
        return _rows(path.resolve(), (status.st_mtime_ns, status.st_size))
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
        What the configuration says of it: file, columns, where, recode.

    Raises
    ------
    NoCellsError
        If the file cannot be read.
    """

    def __init__(self, folder: Path, table: Mapping[str, Any]) -> None:
        self.file = str(table["file"])
        self._columns: Mapping[str, str] = table.get("columns") or {}
        self._where: Mapping[str, Sequence[str]] = table.get("where") or {}
        self._recode: Mapping[str, Mapping[str, str]] = table.get("recode") or {}
        self.header, self._rows = _file_rows(folder, self.file)

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
        rows = self._rows
        for name, values in self._where.items():
            at, kept = self.header.index(name), set(values)
            rows = [row for row in rows if row[at].strip() in kept]
        # column by column, for a file may have hundreds of thousands of rows
        texts = [self._texts(rows, column) for column in columns]
        return zip(*texts, strict=True)

    def _texts(self, rows: Sequence[Sequence[str]], column: str) -> list[str]:
        at, meanings = self.header.index(self.name(column)), self._recode.get(column)
        found = [row[at].strip() for row in rows]
        return [_meant(text, meanings) for text in found] if meanings else found


def _meant(text: str, meanings: Mapping[str, str]) -> str:
    if text in meanings:
        return meanings[text]
    return meanings[ANY] if text and ANY in meanings else text


@functools.lru_cache(maxsize=100_000)
def number(text: str) -> float | None:
    """Return the number that a cell has; None where it has none, or no measurement."""
    value = float(text) if is_decimal(text) else math.inf
    return value if abs(value) < LARGEST else None
