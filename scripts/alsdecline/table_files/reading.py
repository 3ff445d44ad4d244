"""Which format a file is of, by its name, and what reads it."""

from collections.abc import Callable, Collection
from pathlib import PurePath

from alsdecline.table_files.dataset_json import read_dataset_json
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.parquet import read_parquet
from alsdecline.table_files.sas_dataset import read_sas_dataset
from alsdecline.table_files.text_table import TextTable
from alsdecline.table_files.workbook import read_workbook

TEXT = "text"
EXCEL = "Excel"
PARQUET = "Parquet"
TRANSPORT = "SAS transport"
SAS = "SAS"
JSON = "Dataset-JSON"

OTHER_ENCODINGS = (TRANSPORT, SAS)
"""Formats beside text whose texts may be in other encodings than they say."""

ENDINGS = {
    ".xlsx": EXCEL,
    ".xlsm": EXCEL,
    ".parquet": PARQUET,
    ".xpt": TRANSPORT,
    ".sas7bdat": SAS,
    ".json": JSON,
    ".ndjson": JSON,
}
"""Formats by the ends of files' names; all others are text."""

Reader = Callable[[bytes, Dialect, Collection[str] | None], TextTable]


def _read_transport(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    # numpy is not for those who read no transport file
    from alsdecline.table_files.transport import read_transport

    return read_transport(content, dialect, wanted)


_READERS: dict[str, Reader] = {
    EXCEL: read_workbook,
    PARQUET: read_parquet,
    TRANSPORT: _read_transport,
    SAS: read_sas_dataset,
    JSON: read_dataset_json,
}


def format_of(name: str) -> str:
    """Return the format of a file by its name, packed or not."""
    return ENDINGS.get(PurePath(name.lower().removesuffix(".gz")).suffix, TEXT)


def read_typed(
    content: bytes, kind: str, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    """Read a file of a format whose cells have types, or that is no plain text.

    Parameters
    ----------
    content : bytes
        The file's content, unpacked.
    kind : str
        Its format; not :data:`TEXT`.
    dialect : Dialect
        What the configuration says of it.
    wanted : collection of str or None
        Names of the columns to convert; None for all.

    Returns
    -------
    TextTable

    Raises
    ------
    TableError
        If it cannot be read.
    """
    return _READERS[kind](content, dialect, wanted)
