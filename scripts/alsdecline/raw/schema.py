"""Schemas of the raw tables: types, ranges and permitted values, cell by cell."""

import functools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.plain_text import control_character
from alsdecline.raw.cell_dates import MONTHS, day_first, parse_date
from alsdecline.raw.cell_messages import absent_column, broken_rule
from alsdecline.raw.cell_values import (
    FORMULA_ERRORS,
    UNDER_ITS_FILE,
    parse_number,
    recoded,
)
from alsdecline.raw.cells import ROW, factorized
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.partial_dates import FROM, partial_dates, with_parts
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable
from alsdecline.raw.times_of_day import has_zone
from alsdecline.settings.columns import ColumnSpec
from alsdecline.table_files.dialect import NO_DAY

FEWEST_OF_EITHER = 3
"""Different real dates, and texts, that chance hardly parts by the day of the month."""

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _parse_column(
    raw: RawTable, name: str, spec: ColumnSpec, passed_over: pd.Index
) -> tuple[pd.Series, list[Finding]]:
    """Convert one column from text; what cannot be converted becomes missing."""
    texts = raw.frame[name]
    if len(passed_over):
        texts = texts.mask(texts.index.isin(passed_over), "")
    if spec.kind == "text":
        found = [*_unprintable(raw, name), *_error_cells(raw, name)]
        # each text is one object, whose hash is then taken once
        text_at, different = factorized(texts)
        objects = np.array([text or None for text in different], dtype="object")
        return pd.Series(objects[text_at], texts.index, dtype="object"), found
    column = raw.recoded_as or name
    written = raw.dialect
    # a column has far fewer texts than cells, so each text is read once
    text_at, different = factorized(texts)
    parse: Any = functools.partial(
        parse_number, column=column, spec=spec, dialect=written
    )
    if spec.kind == "date":
        by_day = day_first(different)
        parse = functools.partial(
            parse_date, column=column, spec=spec, by_day=by_day, dialect=written
        )
    rule = Rule.NOT_A_NUMBER if spec.kind == "number" else Rule.NOT_A_DATE
    read = [parse(text) if text else (None, "") for text in different]
    # dates by way of days: NumPy reads them so, and no date as missing
    day = np.dtype("float64" if spec.kind == "number" else "datetime64[D]")
    parsed = np.array([value for value, _ in read], dtype=day)
    values = pd.Series(
        parsed.astype("datetime64[s]") if spec.kind == "date" else parsed
    )
    rows = raw.frame[ROW].to_numpy()
    complained = np.array([bool(complaint) for _, complaint in read], dtype=bool)
    found = [
        raw.finding(
            rule, int(rows[at]), name, different[text_at[at]], read[text_at[at]][1]
        )
        for at in np.flatnonzero(complained[text_at])
    ]
    if spec.kind == "date":
        found += _with_zones(raw, name, different, text_at)
        found += _exchanged(raw, name, different, text_at)
    return values.take(text_at).set_axis(texts.index), found


def _with_zones(
    raw: RawTable, name: str, different: list[str], text_at: np.ndarray
) -> list[Finding]:
    """Find that the dates of a column have zones."""
    zoned = [i for i, text in enumerate(different) if has_zone(text)]
    at = np.flatnonzero(np.isin(text_at, zoned))
    if not at.size:
        return []
    message = (
        "a time with a zone; its day is taken as it is written, which may be another "
        "where the patient was. Export local times if it is"
    ) + further_rows(at.size)
    row, text = int(raw.frame[ROW].to_numpy()[at[0]]), different[text_at[at[0]]]
    return [raw.finding(Rule.TIME_ZONE, row, name, text, message)]


def _exchanged(
    raw: RawTable, name: str, different: list[str], text_at: np.ndarray
) -> list[Finding]:
    """Find dates of which a spreadsheet took the day for the month.

    Of dates in an order that it does not expect it makes real dates up to the 12th, and
    leaves the others texts.
    """
    iso = [i for i, text in enumerate(different) if _ISO_DAY.fullmatch(text)]
    texts = [t for t in different if raw.dialect.iso_date(t) not in (t, NO_DAY)]
    late = [int(raw.dialect.iso_date(text)[8:10]) > len(MONTHS) for text in texts]
    early = [int(different[i][8:10]) <= len(MONTHS) for i in iso]
    if min(len(late), len(early)) < FEWEST_OF_EITHER or not all(late + early):
        return []
    at = np.flatnonzero(np.isin(text_at, iso))
    message = (
        "a real date, all of which are of days up to 12, beside texts of later days: "
        "a spreadsheet took day and month for each other; look them up and enter them "
        f"as YYYY-MM-DD{further_rows(at.size)}"
    )
    row, text = int(raw.frame[ROW].to_numpy()[at[0]]), different[text_at[at[0]]]
    return [raw.finding(Rule.DAY_AND_MONTH, row, name, text, message)]


def _unprintable(raw: RawTable, name: str) -> list[Finding]:
    """Find texts of a column that cannot be printed."""
    # a column has far fewer texts than cells
    text_at, different = factorized(raw.frame[name])
    characters = [control_character(text) for text in different]
    rows = raw.frame[ROW].to_numpy()
    wrong = np.array([bool(character) for character in characters], dtype=bool)
    found = []
    for at in np.flatnonzero(wrong[text_at]):
        text, character = different[text_at[at]], characters[text_at[at]]
        message = f"has the control character {character}; remove it"
        if "U+0080" <= character <= "U+009F":  # where Latin-1 has none, Windows has
            message += ", or say `encoding: cp1252` if the file is of Windows"
        rule = Rule.CONTROL_CHARACTER
        found.append(raw.finding(rule, int(rows[at]), name, text, message))
    return found


