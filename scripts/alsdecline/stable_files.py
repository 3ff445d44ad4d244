"""Writing files whose bytes depend on their content alone, whole or not at all."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write through a temporary name, so that a killed job leaves no partial file.

    Parameters
    ----------
    path : Path
        The final name; its folder is made.
    write : callable
        Writes to the path that it is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    write(temporary)
    temporary.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with the line ends as given."""

    def write(temporary: Path) -> None:
        temporary.write_bytes(text.encode())

    write_whole(path, write)


def json_text(value: Any) -> str:
    """Return JSON for files, with sorted keys; NaN is refused, for it is no JSON."""
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False
    )
    return text + "\n"


def write_json(path: Path, value: Any) -> None:
    """Write :func:`json_text`."""
    write_text(path, json_text(value))


def _format(value: Any) -> Any:
    """Format a float so that it reads back to 12 digits, without a sign of zero."""
    if isinstance(value, float):
        return "" if value != value else f"{value + 0.0:.12g}"
    return value


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV: UTF-8, LF, floats to 12 significant digits."""
    text = frame.map(_format).to_csv(index=False, lineterminator="\n")
    write_text(path, text)


def write_result_table(path: Path, frame: pd.DataFrame, data_kind: str) -> None:
    """Write a table of results, marked in every row as of real or synthetic data."""
    write_csv(path, frame.assign(data_kind=data_kind))


NUMBERS = frozenset(
    [
        "value",
        "n",
        "percent",
        "patients",
        "events",
        "week",
        "mean",
        "sd",
        "median",
        "min",
        "max",
        "estimate",
        "lower",
        "upper",
        "probability",
        "p_value",
        "n_treated",
        "n_reference",
        "n_allocations",
        "smallest_attainable_p",
        "n_visits",
        "slope",
        "intercept",
        "se",
        "df",
        "mcse",
        "first_month",
        "last_month",
        "attempt",
        "target_accept",
        "r_hat",
        "ess_bulk",
        "ess_tail",
        "divergences",
        "e_bfmi",
        "elpd",
        "difference",
        "se_difference",
        "refitted",
        "pareto_k",
        "observed",
        "tail_probability",
        "randomized",
        "values",
        "row",
    ]
)
"""Columns of result tables that hold numbers; all others but flags hold text."""

FLAGS = frozenset({"passed", "exact", "warning"})


def read_result_table(path: Path, text: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table of results; an arm called 1 or NA stays text.

    Parameters
    ----------
    path : Path
        The CSV file.
    text : sequence of str
        Columns of numbers elsewhere that hold text in this table.

    Returns
    -------
    DataFrame
        Empty cells are missing.
    """
    with path.open(encoding="utf-8") as stream:
        names = next(csv.reader(stream))
    known = dict.fromkeys(NUMBERS - set(text), "float64")
    known |= dict.fromkeys(FLAGS, "boolean")
    dtypes: dict[str, Any] = {name: known.get(name, "object") for name in names}
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values=[""])


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet without the writer's own metadata."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata(None)
    write_whole(path, lambda p: pq.write_table(table, p, compression="zstd"))


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a table that :func:`write_parquet` wrote."""
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame
