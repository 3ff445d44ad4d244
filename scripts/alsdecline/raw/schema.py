"""Schemas of the raw tables: types, ranges and permitted values, cell by cell."""

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from alsdecline.plain_text import control_character
from alsdecline.raw.cell_dates import day_first, parse_date
from alsdecline.raw.cell_messages import absent_column, broken_rule
from alsdecline.raw.cell_values import (
    FORMULA_ERRORS,
    UNDER_ITS_FILE,
    parse_number,
    recoded,
)
from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.partial_dates import FROM, partial_dates, with_parts
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable
from alsdecline.raw.times_of_day import has_zone
from alsdecline.settings.columns import ColumnSpec


def _parse_column(
    raw: RawTable, name: str, spec: ColumnSpec, passed_over: pd.Index
) -> tuple[pd.Series, list[Finding]]:
    """Convert one column from text; what cannot be converted becomes missing."""
    texts = raw.frame[name]
    if len(passed_over):
        texts = texts.mask(texts.index.isin(passed_over), "")
    if spec.kind == "text":
        found = [*_unprintable(raw, name), *_error_cells(raw, name)]
        return texts.where(texts != "", None).astype("object"), found
    column = raw.recoded_as or name
    written = raw.dialect
    parse: Any = functools.partial(
        parse_number, column=column, spec=spec, dialect=written
    )
    if spec.kind == "date":
        by_day = day_first(texts.unique())
        parse = functools.partial(
            parse_date, column=column, spec=spec, by_day=by_day, dialect=written
        )
    rule = Rule.NOT_A_NUMBER if spec.kind == "number" else Rule.NOT_A_DATE
    # a column has far fewer texts than cells, so each text is read once
    text_at, different = pd.factorize(texts)
    read = [parse(text) if text else (None, "") for text in different]
    dtype = "float64" if spec.kind == "number" else "datetime64[s]"
    parsed = [pd.Timestamp(v) if spec.kind == "date" and v else v for v, _ in read]
    values = pd.Series(parsed, dtype=dtype)
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
    return values.take(text_at).set_axis(texts.index), found


def _with_zones(
    raw: RawTable, name: str, different: pd.Index, text_at: np.ndarray
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


def _unprintable(raw: RawTable, name: str) -> list[Finding]:
    """Find texts of a column that cannot be printed."""
    # a column has far fewer texts than cells
    text_at, different = pd.factorize(raw.frame[name])
    characters = [control_character(text) for text in different]
    rows = raw.frame[ROW].to_numpy()
    wrong = np.array([bool(character) for character in characters], dtype=bool)
    found = []
    for at in np.flatnonzero(wrong[text_at]):
        text, character = different[text_at[at]], characters[text_at[at]]
        message = f"has the control character {character}; remove it"
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


def _checks(spec: ColumnSpec) -> dict[Rule, pa.Check]:
    """Return the checks of a column by their rules."""
    checks: dict[Rule, pa.Check] = {}
    if spec.minimum is not None or spec.maximum is not None:
        low = float("-inf") if spec.minimum is None else spec.minimum
        high = float("inf") if spec.maximum is None else spec.maximum
        checks[Rule.RANGE] = pa.Check.in_range(low, high, error=Rule.RANGE)
    if spec.without_zero:
        checks[Rule.RANGE] = pa.Check.ne(0, error=Rule.RANGE)
    if spec.whole:
        checks[Rule.WHOLE_POINTS] = pa.Check(
            lambda s: s % 1 == 0, error=Rule.WHOLE_POINTS
        )
    if spec.latest is not None:
        rule = Rule.DATE_AFTER_CUTOFF
        checks[rule] = pa.Check.le(pd.Timestamp(spec.latest), error=rule)
    if spec.permitted:
        rule = Rule.NOT_PERMITTED
        checks[rule] = pa.Check.isin(list(spec.permitted), error=rule)
    return checks


def _late_parts(
    raw: RawTable, name: str, spec: ColumnSpec, parts: pd.DataFrame
) -> list[Finding]:
    """Find dates known in part that are after the cutoff, whichever day they are."""
    if spec.latest is None:
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


def _schema(specs: Mapping[str, ColumnSpec]) -> pa.DataFrameSchema:
    columns = {
        name: pa.Column(
            nullable=spec.blank, required=False, checks=[*_checks(spec).values()]
        )
        for name, spec in specs.items()
    }
    return pa.DataFrameSchema(columns)


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
    try:
        _schema({name: specs[name] for name in present}).validate(typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        rows = typed[ROW].to_dict()
        broken = errors.failure_cases["column"].unique()
        texts = {name: raw.frame[name].to_dict() for name in broken}
        checked = {name: {*_checks(specs[name])} for name in broken}
        # there are far fewer texts than cells, so of each is said once what is wrong
        said = functools.cache(
            lambda rule, name, value: broken_rule(
                rule, raw.recoded_as or name, value, specs[name]
            )
        )
        for case in errors.failure_cases.itertuples():
            row = int(rows[case.index])
            if (case.column, row) in unreadable:
                continue
            value = str(texts[case.column][case.index])
            known = case.check in checked[case.column]
            rule = Rule(case.check) if known else Rule.REQUIRED
            message = said(rule, case.column, value)
            found.append(raw.finding(rule, row, case.column, value, message))
    for name in specs:
        if name not in typed:
            kind = specs[name].kind
            dtype = {"number": "float64", "date": "datetime64[s]"}.get(kind, "object")
            typed[name] = pd.Series(index=typed.index, dtype=dtype)
    return typed, found
