"""Cells of printed tables, which know the ids of the values that they print."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from alsdecline.value_ids import ROW_ID


class Cell(str):
    """A text that prints values of result tables.

    Attributes
    ----------
    ids : tuple of str
        The ids of the values, in the order in which they are printed.
    """

    __slots__ = ("ids",)

    ids: tuple[str, ...]

    def __new__(cls, text: str, ids: Sequence[str] = ()) -> "Cell":
        """Make a cell of its text and the ids of its values."""
        cell = super().__new__(cls, text)
        cell.ids = tuple(ids)
        return cell


def ids_of(row: Any, *columns: str) -> tuple[str, ...]:
    """Return the ids of values in a row of a result table.

    Parameters
    ----------
    row : Series or mapping
        A row with its id (:func:`alsdecline.value_ids.with_row_ids`).
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


def cell_of(text: str, row: Any, *columns: str) -> Cell:
    """Return a cell that prints values in a row of a result table."""
    return Cell(text, ids_of(row, *columns))
