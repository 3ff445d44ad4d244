"""SAS transport files (XPORT version 5 and 8) as texts, cell by cell.

The layout is that of SAS technical note TS-140 and its extension to long names. Rows
count from 1, as SAS shows them. A number becomes the shortest text that reads back to
it; one with a format of dates or times becomes an ISO 8601 date.

Readers of others are not used, for they lose without a word what must be told (tried of
pyreadstat 1.3.7 and pandas 3.0): the last records of a file that is cut off are left
out, the datasets after the first are read as its records (pyreadstat), and of short
records the last ones are lost where these have blank cells (pandas). Neither names the
cell of a text that is not UTF-8.
"""

import dataclasses
import struct
from collections.abc import Collection

import numpy as np

from alsdecline.table_files.cell_texts import text_of_sas_number
from alsdecline.table_files.dialect import Dialect
from alsdecline.table_files.encodings import guessed_encoding
from alsdecline.table_files.text_table import (
    Fault,
    TableError,
    TextTable,
    is_wanted,
    refuse_too_many,
)

_CARD = 80
"""Bytes of a header record; files are padded with blanks to a multiple."""

_LONG_NAME = slice(88, 120)
"""Where a variable's name of up to 32 characters stands in version 8."""

RULE = "transport"


class _UnreadableError(Exception):
    """The file is no transport file, or not whole; the message says why."""


@dataclasses.dataclass(frozen=True)
class _Variable:
    """A variable: where it stands in a record, and what it is."""

    name: str
    is_number: bool
    start: int
    length: int
    form: str


@dataclasses.dataclass(frozen=True)
class _Layout:
    """How a version calls its header records."""

    library: str
    names: str
    observations: str
    member: bytes


_LAYOUTS = (
    _Layout("LIBRARY ", "NAMESTR ", "OBS     ", b"MEMBER  "),
    _Layout("LIBV8   ", "NAMSTV8 ", "OBSV8   ", b"MEMBV8  "),
)
_HEADER = "HEADER RECORD*******{}HEADER RECORD!!!!!!!"


def _ibm_numbers(raw: np.ndarray) -> np.ndarray:
    """Convert IBM System/360 floating point numbers; missing ones become NaN.

    A number is sign, 7 bits of exponent of 16 (excess 64) and 56 bits of fraction, of
    which short variables leave out the last (TS-140). Missing is '.', '_' or a letter
    and then zeros.
    """
    whole = np.zeros((len(raw), 8), dtype=np.uint8)
    whole[:, : raw.shape[1]] = raw
    bits = whole.view(">u8").ravel().astype(np.uint64)
    fraction = (bits & np.uint64((1 << 56) - 1)).astype(np.float64)
    exponent = (whole[:, 0] & 0x7F).astype(np.int64)
    values = np.ldexp(fraction, 4 * (exponent - 64) - 56)
    first = whole[:, 0]
    marks = (first == ord(".")) | (first == ord("_"))
    marks |= (first >= ord("A")) & (first <= ord("Z"))
    values[marks & (fraction == 0)] = np.nan
    return np.where(first & 0x80, -values, values)


def _card(content: bytes, number: int) -> str:
    return content[number * _CARD : (number + 1) * _CARD].decode("latin-1")


def _layout_of(content: bytes) -> _Layout:
    first = _card(content, 0)
    if "**COMPRESSED**" in first:
        raise _UnreadableError("was made by PROC CPORT; export it by the XPORT engine")
    for layout in _LAYOUTS:
        if first.startswith(_HEADER.format(layout.library)):
            return layout
    raise _UnreadableError(
        "is no SAS transport file, version 5 or 8; export it again, or, if it is CSV, "
        "let its name end in .csv"
    )


