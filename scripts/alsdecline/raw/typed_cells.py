"""Cells of files whose format is no plain text: Excel, Parquet, SAS, Dataset-JSON."""

import dataclasses
from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import chain

import pandas as pd

from alsdecline.raw.cells import ROW, Cells, header_findings, no_cells, no_rows
from alsdecline.raw.csv_cells import no_header_finding
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.wide_columns import labels_of, wide_columns
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.reading import read_typed
from alsdecline.table_files.text_table import Fault, TableError, TextTable, is_wanted


def _finding(fault: Fault, file: str) -> Finding:
    rule = Rule(fault.rule)
    return Finding.by_rule(
        rule, file, fault.row, fault.column, fault.value, fault.message
    )


def _with_others(
    content: bytes, kind: str, dialect: Dialect, wanted: Collection[str]
) -> TextTable:
    """Read all columns; where one cannot be that is not wanted, those are blank."""
    with suppress(TableError):
        return read_typed(content, kind, dialect, None)
    header = read_typed(content, kind, dialect, ()).header
    table = read_typed(content, kind, dialect, _used(wanted, header))
    others = {
        name: [""] * len(table.rows)
        for name in header
        if name not in table.columns and is_wanted(name, header, None)
    }
    return dataclasses.replace(table, columns=table.columns | others)


def _used(wanted: Collection[str], header: Sequence[str]) -> set[str]:
    """Return the columns that are used, those that a pattern stands for among them."""
    patterns = wide_columns({name: name for name in wanted})
    named = (labels_of(pattern, header).values() for pattern in patterns)
    return {*wanted, *chain.from_iterable(named)}


def read_typed_cells(
    content: bytes,
    file: str,
    wanted: Collection[str],
    kind: str,
    dialect: Dialect,
) -> tuple[Cells, list[Finding]]:
    """Read such a file as text.

    All columns are read, for one that is not used may tell who a patient is; what is
    wrong in such a column is none of ours.

    Parameters
    ----------
    content : bytes
        The file's content, unpacked.
    file : str
        What the configuration calls it.
    wanted : collection of str
        Names of the columns that are used, where they are there.
    kind : str
        Its format, as :func:`alsdecline.table_files.reading.format_of` has it.
    dialect : Dialect
        What the configuration says of it.

    Returns
    -------
    Cells
        The whole header, and all columns, or the wanted ones and others blank; nothing
        where these cannot be.
    list of Finding
    """
    if not content:
        message = "the file is empty; export it again"
        return no_cells(), [
            Finding.by_rule(Rule.FILE_EMPTY, file, None, "", "", message)
        ]
    try:
        table = _with_others(content, kind, dialect, wanted)
    except TableError as error:
        return no_cells(), [_finding(fault, file) for fault in error.faults]
    header = list(table.header)
    found = header_findings(header, file, table.header_row)
    if table.header_row is not None:
        row = table.header_row
        found = no_header_finding(header, file, wanted, table.first_rows, row) or found
    if found:
        return no_cells(), found
    if not len(table.rows):
        found = [no_rows(file)]
    frame = pd.DataFrame(table.columns, dtype="object")
    frame[ROW] = pd.Series(list(table.rows), dtype="int64")
    used = _used(wanted, header)
    found += [
        _finding(fault, file)
        for fault in table.faults
        if not fault.column or fault.column in used
    ]
    return Cells(table.header, frame, header_row=table.header_row), found
