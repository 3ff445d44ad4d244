"""A table as texts, with the row of each record, and what is wrong there."""

import dataclasses
from collections.abc import Collection, Sequence

MOST_CELLS = 40_000_000
"""Cells of a table; what declares more is made to fill a memory."""

TOO_MANY = "has more cells than are read; export the columns that are used as CSV"


@dataclasses.dataclass(frozen=True)
class Fault:
    """What is wrong with a file, a row or a cell.

    Attributes
    ----------
    rule : str
        Id of a rule of the catalogue.
    message : str
        What is wrong, and the remedy.
    row : int or None
        As the file's program counts.
    column : str
        By its name in the file.
    value : str
        The cell as the file has it.
    """

    rule: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""


class TableError(Exception):
    """A file cannot be read as a table.

    Attributes
    ----------
    faults : tuple of Fault
        Why not.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


@dataclasses.dataclass(frozen=True)
class TextTable:
    """A table as texts.

    Attributes
    ----------
    header : tuple of str
        The names of all columns.
    columns : dict of str to list of str
        Cells of the wanted columns, stripped; missing ones are empty.
    rows : sequence of int
        The row of each record, as the file's program counts.
    header_row : int or None
        The row of the header; None where rows are records alone.
    faults : tuple of Fault
        What is wrong with cells.
    first_rows : tuple of tuple of int and list of str
        Rows below the header with all their cells, where the header may be one of them.
    """

    header: tuple[str, ...]
    columns: dict[str, list[str]]
    rows: Sequence[int]
    header_row: int | None = None
    faults: tuple[Fault, ...] = ()
    first_rows: tuple[tuple[int, list[str]], ...] = ()


def is_wanted(name: str, header: Sequence[str], wanted: Collection[str] | None) -> bool:
    """Tell whether a column is to be read: it is asked for, and there once."""
    asked = wanted is None or name in wanted
    return asked and bool(name) and header.count(name) == 1


def refuse_too_many(rows: int, columns: int) -> None:
    """Stop where a table has, or says that it has, more cells than are read.

    Raises
    ------
    TableError
        If so.
    """
    if rows * max(columns, 1) > MOST_CELLS:
        raise TableError(Fault("damaged", f"the file {TOO_MANY}"))
