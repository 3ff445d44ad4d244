"""Which rows of two tables are of the same thing."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

type Row = dict[str, Any]
type Pair = tuple[Row, Row]


@dataclasses.dataclass(frozen=True)
class Matched:
    """Rows of two runs that are of the same thing, and those that one alone has."""

    pairs: list[Pair]
    removed: list[Row]
    added: list[Row]


def _plain(value: Any) -> Any:
    """Return a cell as JSON has it: missing is None, a date is text."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def plain_rows(frame: pd.DataFrame) -> list[Row]:
    """Return a table's rows with their cells as JSON has them."""
    columns = [[_plain(v) for v in frame[name]] for name in frame.columns]
    return [
        dict(zip(frame.columns, cells, strict=True))
        for cells in zip(*columns, strict=True)
    ]


def _take(
    matched: Matched, key: Callable[[Row], tuple[Any, ...] | None], *, alone: bool
) -> Matched:
    """Pair rows by key; with `alone`, only where one on each side has it."""
    waiting: dict[Any, list[Row]] = defaultdict(list)
    arriving: dict[Any, int] = defaultdict(int)
    for row in matched.removed:
        waiting[key(row)].append(row)
    for row in matched.added:
        arriving[key(row)] += 1
    ambiguous = {
        k for k, rows in waiting.items() if alone and (len(rows), arriving[k]) != (1, 1)
    }
    pairs, added, gone = list(matched.pairs), [], set()
    for row in matched.added:
        k = key(row)
        if k is None or k in ambiguous or not waiting.get(k):
            added.append(row)
            continue
        partner = waiting[k].pop(0)
        gone.add(id(partner))
        pairs.append((partner, row))
    removed = [row for row in matched.removed if id(row) not in gone]
    return Matched(pairs, removed, added)


def _key_of(columns: Sequence[str]) -> Callable[[Row], tuple[Any, ...] | None]:
    """Return a row's key; a row that lacks a part of it has none."""

    def key(row: Row) -> tuple[Any, ...] | None:
        values = tuple(row.get(column) for column in columns)
        return None if None in values else values

    return key


def match_rows(
    old: Iterable[Row],
    new: Iterable[Row],
    compared: Sequence[str],
    keys: Sequence[Sequence[str]],
) -> Matched:
    """Find the rows of two tables that are of the same thing.

    Rows that are equal in all compared columns are paired first, as multisets. Of the
    rest, two rows belong together where they have a key in common that no other row
    left over has.

    Parameters
    ----------
    old, new : iterable of dict
        Rows by :func:`plain_rows`.
    compared : sequence of str
        Columns that are compared.
    keys : sequence of sequence of str
        Columns that identify a row, the surest first.

    Returns
    -------
    Matched
    """
    matched = Matched([], list(old), list(new))
    matched = _take(
        matched, lambda row: tuple(row.get(column) for column in compared), alone=False
    )
    for columns in keys:
        matched = _take(matched, _key_of(columns), alone=True)
    return matched
