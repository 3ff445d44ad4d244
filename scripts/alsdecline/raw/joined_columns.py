"""Columns that a program named anew because there were two of one name."""

import re
from collections.abc import Collection, Iterator

from alsdecline.raw.cells import ROW, Cells
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule

_SUFFIX = re.compile(
    r"(\.\d+|[._][xy]| \(\d+\)|[._ ](copy|dup|duplicate))", re.IGNORECASE
)
"""What pandas, R and spreadsheets put behind the name of a second column."""


def joined_columns(cells: Cells, file: str, used: Collection[str]) -> Iterator[Finding]:
    """Find columns that stand beside a used one of their name, and differ from it.

    Parameters
    ----------
    cells : Cells
        The file.
    file : str
        What the configuration calls it.
    used : collection of str
        Names of the columns that are used.

    Yields
    ------
    Finding
        With the first row in which they differ.
    """
    for name in cells.header:
        if name not in used:
            continue
        bare = re.sub(r"[._][xy]$", "", name)
        for other in cells.header:
            joined = other.startswith(bare) and _SUFFIX.fullmatch(other[len(bare) :])
            if other in used or not joined:
                continue
            differs = cells.frame[name] != cells.frame[other]
            if not differs.any():
                continue
            rows = cells.frame.loc[differs, ROW]
            message = (
                f"seems to be {name!r} again, as programs call one of two columns of a "
                f"name, and has other values; {name!r} alone is used. Look up which is "
                f"right{further_rows(len(rows))}"
            )
            row = int(rows.min())
            yield Finding.by_rule(Rule.JOINED_COLUMN, file, row, other, "", message)
