"""Content of raw tables as an unlucky or an ill-meaning person would leave it."""

import gzip
import io
import struct
import zipfile
from functools import cache
from typing import Any

from hypothesis import strategies as st
from spoilt_content import TRAPS, Draw, spoilt_bytes

CELLS = [
    *("NaN", "inf", "-0", "1e400", "1_000", "\u0663", "0x1", "1,5", "5.", ".", "NA"),
    *("0001-01-01", "9999-12-31", "1677-09-20", "2262-04-12", "2020-02-30", "99999"),
    *("2020-01-01T25:00", "01/02/03", "2020-W01", "\u202e", "\x07", "a\rb", "a\nb"),
    *("9" * 400, "x" * 200_000, "9" * 200_000, "1e9999999", "-1", "1e17", "Infinity"),
    *TRAPS,
]
"""Texts for a cell."""

ENCODINGS = ["utf-16", "utf-16-le", "utf-8-sig", "utf-32", "utf-7", "cp1252", "cp037"]
ENDS = ["\r", "\r\n", "\n\r", "\n\n", "\u2028", "\0\n", ""]
SEPARATORS = [";", "\t", "|", " ", ",,", '","', "\0"]
SIZES = [255, 2_000]
MOST = 500_000
"""Bytes of a table: a finding in every row of a larger one takes its time, and is no
hang (270,000 rows of 9 MB, a finding each: 39 s)."""


def _cells(draw: Draw, rows: list[list[str]]) -> list[list[str]]:
    """Change cells, some in the header, some in a whole column."""
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.integers(0, len(rows) - 1))
        column = draw(st.integers(0, max(len(rows[row]) - 1, 0)))
        other = draw(st.sampled_from([cell for r in rows for cell in r] or [""]))
        cell = draw(st.sampled_from(CELLS) | st.text(max_size=8) | st.just(other))
        below = len(rows) if draw(st.integers(0, 5)) == 0 else row + 1
        for changed in rows[row:below]:
            changed[column : column + 1] = [cell]
    return rows


def _shape(draw: Draw, rows: list[list[str]]) -> list[list[str]]:
    """Remove, repeat and move rows and columns; make very many of them."""
    at = draw(st.integers(0, len(rows) - 1))
    width = draw(st.integers(0, len(rows[0])))
    match draw(st.integers(0, 6)):
        case 0:
            return rows[:at]
        case 1:
            return [*rows[:at], *rows[at + 1 :]]
        case 2:
            return [row[:width] + row[width + 1 :] for row in rows]
        case 3:
            return [[*row, *row[:width]] for row in rows]
        case 4:
            return [*rows, *rows[at : at + 1] * draw(st.sampled_from(SIZES))]
        case 5:
            wide = draw(st.sampled_from(SIZES))
            return [*rows[:at], [*rows[at], *["1"] * wide], *rows[at + 1 :]]
        case _:
            return [*rows[at:], *rows[:at]]


def _written(draw: Draw, rows: list[list[str]]) -> bytes:
    """Write rows, mostly as CSV is written."""
    odd = draw(st.integers(0, 3)) == 0
    end = draw(st.sampled_from(ENDS)) if odd else "\n"
    separator = draw(st.sampled_from([",", *SEPARATORS])) if odd else ","
    quote = draw(st.sampled_from(["", '"', "'"]))
    lines = [separator.join(f"{quote}{c}{quote}" for c in row) for row in rows]
    encoding = draw(st.sampled_from(["utf-8", *ENCODINGS])) if odd else "utf-8"
    return (end.join(lines) + end).encode(encoding, "replace")


@st.composite
def _spoilt_cells(draw: Draw, content: bytes) -> bytes:
    rows = [line.split(",") for line in content.decode().splitlines()]
    if draw(st.booleans()):
        rows = _cells(draw, rows)
    if draw(st.booleans()):
        rows = _shape(draw, rows)
    return _written(draw, rows)


def spoilt_csv(content: bytes) -> st.SearchStrategy[bytes]:
    """Spoil a table: its bytes, cells, rows, columns, quotes, ends or encoding."""
    return (_spoilt_cells(content) | spoilt_bytes(content)).map(lambda c: c[:MOST])


def spoilt_text(content: bytes) -> st.SearchStrategy[bytes]:
    """Spoil the bytes of a table in whatever encoding or form."""
    return spoilt_bytes(content).map(lambda c: c[:MOST])


