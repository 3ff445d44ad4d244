"""Columns of which each row has one filled in, as items 5a and 5b of ALSFRS-R."""

import dataclasses
import re
from collections.abc import Collection, Iterator

import pandas as pd

from alsdecline.near_names import did_you_mean, same_number_or_text
from alsdecline.raw.cells import ROW, Cells
from alsdecline.raw.column_names import listed
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule
from alsdecline.settings.tables import Table

_ITEM_5A = re.compile(r"(?P<before>.*5[ _.-]?)(?P<letter>a)(?![a-z]).*", re.IGNORECASE)
"""What item 5a of ALSFRS-R is called: q5a, Q5a_Cutting_without_Gastrostomy."""


def _without_missing(texts: pd.Series, table: Table) -> pd.Series:
    """Empty the cells that say that there is no value, however a number is written."""
    same = table.dialect.same_number_or_text
    missing = {same(text) for text in table.missing}
    none = [text for text in texts.unique().tolist() if same(text) in missing]
    return texts.where(~texts.isin(none), "")


def with_one_of(cells: Cells, table: Table) -> tuple[Cells, list[Finding]]:
    """Make one column of those of which each row has one filled in.

    Parameters
    ----------
    cells : Cells
        The file.
    table : Table
        What the configuration says of it; visits alone may have such columns.

    Returns
    -------
    Cells
        With the new columns last; empty in rows that have several.
    list of Finding
        Rows that have several, warnings where these agree; columns that are not there.
    """
    found: list[Finding] = []
    for name, columns in getattr(table, "one_of", {}).items():
        found += _headers(cells, table.place, name, columns)
        there = [column for column in columns if column in cells.header]
        if not there or name in cells.header:
            continue
        texts = cells.frame[there].apply(_without_missing, table=table)
        found += _several(texts, cells.frame[ROW], table.place)
        # of several, which are told, the last as text
        made = texts.max(axis=1) if len(texts) else pd.Series(dtype="object")
        cells = dataclasses.replace(
            cells,
            header=(*cells.header, name),
            frame=cells.frame.assign(**{name: made}),
        )
    return cells, found


def filled_columns(cells: Cells, table: Table) -> dict[str, pd.Series]:
    """Return which of its columns each made one has its cells of.

    Parameters
    ----------
    cells : Cells
        From :func:`with_one_of`.
    table : Table
        What the configuration says of it.

    Returns
    -------
    dict of str to Series
        By the made column, names by row of the file, of rows with a cell alone.
    """
    found = {}
    for name, columns in getattr(table, "one_of", {}).items():
        there = [column for column in columns if column in cells.header]
        filled = cells.frame[cells.frame[name] != ""] if there else cells.frame[:0]
        same = filled[there].eq(filled[name], axis=0) if there else filled
        names = same.idxmax(axis=1) if len(filled) else pd.Series(dtype="object")
        found[name] = names.set_axis(filled[ROW])
    return found


def _headers(
    cells: Cells, place: str, name: str, columns: Collection[str]
) -> Iterator[Finding]:
    """Find that a column is not there, or the new one is."""
    row = cells.header_row
    for column in columns:
        if column not in cells.header:
            message = (
                f"no such column, of which `one_of:` makes {name!r}; "
                f"{did_you_mean(column, cells.header)}the file has "
                f"{listed(cells.header)}"
            )
            yield Finding.by_rule(Rule.COLUMN_MISSING, place, row, column, "", message)
    if name in cells.header:
        message = "the file has this column; call that of `one_of:` otherwise"
        yield Finding.by_rule(Rule.HEADER_REPEATED, place, row, name, "", message)


def _several(texts: pd.DataFrame, rows: pd.Series, place: str) -> Iterator[Finding]:
    """Find rows in which several of the columns are filled in."""
    for at in texts.index[(texts != "").sum(axis=1) > 1]:
        filled = texts.loc[at][texts.loc[at] != ""]
        shown = " and ".join(f"{name} {text!r}" for name, text in filled.items())
        agree = len({same_number_or_text(text) for text in filled}) == 1
        told = "; they agree, and the value is used" if agree else ""
        message = (
            f"{shown} are filled in, of which a row has one{told}. Look up which was "
            "asked, and empty the other"
        )
        yield Finding.by_rule(
            Rule.EITHER_ITEM,
            place,
            int(rows[at]),
            str(filled.index[-1]),
            str(filled.iloc[-1]),
            message,
            "warning" if agree else "fatal",
        )


def unused_alternatives(
    cells: Cells, place: str, used: Collection[str]
) -> Iterator[Finding]:
    """Find values of item 5b of ALSFRS-R where 5a alone is used, and is empty.

    Parameters
    ----------
    cells : Cells
        The file.
    place : str
        What the configuration calls it.
    used : collection of str
        Names of the columns that are used.

    Yields
    ------
    Finding
        With the first row that has 5b alone.
    """
    for name in cells.header:
        item = _ITEM_5A.fullmatch(name) if name in used else None
        if item is None:
            continue
        letter = "b" if item["letter"] == "a" else "B"
        other_form = re.compile(re.escape(item["before"] + letter) + r"(?![A-Za-z]).*")
        for other in cells.header:
            if other in used or not other_form.fullmatch(other):
                continue
            alone = (cells.frame[name] == "") & (cells.frame[other] != "")
            if not alone.any():
                continue
            rows = cells.frame.loc[alone, ROW]
            message = (
                f"filled in where {name!r} is empty, and not used: item 5 of ALSFRS-R "
                "is 5a without gastrostomy and 5b with it. Write "
                f"`one_of: {{item_5: [{name}, {other}]}}` below `data: visits:` in "
                f"config.yaml, and item_5 for {name} among the items"
                f"{further_rows(len(rows))}"
            )
            row = int(rows.min())
            yield Finding.by_rule(
                Rule.EITHER_ITEM, place, row, other, "", message, "warning"
            )