def _read_variables(content: bytes) -> tuple[list[_Variable], int, int | None]:
    """Return the variables, where the records start, and their number, if said."""
    layout = _layout_of(content)
    cut = "has a damaged header, or is cut off in it; export it again"
    member, names = _card(content, 3), _card(content, 7)
    try:
        size, count = int(member[74:78]), int(names[54:58])
    except ValueError:
        raise _UnreadableError(cut) from None
    start = 8 * _CARD
    end = start + -(-size * count // _CARD) * _CARD
    long = layout is _LAYOUTS[1]
    if not names.startswith(f"HEADER RECORD*******{layout.names}"[:27]):
        raise _UnreadableError(cut)
    if count == 0 or size < (_LONG_NAME.stop if long else 64):
        raise _UnreadableError(cut)
    records = _HEADER.format(layout.observations).encode()
    # long labels stand between, of any length
    found = content.find(records, end) if long else end
    whole = 0 <= found <= len(content) - _CARD
    if not whole or not content.startswith(records[:24], found):
        raise _UnreadableError(cut)
    variables, at = [], 0
    for i in range(count):
        field = content[start + i * size : start + (i + 1) * size]
        kind, length, short, form = struct.unpack_from(">h2xh2x8s40x8s", field)
        if kind not in (1, 2) or length < 1 or (kind == 1 and length > 8):
            raise _UnreadableError(cut)
        named = (long and field[_LONG_NAME].strip(b" \0")) or short
        name, form = (part.decode("latin-1").strip(" \0") for part in (named, form))
        variables.append(_Variable(name, kind == 1, at, length, form.upper()))
        at += length
    said = content[found + 48 : found + _CARD].decode("latin-1").split()
    told = (
        int(said[0]) if long and said and said[0].isascii() and said[0].isdigit() else 0
    )
    return variables, found + _CARD, told or None


def _records(content: bytes, length: int, told: int | None) -> np.ndarray:
    """Split what follows the header into records, without the blanks that pad it.

    Where the file does not tell their number, blank records at the end, shorter than
    the padding may be, are taken as padding.
    """
    for layout in _LAYOUTS:
        if b"HEADER RECORD*******" + layout.member + b"HEADER RECORD!" in content:
            raise _UnreadableError(
                "holds several datasets; export each to its own file"
            )
    count = len(content) // length
    blank = b" " * length
    if told is not None:
        if told > count:
            raise _UnreadableError(
                f"is cut off after record {count} of {told}; export it again"
            )
        count = told
    while (
        told is None
        and count
        and len(content) - (count - 1) * length < _CARD
        and content[(count - 1) * length : count * length] == blank
    ):
        count -= 1
    if len(content) % _CARD or content[count * length :].strip(b" "):
        raise _UnreadableError(f"is cut off after record {count}; export it again")
    used = np.frombuffer(content, dtype=np.uint8, count=count * length)
    return used.reshape(count, length)


def _texts(cells: np.ndarray, variable: _Variable, dialect: Dialect) -> list[str]:
    """Turn a variable's cells into text, empty where it has none."""
    if variable.is_number:
        to_text = text_of_sas_number(variable.form, dialect.decimal)
        return [to_text(value) for value in _ibm_numbers(cells).tolist()]
    texts, width = [], variable.length
    joined = cells.tobytes()
    encoding = dialect.encoding or "utf-8"
    for row in range(1, len(cells) + 1):
        cell = joined[(row - 1) * width : row * width].rstrip(b" \0")
        try:
            texts.append(cell.decode(encoding).strip())
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            raise TableError(
                _not_encoded(cell, start, row, variable.name, dialect)
            ) from None
    return texts


def _not_encoded(
    cell: bytes, start: int, row: int, name: str, dialect: Dialect
) -> Fault:
    byte = f"byte 0x{cell[start]:02x}"
    shown = cell.decode("latin-1").strip()
    if dialect.encoding:
        message = (
            f"{byte} is not of {dialect.encoding}, as `encoding:` says; correct that"
        )
        return Fault("encoding", message, row, name, shown)
    guess = guessed_encoding(cell) or "cp1252"
    message = (
        f"{byte} is not UTF-8; export the file as UTF-8, or say in which encoding it "
        f"is, as `encoding: {guess}` under its file in config.yaml"
    )
    return Fault("encoding", message, row, name, shown)


def read_transport(
    content: bytes, dialect: Dialect, wanted: Collection[str] | None
) -> TextTable:
    """Read a SAS transport file.

    Parameters
    ----------
    content : bytes
        The file's content.
    dialect : Dialect
        Its encoding and decimal mark.
    wanted : collection of str or None
        Names of the columns to convert; None for all.

    Returns
    -------
    TextTable

    Raises
    ------
    TableError
        Of a file that is no transport file, is cut off or is not in its encoding.
    """
    try:
        variables, start, told = _read_variables(content)
        length = sum(variable.length for variable in variables)
        records = _records(content[start:], length, told)
    except _UnreadableError as error:
        raise TableError(Fault(RULE, f"the file {error}")) from None
    header = tuple(variable.name for variable in variables)
    kept = [v for v in variables if is_wanted(v.name, header, wanted)]
    refuse_too_many(len(records), len(kept))
    columns: dict[str, list[str]] = {}
    faults: list[Fault] = []
    for variable in kept:
        end = variable.start + variable.length
        cells = np.ascontiguousarray(records[:, variable.start : end])
        try:
            columns[variable.name] = _texts(cells, variable, dialect)
        except TableError as error:
            faults += error.faults
    if faults:
        raise TableError(*faults)
    return TextTable(header, columns, range(1, len(records) + 1))