@cache
def _endless(content: bytes) -> bytes:
    """Pack what fills a memory: 1 GB, in members that are small."""
    return gzip.compress(content * (16 * 2**20 // len(content))) * 64


@st.composite
def spoilt_gzip(draw: Draw, content: bytes) -> bytes:
    """Spoil a packed table, within, or as it is packed."""
    plain = gzip.decompress(content)
    match draw(st.integers(0, 4)):
        case 0:
            return draw(spoilt_bytes(content))
        case 1:
            for _ in range(draw(st.sampled_from([2, 3, 50]))):
                content = gzip.compress(content, mtime=0)
            return content
        case 2:
            packed = gzip.compress(draw(spoilt_csv(plain)), mtime=0)
            return packed[: draw(st.integers(0, len(packed)))]
        case 3:
            members = [content, plain, b"\0" * 40, gzip.compress(b""), _endless(plain)]
            return b"".join(draw(st.lists(st.sampled_from(members), max_size=3)))
        case _:
            return gzip.compress(draw(spoilt_csv(plain)), mtime=0)


RECORD = 80
"""Bytes of which a transport file has records."""

COUNTS = [
    *(b"0000", b"9999", b"-001", b"   1", b"1e3 ", b"\xff\xff\xff\xff", b"\0\0\0\0"),
    *(struct.pack(">i", n) for n in (1, 2**31 - 1, -(2**31), 65_536)),
    *(struct.pack(">h", n) for n in (0, 3, -1, 32_767)),
]
"""What stands for a number of variables, a length or a place."""


@st.composite
def spoilt_transport(draw: Draw, content: bytes) -> bytes:
    """Spoil a transport file: its bytes, records of 80, counts and lengths."""
    if draw(st.booleans()):
        content = draw(spoilt_bytes(content))
    records: list[Any] = [
        content[at : at + RECORD] for at in range(0, len(content), RECORD)
    ]
    for _ in range(draw(st.integers(0, 3)) if records else 0):
        at = draw(st.integers(0, len(records) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                records[at] = b""
            case 1:
                records[at] *= draw(st.sampled_from([2, 1000]))
            case 2:
                records[at] = draw(st.sampled_from(records))
            case _:
                put, place = draw(st.sampled_from(COUNTS)), draw(st.integers(0, 76))
                records[at] = (
                    records[at][:place] + put + records[at][place + len(put) :]
                )
    return b"".join(records)


@cache
def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return stream.getvalue()


PLACES = [
    *(b"1048576", b"1048577", b"99999999999999999999", b"0", b"-1", b"XFD1", b"ZZZZ9"),
    *(b"A1:XFD1048576", b"s", b"e", b"str", b"inlineStr", b"d", b"b", b"n", b"nan"),
    *(b"1e400", b"&lol;", b"<f>1/0</f>", b"<v></v>", b"<is><t>x</t></is>", b"2958466"),
]
"""What stands for a row, a cell, its type or its value."""


@st.composite
def spoilt_workbook(draw: Draw, content: bytes) -> bytes:
    """Spoil a workbook, within its parts, or as these are packed."""
    parts = dict(_parts(content))
    name = draw(st.sampled_from(sorted(parts)))
    match draw(st.integers(0, 6)):
        case 0:
            return draw(spoilt_bytes(content))
        case 1:
            del parts[name]
        case 2:
            parts[name] = parts[draw(st.sampled_from(sorted(parts)))]
        case 3:
            filled = draw(st.sampled_from([b" ", b"<row/>", b"<si><t/></si>"]))
            parts[name] += filled * (draw(st.sampled_from([1, 3])) * 2**20)
        case 4:
            parts[name] = draw(spoilt_bytes(parts[name]))
        case _:
            pieces = parts[name].split(b'"')
            for _ in range(draw(st.integers(1, 4))):
                at = draw(st.integers(0, len(pieces) - 1))
                pieces[at] = draw(st.sampled_from([*PLACES, *pieces]))
            parts[name] = b'"'.join(pieces)
    return _zipped(parts)


@st.composite
def spoilt_binary(draw: Draw, content: bytes) -> bytes:
    """Spoil a file of numbers in bytes: these, and what they count."""
    if draw(st.integers(0, 3)) == 0:
        return draw(spoilt_bytes(content))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        put = draw(st.sampled_from(COUNTS) | st.binary(min_size=1, max_size=8))
        content = content[:at] + put + content[at + len(put) :]
    return content
