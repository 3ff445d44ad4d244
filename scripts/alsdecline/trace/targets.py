"""What `trace` is asked about: one value of a table, or a file."""

import dataclasses
import difflib
import re
from pathlib import PurePosixPath

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.plain_text import one_line
from alsdecline.trace.results import TrialResults
from alsdecline.value_ids import table_name

_CELL = re.compile(r"(?P<file>.+\.csv):(?P<row>[^:]*):(?P<column>[^:]*)")


@dataclasses.dataclass(frozen=True)
class Value:
    """A cell of a result table.

    Attributes
    ----------
    file, table : str
        The table's file, relative to the trial's folder, and its name.
    row : int
        Its row, the header being row 1.
    column : str
        Its column.
    cells : dict of str to str
        All cells of the row.
    row_id : str
        The id of the row.
    """

    file: str
    table: str
    row: int
    column: str
    cells: dict[str, str]
    row_id: str

    @property
    def id(self) -> str:
        """The id of the value."""
        return f"{self.row_id}:{self.column}"


def target_of(results: TrialResults, target: str) -> Value | str:
    """Find what a target names.

    Parameters
    ----------
    results : TrialResults
        The trial's results.
    target : str
        The id of a value, ``<file>.csv:<row>:<column>``, or a file.

    Returns
    -------
    Value or str
        A value, or a file relative to the trial's folder.

    Raises
    ------
    DataError
        If there is no such thing; one line says what there is.
    """
    place = _CELL.fullmatch(target)
    if place:
        return _value_at(results, place["file"], place["row"], place["column"])
    if ":" in target and not (results.folder / target).is_file():
        return _value_named(results, target)
    return _file(results, target)


def _inside(results: TrialResults, file: str) -> str:
    """Return a file's path relative to the trial's folder, if it lies in there."""
    folder = results.folder.resolve()
    path = (folder / file).resolve()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else file


def _file(results: TrialResults, target: str) -> str:
    file = _inside(results, target)
    if (results.folder / file).is_file():
        return file
    raise DataError(
        f"{target}: no such file in {results.folder}; a target is a file under "
        "results/, <table>.csv:<row>:<column>, or the id of a value as the report "
        "shows it"
    )


def _table(results: TrialResults, file: str) -> pd.DataFrame:
    if file not in results.tables.values():
        there = ", ".join(results.tables.values()) or "none; run snakemake"
        raise DataError(f"{file}: no such result table; there are {there}")
    return results.table(file)


def _checked_column(frame: pd.DataFrame, column: str, where: str) -> None:
    if column not in frame.columns:
        there = ", ".join(frame.columns)
        raise DataError(f"{where}: no column {column!r}; permitted are {there}")


def _value(results: TrialResults, file: str, position: int, column: str) -> Value:
    table = table_name(PurePosixPath(file))
    cells = results.cells(file)[position]
    name = list(results.row_places(file))[position]
    return Value(file, table, position + 2, column, cells, name)


def _value_at(results: TrialResults, file: str, row: str, column: str) -> Value:
    file = _inside(results, file)
    frame = _table(results, file)
    last = len(frame) + 1
    if not row.isdecimal() or not 2 <= int(row) <= last:
        permitted = f"2 to {last}, the header being row 1" if len(frame) else "none"
        raise DataError(f"{file}: no data row {row!r}; permitted are {permitted}")
    _checked_column(frame, column, file)
    return _value(results, file, int(row) - 2, column)


def _value_named(results: TrialResults, target: str) -> Value:
    name, _, column = target.rpartition(":")
    tables = [t for t in results.tables if name.startswith((f"{t}/", f"{t}#"))]
    if not tables:
        there = ", ".join(results.tables) or "none; run snakemake"
        raise DataError(
            f"{target}: an id begins with the name of a result table; there are {there}"
        )
    known: list[str] = []
    for table in sorted(tables, key=len, reverse=True):
        file = results.tables[table]
        places = results.row_places(file)
        if name in places:
            _checked_column(results.table(file), column, target)
            return _value(results, file, places[name], column)
        known += places
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.0)
    raise DataError(
        f"{target}: {tables[-1]} has no such row; the closest are "
        f"{', '.join(map(one_line, near))}"
        if near
        else f"{target}: {tables[-1]} has no rows"
    )
