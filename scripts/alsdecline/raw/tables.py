"""Raw tables: a file's cells under our names, as the configuration selects them."""

import dataclasses
from collections.abc import Callable, Collection
from itertools import chain
from pathlib import Path

import pandas as pd

from alsdecline.near_names import did_you_mean, nearest
from alsdecline.raw.cells import ROW, Cells, no_cells, without_header_again
from alsdecline.raw.column_names import listed
from alsdecline.raw.csv_cells import read_csv_cells
from alsdecline.raw.either_columns import (
    filled_columns,
    unused_alternatives,
    with_one_of,
)
from alsdecline.raw.findings import Finding
from alsdecline.raw.foreign_formats import foreign_format
from alsdecline.raw.identifiers import identifier_findings, without_dropped
from alsdecline.raw.joined_columns import joined_columns
from alsdecline.raw.rules import Rule
from alsdecline.raw.typed_cells import read_typed_cells
from alsdecline.raw.unpacked_files import unpacked_content
from alsdecline.raw.wide_layout import AT, made_long, unused_columns
from alsdecline.settings.tables import Table
from alsdecline.settings.wide_columns import time_slot, visits_of, wide_columns
from alsdecline.table_files.dialect import PLAIN, Dialect
from alsdecline.table_files.reading import TEXT, format_of

ANY = "*"
"""Stands, among the values that are translated, for all others."""


@dataclasses.dataclass(frozen=True)
class RawTable:
    """A raw file's cells as text.

    Attributes
    ----------
    file : str
        The file, as the configuration names it, with its sheet.
    frame : DataFrame
        Text columns by our names, stripped; missing cells are empty. Columns that
        the configuration does not map keep their own names. :data:`ROW` is the row.
    names : dict of str to str
        Our column name: the name in the file.
    header : tuple of str
        The names in the file; empty where it cannot be read.
    left_out : DataFrame
        The rows that `where` leaves out.
    header_row : int or None
        The row of the header; None where rows are records alone.
    recoded_as : str
        Our column by which `recode:` translates the cells, if it has another name.
    dialect : Dialect
        How its numbers and dates are written.
    visits : dict of str to dict
        Of a file with a column for each visit, by what tells the visit: the names of
        its columns by ours. A row of the file is one of the frame for each visit.
    as_written : DataFrame
        The cells that `where` and `recode` go by, of all rows, as the file has them
        and by its names, and the rows.
    identities : frozenset of str
        Texts of the columns used by which a patient can be known; no finding may show
        them.
    filled : dict of str to Series
        Of columns that `one_of:` makes, by ours: the file's column that has the cell,
        by row.
    """

    file: str
    frame: pd.DataFrame
    names: dict[str, str]
    header: tuple[str, ...] = ()
    left_out: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    header_row: int | None = 1
    recoded_as: str = ""
    dialect: Dialect = PLAIN
    visits: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    as_written: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    identities: frozenset[str] = frozenset()
    filled: dict[str, pd.Series] = dataclasses.field(default_factory=dict)

    def finding(
        self, rule: Rule, row: int | None, column: str, value: str, message: str
    ) -> Finding:
        """Make a finding about one cell, by our column name."""
        name = self.names.get(column, column)
        if column in self.filled:
            name = self.filled[column].get(row, name)
        return Finding.by_rule(rule, self.file, row, name, value, message)


def _read_cells(
    path: Path, file: str, wanted: Collection[str], dialect: Dialect
) -> tuple[Cells, list[Finding]]:
    content, found = unpacked_content(path, file)
    if found:
        return no_cells(), found
    kind = format_of(path.name)
    if content and (said := foreign_format(content, kind)):
        found = [Finding.by_rule(Rule.FOREIGN_FORMAT, file, None, "", "", said)]
        return no_cells(), found
    if kind == TEXT:
        return read_csv_cells(content, file, wanted, dialect)
    return read_typed_cells(content, file, wanted, kind, dialect)


def _selected(cells: Cells, table: Table) -> tuple[pd.Series, list[Finding]]:
    """Tell which rows `where` keeps."""
    kept = pd.Series(data=True, index=cells.frame.index)
    found = []
    for name, values in table.where.items():
        if name not in cells.header:
            message = (
                "the column by which `where:` in config.yaml selects rows is missing; "
                f"{did_you_mean(name, cells.header)}the file has {listed(cells.header)}"
            )
            row = cells.header_row
            found.append(
                Finding.by_rule(
                    Rule.COLUMN_MISSING, table.place, row, name, "", message
                )
            )
            continue
        kept &= cells.frame[name].isin(values)
    if found or not len(kept):
        return kept, found
    if not kept.any():
        chosen = "; ".join(f"{n} {', '.join(v)}" for n, v in table.where.items())
        there = "; ".join(_values_there(cells, n) for n in table.where)
        message = (
            f"no row is left by `where:` in config.yaml ({chosen}){there and ': '}"
            f"{there}; correct it"
        )
        return kept, [
            Finding.by_rule(Rule.NONE_SELECTED, table.place, None, "", "", message)
        ]
    return kept, _values_of_no_row(cells, table)


