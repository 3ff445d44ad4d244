"""Schemas of the raw tables: types, ranges and permitted values, cell by cell."""

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from alsdecline.plain_text import control_character
from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import ColumnSpec

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?",
    re.ASCII,
)
_FIRST_DATE = datetime.date(1900, 1, 1)
"""A date before is a slip in the year."""


def _parse_number(text: str) -> tuple[float | None, str]:
    if _NUMBER.fullmatch(text):
        value = float(text) + 0.0  # without the sign of -0
        if math.isfinite(value):
            return value, ""
        return None, "too large for a number; correct it"
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return None, f"decimal comma; write {text.replace(',', '.')}"
    return None, "not a number; write digits with a decimal point, or leave it empty"


def _parse_date(text: str) -> tuple[pd.Timestamp | None, str]:
    """Read an ISO 8601 date; of one with a time of day, the date."""
    form = _DATE.fullmatch(text)
    if form:
        try:
            day = datetime.date.fromisoformat(form[1])
        except ValueError:
            return None, "no such day; correct the date (YYYY-MM-DD)"
        if day < _FIRST_DATE:
            return None, f"before {_FIRST_DATE.year}; correct the year"
        return pd.Timestamp(day), ""
    return None, "not a date; write YYYY-MM-DD"


def _parse_column(
    raw: RawTable, name: str, spec: ColumnSpec
) -> tuple[pd.Series, list[Finding]]:
    """Convert one column from text; what cannot be converted becomes missing."""
    texts = raw.frame[name]
    if spec.kind == "text":
        return texts.where(texts != "", None).astype("object"), _unprintable(raw, name)
    parse: Any = _parse_number if spec.kind == "number" else _parse_date
    rule = Rule.NOT_A_NUMBER if spec.kind == "number" else Rule.NOT_A_DATE
    # a column has far fewer texts than cells, so each text is read once
    text_at, different = pd.factorize(texts)
    read = [parse(text) if text else (None, "") for text in different]
    dtype = "float64" if spec.kind == "number" else "datetime64[s]"
    values = pd.Series([value for value, _ in read], dtype=dtype)
    rows = raw.frame[ROW].to_numpy()
    complained = np.array([bool(complaint) for _, complaint in read], dtype=bool)
    found = [
        raw.finding(
            rule, int(rows[at]), name, different[text_at[at]], read[text_at[at]][1]
        )
        for at in np.flatnonzero(complained[text_at])
    ]
    return values.take(text_at).set_axis(texts.index), found


def _unprintable(raw: RawTable, name: str) -> list[Finding]:
    """Find texts of a column that cannot be printed."""
    found = []
    for text, row in zip(raw.frame[name], raw.frame[ROW], strict=True):
        if character := control_character(text):
            message = f"has the control character {character}; remove it"
            rule = Rule.CONTROL_CHARACTER
            found.append(raw.finding(rule, int(row), name, text, message))
    return found


def _number_text(value: float) -> str:
    return f"{value:g}"


def _limits(spec: ColumnSpec) -> str:
    low = "" if spec.minimum is None else _number_text(spec.minimum)
    high = "" if spec.maximum is None else _number_text(spec.maximum)
    whose = f" of {spec.about}" if spec.about else ""
    if low and high:
        return f"outside {low} to {high}, the range{whose}; correct it"
    return (
        f"below {low}{whose}; correct it" if low else f"above {high}{whose}; correct it"
    )


def _checks(spec: ColumnSpec) -> list[tuple[Rule, str, pa.Check]]:
    """Rules of a column: which, message, check."""
    rules: list[tuple[Rule, str, pa.Check]] = []
    if spec.minimum is not None or spec.maximum is not None:
        low = float("-inf") if spec.minimum is None else spec.minimum
        high = float("inf") if spec.maximum is None else spec.maximum
        check = pa.Check.in_range(low, high, error=Rule.RANGE)
        rules.append((Rule.RANGE, _limits(spec), check))
    if spec.whole:
        check = pa.Check(lambda s: s % 1 == 0, error=Rule.WHOLE_POINTS)
        points = f"{spec.about} has whole points only"
        message = f"{points if spec.about else 'not a whole number'}; correct it"
        rules.append((Rule.WHOLE_POINTS, message, check))
    if spec.latest is not None:
        check = pa.Check.le(pd.Timestamp(spec.latest), error=Rule.DATE_AFTER_CUTOFF)
        message = f"later than the data cutoff {spec.latest}; correct the date"
        rules.append((Rule.DATE_AFTER_CUTOFF, message, check))
    if spec.permitted:
        check = pa.Check.isin(list(spec.permitted), error=Rule.NOT_PERMITTED)
        message = (
            f"not one of {', '.join(spec.permitted)}; correct it, or say under "
            "`recode:` in config.yaml what it stands for"
        )
        rules.append((Rule.NOT_PERMITTED, message, check))
    return rules


def _schema(specs: Mapping[str, ColumnSpec]) -> pa.DataFrameSchema:
    columns = {
        name: pa.Column(
            nullable=spec.blank, required=False, checks=[c for *_, c in _checks(spec)]
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
            message = (
                f"the column is missing; the file has {', '.join(raw.header)}. Add it, "
                "or say under `columns:` in config.yaml what it is called"
            )
            found.append(
                raw.finding(Rule.COLUMN_MISSING, raw.header_row, name, "", message)
            )
    typed = pd.DataFrame({ROW: raw.frame[ROW]})
    unreadable: set[tuple[str, int]] = set()
    for name in present:
        typed[name], complaints = _parse_column(raw, name, specs[name])
        found += complaints
        if specs[name].some and len(typed) and (raw.frame[name] == "").all():
            message = "no cell is filled in; enter the values, or leave the outcome out"
            found.append(raw.finding(Rule.COLUMN_EMPTY, None, name, "", message))
        unreadable |= {(name, f.row) for f in complaints if f.row is not None}
    try:
        _schema({name: specs[name] for name in present}).validate(typed, lazy=True)
    except pa.errors.SchemaErrors as errors:
        messages = {n: {r: m for r, m, _ in _checks(specs[n])} for n in present}
        rows = typed[ROW].to_dict()
        broken = errors.failure_cases["column"].unique()
        texts = {name: raw.frame[name].to_dict() for name in broken}
        for case in errors.failure_cases.itertuples():
            row = int(rows[case.index])
            if (case.column, row) in unreadable:
                continue
            of_column = messages[case.column]
            rule = Rule(case.check) if case.check in of_column else Rule.REQUIRED
            message = of_column.get(
                rule, "the cell is empty; fill it in or remove the row"
            )
            value = str(texts[case.column][case.index])
            found.append(raw.finding(rule, row, case.column, value, message))
    for name in specs:
        if name not in typed:
            kind = specs[name].kind
            dtype = {"number": "float64", "date": "datetime64[s]"}.get(kind, "object")
            typed[name] = pd.Series(index=typed.index, dtype=dtype)
    return typed, found
