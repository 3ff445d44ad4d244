"""CSV as programs write it, read column by column by Arrow.

That takes a tenth of the time of Python's own reader, which is left all that may need a
finding or a second look: quotes, blank lines, rows of another length, columns without
a name. What both read is equal.
"""

import csv

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from alsdecline.raw.cells import ROW, Cells
from alsdecline.table_files.delimited import separated
from alsdecline.table_files.dialect import Dialect

_BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What :meth:`str.strip` takes away."""


def read_plain_csv(text: str, dialect: Dialect) -> Cells | None:
    """Read CSV that has nothing to tell.

    Parameters
    ----------
    text : str
        Of the whole file.
    dialect : Dialect
        As the configuration declares it.

    Returns
    -------
    Cells or None
        None of a file that is not so plain, and of one without rows.
    """
    separator, first, text = separated(text, dialect)
    width = text[: _end_of_line(text)].count(separator) + 1
    plain = '"' not in text and separator.isascii() and width > 1
    if not plain or (dialect.header_row or 1) > 1:
        return None
    table = _texts(text, separator, width)
    if table is None or len(table) < 2:
        return None
    columns = [pc.utf8_trim(column, _BLANKS) for column in table.columns]
    header = [column[0].as_py() for column in columns]
    if len({*header, "", ROW}) < width + 2:
        return None
    frame = pd.DataFrame(
        {
            name: pd.Series(column.slice(1), dtype="str")
            for name, column in zip(header, columns, strict=True)
        }
    )
    frame[ROW] = np.arange(first + 1, first + len(table), dtype="int64")
    frame = _filled(frame, header)
    return Cells(tuple(header), frame, header_row=first) if len(frame) else None


def _filled(frame: pd.DataFrame, header: list[str]) -> pd.DataFrame:
    """Leave out records without a filled cell."""
    filled = np.zeros(len(frame), dtype=bool)
    for name in header:
        filled |= (frame[name] != "").to_numpy()
        if filled.all():
            return frame
    return frame[filled].reset_index(drop=True)


def _end_of_line(text: str) -> int:
    ends = [at for end in "\r\n" if (at := text.find(end)) >= 0]
    return min(ends, default=len(text))


def _texts(text: str, separator: str, width: int) -> pa.Table | None:
    """Split lines into cells, the header's too; None where Python would not do so."""
    names = [str(at) for at in range(width)]
    content = text.encode()
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(content),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, column_names=names, block_size=len(content) + 1
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, quote_char=False, escape_char=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, ValueError, OverflowError):
        return None
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")
    if len(table) != lines + (not text.endswith(("\n", "\r"))):
        return None  # blank lines, after which lines and records differ
    longest = max(pc.max(pc.binary_length(c)).as_py() or 0 for c in table.columns)
    return table if longest <= csv.field_size_limit() else None
