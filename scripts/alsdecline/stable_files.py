"""Writing files whose bytes depend on their content alone, whole or not at all."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from alsdecline.faults import DataError
from alsdecline.plain_json import parse_json


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write through a temporary name, so that a killed job leaves no partial file.

    A link of either name is replaced, not followed. Where it fails, as on a full disk,
    the temporary file is removed.

    Parameters
    ----------
    path : Path
        The final name; its folder is made.
    write : callable
        Writes to the path that it is given.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    temporary.unlink(missing_ok=True)
    try:
        write(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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


def read_json(path: Path) -> Any:
    """Read what :func:`write_json` wrote.

    Raises
    ------
    DataError
        If the file cannot be read, or is not as this project writes it.
    """
    try:
        return parse_json(path.read_bytes())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"{path}: not JSON as it was written ({reason}); put the file back as "
            "it was"
        ) from None


_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_BEGINS_FORMULA = r"(?='*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])"
# where a spreadsheet may begin a cell: some take ; or a tab for what parts cells
_BEGINS_CELL = r"(^|[;\t\r\n])"
_FORMULA = re.compile(_BEGINS_CELL + _BEGINS_FORMULA)
_QUOTED_FORMULA = re.compile(f"{_BEGINS_CELL}'{_BEGINS_FORMULA}")


def without_formulas(text: str) -> str:
    """Return a text of which no spreadsheet makes a formula.

    Parameters
    ----------
    text : str
        The text of a cell, perhaps as somebody else wrote it.

    Returns
    -------
    str
        A number as it is; else with an apostrophe before what would begin a formula
        (=, +, -, @, a tab), at the beginning and where a spreadsheet may part cells.
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def with_formulas(text: str) -> str:
    """Return the text of which :func:`without_formulas` made another."""
    return _QUOTED_FORMULA.sub(r"\1", text)


def _format(value: Any) -> Any:
    """Format a float so that it reads back to 12 digits, without a sign of zero."""
    if isinstance(value, float):
        return "" if value != value else f"{value + 0.0:.12g}"
    return without_formulas(value) if isinstance(value, str) else value


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV: UTF-8, LF, floats to 12 significant digits.

    Texts are :func:`without_formulas`.
    """
    text = frame.map(_format).to_csv(index=False, lineterminator="\n")
    write_text(path, text)


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table that :func:`write_csv` wrote, all its cells as text."""
    return restored(pd.read_csv(path, dtype="str", keep_default_na=False))


def restored(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that was read from CSV with its texts as they were written."""
    texts = frame.map(
        lambda cell: with_formulas(cell) if isinstance(cell, str) else cell
    )
    return texts.astype(frame.dtypes)  # a column without a text stays one of texts


def write_parquet(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as Parquet without the writer's own metadata."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata(None)
    write_whole(path, lambda p: pq.write_table(table, p, compression="zstd"))


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a table that :func:`write_parquet` wrote."""
    frame: pd.DataFrame = pq.read_table(path).to_pandas()
    return frame
