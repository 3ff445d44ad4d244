"""How tables of results are written and read, by their declarations."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.declared_tables import DATA_KIND, table_in, table_of
from alsdecline.stable_files import restored, write_csv
from alsdecline.value_ids import ROW_ID, row_id


def write_result_table(path: Path, frame: pd.DataFrame, data_kind: str) -> None:
    """Write a table of results, marked in every row as of real or synthetic data.

    Raises
    ------
    ValueError
        If the table, or one of its columns, is not declared: it would be misread.
    """
    table = table_in(path)
    if strange := [name for name in frame.columns if name not in table.columns]:
        raise ValueError(
            f"{path}: {', '.join(strange)} of {table.name} in "
            "alsdecline/declared_tables.py is not declared; say whether it is text, a "
            "number or a flag"
        )
    write_csv(path, frame.assign(**{DATA_KIND: data_kind}))


def read_result_table(path: Path) -> pd.DataFrame:
    """Read a table of results; an arm called 1 or NA stays text.

    Parameters
    ----------
    path : Path
        The CSV file of a declared table.

    Returns
    -------
    DataFrame
        Empty cells are missing.

    Raises
    ------
    ValueError
        If the table is not declared.
    """
    table = table_in(path)
    known = dict.fromkeys(table.numbers, "float64")
    known |= dict.fromkeys(table.flags, "boolean")
    names = pd.read_csv(path, dtype="str", nrows=0).columns
    dtypes: dict[Any, Any] = {name: known.get(name, "object") for name in names}
    frame = pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])
    texts = [name for name in frame.columns if frame[name].dtype == "object"]
    return frame.assign(**{name: restored(frame[[name]])[name] for name in texts})


def _cell_text(value: Any) -> str:
    """Return a cell as it stands in the CSV file."""
    if pd.isna(value):
        return ""
    return f"{value + 0.0:.12g}" if isinstance(value, float) else str(value)


def row_ids(name: str, frame: pd.DataFrame) -> list[str]:
    """Return the ids of a table's rows: those of its values up to the colon.

    Parameters
    ----------
    name : str
        Of the table; rows of one that is not declared are numbered.
    frame : DataFrame
        All its rows in the file's order, cells as text or as
        :func:`read_result_table` reads them.

    Returns
    -------
    list of str
        No two are alike.
    """
    table = table_of(name)
    keys = [key for key in (table.keys if table else ()) if key in frame.columns]
    seen: dict[str, int] = {}
    ids = []
    for cells in zip(*(frame[key] for key in keys), strict=True):
        row = row_id(name, *map(_cell_text, cells))
        seen[row] = seen.get(row, 0) + 1
        ids.append(row if seen[row] == 1 else f"{row}#{seen[row]}")
    return ids or [f"{name}#{i}" for i in range(1, len(frame) + 1)]


def with_row_ids(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the ids of the rows to a table, in the column :data:`ROW_ID`."""
    return frame.assign(**{ROW_ID: row_ids(name, frame)})
