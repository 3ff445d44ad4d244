"""A raw file's cells as text, with the row that each stands in."""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule

ROW = "_row"
"""Column of a record's row in its file: line of text, row of a sheet, else record."""


@dataclasses.dataclass(frozen=True)
class Cells:
    """The cells of a raw file.

    Attributes
    ----------
    header : tuple of str
        The names of all columns of the file; empty where it cannot be read.
    frame : DataFrame
        Text by the file's own names, stripped; missing cells are empty. :data:`ROW`
        is the row.
    header_row : int or None
        The row of the header; None where rows are records alone.
    """

    header: tuple[str, ...]
    frame: pd.DataFrame
    header_row: int | None = 1


def factorized(texts: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return where each cell's text is among the different ones, and these.

    Texts that Arrow holds become Python's one by one, so none is made twice.
    """
    at, different = pd.factorize(texts)
    return at, different.tolist()


def no_cells() -> Cells:
    """Return what a file gives that cannot be read."""
    return Cells((), pd.DataFrame({ROW: pd.Series(dtype="int64")}))


def without_header_again(cells: Cells, file: str) -> tuple[Cells, list[Finding]]:
    """Leave out rows that are the header again.

    Parameters
    ----------
    cells : Cells
        As the file has them.
    file : str
        What the configuration calls it.

    Returns
    -------
    Cells
    list of Finding
        One, of the first such row.
    """
    frame = cells.frame
    again = pd.Series(data=len(cells.header) > 1, index=frame.index)
    for name in cells.header:
        if name in frame and again.any():
            again &= frame[name] == name
    if not again.any():
        return cells, []
    rows = frame.loc[again, ROW]
    message = (
        "the header stands again, as where two exports were put together; the row is "
        "left out. Look whether others are there twice" + further_rows(len(rows))
    )
    found = Finding.by_rule(Rule.HEADER_AGAIN, file, int(rows.min()), "", "", message)
    return dataclasses.replace(cells, frame=frame[~again]), [found]


def header_findings(header: list[str], file: str, row: int | None) -> list[Finding]:
    """Find names of columns that are there twice, are missing, or used inside.

    Parameters
    ----------
    header : list of str
        The names.
    file : str
        What the configuration calls the file.
    row : int or None
        The row of the header.

    Returns
    -------
    list of Finding
        All fatal.
    """

    def finding(rule: Rule, column: str, value: str, message: str) -> Finding:
        return Finding.by_rule(rule, file, row, column, value, message)

    found = []
    for name in dict.fromkeys(header):
        if name and header.count(name) > 1:
            message = f"the header has this column {header.count(name)} times; keep one"
            found.append(finding(Rule.HEADER_REPEATED, name, name, message))
    if "" in header:
        message = (
            f"column {header.index('') + 1} of the header has no name; name it or "
            "remove it, or, where it is the first and names the rows, say "
            "`row_names: true` under its file in config.yaml"
        )
        found.append(finding(Rule.HEADER_UNNAMED, "", "", message))
    if ROW in header:
        message = "this name is used inside the pipeline; rename the column"
        found.append(finding(Rule.HEADER_RESERVED, ROW, ROW, message))
    return found


def no_rows(file: str) -> Finding:
    """Find that a file has a header alone."""
    message = "the file has a header but no rows; at least one row is needed"
    return Finding.by_rule(Rule.NO_ROWS, file, None, "", "", message)
