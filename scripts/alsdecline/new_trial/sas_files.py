"""SAS files as tables of text: transport files and .sas7bdat."""

import io
import struct
from pathlib import Path

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.new_trial.sources import Source, text_of_number
from alsdecline.plain_text import one_line
from alsdecline.raw.cells import ROW
from alsdecline.raw.xport_cells import read_transport_cells

UNREADABLE = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError),
    *(struct.error, OverflowError, ZeroDivisionError, MemoryError, AssertionError),
)
"""What pandas raises of damaged .sas7bdat files."""


def read_transport(content: bytes, path: Path) -> Source:
    """Read a SAS transport file by the pipeline's own reader.

    Raises
    ------
    DataError
        With what that reader finds.
    """
    header = read_transport_cells(content, path.name, ())[0].header
    cells, found = read_transport_cells(content, path.name, header)
    if found or not cells.header:
        raise DataError("\n".join(one_line(str(finding)) for finding in found))
    frame = cells.frame.drop(columns=ROW)[list(cells.header)]
    return Source(path, "", frame, cells.frame[ROW])


def _texts(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        midnight = (values.dropna().dt.normalize() == values.dropna()).all()
        texts = values.dt.strftime("%Y-%m-%d" if midnight else "%Y-%m-%dT%H:%M:%S")
        return pd.Series(texts.fillna(""), dtype="object")
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64").map(text_of_number).astype("object")
    texts = [
        "" if missing else str(value).strip()
        for value, missing in zip(values, values.isna(), strict=True)
    ]
    return pd.Series(texts, index=values.index, dtype="object")


def read_sas7bdat(content: bytes, path: Path) -> Source:
    """Read a .sas7bdat file by pandas.

    Raises
    ------
    DataError
        If it cannot be read, or has no rows.
    """
    name = one_line(path.name)
    try:
        frame = pd.read_sas(io.BytesIO(content), format="sas7bdat", encoding="infer")
        texts = pd.DataFrame({str(c): _texts(frame[c]) for c in frame}, dtype="object")
    except UNREADABLE:
        raise DataError(
            f"{name}: cannot be read as .sas7bdat; export it from SAS as a transport "
            "file (.xpt) or as CSV"
        ) from None
    if texts.empty:
        raise DataError(f"{name}: has no rows")
    rows = pd.Series(range(1, len(texts) + 1), index=texts.index)
    return Source(path, "", texts, rows, (".sas7bdat",))
