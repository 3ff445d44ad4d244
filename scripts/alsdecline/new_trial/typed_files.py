"""SAS, Parquet and Dataset-JSON files as tables of text, as a run reads them."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.new_trial.sources import Source
from alsdecline.plain_text import one_line
from alsdecline.raw.cells import header_findings
from alsdecline.raw.findings import Finding, told_lines
from alsdecline.raw.rules import Rule
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.reading import read_typed
from alsdecline.table_files.text_table import Fault, TableError


def told_faults(faults: Iterable[Fault], name: str) -> list[str]:
    """Return lines that tell faults of a file, many of one kind in one."""
    return told_lines(
        Finding.by_rule(Rule(f.rule), name, f.row, f.column, f.value, f.message)
        for f in faults
    )


def read_typed_file(content: bytes, path: Path, kind: str, encoding: str) -> Source:
    """Read a file of one table by the pipeline's own reader.

    Parameters
    ----------
    content : bytes
        The file, unpacked.
    path : Path
        Its path.
    kind : str
        Its format, as :func:`alsdecline.table_files.reading.format_of` has it.
    encoding : str
        As the user says; empty where the file tells.

    Raises
    ------
    DataError
        With what that reader finds.
    """
    name = one_line(path.name)
    try:
        table = read_typed(content, kind, Dialect(encoding=encoding), None)
    except TableError as error:
        raise DataError("\n".join(told_faults(error.faults, path.name))) from None
    if repeated := header_findings(list(table.header), path.name, table.header_row):
        raise DataError("\n".join(one_line(str(finding)) for finding in repeated))
    if not len(table.rows):
        raise DataError(f"{name}: has a header but no rows")
    frame = pd.DataFrame(table.columns, dtype="object")
    return Source(path, "", frame, pd.Series(list(table.rows), index=frame.index))
