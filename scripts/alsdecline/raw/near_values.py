"""What `where` and `recode` leave out or leave as it is, told where it is nearly meant.

A value that differs from a configured one only by how it is typed would lose its row,
or become a level of its own, without a word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from alsdecline.near_names import (
    how_alike,
    same_but_for_form,
    same_number_or_text,
    value_meant,
)
from alsdecline.raw.cell_values import recoded
from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule, Severity
from alsdecline.raw.tables import ANY, RawTable
from alsdecline.settings.columns import ColumnSpec
from alsdecline.settings.data import Table
from alsdecline.settings.examples import in_one_line

MOST_LISTED = 8
"""Values that a note lists; of more it says how many."""

LONGEST = 30
"""Characters of each."""

MOST_COMPARED = 200_000
"""Pairs of values whose letters are compared; of more, only how they are typed."""

WORDS = {
    "died": {"died", "death", "dead", "deceased", "fatal", "exitus"},
    "completed": {"completed", "complete", "completer", "finished"},
    "withdrawn": {"withdrawn", "withdrew", "withdrawal", "discontinued", "dropout"},
    "Y": {"y", "yes", "true", "1"},
    "N": {"n", "no", "false", "0"},
}
"""What people write for a permitted value."""


class _Value(NamedTuple):
    """A value of a file, the row that has it first, and in how many it is."""

    text: str
    row: int
    rows: int


def _values(texts: pd.Series, rows: pd.Series) -> list[_Value]:
    """Return the different values of a column that are not empty, as they come."""
    grouped = rows[texts != ""].groupby(texts[texts != ""], sort=False)
    first, counts = grouped.min(), grouped.size()
    return [
        _Value(str(text), int(row), int(count))
        for text, row, count in zip(first.index, first, counts, strict=True)
    ]


def _meant(
    values: Iterable[_Value], known: Iterable[str]
) -> Iterator[tuple[_Value, str, bool]]:
    """Find values that are nearly known ones, and whether but for how they are typed.

    Yields the value, the one that is meant, and whether it differs in form alone.
    """
    strange, names = list(values), [name for name in known if name]
    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(same_but_for_form(name), name)
    few = len(strange) * len(names) <= MOST_COMPARED
    for value in strange:
        if near := by_form.get(same_but_for_form(value.text), ""):
            yield value, near, True
        elif few:
            near, _ = value_meant(value.text, names)
            if near:
                yield value, near, False


def _listed(values: Iterable[_Value]) -> str:
    """List values with their numbers, the most frequent first."""
    by_count = sorted(values, key=lambda v: (-v.rows, v.text))
    shown = [f"{v.text[:LONGEST]!r} {v.rows}" for v in by_count[:MOST_LISTED]]
    more = len(by_count) - MOST_LISTED
    return ", ".join(shown) + (f" and {more} others" if more > 0 else "")


def _differs(value: _Value, near: str, form: bool) -> str:
    if value.text == near:
        return f"is {near!r} itself"
    how = how_alike(value.text, near) if form else "by a letter or two"
    return f"differs from {near!r} {how}"


def selection_told(raw: RawTable, table: Table) -> Iterator[Finding]:
    """Find rows that `where` leaves out although they are nearly selected.

    Parameters
    ----------
    raw : RawTable
        As it was selected.
    table : Table
        What the configuration says of it.

    Yields
    ------
    Finding
        With the first row of each such value; last a note that counts.
    """
    written = raw.as_written
    if raw.frame.empty or not table.where:
        return
    rows = written[ROW]
    kept = {name: written[name].isin(values) for name, values in table.where.items()}
    out = ~pd.DataFrame(kept).all(axis=1)
    if not out.any():
        return
    counted = []
    for name, selected in table.where.items():
        others = pd.DataFrame(kept).drop(columns=name).all(axis=1)
        lost = out & others & ~kept[name]
        values = _values(written.loc[lost, name], rows[lost])
        counted += [f"{name} {_listed(values)}"] if values else []
        for value, near, form in _meant(values, selected):
            severity: Severity = "fatal" if form else "warning"
            meant = in_one_line(table.where | {name: [*selected, value.text]})
            message = (
                f"left out by `where:`, and {_differs(value, near, form)}; if it means "
                f"the same, write `where: {meant}`{further_rows(value.rows)}"
            )
            yield Finding.by_rule(
                Rule.NEAR_SELECTED,
                raw.file,
                value.row,
                name,
                value.text,
                message,
                severity,
            )
    which = f" ({'; '.join(counted)})" if counted else ""
    message = f"`where:` leaves out {int(out.sum())} of {len(out)} rows{which}"
    yield Finding.by_rule(Rule.ROWS_LEFT_OUT, raw.file, None, "", "", message)


def patients_told(raw: RawTable, ours: pd.Series) -> Iterator[Finding]:
    """Count the rows of patients whom `where` leaves out of the subjects.

    Parameters
    ----------
    raw : RawTable
        Another table than theirs.
    ours : Series of bool
        Which of its rows are of the others.

    Yields
    ------
    Finding
        A note, if there are any.
    """
    if ours.all():
        return
    patients = raw.frame.loc[~ours, "patient"].nunique()
    message = (
        f"{int((~ours).sum())} rows are left out with their {patients} patients, whom "
        "`where:` below `data: subjects:` leaves out"
    )
    yield Finding.by_rule(Rule.ROWS_LEFT_OUT, raw.file, None, "", "", message)


def parameters_told(raw: RawTable, used: Iterable[str]) -> Iterator[Finding]:
    """Find measurements whose parameter is nearly one that is used.

    Parameters
    ----------
    raw : RawTable
        Measurements, with a column ``parameter``.
    used : iterable of str
        The parameters of outcomes and items.

    Yields
    ------
    Finding
        With the first row of each such parameter.
    """
    known = list(used)
    others = raw.frame[~raw.frame["parameter"].isin(known)]
    values = _values(others["parameter"], others[ROW])
    for value, near, form in _meant(values, known):
        message = (
            f"{_differs(value, near, form)}, a parameter of the outcomes, and is not "
            f"used; write {recoded('parameter', value.text, near)} if it is the same"
            f"{further_rows(value.rows)}"
        )
        severity: Severity = "fatal" if form else "warning"
        yield Finding.by_rule(
            Rule.NEAR_PARAMETER,
            raw.file,
            value.row,
            raw.names.get("parameter", "parameter"),
            value.text,
            message,
            severity,
        )


def _word_for(text: str, meanings: Iterable[str]) -> tuple[str, bool]:
    """Find the meaning that a value has a word for, and whether it is that word."""
    folded = same_but_for_form(text)
    words = set(re.findall(r"\w+", folded))
    for meaning in meanings:
        known = WORDS.get(meaning, set())
        if folded in known:
            return meaning, True
        if {w for w in known if len(w) > 1} & words:
            return meaning, False
    return "", False


def _swallowed(
    values: list[_Value], meanings: Mapping[str, str], spec: ColumnSpec
) -> Iterator[tuple[_Value, str, str, Severity]]:
    """Find values under `*` that mean another: value, why, meaning, severity."""
    keys = {key: meaning for key, meaning in meanings.items() if key != ANY}
    others = {meaning: meaning for meaning in (*spec.permitted, *keys.values())}
    told: set[str] = set()
    for value, near, form in _meant(values, {**others, **keys}):
        meaning = keys.get(near, near)
        if meaning != meanings[ANY]:
            severity: Severity = "fatal" if form else "warning"
            yield value, _differs(value, near, form), meaning, severity
        told.add(value.text)
    for value in values:
        meaning, is_it = _word_for(value.text, others)
        if meaning and meaning != meanings[ANY] and value.text not in told:
            why = f"is a word for {meaning!r}" if is_it else f"may mean {meaning!r}"
            yield value, why, meaning, "fatal" if is_it else "warning"


def _of_star(
    raw: RawTable,
    column: str,
    values: list[_Value],
    meanings: Mapping[str, str],
    spec: ColumnSpec,
) -> Iterator[Finding]:
    """Find what `*` swallows, and list all that it takes."""
    name, star = raw.names.get(column, column), meanings[ANY]
    values = [value for value in values if value.text not in meanings]
    for value, why, meaning, severity in _swallowed(values, meanings, spec):
        message = (
            f"taken for {star!r} by '*' of `recode:`, and {why}; say what it stands "
            f"for, as {recoded(column, value.text, meaning)}, or {star!r} if that is "
            f"right{further_rows(value.rows)}"
        )
        rule, row = Rule.SWALLOWED, value.row
        yield Finding.by_rule(rule, raw.file, row, name, value.text, message, severity)
    if values:
        message = (
            f"'*' of `recode:` takes for {star!r} {len(values)} other "
            f"value{'s' * (len(values) > 1)}: {_listed(values)}"
        )
        yield Finding.by_rule(Rule.OTHER_VALUES, raw.file, None, name, "", message)


def _of_keys(
    raw: RawTable, column: str, values: list[_Value], meanings: Mapping[str, str]
) -> Iterator[Finding]:
    """Find values that are nearly translated."""
    name = raw.names.get(column, column)
    known = {*meanings, *meanings.values()}
    strange = [value for value in values if value.text not in known]
    for value, near, form in _meant(strange, meanings):
        message = (
            f"{_differs(value, near, form)}, which `recode:` translates, and is left "
            f"as it is; write {recoded(column, value.text, meanings[near])}, or "
            f"{value.text!r} for what it stands for if it is right"
            f"{further_rows(value.rows)}"
        )
        severity: Severity = "fatal" if form else "warning"
        yield Finding.by_rule(
            Rule.NEAR_KEY, raw.file, value.row, name, value.text, message, severity
        )


def _unused(
    raw: RawTable, column: str, values: list[_Value], table: Table, spec: ColumnSpec
) -> Iterator[Finding]:
    """Find keys of `recode` that no row has."""
    name, meanings = raw.names.get(column, column), table.recode[column]
    there = {value.text for value in values}
    accounted = {*meanings, *spec.permitted}
    if ANY not in meanings:
        accounted |= {*meanings.values()}
    # what numbers are left as they are cannot be what a word was to stand for
    strange = there - accounted if spec.kind == "text" else set()
    for key, meaning in meanings.items():
        if key in there or key == ANY:
            continue
        message = (
            "no row has this value, which `recode:` in config.yaml translates to "
            f"{meaning!r}"
        )
        severity: Severity = "note"
        if strange and meaning:
            severity = "warning"
            there_is = [value for value in values if value.text in strange]
            message += (
                f"; the file has {_listed(there_is)}. Correct it if it is misspelt"
            )
        rule = Rule.UNUSED_KEY
        yield Finding.by_rule(rule, raw.file, None, name, key, message, severity)


def translations_told(
    raw: RawTable, table: Table, specs: Mapping[str, ColumnSpec]
) -> Iterator[Finding]:
    """Find values that `recode` translates nearly, or by `*` as others.

    Parameters
    ----------
    raw : RawTable
        As it was selected.
    table : Table
        What the configuration says of it.
    specs : mapping of str to ColumnSpec
        What our columns may hold.

    Yields
    ------
    Finding
        With the first row of each such value; a note of all that `*` stands for, and
        keys of no row.
    """
    if raw.frame.empty or not table.recode:
        return
    written = raw.as_written[raw.as_written[ROW].isin(raw.frame[ROW])]
    for column, meanings in table.recode.items():
        name = raw.names.get(column, column)
        if name not in written or column not in specs:
            continue
        spec = specs[column]
        none = {same_number_or_text(marker) for marker in table.missing}
        values = [
            value
            for value in _values(written[name], written[ROW])
            if value.text in meanings or same_number_or_text(value.text) not in none
        ]
        if ANY in meanings:
            yield from _of_star(raw, column, values, meanings, spec)
        elif spec.kind == "text" and not spec.permitted:  # else each cell is told
            yield from _of_keys(raw, column, values, meanings)
        yield from _unused(raw, column, values, table, spec)
