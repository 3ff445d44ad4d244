"""Writing SAS transport files, version 5, after SAS technical note TS-140.

Nothing here is shared with the reader: the layout is written out a second time.
"""

import dataclasses
import struct
from collections.abc import Sequence
from fractions import Fraction

LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
ZEROS = b"0" * 30 + b"  "
WHEN = b"25NOV26:00:00:00"


@dataclasses.dataclass(frozen=True)
class Column:
    """A variable and its values.

    Attributes
    ----------
    name : str
        At most 8 characters.
    values : sequence
        Text or bytes; numbers, with None for a missing one. A text in a column of
        numbers is a special missing value, as "A" is of ``.A``.
    length : int
        Bytes of a cell.
    number : bool
        Whether the values are numbers.
    form : str
        Name of the format, as ``DATE``.
    """

    name: str
    values: Sequence[object]
    length: int = 8
    number: bool = True
    form: str = ""


def text(name: str, values: Sequence[str | bytes], length: int = 8) -> Column:
    """Make a column of texts."""
    return Column(name, values, length, number=False)


def ibm_number(value: float) -> bytes:
    """Write a number as an IBM mainframe does, exactly.

    It is sign, exponent of 16 plus 64 in 7 bits, and a fraction from 1/16 to 1 in 56.
    """
    if value == 0:
        return bytes(8)
    fraction, exponent = abs(Fraction(value)), 0
    while fraction >= 1:
        fraction, exponent = fraction / 16, exponent + 1
    while fraction < Fraction(1, 16):
        fraction, exponent = fraction * 16, exponent - 1
    first = (value < 0) << 7 | (exponent + 64)
    whole = fraction * 2**56
    assert whole.denominator == 1
    return bytes([first]) + int(whole).to_bytes(7, "big")


def _cell(column: Column, value: object) -> bytes:
    if not column.number:
        encoded = value if isinstance(value, bytes) else str(value).encode()
        assert len(encoded) <= column.length
        return encoded.ljust(column.length)
    if value is None or isinstance(value, str):
        return (str(value or ".")).encode() + bytes(column.length - 1)
    assert isinstance(value, (int, float))
    return ibm_number(value)[: column.length]


def _padded(content: bytes) -> bytes:
    return content + b" " * (-len(content) % 80)


def _header(kind: str, counts: bytes = ZEROS) -> bytes:
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!".encode() + counts


def _namestr(column: Column, position: int, at: int) -> bytes:
    return struct.pack(
        ">hhhh8s40s8shhh2s8shhl52s",
        1 if column.number else 2,
        0,
        column.length,
        position,
        column.name.encode().ljust(8),
        b" " * 40,
        column.form.encode().ljust(8),
        0,
        0,
        0,
        b"  ",
        b" " * 8,
        0,
        0,
        at,
        bytes(52),
    )


def dataset(columns: Sequence[Column]) -> bytes:
    """Write one dataset, without the library's header."""
    count = f"000000{len(columns):04d}00000000000000000000  ".encode()
    names, at = b"", 0
    for position, column in enumerate(columns, 1):
        names += _namestr(column, position, at)
        at += column.length
    records = b"".join(
        _cell(column, column.values[row])
        for row in range(len(columns[0].values))
        for column in columns
    )
    return b"".join(
        [
            MEMBER + b"000000000000000001600000000140  ",
            _header("DSCRPTR"),
            b"SAS     TRIAL   SASDATA 9.4     Linux   " + b" " * 24 + WHEN,
            WHEN + b" " * 64,
            _header("NAMESTR", count),
            _padded(names),
            _header("OBS"),
            _padded(records),
        ]
    )


def transport_file(*columns: Column) -> bytes:
    """Write a library of one dataset."""
    real = b"SAS     SAS     SASLIB  9.4     Linux   " + b" " * 24 + WHEN
    return LIBRARY + ZEROS + real + WHEN + b" " * 64 + dataset(columns)
