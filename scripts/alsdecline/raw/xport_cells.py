"""Reading SAS transport files (XPORT version 5) as text, cell by cell.

The layout is that of SAS technical note TS-140. Rows count from 1, as SAS shows them. A
number becomes the shortest text that reads back to it; one with a format of dates or
times becomes an ISO 8601 date. The reader of pandas is not used: of short records it
loses the last ones where these have blank cells, and it tells no place.
"""

import dataclasses
import datetime
import struct
from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from alsdecline.raw.cells import ROW, Cells, header_findings, no_cells, no_rows
from alsdecline.raw.findings import Finding
from alsdecline.raw.foreign_formats import foreign_format
from alsdecline.raw.rules import Rule

_CARD = 80
"""Bytes of a header record; files are padded with blanks to a multiple."""

_EPOCH = datetime.date(1960, 1, 1)
"""Day 0 of SAS dates."""

_DATE_FORMATS = (
    *("DATE", "YYMMDD", "MMDDYY", "DDMMYY", "E8601DA", "B8601DA", "IS8601DA"),
    *("WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX", "NLDATE", "JULIAN"),
)
_TIME_FORMATS = (
    *("DATETIME", "DATEAMPM", "MDYAMPM", "E8601DT", "B8601DT", "IS8601DT", "NLDATM"),
)

_SECONDS_PER_DAY = 86_400


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


def _number_text(value: float) -> str:
    return "" if value != value else repr(value + 0.0).removesuffix(".0")


def _date_text(days: float) -> str:
    if days != days:
        return ""
    try:
        return (_EPOCH + datetime.timedelta(days=int(days // 1))).isoformat()
    except OverflowError:
        return _number_text(days)


def _time_text(seconds: float) -> str:
    return _date_text(seconds // _SECONDS_PER_DAY)


def _text_of(form: str) -> Callable[[float], str]:
    """Return what makes text of the numbers of a SAS format."""
    if form.startswith(_TIME_FORMATS):
        return _time_text
    return _date_text if form.startswith(_DATE_FORMATS) else _number_text


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


def _read_variables(content: bytes) -> tuple[list[_Variable], int]:
    """Return the variables, and where the records start."""
    first = _card(content, 0)
    if "**COMPRESSED**" in first:
        raise _UnreadableError("was made by PROC CPORT; export it by the XPORT engine")
    if first.startswith("HEADER RECORD*******LIBV8"):
        raise _UnreadableError("is of version 8; export it as version 5")
    if not first.startswith("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"):
        said = foreign_format(content) or (
            "is no SAS transport file, version 5; export it again, or, if it is CSV, "
            "let its name end in .csv"
        )
        raise _UnreadableError(said)
    cut = "has a damaged header, or is cut off in it; export it again"
    member, names = _card(content, 3), _card(content, 7)
    try:
        size, count = int(member[74:78]), int(names[54:58])
    except ValueError:
        raise _UnreadableError(cut) from None
    start = 8 * _CARD
    end = start + -(-size * count // _CARD) * _CARD
    if (
        not names.startswith("HEADER RECORD*******NAMESTR")
        or not content[end:].startswith(b"HEADER RECORD*******OBS ")
        or count == 0
        or size < 64
    ):
        raise _UnreadableError(cut)
    variables, at = [], 0
    for i in range(count):
        field = content[start + i * size : start + (i + 1) * size]
        kind, length, name, form = struct.unpack_from(">h2xh2x8s40x8s", field)
        if kind not in (1, 2) or length < 1 or (kind == 1 and length > 8):
            raise _UnreadableError(cut)
        name, form = (part.decode("latin-1").strip(" \0") for part in (name, form))
        variables.append(_Variable(name, kind == 1, at, length, form.upper()))
        at += length
    return variables, end + _CARD


def _records(content: bytes, length: int) -> np.ndarray:
    """Split what follows the header into records, without the blanks that pad it.

    The file does not tell their number; blank records at the end, shorter than the
    padding may be, are taken as padding.
    """
    if b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!" in content:
        raise _UnreadableError("holds several datasets; export each to its own file")
    count = len(content) // length
    blank = b" " * length
    while (
        count
        and len(content) - (count - 1) * length < _CARD
        and content[(count - 1) * length : count * length] == blank
    ):
        count -= 1
    if len(content) % _CARD or content[count * length :].strip(b" "):
        raise _UnreadableError(f"is cut off after record {count}; export it again")
    used = np.frombuffer(content, dtype=np.uint8, count=count * length)
    return used.reshape(count, length)


def _texts(
    cells: np.ndarray, variable: _Variable, file: str
) -> tuple[list[str], list[Finding]]:
    """Turn a variable's cells into text, empty where it has none."""
    if variable.is_number:
        to_text = _text_of(variable.form)
        return [to_text(value) for value in _ibm_numbers(cells).tolist()], []
    texts, width = [], variable.length
    joined = cells.tobytes()
    for row in range(1, len(cells) + 1):
        cell = joined[(row - 1) * width : row * width].rstrip(b" \0")
        try:
            texts.append(cell.decode("utf-8").strip())
        except UnicodeDecodeError as error:
            byte = cell[error.start]
            message = f"byte 0x{byte:02x} is not UTF-8; export the file as UTF-8"
            shown = cell.decode("latin-1").strip()
            found = Finding.by_rule(
                Rule.ENCODING, file, row, variable.name, shown, message
            )
            return [""] * len(cells), [found]
    return texts, []


def read_transport_cells(
    content: bytes, file: str, wanted: Collection[str]
) -> tuple[Cells, list[Finding]]:
    """Read a SAS transport file as text.

    Parameters
    ----------
    content : bytes
        The file's content.
    file : str
        What the configuration calls it.
    wanted : collection of str
        Names of the columns to convert, where they are there.

    Returns
    -------
    Cells
        The whole header, the wanted columns.
    list of Finding
        Of a file that is no transport file, is cut off or is not UTF-8.
    """

    def unread(rule: Rule, message: str) -> tuple[Cells, list[Finding]]:
        return no_cells(), [Finding.by_rule(rule, file, None, "", "", message)]

    if not content:
        return unread(Rule.FILE_EMPTY, "the file is empty; export it again")
    try:
        variables, start = _read_variables(content)
        length = sum(variable.length for variable in variables)
        records = _records(content[start:], length)
    except _UnreadableError as error:
        return unread(Rule.TRANSPORT, f"the file {error}")
    header = [variable.name for variable in variables]
    found = header_findings(header, file, None)
    if found:
        return no_cells(), found
    if not len(records):
        found = [no_rows(file)]
    columns: dict[str, list[str]] = {}
    for variable in variables:
        if variable.name in wanted:
            end = variable.start + variable.length
            cells = np.ascontiguousarray(records[:, variable.start : end])
            columns[variable.name], wrong = _texts(cells, variable, file)
            found += wrong
    if any(finding.rule == Rule.ENCODING for finding in found):
        return no_cells(), found
    frame = pd.DataFrame(columns, dtype="object")
    frame[ROW] = np.arange(1, len(records) + 1)
    return Cells(tuple(header), frame, header_row=None), found
