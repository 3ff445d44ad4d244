"""SAS datasets (.sas7bdat) as texts, by ReadStat, which pyreadstat brings.

Its number of rows is held to that which the file's header tells, for ReadStat takes a
file that is cut off between pages as a shorter one. SAS keeps dates as numbers; those
that have a format of dates or times become ISO 8601 dates. Missing values, special ones
(``.A`` to ``.Z``) too, are empty.
"""

import io
from collections.abc import Collection
from typing import Any

from alsdecline.table_files.cell_texts import text_of, text_of_sas_number
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.text_table import (
    Fault,
    TableError,
    TextTable,
    is_wanted,
    refuse_too_many,
)

MAGIC = b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c"
"""What every SAS dataset has behind its first 12 bytes."""

AGAIN = "export it from SAS again, as a transport file (.xpt, by XPORT) or as CSV"


def _read(content: bytes, dialect: Dialect, **options: Any) -> tuple[Any, Any]:
    import pyreadstat  # here alone is it needed

    try:
        return pyreadstat.read_sas7bdat(
            io.BytesIO(content),
            output_format="dict",
            disable_datetime_conversion=True,
            encoding=dialect.encoding or None,
            **options,
        )
    except UnicodeError as error:
        raise TableError(Fault("encoding", _not_encoded(dialect, error))) from None
    # what ReadStat and its wrapper raise of a damaged file, whose sizes they trust
    except (
        *(pyreadstat.ReadstatError, ValueError, TypeError, KeyError, OverflowError),
        *(MemoryError, IndexError, AttributeError, OSError),
    ) as error:
        if "encoding" in str(error) or "character set" in str(error):
            raise TableError(Fault("encoding", _not_encoded(dialect, error))) from None
        said = str(error).rstrip(".") or type(error).__name__
        raise TableError(
            Fault("damaged", f"the file cannot be read as .sas7bdat ({said}); {AGAIN}")
        ) from None


def _not_encoded(dialect: Dialect, error: Exception) -> str:
    if dialect.encoding:
        return f"a text is not of {dialect.encoding}, as `encoding:` says; correct that"
    return (
        f"a text is not in the encoding that the file names ({error}); say in which it "
        "is, as `encoding: cp1252` under its file in config.yaml"
    )


def read_sas_dataset(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    """Read a SAS dataset.

    Parameters
    ----------
    content : bytes
        The file's content.
    dialect : Dialect
        Its decimal mark, and its encoding where the file names a wrong one.
    wanted : collection of str or None
        Names of the columns to read; None for all.

    Returns
    -------
    TextTable

    Raises
    ------
    TableError
        Of a file that cannot be read or is cut off.
    """
    if content[12:28] != MAGIC:
        message = f"the file is no SAS dataset (.sas7bdat); {AGAIN}"
        raise TableError(Fault("damaged", message))
    _, meta = _read(content, dialect, metadataonly=True)
    header = tuple(str(name) for name in meta.column_names)
    kept = [name for name in header if is_wanted(name, header, wanted)]
    told = int(meta.number_rows or 0)
    refuse_too_many(told, len(header))
    if not kept:
        return TextTable(header, {}, range(1, told + 1))
    # a column that is given by name is not found where a name is damaged
    cells, _ = _read(content, dialect, usecols=kept)
    columns: dict[str, list[str]] = {}
    for name in kept:
        form = str(meta.original_variable_types.get(name) or "")
        of_number = text_of_sas_number(form, dialect.decimal)
        columns[name] = [
            of_number(value) if isinstance(value, float) else text_of(value)
            for value in cells[name]
        ]
    rows = len(columns[kept[0]])
    if rows != told:
        message = f"the file is cut off after row {rows} of {told}; {AGAIN}"
        raise TableError(Fault("damaged", message))
    return TextTable(header, columns, range(1, rows + 1))
