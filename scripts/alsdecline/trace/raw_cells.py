"""Cells of the raw files by number, and what is behind values as arrays of numbers.

A mark is a cell, the variable that was read from it, and the raw table, as one number:
one of 10,000 patients rests on a million of them.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

_CELL = ["file", "row", "USUBJID", "column", "sha256"]
_DOMAINS = ("SUBJECTS", "EVENTS", "EXPOSURE", "ADVERSE_EVENTS", "VISITS")
_MOST_DOMAINS, _MOST_VARIABLES = 16, 4096


@dataclasses.dataclass(frozen=True)
class RawFile:
    """Rows of a raw file, of one sheet of it where it is a workbook.

    Attributes
    ----------
    file, sheet, sha256 : str
        The file, its sheet if it has any, and its digest.
    variables : dict of str to set of str
        What was read from it, by raw table.
    columns : list of str
        The raw columns that the lineage names, sorted.
    rows : ndarray of int
        The rows, each once, rising.
    cells : list of (int, str, str)
        Row, patient and variable, sorted; of the first rows, where so many are asked.
    """

    file: str
    sheet: str
    sha256: str
    variables: dict[str, set[str]]
    columns: list[str]
    rows: np.ndarray
    cells: list[tuple[int, str, str]]


def _each_once(rising: np.ndarray) -> np.ndarray:
    return rising[np.flatnonzero(np.diff(rising, prepend=-1))]


class _Numbers:
    """Gives names numbers, from 0, as they come."""

    def __init__(self, names: Iterable[str], most: int) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._most = most
        for name in names:
            self.of(name)

    def of(self, name: str) -> int:
        if name not in self._numbers:
            assert len(self.names) < self._most, self.names
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


class RawCells:
    """The cells that lineages name, in the order of files and rows.

    Parameters
    ----------
    lineage, values : DataFrame
        Raw rows of patients by raw table (``domain``), and raw cells of values, as
        ``results/lineage`` has them.
    sheets : mapping of str to str
        The sheet of each raw table that is of a workbook.

    Attributes
    ----------
    of_lineage, of_values : ndarray of int
        The cell of each of their rows.
    """

    def __init__(
        self, lineage: pd.DataFrame, values: pd.DataFrame, sheets: Mapping[str, str]
    ) -> None:
        self._sheets = sheets
        every = pd.concat(
            [lineage.assign(column="")[_CELL], values[_CELL]], ignore_index=True
        ).astype(dict.fromkeys(set(_CELL) - {"row"}, "category"))
        numbers = every.groupby(_CELL, observed=True, sort=True).ngroup().to_numpy()
        cells = every.assign(number=numbers).drop_duplicates("number")
        self._cells = cells.sort_values("number", ignore_index=True)
        self.of_lineage, self.of_values = np.split(numbers, [len(lineage)])
        self._domains = _Numbers(_DOMAINS, _MOST_DOMAINS)
        self._variables = _Numbers((), _MOST_VARIABLES)

    def in_tables(self, cells: np.ndarray, domains: Iterable[str]) -> np.ndarray:
        """Return cells together with the raw table of each, as one number."""
        numbers = np.fromiter(map(self._domains.of, domains), dtype=np.int64)
        return cells * _MOST_DOMAINS + numbers

    def marks(
        self, in_tables: np.ndarray, variables: Iterable[str]
    ) -> Iterator[np.ndarray]:
        """Yield, for each variable, the marks of cells from which it was read.

        Parameters
        ----------
        in_tables : ndarray of int
            From :meth:`in_tables`.
        variables : iterable of str
        """
        cells, domains = np.divmod(in_tables, _MOST_DOMAINS)
        for variable in variables:
            number = self._variables.of(variable)
            yield (cells * _MOST_VARIABLES + number) * _MOST_DOMAINS + domains

    def files(self, marks: np.ndarray, most_rows: int | None) -> list[RawFile]:
        """Return what marks stand for, file by file.

        Parameters
        ----------
        marks : ndarray of int
            Each once, rising.
        most_rows : int or None
            Of how many rows of a file the cells are told at most.
        """
        cells = marks // (_MOST_VARIABLES * _MOST_DOMAINS)
        of_file = self._cells["file"].cat.codes.to_numpy()[cells]
        ends = np.flatnonzero(np.diff(of_file)) + 1
        return [
            self._raw_file(sheet, found, most_rows)
            for of_one in np.split(marks, ends)
            for sheet, found in self._by_sheet(of_one)
        ]

    def _by_sheet(self, marks: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """Yield the sheets of a file with the marks of each."""
        domains = marks % _MOST_DOMAINS
        sheets = {
            number: self._sheets.get(self._domains.names[number], "")
            for number in np.flatnonzero(np.bincount(domains)).tolist()
        }
        for sheet in sorted(set(sheets.values())):
            numbers = [number for number in sheets if sheets[number] == sheet]
            yield sheet, marks[np.isin(domains, numbers)]

    def _raw_file(
        self, sheet: str, marks: np.ndarray, most_rows: int | None
    ) -> RawFile:
        cells, rest = np.divmod(marks, _MOST_VARIABLES * _MOST_DOMAINS)
        variables: dict[str, set[str]] = defaultdict(set)
        for one in np.flatnonzero(np.bincount(rest)).tolist():
            variable, domain = divmod(one, _MOST_DOMAINS)
            variables[self._domains.names[domain]].add(self._variables.names[variable])
        of_rows = self._cells["row"].to_numpy()[cells]
        rows = _each_once(of_rows)
        kept = slice(None)
        if most_rows is not None:
            kept = slice(np.searchsorted(of_rows, rows[:most_rows][-1], side="right"))
        patients = self._cells["USUBJID"].array[cells[kept]].tolist()
        numbers = (rest[kept] // _MOST_DOMAINS).tolist()
        names = (self._variables.names[number] for number in numbers)
        columns = self._cells["column"].array[_each_once(cells)].unique()
        return RawFile(
            file=str(self._cells["file"].iloc[cells[0]]),
            sheet=sheet,
            sha256=str(self._cells["sha256"].iloc[cells[0]]),
            variables=dict(variables),
            columns=sorted(set(columns) - {""}),
            rows=rows,
            cells=sorted(
                set(zip(of_rows[kept].tolist(), patients, names, strict=True))
            ),
        )
