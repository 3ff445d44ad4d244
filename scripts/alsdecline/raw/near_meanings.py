"""What `recode` leaves as it is or takes by `*`, told where it may mean another."""

import re
from collections.abc import Iterable, Iterator, Mapping

from alsdecline.near_names import same_but_for_form
from alsdecline.raw.cell_values import recoded
from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.near_values import (
    Value,
    how_it_differs,
    listed_values,
    nearly_meant,
    values_of,
)
from alsdecline.raw.rules import Rule, Severity
from alsdecline.raw.tables import ANY, RawTable
from alsdecline.settings.columns import ColumnSpec
from alsdecline.settings.presets import is_of_a_preset
from alsdecline.settings.tables import Table

WORDS = {
    "died": {
        *("died", "death", "dead", "deceased", "fatal", "exitus", "tod", "verstorben"),
        *("gestorben", "décès", "décédé", "décédée", "死亡"),
    },
    "completed": {"completed", "complete", "completer", "finished"},
    "withdrawn": {"withdrawn", "withdrew", "withdrawal", "discontinued", "dropout"},
    "Y": {"y", "yes", "true", "1"},
    "N": {"n", "no", "false", "0"},
}
"""What people write for a permitted value."""


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
    values: list[Value], meanings: Mapping[str, str], spec: ColumnSpec
) -> Iterator[tuple[Value, str, str, Severity]]:
    """Find values under `*` that mean another: value, why, meaning, severity."""
    keys = {key: meaning for key, meaning in meanings.items() if key != ANY}
    others = {meaning: meaning for meaning in (*spec.permitted, *keys.values())}
    told: set[str] = set()
    for value, near, form in nearly_meant(values, {**others, **keys}):
        meaning = keys.get(near, near)
        if meaning != meanings[ANY]:
            severity: Severity = "fatal" if form else "warning"
            yield value, how_it_differs(value, near, form), meaning, severity
        told.add(value.text)
    for value in values:
        meaning, is_it = _word_for(value.text, others)
        if meaning and meaning != meanings[ANY] and value.text not in told:
            why = f"is a word for {meaning!r}" if is_it else f"may mean {meaning!r}"
            yield value, why, meaning, "fatal" if is_it else "warning"


def _of_star(
    raw: RawTable,
    column: str,
    values: list[Value],
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
            f"value{'s' * (len(values) > 1)}: {listed_values(values)}"
        )
        yield Finding.by_rule(Rule.OTHER_VALUES, raw.file, None, name, "", message)


def _of_keys(
    raw: RawTable, column: str, values: list[Value], meanings: Mapping[str, str]
) -> Iterator[Finding]:
    """Find values that are nearly translated."""
    name = raw.names.get(column, column)
    known = {*meanings, *meanings.values()}
    strange = [value for value in values if value.text not in known]
    for value, near, form in nearly_meant(strange, meanings):
        message = (
            f"{how_it_differs(value, near, form)}, which `recode:` translates, and is "
            f"left as it is; write {recoded(column, value.text, meanings[near])}, or "
            f"{value.text!r} for what it stands for if it is right"
            f"{further_rows(value.rows)}"
        )
        severity: Severity = "fatal" if form else "warning"
        yield Finding.by_rule(
            Rule.NEAR_KEY, raw.file, value.row, name, value.text, message, severity
        )


def _unused(
    raw: RawTable, column: str, values: list[Value], table: Table, spec: ColumnSpec
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
        if key in there or key == ANY or is_of_a_preset(column, key, meaning):
            continue
        message = (
            "no row has this value, which `recode:` in config.yaml translates to "
            f"{meaning!r}"
        )
        severity: Severity = "note"
        if strange and meaning:
            severity = "warning"
            there_is = [value for value in values if value.text in strange]
            listed = listed_values(there_is)
            message += f"; the file has {listed}. Correct it if it is misspelt"
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
        same = table.dialect.same_number_or_text
        none = {same(marker) for marker in table.missing}
        values = [
            value
            for value in values_of(written[name], written[ROW])
            if value.text in meanings or same(value.text) not in none
        ]
        if ANY in meanings:
            yield from _of_star(raw, column, values, meanings, spec)
        elif spec.kind == "text" and not spec.permitted:  # else each cell is told
            yield from _of_keys(raw, column, values, meanings)
        yield from _unused(raw, column, values, table, spec)
