"""A printed table laid out: no empty column, rows in groups, numbers aligned.

What is laid out here is of no format, so that any page or document shows it alike.
"""

import dataclasses
import itertools
import re
from collections.abc import Sequence

from alsdecline.report.cells import Cell
from alsdecline.report.laid_tables import (
    HeadCell,
    LaidCell,
    LaidTable,
    RowGroup,
    with_notes_marked,
)
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import KEEP

_DIGITS = r"(?:[<>] )?[-+\N{MINUS SIGN}]?\d[\d,]*(?:\.\d+)?"
_INFINITE = r"[-\N{MINUS SIGN}]?\N{INFINITY}"
_NUMBER = re.compile(rf"{_DIGITS}%?|{_INFINITE}")
_WITH_FRACTION = re.compile(r"(?:[<>] )?[-+\N{MINUS SIGN}]?\d[\d,]*(\.\d+)?")
_NUMBERS = re.compile(rf"{_DIGITS}%?(?: (?:to|of) {_DIGITS}%?| [(\[][^)\]]*[)\]])")
_END = r"[-+\N{MINUS SIGN}]?(?:\d[\d,]*(?:\.\d+)?|\N{INFINITY})"
_INTERVAL = re.compile(rf"({_END}) to ({_END})")
_ENDS = (", lower", ", upper")
_NONE = {"", "\N{EN DASH}", "not given"}
FEWEST_IN_A_GROUP = 2
"""Rows that groups have on average, at least; else names stay in their column."""


def without_empty_columns(table: PrintedTable) -> PrintedTable:
    """Return a table without the columns in which no row has anything.

    Parameters
    ----------
    table : PrintedTable
        A table; one without rows stays as it is.

    Returns
    -------
    PrintedTable
    """
    if not table.rows:
        return table
    kept = [
        place
        for place in range(len(table.head))
        if any(row[place].strip() for row in table.rows)
    ]
    rows = [[row[place] for place in kept] for row in table.rows]
    head = [table.head[place] for place in kept]
    return dataclasses.replace(table, head=head, rows=rows)


def _said(cells: Sequence[str]) -> list[str]:
    """Return those of a column's cells that say something."""
    plain = (cell.replace(KEEP, " ") for cell in cells)
    return [text for text in plain if text not in _NONE]


def _ends(cell: str) -> tuple[str, str]:
    """Return an interval's ends, each with its own id; what is none comes first."""
    found = _INTERVAL.fullmatch(cell.replace(KEEP, " "))
    if not found:
        return cell, ""
    ids = getattr(cell, "ids", ())
    return Cell(found[1], ids[:1]), Cell(found[2], ids[1:])


def with_ends_apart(table: PrintedTable) -> PrintedTable:
    """Return a table with a column for each end of its intervals.

    Parameters
    ----------
    table : PrintedTable
        A table. Its columns of intervals are those in which all that is said is two
        numbers with "to" between them.

    Returns
    -------
    PrintedTable
    """
    head: list[str] = []
    columns: list[Sequence[str]] = []
    for place, name in enumerate(table.head):
        cells = [row[place] for row in table.rows]
        said = _said(cells)
        if said and all(_INTERVAL.fullmatch(text) for text in said):
            head += [f"{name}{end}" for end in _ENDS]
            columns += zip(*(_ends(cell) for cell in cells), strict=True)
        else:
            head.append(name)
            columns.append(cells)
    rows = [list(row) for row in zip(*columns, strict=True)]
    return dataclasses.replace(table, head=head, rows=rows)


def _head_rows(head: Sequence[str]) -> list[list[HeadCell]]:
    """Put what an interval's ends are of above them."""
    above = [
        next((name.removesuffix(end) for end in _ENDS if name.endswith(end)), "")
        for name in head
    ]
    if not any(above):
        return [[HeadCell(name, place=i, name=name) for i, name in enumerate(head)]]
    upper: list[HeadCell] = []
    lower: list[HeadCell] = []
    for of, run in itertools.groupby(enumerate(head), key=lambda one: above[one[0]]):
        columns = list(run)
        if of:
            upper.append(HeadCell(of, columns=len(columns)))
            lower += [
                HeadCell(name.removeprefix(f"{of}, "), place=i, name=name)
                for i, name in columns
            ]
        else:
            upper += [HeadCell(name, rows=2, place=i, name=name) for i, name in columns]
    return [upper, lower]


def _kind(cells: Sequence[str]) -> str:
    """Return what a column holds, by those of its cells that say something."""
    said = _said(cells)
    if said and all(_NUMBER.fullmatch(text) for text in said):
        return "number"
    both = (_NUMBER.fullmatch(text) or _NUMBERS.fullmatch(text) for text in said)
    return "numbers" if said and all(both) else "text"


def _padded(cells: Sequence[str]) -> list[LaidCell]:
    """Say of each number what it lacks behind, to the longest fraction."""
    found = [_WITH_FRACTION.match(cell) for cell in cells]
    fractions = [(match[1] or "") if match else "" for match in found]
    longest = max(fractions, key=len, default="")
    pads = [
        ("." + "0" * (len(longest) - 1))[len(fraction) :] if match and longest else ""
        for match, fraction in zip(found, fractions, strict=True)
    ]
    return [LaidCell(cell, pad) for cell, pad in zip(cells, pads, strict=True)]


def _may_be_grouped(table: PrintedTable) -> bool:
    """Tell whether the first column repeats names that stand together."""
    names = [row[0] for row in table.rows]
    runs = [name for name, _ in itertools.groupby(names)]
    return (
        len(table.head) > FEWEST_IN_A_GROUP
        and len(runs) == len(set(names))
        and len(runs) * FEWEST_IN_A_GROUP <= len(names)
        and all(name and not getattr(name, "ids", ()) for name in runs)
    )


def laid_out(printed: PrintedTable) -> LaidTable:
    """Lay a table out.

    Parameters
    ----------
    printed : PrintedTable
        A table as its section has it.

    Returns
    -------
    LaidTable
        Without columns that are empty throughout, intervals in two
        columns. Where the first column repeats its names, rows stand under their name
        in groups, in the order that they have. Footnotes are marked by letters.
    """
    table = with_ends_apart(without_empty_columns(printed))
    grouped = _may_be_grouped(table)
    names = [row[0] if grouped else "" for row in table.rows]
    first = 1 if grouped else 0
    columns = [
        [row[place] for row in table.rows] for place in range(first, len(table.head))
    ]
    kinds = [_kind(column) for column in columns]
    laid = [
        _padded(column) if kind == "number" else [LaidCell(cell) for cell in column]
        for kind, column in zip(kinds, columns, strict=True)
    ]
    rows = zip(names, zip(*laid, strict=True), strict=True)
    groups = [
        RowGroup(name, [list(row) for _, row in part])
        for name, part in itertools.groupby(rows, key=lambda row: row[0])
    ]
    head = table.head[first:]
    by = table.head[0] if grouped else ""
    laid_table = LaidTable(head, _head_rows(head), kinds, groups, by, [])
    return with_notes_marked(laid_table, table.notes)
