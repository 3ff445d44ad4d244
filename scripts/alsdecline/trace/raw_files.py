"""The raw files behind a value: their rows, and the sheets of workbooks."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from alsdecline.raw.unpacked_files import unpacked_content
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.table_files.reading import EXCEL, format_of
from alsdecline.table_files.workbook import sheet_of
from alsdecline.trace.answer import RawRow, RawRows
from alsdecline.trace.decisions import decisions_on
from alsdecline.trace.jobs import state_of
from alsdecline.trace.raw_cells import RawFile
from alsdecline.trace.raw_columns import raw_columns
from alsdecline.trace.results import TrialResults
from alsdecline.trial_paths import file_to_read


def sheets_read(plan: DataPlan, folder: Path) -> dict[str, str]:
    """Return the sheet of each raw table by its domain, as ``VISITS``.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    folder : Path
        The trial's folder, with the raw files if they are there.

    Returns
    -------
    dict of str to str
        Empty texts of files that are no workbooks, or are not there.
    """
    sheets = {}
    for name, table in raw_tables(plan).items():
        sheets[name.upper()] = table.sheet
        path = file_to_read(folder, table.file)
        if table.sheet or format_of(path.name) != EXCEL or not path.is_file():
            continue
        content, unreadable = unpacked_content(path, table.file)
        if not unreadable:
            sheets[name.upper()] = sheet_of(content, table.dialect)
    return sheets


def raw_file(results: TrialResults, found: RawFile) -> RawRows:
    """Return the rows of one file, and sheet, behind a value."""
    columns: list[str] = []
    for domain in sorted(found.variables):
        columns += raw_columns(
            results.plan, results.folder, domain.lower(), found.variables[domain]
        )
    called = {found.file, f"{found.file} [{found.sheet}]"}
    return {
        "file": found.file,
        "sheet": found.sheet,
        "sha256": found.sha256,
        "state": state_of(results, found.file, found.sha256),
        "columns": list(dict.fromkeys([*columns, *found.columns])),
        "count": len(found.rows),
        "ranges": _ranges(found.rows),
        "rows": _rows(found.cells),
        "decisions": decisions_on(results, called, found.rows),
    }


def _ranges(rows: np.ndarray) -> list[tuple[int, int]]:
    """Return the first and the last of rows that follow each other; rows rise."""
    gaps = np.flatnonzero(np.diff(rows) != 1)
    first = rows[np.concatenate([[0], gaps + 1])].tolist()
    last = rows[np.concatenate([gaps, [-1]])].tolist()
    return list(zip(first, last, strict=True))


def _rows(cells: Iterable[tuple[int, str, str]]) -> list[RawRow]:
    """Gather the variables of each raw row; cells are sorted by row."""
    rows: list[RawRow] = []
    for row, patient, variable in cells:
        if not rows or rows[-1]["row"] != row:
            rows.append({"row": row, "USUBJID": patient, "variables": []})
        if variable not in rows[-1]["variables"]:
            rows[-1]["variables"].append(variable)
    return rows
