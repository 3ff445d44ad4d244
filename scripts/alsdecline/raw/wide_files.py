"""Files with a column for each visit: typed and checked visit by visit."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.raw.schema import check_table
from alsdecline.raw.tables import RawTable
from alsdecline.raw.wide_layout import LABEL
from alsdecline.settings.columns import ColumnSpec


def column_of(column: str) -> str:
    """Name the column that holds the name of a value's column in a wide file."""
    return f"{LABEL}:{column}"


def check_wide(
    raw: RawTable, specs: Mapping[str, ColumnSpec]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Convert a table made long to types; each finding names the column in the file.

    Parameters
    ----------
    raw : RawTable
        With the columns of each visit.
    specs : mapping of str to ColumnSpec
        By our column name.

    Returns
    -------
    DataFrame
        As of :func:`alsdecline.raw.schema.check_table`, with the names of the columns
        that hold each value (:func:`column_of`).
    list of Finding
    """
    parts, found = [], []
    # that a whole outcome is empty shows only at all visits together
    loose = {n: dataclasses.replace(s, some=False) for n, s in specs.items()}
    for label, names in raw.visits.items():
        rows = raw.frame[raw.frame[LABEL] == label]
        here = dataclasses.replace(raw, frame=rows, names=raw.names | names)
        typed, complaints = check_table(here, loose)
        columns = {column_of(ours): name for ours, name in names.items()}
        parts.append(typed.assign(**columns))
        found += [f for f in complaints if f.rule != Rule.COLUMN_MISSING]
    none = dataclasses.replace(raw, frame=raw.frame.iloc[:0])
    empty, missing = check_table(none, specs)
    found += missing
    for name, spec in specs.items():
        if spec.some and name in raw.frame and (raw.frame[name] == "").all():
            message = "no cell is filled in; enter the values, or leave the outcome out"
            found.append(raw.finding(Rule.COLUMN_EMPTY, None, name, "", message))
    return (pd.concat(parts) if parts else empty).sort_values(ROW), found
