"""Parquet files as texts, by Arrow.

What a file declares is held to :data:`MOST_CELLS` before anything is unpacked, and its
rows are read in parts, for a few bytes may stand for any number of equal cells.
"""

import datetime
from collections.abc import Callable, Collection
from typing import Any

from alsdecline.table_files.cell_texts import number_text, text_of
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.text_table import (
    Fault,
    TableError,
    TextTable,
    is_wanted,
    refuse_too_many,
)

MAGIC = b"PAR1"
ROWS_AT_ONCE = 65_536
MOST_TEXT = 512 * 2**20
"""Bytes that the cells of the columns that are read may unpack to."""


def _short_float(value: float, point: str) -> str:
    """Return the shortest text that reads back to a number of 32 or 16 bits."""
    if value != value:
        return ""
    import numpy as np

    return number_text(float(str(np.float32(value))), point)


def _day_of_epoch(days: int) -> str:
    try:
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=days)).isoformat()
    except OverflowError:
        return str(days)


def _to_text(kind: Any, point: str) -> Callable[[Any], str]:
    import pyarrow.types as types

    if types.is_float32(kind) or types.is_float16(kind):
        return lambda value: _short_float(value, point)
    return lambda value: text_of(value, point)


def _is_flat(kind: Any) -> bool:
    import pyarrow.types as types

    inner = kind.value_type if types.is_dictionary(kind) else kind
    return not types.is_nested(inner) and not types.is_duration(inner)


def _cells(array: Any, kind: Any, point: str) -> list[str]:
    """Return the cells of a part of a column."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_dictionary(kind):
        kind = kind.value_type
        array = array.cast(kind)
    if types.is_timestamp(kind):
        # Python has no nanoseconds, and no study has any
        array = array.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if types.is_binary(kind) or types.is_large_binary(kind):
        array = array.cast(pa.string())
    to_text = _to_text(kind, point)
    if types.is_date(kind):
        array = array.cast(pa.date32(), safe=False).cast(pa.int32())
        to_text = _day_of_epoch
    try:
        encoded = array.dictionary_encode()
    # Arrow encodes not every type that it reads, as half-precision numbers, views of
    # texts and types of others' making; of these each cell is made a text
    except pa.ArrowNotImplementedError:
        return ["" if v is None else to_text(v) for v in array.to_pylist()]
    # a column has far fewer values than cells; the last text is that of no value
    texts = [to_text(value) for value in encoded.dictionary.to_pylist()]
    places = encoded.indices.fill_null(len(texts)).to_pylist()
    texts.append("")
    return [texts[place] for place in places]


def read_parquet(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    """Read a Parquet file.

    Parameters
    ----------
    content : bytes
        The file's content.
    dialect : Dialect
        Its decimal mark.
    wanted : collection of str or None
        Names of the columns to read; None for all that are no nested ones.

    Returns
    -------
    TextTable

    Raises
    ------
    TableError
        Of a file that is damaged or too large, or a wanted column of lists.
    """
    import pyarrow as pa

    try:
        return _read(content, dialect, wanted)
    # what pyarrow raises of a damaged file, whose sizes and types it trusts: memory for
    # a size that is not so, no implementation of a type that is none
    except (
        *(pa.ArrowException, OSError, ValueError, TypeError, KeyError, IndexError),
        *(OverflowError, MemoryError, NotImplementedError),
    ) as error:
        said = (str(error) or type(error).__name__).splitlines()[0][:200]
        message = f"the file cannot be read as Parquet ({said}); export it again"
        raise TableError(Fault("damaged", message)) from None


def _read(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
    schema, meta = file.schema_arrow, file.metadata
    header = tuple(schema.names)
    kept = [name for name in header if is_wanted(name, header, wanted)]
    nested = [name for name in kept if not _is_flat(schema.field(name).type)]
    if wanted is not None and nested:
        message = "its cells are lists or spans of time; give the file one value a cell"
        raise TableError(*(Fault("damaged", message, column=name) for name in nested))
    kept = [name for name in kept if name not in nested]
    refuse_too_many(meta.num_rows, len(kept))
    columns: dict[str, list[str]] = {name: [] for name in kept}
    unpacked = rows = 0
    for batch in file.iter_batches(ROWS_AT_ONCE, columns=kept, use_threads=False):
        unpacked += batch.nbytes
        rows += batch.num_rows
        if unpacked > MOST_TEXT:
            refuse_too_many(meta.num_rows, 2**62)
        for name in kept:
            kind = schema.field(name).type
            columns[name] += _cells(batch.column(name), kind, dialect.decimal)
    if kept and rows != meta.num_rows:
        message = f"the file has {rows} of {meta.num_rows} rows; export it again"
        raise TableError(Fault("damaged", message))
    return TextTable(header, columns, range(1, meta.num_rows + 1))
