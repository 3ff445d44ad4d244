"""Cells of a file with a column for each visit, laid out with a row for each."""

from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.cell_values import planned_visit
from alsdecline.raw.cells import ROW, Cells
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.wide_columns import labels_of, visits_of, wide_columns

LABEL = "_label"
"""Column that has what the names of a visit's columns have in the place of braces."""

AT = "_at"
"""Column that has the index of the row that a row was laid out of."""


def made_long(
    cells: Cells,
    source: Mapping[str, str],
    visits: Mapping[str, Mapping[str, str]],
    slot: str,
) -> pd.DataFrame:
    """Lay out a row for each visit; one of which no cell is filled in is none.

    Parameters
    ----------
    cells : Cells
        The file.
    source : mapping of str to str
        Its columns, or patterns of them, by our names.
    visits : mapping of str to mapping
        From :func:`alsdecline.settings.wide_columns.visits_of`.
    slot : str
        Our column of what tells the visit.

    Returns
    -------
    DataFrame
        Text by our names, with :data:`ROW`, :data:`LABEL` and :data:`AT`. A column
        whose pattern fits none of the file is not there.
    """
    wide = wide_columns(source)
    plain = {o: n for o, n in source.items() if o not in wide and n in cells.header}
    there = list(dict.fromkeys(ours for names in visits.values() for ours in names))
    columns = [ROW, LABEL, AT, slot, *there, *plain]
    parts = [pd.DataFrame(columns=columns).astype({ROW: "int64"})]
    for label, names in visits.items():
        rows = cells.frame
        rows = rows[(rows[list(names.values())] != "").any(axis=1)]
        texts = {o: rows[names[o]] if o in names else "" for o in there}
        own = {ours: rows[theirs] for ours, theirs in plain.items()}
        marks = {ROW: rows[ROW], LABEL: label, AT: rows.index, slot: label}
        parts.append(pd.DataFrame(marks | own | texts, index=rows.index))
    return pd.concat(parts, ignore_index=True)[columns]


def unused_columns(
    file: str,
    cells: Cells,
    patterns: Mapping[str, str],
    slot: str,
    meanings: Mapping[str, str],
) -> list[Finding]:
    """Find columns that fit a pattern but tell no time, so that they are not used.

    Parameters
    ----------
    file : str
        What the configuration calls it.
    cells : Cells
        The file.
    patterns : mapping of str to str
        By our names of columns.
    slot : str
        Our column of the time.
    meanings : mapping of str to str
        The times that labels stand for.

    Returns
    -------
    list of Finding
    """
    visits = visits_of(patterns, cells.header, meanings)
    used = {name for columns in visits.values() for name in columns.values()}
    found = []
    for pattern in patterns.values():
        for label, name in labels_of(pattern, cells.header).items():
            if name in used or not (cells.frame[name] != "").any():
                continue
            message = (
                f"fits {pattern!r}, but {label!r} tells no time, so it is not used; "
                "if it is a visit, say under its file in config.yaml which, as "
                f"{planned_visit(slot, label)}"
            )
            found.append(
                Finding.by_rule(
                    Rule.WIDE_COLUMN, file, cells.header_row, name, "", message
                )
            )
    return found