def _error_cells(raw: RawTable, name: str) -> list[Finding]:
    """Find texts that are the error of a spreadsheet's formula."""
    texts = raw.frame[name]
    wrong = texts.str.upper().isin(FORMULA_ERRORS)
    column = raw.recoded_as or name
    return [
        raw.finding(
            Rule.ERROR_CELL,
            int(row),
            name,
            text,
            "the error of a formula; correct that and save the file again, or say what "
            f"it stands for, as {recoded(column, text, '')} {UNDER_ITS_FILE}",
        )
        for text, row in zip(texts[wrong], raw.frame[ROW][wrong], strict=True)
    ]


def _broken(values: pd.Series, spec: ColumnSpec) -> dict[Rule, pd.Series]:
    """Tell which cells of a column break which of its rules."""
    there, broken = values.notna(), {}
    if spec.minimum is not None or spec.maximum is not None:
        low = float("-inf") if spec.minimum is None else spec.minimum
        high = float("inf") if spec.maximum is None else spec.maximum
        broken[Rule.RANGE] = there & ~values.between(low, high)
    if spec.without_zero:
        broken[Rule.RANGE] = values == 0
    if spec.whole:
        broken[Rule.WHOLE_POINTS] = there & (values % 1 != 0)
    if spec.latest is not None:
        broken[Rule.DATE_AFTER_CUTOFF] = values > pd.Timestamp(spec.latest)
    if spec.permitted:
        broken[Rule.NOT_PERMITTED] = there & ~values.isin(list(spec.permitted))
    if not spec.blank:
        broken[Rule.REQUIRED] = ~there
    return broken


def _broken_rules(
    raw: RawTable,
    typed: pd.DataFrame,
    specs: Mapping[str, ColumnSpec],
    unreadable: set[tuple[str, int]],
) -> list[Finding]:
    """Find the cells that break a rule of their column, but for unreadable ones."""
    found = []
    for name, spec in specs.items():
        # there are far fewer texts than cells, so of each is said once what is wrong
        said = functools.cache(
            lambda rule, text, name=name, spec=spec: broken_rule(
                rule, raw.recoded_as or name, text, spec
            )
        )
        for rule, wrong in _broken(typed[name], spec).items():
            at = np.flatnonzero(wrong.to_numpy())
            rows, texts = typed[ROW].take(at), raw.frame[name].take(at)
            for row, text in zip(map(int, rows), map(str, texts), strict=True):
                if (name, row) not in unreadable:
                    found.append(raw.finding(rule, row, name, text, said(rule, text)))
    return found


def _late_parts(
    raw: RawTable, name: str, spec: ColumnSpec, parts: pd.DataFrame
) -> list[Finding]:
    """Find dates known in part that are after the cutoff, whichever day they are."""
    if spec.latest is None or parts.empty:
        return []
    rule, column = Rule.DATE_AFTER_CUTOFF, raw.recoded_as or name
    late = parts.index[parts[name + FROM] > pd.Timestamp(spec.latest)]
    texts, rows = raw.frame[name], raw.frame[ROW]
    return [
        raw.finding(
            rule, int(rows[at]), name, texts[at], broken_rule(rule, column, "", spec)
        )
        for at in late
    ]


def check_table(
    raw: RawTable, specs: Mapping[str, ColumnSpec]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Convert a raw table to types and check it cell by cell.

    Parameters
    ----------
    raw : RawTable
        Text cells.
    specs : mapping of str to ColumnSpec
        By our column name.

    Returns
    -------
    DataFrame
        The specified columns (absent ones all missing) and :data:`ROW`; cells that
        break a rule are missing where they could not be converted.
    list of Finding
        All fatal: absent columns, unreadable cells, broken rules.
    """
    found: list[Finding] = []
    present = [name for name in specs if name in raw.frame.columns]
    for name, spec in specs.items():
        # a name that the configuration gives is that of a column which is there
        wanted = spec.needed or name in raw.names
        if wanted and name not in present and raw.header:
            message = absent_column(raw, name, spec, {*specs} & {*raw.frame.columns})
            found.append(
                raw.finding(Rule.COLUMN_MISSING, raw.header_row, name, "", message)
            )
    typed = pd.DataFrame({ROW: raw.frame[ROW]})
    unreadable: set[tuple[str, int]] = set()
    for name in present:
        parts = partial_dates(raw, name, specs[name])
        typed[name], complaints = _parse_column(raw, name, specs[name], parts.index)
        typed = with_parts(typed, name, parts)
        found += complaints + _late_parts(raw, name, specs[name], parts)
        # whose day may be missing though the cell is not empty
        unreadable |= {(name, int(row)) for row in typed.loc[parts.index, ROW]}
        if specs[name].some and len(typed) and (raw.frame[name] == "").all():
            message = "no cell is filled in; enter the values, or leave the outcome out"
            found.append(raw.finding(Rule.COLUMN_EMPTY, None, name, "", message))
        unreadable |= {(name, f.row) for f in complaints if f.row is not None}
    here = {name: specs[name] for name in present}
    found += _broken_rules(raw, typed, here, unreadable)
    for name in specs:
        if name not in typed:
            kind = specs[name].kind
            dtype = {"number": "float64", "date": "datetime64[s]"}.get(kind, "object")
            typed[name] = pd.Series(index=typed.index, dtype=dtype)
    return typed, found
