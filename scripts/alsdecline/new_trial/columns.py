"""What the columns of a table hold: numbers, dates or text."""

import dataclasses
import functools
import math
import re
from typing import Literal

import pandas as pd

from alsdecline.new_trial.dates import Dates, is_iso, read_dates
from alsdecline.new_trial.sources import SEMICOLONS, Source
from alsdecline.table_files.cell_texts import number_text

Kind = Literal["number", "date", "text", "empty"]

_POINT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[-+]?\d*,\d+", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+", re.ASCII)
MISSING = (
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    ".",
    "-",
    "nd",
    "missing",
    "#n/a",
    "欠測",
)
"""Texts that stand for a value that is not there, in small letters."""

DECIMAL_COMMAS = "decimal commas"

MOSTLY = 0.9
"""Share of a column's cells that make it one of numbers; the others are told."""


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        As the table has it.
    kind : {"number", "date", "text", "empty"}
        What its cells are.
    texts : Series
        The cells.
    numbers : Series
        The cells as numbers; NaN where they are none.
    dates : Dates or None
        Of a column of dates.
    needs_change : str
        What the pipeline does not read as it is; empty where it does.
    ambiguous : str
        Why what the cells mean cannot be told.
    """

    name: str
    kind: Kind
    texts: pd.Series
    numbers: pd.Series
    dates: Dates | None = None
    needs_change: str = ""
    ambiguous: str = ""

    @functools.cached_property
    def different(self) -> int:
        """Number of different values, without the missing."""
        return int(self.texts[self.filled].nunique())

    @functools.cached_property
    def filled(self) -> pd.Series:
        """Tell which cells hold a value."""
        missing = self.texts.str.casefold().isin(MISSING) & self.numbers.isna()
        return (self.texts != "") & ~missing

    @property
    def is_whole(self) -> bool:
        """Tell whether all its numbers are whole."""
        return self.kind == "number" and bool((self.numbers.dropna() % 1 == 0).all())

    def not_numbers(self) -> pd.Series:
        """Return the cells that hold a value, but no number."""
        return self.texts[self.filled & self.numbers.isna()]


def _number(text: str, *, comma: bool) -> float:
    if comma and _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    value = float(text) if _POINT.fullmatch(text) else math.nan
    return value if math.isfinite(value) else math.nan


def column_of(name: str, texts: pd.Series, order: str = "") -> Column:
    """Find what a column holds.

    Parameters
    ----------
    name : str
        Its name.
    texts : Series
        Its cells.
    order : {"", "dmy", "mdy"}
        See :func:`read_dates`.

    Returns
    -------
    Column
    """
    different = [t for t in texts.unique() if t and t.casefold() not in MISSING]
    nothing = pd.Series(float("nan"), index=texts.index)
    if not different:
        return Column(name, "empty", texts, nothing)
    commas = [text for text in different if _COMMA.fullmatch(text)]
    numbers = texts.map({t: _number(t, comma=True) for t in different}).astype(
        "float64"
    )
    share = float(numbers.notna().sum() / texts.isin(different).sum())
    if share >= MOSTLY:
        points = [t for t in different if "." in t and _POINT.fullmatch(t)]
        ambiguous = change = ""
        if commas and points:
            ambiguous = (
                f"has decimal commas ({commas[0]}) and decimal points ({points[0]}); "
                "write points"
            )
        elif commas and all(_THOUSANDS.fullmatch(text) for text in commas):
            ambiguous = (
                f"{commas[0]} may be {commas[0].replace(',', '.')} or "
                f"{commas[0].replace(',', '')}; write numbers with decimal points"
            )
        elif commas:
            change = f"{DECIMAL_COMMAS} in {name!r}"
        elif any(t.casefold() in MISSING for t in texts.unique() if t):
            change = f"marks of missing values in {name!r}"
        return Column(name, "number", texts, numbers, None, change, ambiguous)
    dates = read_dates(different, order)
    if dates is not None:
        if dates.ambiguous:
            said = (
                f"{dates.ambiguous[0]} may be day or month first, and no date of the "
                "column tells; say --dates dmy or mdy"
            )
            return Column(name, "date", texts, nothing, dates, "", said)
        change = (
            "" if is_iso(dates) else f"dates in {name!r} ({', '.join(dates.forms)})"
        )
        return Column(name, "date", texts, nothing, dates, change)
    return Column(name, "text", texts, nothing)


def columns_of(source: Source, order: str = "") -> dict[str, Column]:
    """Find what each column of a table holds."""
    found = {
        str(name): column_of(str(name), texts, order)
        for name, texts in source.frame.items()
    }
    commas = any(c.needs_change.startswith(DECIMAL_COMMAS) for c in found.values())
    if not commas and SEMICOLONS not in source.changes:
        return found
    # where decimals have commas, points may group digits
    return {name: _perhaps_grouped(column) for name, column in found.items()}


def _perhaps_grouped(column: Column) -> Column:
    """Return a column of numbers, as ambiguous where each point may be of thousands."""
    points = [t for t in column.texts.unique() if "." in t and _POINT.fullmatch(t)]
    may_be = points and all(_GROUPED.fullmatch(text) for text in points)
    if column.kind != "number" or column.ambiguous or not may_be:
        return column
    said = (
        f"{points[0]} may be {points[0].replace('.', '')}, for decimals of such files "
        f"have commas; write it so, or as {points[0].replace('.', ',')}"
    )
    return dataclasses.replace(column, ambiguous=said)


def readable(column: Column) -> pd.Series:
    """Return a column's cells as the pipeline reads them."""
    if column.dates is not None and not column.ambiguous:
        return (
            column.texts.map(column.dates.iso).where(column.filled, "").astype("object")
        )
    if column.kind == "number" and column.needs_change:
        numbers = column.numbers.map(number_text).astype("object")
        return numbers.where(column.numbers.notna() | ~column.filled, column.texts)
    return column.texts
