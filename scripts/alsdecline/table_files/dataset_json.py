"""CDISC Dataset-JSON 1.1 as texts: one object (.json), or a line each (.ndjson).

Rows count from 1, as records of SAS; in .ndjson the first stands in line 2. The number
of records that the file states is held to those that it has.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from alsdecline.plain_json import parse_json
from alsdecline.table_files.cell_texts import (
    is_date_format,
    text_of,
    text_of_sas_number,
)
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.text_table import (
    Fault,
    TableError,
    TextTable,
    is_wanted,
    refuse_too_many,
)

_FORMATS = {"date": "DATE", "datetime": "DATETIME", "time": ""}
"""The SAS format of numbers that a column's data type says are dates."""

AGAIN = "export it again"


def _damaged(said: str, row: int | None = None) -> TableError:
    return TableError(Fault("damaged", f"the file {said}; {AGAIN}", row))


def _metadata(value: Any) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the columns, and what is said of each."""
    if not isinstance(value, Mapping):
        raise _damaged("is no Dataset-JSON, which begins with an object")
    version = str(value.get("datasetJSONVersion", ""))
    columns = value.get("columns")
    if not version:
        raise _damaged("is no Dataset-JSON 1.1: it has no `datasetJSONVersion`")
    if version.split(".")[:2] != ["1", "1"]:
        raise _damaged(f"is Dataset-JSON {version[:20]}, and 1.1 is read")
    if not isinstance(columns, list) or not columns:
        raise _damaged("has no `columns`, which name what its rows hold")
    if not all(isinstance(c, dict) and isinstance(c.get("name"), str) for c in columns):
        raise _damaged("has `columns` of which one has no name")
    return [column["name"] for column in columns], columns


def _objects(content: bytes) -> tuple[Any, Any]:
    """Return metadata and rows of the form in one object."""
    value = _parsed(content, None)
    rows = value.get("rows") if isinstance(value, Mapping) else None
    return value, [] if rows is None else rows


def _lines(content: bytes) -> tuple[Any, Any]:
    """Return metadata and rows of the form in lines."""
    first, *rest = content.split(b"\n")
    value = _parsed(first, None)
    filled = [(i, line) for i, line in enumerate(rest, 1) if line.strip()]
    return value, [_parsed(line, row) for row, line in filled]


def _parsed(content: bytes, row: int | None) -> Any:
    try:
        return parse_json(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        place = "" if row is None else f"in line {row + 1} "
        raise _damaged(f"{place}is no JSON, or is cut off ({error})", row) from None
    except (ValueError, RecursionError) as error:
        raise _damaged(f"cannot be read as JSON ({error})", row) from None


def _text(value: Any, column: Mapping[str, Any], point: str) -> str:
    kind = str(column.get("dataType"))
    form = str(column.get("displayFormat") or "")
    dated = kind in _FORMATS or is_date_format(form)
    if dated and isinstance(value, (int, float)) and not isinstance(value, bool):
        # dates that are kept as numbers count as those of SAS do
        return text_of_sas_number(form or _FORMATS[kind], point)(float(value))
    if kind == "decimal" and isinstance(value, str):
        return value.strip().replace(".", point)
    return text_of(value, point)


def _rows(rows: Any, columns: int, told: Any) -> Sequence[Sequence[Any]]:
    if not isinstance(rows, list):
        raise _damaged("has `rows` that are no list")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != columns:
            has = f"{len(row)} values" if isinstance(row, list) else "no list"
            raise _damaged(f"has {has} where it has {columns} columns", number)
    if isinstance(told, int) and told != len(rows):
        raise _damaged(f"has {len(rows)} of {told} records, which it states")
    return rows


def read_dataset_json(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    """Read a Dataset-JSON file, in either form.

    Parameters
    ----------
    content : bytes
        The file's content.
    dialect : Dialect
        Its decimal mark.
    wanted : collection of str or None
        Names of the columns to convert; None for all.

    Returns
    -------
    TextTable

    Raises
    ------
    TableError
        Of a file that is no Dataset-JSON 1.1, is damaged or cut off.
    """
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    in_lines = b"\n" in content and _is_object(content.split(b"\n", 1)[0])
    value, rows = (_lines if in_lines else _objects)(content)
    names, described = _metadata(value)
    rows = _rows(rows, len(names), value.get("records"))
    kept = [name for name in names if is_wanted(name, names, wanted)]
    refuse_too_many(len(rows), len(kept))
    columns: dict[str, list[str]] = {}
    for name in kept:
        at = names.index(name)
        about = described[at]
        held = [row[at] for row in rows]
        for number, cell in enumerate(held, 1):
            if isinstance(cell, (list, dict)):
                raise _damaged("has a list where one value belongs", number)
        columns[name] = [_text(cell, about, dialect.decimal) for cell in held]
    return TextTable(tuple(names), columns, range(1, len(rows) + 1))


def _is_object(line: bytes) -> bool:
    """Tell whether a first line is an object of its own, as in .ndjson."""
    try:
        return isinstance(parse_json(line), dict)
    except (ValueError, RecursionError):
        return False
