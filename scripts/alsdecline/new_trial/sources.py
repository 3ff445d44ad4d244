"""What a file holds, as text, and what was done to it on the way."""

import dataclasses
import re
from pathlib import Path

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.plain_text import one_line

LONGEST_NAME = 200
"""Characters of a column's name; more are no name."""

SEMICOLONS = "separator semicolon"
"""A change of a file that is written where decimals have commas."""

MOST_SHOWN = 3
"""Cells or rows of a kind that are told one by one."""


@dataclasses.dataclass(frozen=True)
class Source:
    """A table of a file, or of a sheet of one.

    Attributes
    ----------
    path : Path
        The file as it was given.
    sheet : str
        The sheet; empty where a file holds one table.
    frame : DataFrame
        Text, stripped; missing cells are empty. The names of columns differ.
    rows : Series
        The row of each record in the file, on the frame's index.
    changes : tuple of str
        What the pipeline's own readers could not have taken as it is; empty where
        they can read the file.
    notes : tuple of str
        What else was found in reading it.
    """

    path: Path
    sheet: str
    frame: pd.DataFrame
    rows: pd.Series
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name, with the sheet, for messages."""
        return one_line(f"{self.path.name}{f' [{self.sheet}]' if self.sheet else ''}")

    @property
    def stem(self) -> str:
        """A name for a file that is made of it: plain letters and digits."""
        base = self.path.name.split(".")[0]
        text = "_".join(filter(None, (base, self.sheet)))
        return re.sub(r"[^\w-]+", "_", text).strip("_") or "table"

    def row(self, index: object) -> int:
        """Return the row in the file of a record."""
        return int(self.rows.to_dict()[index])


def counted(count: int, noun: str) -> str:
    """Return a number with what it counts: '1 row', '2 rows'."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def told_names(header: list[str]) -> list[str]:
    """Tell columns of the same name apart, by their number among these."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        chosen = name if seen[name] == 1 else f"{name}_{seen[name]}"
        while chosen in names or (seen[name] > 1 and chosen in header):
            chosen += "_"
        names.append(chosen)
    return names


def source_of_cells(
    path: Path,
    sheet: str,
    header: list[str],
    records: list[tuple[int, list[str]]],
    changes: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Source:
    """Make a table of cells, all records as long as the header.

    Columns without a name are left out where they are empty or number the rows, as
    spreadsheets and R write them; columns of one name are told apart.

    Raises
    ------
    DataError
        If a column without a name holds data, or a name is too long.
    """
    columns = [[row[i] for _, row in records] for i in range(len(header))]
    kept: list[int] = []
    broken = [name for name in header if len(name.splitlines()) > 1]
    more = [f"line ends in {name!r} made blanks" for name in broken]
    header = [" ".join(name.splitlines()) for name in header]
    faults = [
        f"{one_line(path.name)}, column {i}: its name has {len(name)} characters; "
        f"write one of at most {LONGEST_NAME} into the header"
        for i, name in enumerate(header, 1)
        if len(name) > LONGEST_NAME
    ]
    for i, name in enumerate(header):
        if name:
            kept.append(i)
        elif not any(columns[i]):
            more.append(f"column {i + 1}, without a name, is empty: left out")
        elif i == 0 and len(set(columns[i])) == len(columns[i]):
            more.append("column 1, without a name, names the rows: left out")
        else:
            faults.append(
                f"{one_line(path.name)}, column {i + 1}: has values "
                f"({one_line(next(filter(None, columns[i])))[:30]}) but no name; write "
                "one into the header"
            )
    if faults:
        raise DataError("\n".join(faults))
    named = [header[i] for i in kept]
    names = told_names(named)
    more += [
        f"the header has {old!r} {named.count(old)} times: told apart as {new!r}"
        for old, new in zip(named, names, strict=True)
        if old != new
    ]
    frame = pd.DataFrame(
        {name: columns[i] for name, i in zip(names, kept, strict=True)}, dtype="object"
    )
    rows = pd.Series([row for row, _ in records], dtype="int64")
    return Source(path, sheet, frame, rows, (*changes, *more), notes)