MOST_VALUES = 12
"""Different values of a column by which rows are selected that are listed."""


def _values_there(cells: Cells, name: str) -> str:
    """List the values of a column by which rows are selected, if they are few."""
    values = sorted(set(cells.frame[name]) - {""})
    if not 0 < len(values) <= MOST_VALUES:
        return ""
    return f"{name} has {', '.join(repr(value) for value in values)}"


def _values_of_no_row(cells: Cells, table: Table) -> list[Finding]:
    """Find values that `where` selects and no row has, perhaps misspelt."""

    def found(name: str, value: str) -> Finding:
        near = nearest(value, set(cells.frame[name]))
        asked = f"did you mean {near!r}? " if near else ""
        message = (
            "no row has this value, which `where:` in config.yaml selects; "
            f"{asked}correct it if it is misspelt"
        )
        return Finding.by_rule(
            Rule.WHERE_VALUE, table.place, None, name, value, message
        )

    return [
        found(name, value)
        for name, values in table.where.items()
        for value in dict.fromkeys(values)
        if not (cells.frame[name] == value).any()
    ]


def _without_markers(
    texts: pd.Series, table: Table, meanings: Collection[str]
) -> pd.Series:
    """Empty the cells that say that there is no value; what has a meaning says it."""
    same = table.dialect.same_number_or_text
    said = {same(marker) for marker in table.missing}
    none = [
        text for text in pd.unique(texts) if text not in meanings and same(text) in said
    ]
    return texts.where(~texts.isin(none), "") if none else texts


def _translated(texts: pd.Series, meanings: dict[str, str]) -> pd.Series:
    """Replace the file's values by what they stand for."""
    other = meanings.get(ANY)
    known = texts.map(meanings)
    rest = texts if other is None else texts.where(texts == "", other)
    return known.where(texts.isin(list(meanings)), rest)


def read_raw(
    path: Path,
    table: Table,
    columns: Collection[str],
    decide: Callable[[Cells], Cells] | None = None,
    *,
    pseudonyms: bool = False,
) -> tuple[RawTable, list[Finding]]:
    """Read a raw file as text.

    Parameters
    ----------
    path : Path
        Where the file is.
    table : Table
        What the configuration says of it.
    columns : collection of str
        Our names of the columns that are used.
    decide : callable, optional
        Applies what was decided to the cells as they stand in the file.
    pseudonyms : bool
        Whether patients' identifiers are replaced afterwards, so that any will do.

    Returns
    -------
    RawTable
        Without rows where the file cannot be read.
    list of Finding
        Empty or unreadable file, header or rows, each with its row.
    """
    source = {ours: table.columns.get(ours, ours) for ours in columns}
    either = getattr(table, "one_of", {})
    wanted = {*source.values(), *table.where, *chain.from_iterable(either.values())}
    cells, found = _read_cells(path, table.place, wanted, table.dialect)
    cells, again = without_header_again(cells, table.place)
    cells, undropped = without_dropped(cells, table)
    found += again + undropped
    if not cells.header:
        return RawTable(table.place, cells.frame, table.columns), found
    if decide is not None:
        cells = decide(cells)
    cells, several = with_one_of(cells, table)
    filled = filled_columns(cells, table)
    found += [*several, *joined_columns(cells, table.place, wanted)]
    found += unused_alternatives(cells, table.place, {*source.values()})
    ours_of = {theirs: ours for ours, theirs in source.items()}
    identifying, identities = identifier_findings(
        cells, table, ours_of, pseudonyms=pseudonyms
    )
    found += identifying
    kept, unselected = _selected(cells, table)
    patterns, visits = wide_columns(source), {}
    if patterns and (slot := time_slot(patterns, columns)):
        meanings = table.recode.get(slot, {})
        visits = visits_of(patterns, cells.header, meanings)
        found += unused_columns(table.place, cells, patterns, slot, meanings)
        frame = made_long(cells, source, visits, slot)
        kept = kept.reindex(frame.pop(AT)).set_axis(frame.index)
    else:
        # a column may have our name by chance while we call another one so
        there = {o: cells.frame[n] for o, n in source.items() if n in cells.header}
        frame = pd.DataFrame({ROW: cells.frame[ROW], **there})
    for ours in frame.columns.drop(ROW):
        meanings = table.recode.get(ours, {})
        if table.missing and ours != "patient":
            frame[ours] = _without_markers(frame[ours], table, meanings)
        if meanings:
            frame[ours] = _translated(frame[ours], meanings)
    acted_on = {*table.where, *(source[ours] for ours in table.recode if ours in frame)}
    raw = RawTable(
        table.place,
        frame[kept],
        table.columns,
        cells.header,
        frame[~kept],
        cells.header_row,
        dialect=table.dialect,
        visits=visits,
        as_written=cells.frame[[*(n for n in cells.header if n in acted_on), ROW]],
        identities=identities,
        filled={ours: filled[n] for ours, n in source.items() if n in filled},
    )
    return raw, found + unselected
