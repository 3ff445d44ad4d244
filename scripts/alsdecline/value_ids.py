"""Ids of the values in result tables: stable, and readable by people.

An id is the table, the keys of the row and the column, as in
``rate_of_decline/total/joint/slope_difference/high:estimate``. Tables are named by
their path under ``results/tables``, others by that under ``results``. In a key a blank
is written ``+``, an empty cell ``~``, and whatever is no letter, digit or one of
``_ . , - ( ) [ ] =`` as ``%`` and the two digits of each byte. Rows whose keys are
those of an earlier row get ``#2``, ``#3`` and so on.
"""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote_plus

import pandas as pd

ROW_ID = "row_id"
"""Column that :func:`with_row_ids` adds."""

EMPTY = "~"
_PLAIN = frozenset("_.,-()[]=")

KEYS: dict[str, tuple[str, ...]] = {
    "baseline_characteristics": ("characteristic", "level", "statistic", "arm"),
    "disposition": ("status", "reason", "arm"),
    "exposure": ("quantity", "statistic", "arm"),
    "adverse_events": ("term", "severity", "arm"),
    "numbers_analysed": ("outcome", "arm"),
    "change_from_baseline": ("outcome", "visit", "arm", "variable"),
    "patient_slopes": ("patient",),
    "permutation_tests": ("arm",),
    "design": ("outcome", "arm", "property"),
    "rate_of_decline": ("outcome", "model", "quantity", "arm"),
    "prior_sensitivity": ("outcome", "model", "quantity", "arm", "prior"),
    "influence": ("outcome", "model", "quantity", "arm", "without"),
    "parameters": ("model", "outcomes", "prior", "parameter"),
    "visits_compared": ("analysis", "variable", "arm"),
    "ancova": ("analysis", "quantity", "arm", "versus"),
    "mixed_models": ("analysis", "parameter"),
    "diagnostics/fits": ("model", "outcomes", "prior", "attempt"),
    "diagnostics/model_checks": ("model", "outcome", "statistic"),
}
"""Columns that tell the rows of a table apart, by table or by its folder."""

_NAMES = frozenset(name for names in KEYS.values() for name in names)
_MARKS = frozenset({"data_kind", ROW_ID})


def table_name(file: PurePath) -> str:
    """Return the name of the result table in a file.

    Parameters
    ----------
    file : PurePath
        As ``results/tables/<name>.csv``, or ``results/<name>.csv`` where it lies in
        another folder.

    Returns
    -------
    str
    """
    name = file.as_posix().removesuffix(".csv")
    return name.removeprefix("results/").removeprefix("tables/")


def _encoded(text: str) -> str:
    """Write a key so that it holds nothing which ids use."""
    if not text:
        return EMPTY
    return "".join(_encoded_letter(letter) for letter in text)


def _encoded_letter(letter: str) -> str:
    if letter == " ":
        return "+"
    if letter.isalnum() or letter in _PLAIN:
        return letter
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def _cell_text(value: Any) -> str:
    """Return a cell as it stands in the CSV file."""
    if pd.isna(value):
        return ""
    return f"{value + 0.0:.12g}" if isinstance(value, float) else str(value)


def _holds_numbers(texts: Iterable[str]) -> bool:
    """Tell whether all cells that are filled hold numbers, or all flags."""
    filled = {text for text in texts if text}
    if filled <= {"True", "False"}:
        return True
    try:
        return all(isinstance(float(text), float) for text in filled)
    except ValueError:
        return False


def key_columns(table: str, frame: pd.DataFrame) -> list[str]:
    """Return the columns whose cells name a table's rows.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        The table. Of one that is not in :data:`KEYS`, the columns of text are keys,
        and those that are keys of other tables.

    Returns
    -------
    list of str
    """
    known = KEYS.get(table) or KEYS.get(table.partition("/")[0])
    if known and set(known) <= set(frame.columns):
        return list(known)
    return [
        name
        for name in frame.columns
        if name not in _MARKS
        and (name in _NAMES or not _holds_numbers(map(_cell_text, frame[name])))
    ]


def row_ids(table: str, frame: pd.DataFrame) -> list[str]:
    """Return the ids of a table's rows: those of its values up to the colon.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        All its rows in the file's order, cells as text or as
        :func:`alsdecline.stable_files.read_result_table` reads them.

    Returns
    -------
    list of str
        No two are alike.
    """
    keys = key_columns(table, frame)
    seen: dict[str, int] = {}
    ids = []
    for cells in zip(*(frame[key] for key in keys), strict=True):
        name = row_id(table, *map(_cell_text, cells))
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return ids or [f"{table}#{i}" for i in range(1, len(frame) + 1)]


def row_id(table: str, *keys: str) -> str:
    """Return the id of the first row that has these keys."""
    return "/".join([table, *map(_encoded, keys)])


def readable(row: str) -> str:
    """Return an id as its keys stand in the table."""
    return "/".join(unquote_plus(part) for part in row.split("/"))


def with_row_ids(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the ids of the rows to a table, in the column :data:`ROW_ID`."""
    return frame.assign(**{ROW_ID: row_ids(table, frame)})
