"""Cells of a spreadsheet as their formats show them, where that loses nothing."""

import datetime
import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from alsdecline.table_files.cell_texts import number_text, text_of

_ZEROS = re.compile(r"0+")
_LABEL = re.compile(r'(?:"([^"]*[^\W\d_][^"]*)"|\\([A-Za-z]))(00+)')
"""Zeros behind a letter: an identifier, as P01, and no amount in a currency or unit."""
_PLACES = re.compile(r"0\.(0+)")
_QUOTED = re.compile(r'"[^"]*"|\\.')
_BESIDE_DATE = re.compile(rf"{_QUOTED.pattern}|\[[^\]]*\]|;.*")
"""What stands in the format of a date beside its parts."""


def _shown_number(value: float, form: str, point: str) -> str:
    """Return a number as its format shows it, where that loses nothing.

    Parameters
    ----------
    value : float
        The number.
    form : str
        Its format in the workbook.
    point : str
        The decimal mark.
    """
    plain = number_text(value, point)
    if form == "General":
        return plain
    if "%" in _QUOTED.sub("", form):
        return f"{value * 100:.15g}%".replace(".", point)
    if _ZEROS.fullmatch(form) and value == int(value) >= 0:
        return f"{int(value):0{len(form)}d}"
    if (label := _LABEL.fullmatch(form)) and value == int(value) >= 0:
        return f"{label[1] or label[2]}{int(value):0{len(label[3])}d}"
    if places := _PLACES.fullmatch(form):
        text = f"{value:.{len(places[1])}f}"
        if float(text) == value:
            return text.replace(".", point)
    return plain


@functools.cache
def _parts_of(form: str) -> str:
    """Return what a format shows of a date, if that is no day: its year, its month."""
    parts = {*_BESIDE_DATE.sub("", form).casefold()}
    if "y" not in parts or parts & {"d", "h", "s"}:
        return ""
    return "%Y-%m" if "m" in parts else "%Y"


def _part_shown(cell: Any) -> str:
    """Return what is shown of a date without its day, and empty of all else."""
    is_date = isinstance(cell.value, datetime.datetime)
    part = _parts_of(cell.number_format or "") if is_date else ""
    return str(cell.value.strftime(part)) if part else ""


def columns_with_days(rows: Iterable[Sequence[Any]]) -> set[int]:
    """Return the columns of which dates have a day, though their format shows none.

    A date that is typed without its day is kept as the first of the month or year.

    Parameters
    ----------
    rows : iterable of sequence
        Cells.

    Returns
    -------
    set of int
        Places of the columns, from 0.
    """
    return {
        at
        for row in rows
        for at, cell in enumerate(row)
        if (shown := _part_shown(cell))
        and cell.value.isoformat() != f"{shown}-01-01"[:10] + "T00:00:00"
    }


def shown_text(cell: Any, point: str, *, has_days: bool) -> str:
    """Return the text of a cell as the spreadsheet shows it.

    Parameters
    ----------
    cell : openpyxl cell
        Of a sheet.
    point : str
        The decimal mark.
    has_days : bool
        Whether its column is of :func:`columns_with_days`.
    """
    value = cell.value
    if not has_days and (shown := _part_shown(cell)):
        return shown
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _shown_number(value, cell.number_format or "General", point)
    if isinstance(value, datetime.timedelta):
        return str(value)
    return text_of(value, point)
