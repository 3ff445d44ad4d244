"""Rules on what stands for no value: texts taken for levels, numbers that are none."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.raw.cell_values import (
    FORMULA_ERRORS,
    missing_said,
    recoded,
    says_no_value,
)
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.long_files import row_of
from alsdecline.raw.rules import Rule, Severity
from alsdecline.settings.columns import ColumnSpec, value_specs
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.scales import Scale

DOUBTFUL = {"unknown", "unk", "un", "none", "nil", "not done", "not available"}
"""What may be a level, as it may say that there is no value."""

OF_ROWS = {
    "subjects": ("patient",),
    "visits": ("patient", "visit"),
    "exposure": ("patient",),
    "events": ("patient", "reason"),
    "adverse_events": ("patient", "term"),
}
"""Texts of the raw tables that are not held to permitted values."""

ONLY_LISTED = ("reason", "term")
"""Texts that no analysis depends on."""

NUMBERS = {
    *(-1, -7, -8, -9, -66, -77, -88, -98, -99, -666, -777, -888, -998, -999, -9999),
    *(66, 77, 88, 98, 99, 666, 777, 888, 998, 999, 6666, 7777, 8888, 9998, 9999),
    *(99999, -99999, 999999),
}
"""What programs and forms write for no value."""

FAR = 1.5
"""Times all other values that such a number is beyond them."""


def _texts(plan: DataPlan) -> Iterator[tuple[str, str]]:
    """Return tables and our columns whose texts are taken as they are."""
    held = {c.column for c in plan.covariates if c.levels}  # which are told already
    subjects = plan.data.subjects
    for table, columns in OF_ROWS.items():
        yield from ((table, column) for column in columns)
    levels = [c.column for c in subjects.characteristics if c.kind == "category"]
    for column in dict.fromkeys([*levels, *(p.of for p in subjects.pooled)]):
        if column not in held:
            yield "subjects", column


def markers_as_texts(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find texts that say that there is no value and are taken for one."""
    for table, column in _texts(plan):
        frame = files.tables.get(table)
        if frame is None or column not in frame:
            continue
        said = set(files.sources[table].recode.get(column, {}).values())
        texts = frame[column]
        found = [
            text
            for text in texts.dropna().unique()
            if says_no_value(text)
            and text not in said
            and text.upper() not in FORMULA_ERRORS  # told as such
            # a reason may be unknown
            and not (column in ONLY_LISTED and text.casefold() in DOUBTFUL)
        ]
        for text in found:
            rows = frame.loc[texts == text, ROW]
            severity: Severity = "fatal"
            if column in ONLY_LISTED or text.casefold() in DOUBTFUL:
                severity = "warning"
            yield files.finding(
                table,
                Rule.MARKER,
                rows.min(),
                column,
                text,
                _marker_message(column, text) + further_rows(len(rows)),
                severity,
            )


def _marker_message(column: str, text: str) -> str:
    if column == "patient":
        return (
            "says that there is no patient, and is taken for one; fill in whose row it "
            "is, or leave the row out by `where:`"
        )
    return (
        f"says that there is no value, and is taken for one; write {missing_said(text)}"
        " under its file in config.yaml (or below `data:`), or what it means, as "
        f"{recoded(column, text, 'MEANING')}"
    )


def _within(values: pd.Series, limits: ColumnSpec | Scale | None) -> pd.Series:
    """Leave out numbers beyond limits that have a maximum."""
    if limits is None or limits.maximum is None:
        return values
    lowest = -np.inf if limits.minimum is None else limits.minimum
    return values.where(values.between(lowest, limits.maximum))


def _numbers(
    plan: DataPlan, files: TrialFiles
) -> Iterator[tuple[str, str, pd.Series, pd.Series]]:
    """Yield table, column, values and rows of numbers that are within their scale.

    What is beyond a scale's maximum or minimum is told as that.
    """
    subjects = files.tables["subjects"]
    baselines = {
        o.baseline.column: plan.scales[o.scale] for o in plan.outcomes if o.baseline
    }
    columns = [
        c.column for c in plan.data.subjects.characteristics if c.kind == "number"
    ]
    for column in dict.fromkeys([*columns, *baselines]):
        values = _within(subjects[column], baselines.get(column))
        yield "subjects", column, values, subjects[ROW]
    visits = files.tables["visits"]
    for column, spec in value_specs(plan).items():
        if column in visits:
            values = _within(visits[column], spec)
            yield "", column, values, visits[row_of(column)]


def far_codes(values: pd.Series) -> pd.Series:
    """Tell which numbers stand for no value as it seems: codes far from all others.

    Parameters
    ----------
    values : Series of float

    Returns
    -------
    Series of bool
    """
    codes = values.isin(NUMBERS)
    others = values[~codes]
    low, high = others.min(), others.max()  # NaN where there are none
    below = (values < min(low, 0.0)) & (low >= 0.0)
    far: pd.Series = codes & (below | ((values > FAR * high) & (high > 0.0)))
    return far


def sentinel_numbers(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find numbers that programs write for no value, far from all others."""
    for table, column, values, rows in _numbers(plan, files):
        far = far_codes(values)
        others = values[~values.isin(NUMBERS)]
        low, high = others.min(), others.max()
        # of this column alone, for another may have such a number
        ours = "value" if not table and plan.data.measurements else column
        for value in np.unique(values[far]):
            these = rows[values == value]
            message = (
                f"far from all others ({low:g} to {high:g}), and as programs write for "
                f"no value; if it is none, write {recoded(ours, f'{value:g}', '')} "
                f"under its file in config.yaml{further_rows(len(these))}"
            )
            row = int(these.min())
            if table:
                yield files.finding(table, Rule.SENTINEL, row, column, value, message)
            else:
                yield files.value_finding(Rule.SENTINEL, row, column, value, message)
