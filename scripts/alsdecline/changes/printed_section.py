"""How parts of a comparison are printed: cells, counts, and tables cut to length."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import MINUS

MOST_LISTED = 200
"""Rows of a table that are printed; the JSON file has them all."""

NONE = "\N{EN DASH}"


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of the page: sentences, then tables by caption.

    Those `folded` are for who looks for them.
    """

    title: str
    sentences: Sequence[str]
    tables: Mapping[str, PrintedTable]
    folded: Mapping[str, PrintedTable] = dataclasses.field(default_factory=dict)


def counted(n: int, noun: str) -> str:
    """Write a number with its noun, in the plural where there is not one."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


def cell(value: Any) -> str:
    """Print a value as it is, for a change in the last digit is a change."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        shown = str(int(value)) if value.is_integer() else repr(value)
        return shown.replace("-", MINUS)
    if isinstance(value, list):
        return ", ".join(map(cell, value)) or "(none)"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {cell(part)}" for name, part in value.items())
    return str(value) if value != "" else "(empty)"


def shortened(table: PrintedTable, sentences: list[str]) -> PrintedTable:
    """Print no more rows than a reader reads, and say how many are left out."""
    left = len(table.rows) - MOST_LISTED
    if left > 0:
        sentences.append(
            f"The first {MOST_LISTED} of {len(table.rows)} are listed; the other "
            f"{left} stand in the JSON form of this comparison."
        )
    return PrintedTable(table.head, table.rows[:MOST_LISTED])
