"""A printed cell, which keeps the ids of the values that it prints."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from alsdecline.value_ids import ROW_ID


class Cell(str):
    """A text that prints values of result tables.

    Attributes
    ----------
    ids : tuple of str
        The ids of the values, in the order in which they are printed.
    patients : tuple of str
        The patients that it names, in the order in which they are named.
    complements : tuple of str
        Those of the ids of which it prints 100% less the value: a probability of the
        contrary.
    """

    __slots__ = ("complements", "ids", "patients")

    ids: tuple[str, ...]
    patients: tuple[str, ...]
    complements: tuple[str, ...]

    def __new__(
        cls,
        text: str,
        ids: Sequence[str] = (),
        patients: Iterable[str] = (),
        complements: Iterable[str] = (),
    ) -> "Cell":
        """Make a cell of its text, the ids of its values, and whom it names."""
        cell = super().__new__(cls, text)
        cell.ids = tuple(ids)
        cell.patients = tuple(patients)
        cell.complements = tuple(complements)
        return cell


def ids_of(row: Any, *columns: str) -> tuple[str, ...]:
    """Return the ids of values in a row of a result table.

    Parameters
    ----------
    row : Series or mapping
        A row with its id (:func:`alsdecline.result_tables.with_row_ids`).
    *columns : str
        The values' columns.

    Returns
    -------
    tuple of str
        Empty where the row has no id, as one that was not read from a file.
    """
    name = row.get(ROW_ID)
    return (
        () if name is None or pd.isna(name) else tuple(f"{name}:{c}" for c in columns)
    )


def cell_of(text: str, row: Any, *columns: str, complement: str = "") -> Cell:
    """Return a cell that prints values in a row of a result table.

    Parameters
    ----------
    text : str
        What is printed.
    row : Series or mapping
        A row with its id.
    *columns : str
        The values' columns.
    complement : str, optional
        The one of these whose value is printed as 100% less it.

    Returns
    -------
    Cell
    """
    contrary = ids_of(row, complement) if complement else ()
    return Cell(text, ids_of(row, *columns), complements=contrary)
