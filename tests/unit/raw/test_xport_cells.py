"""SAS transport files: every cell and record comes back, and what is damaged is told.

The files are written by support.transport_file after SAS's description of the format,
TS-140. Dates count from 1 January 1960: 52 years of 365 days and 13 leap days later,
18993 days, it is 1 January 2012.
"""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.raw.cells import Cells
from alsdecline.raw.findings import Finding
from alsdecline.raw.typed_cells import read_typed_cells
from alsdecline.table_files.dialect import PLAIN
from alsdecline.table_files.reading import TRANSPORT
from support.transport_file import (
    Column,
    dataset,
    ibm_number,
    text,
    transport_file,
)


def read(content: bytes, *wanted: str) -> tuple[Cells, list[Finding]]:
    return read_typed_cells(content, "dm.xpt", wanted, TRANSPORT, PLAIN)


def cells(column: Column) -> list[str]:
    found, complaints = read(transport_file(column), column.name)
    assert complaints == []
    return list(found.frame[column.name])


def test_the_writer_makes_the_numbers_that_ibm_printed() -> None:
    # 1 and -118.625: the examples of Wikipedia, IBM hexadecimal floating-point; 0.1 is
    # 0.1999... in base 16
    assert ibm_number(1).hex() == "4110000000000000"
    assert ibm_number(-118.625).hex() == "c276a00000000000"
    assert ibm_number(0.1).hex() == "401999999999999a"


def test_numbers_are_the_shortest_texts_that_read_back_to_them() -> None:
    numbers = [0, 1, -118.625, 0.1, None, -2, 12345678.9, 0.001, 101, 1e17]
    assert cells(Column("N", numbers)) == [
        *("0", "1", "-118.625", "0.1", "", "-2", "12345678.9", "0.001", "101", "1e+17")
    ]


def test_special_missing_numbers_are_empty() -> None:
    assert cells(Column("N", ["A", "Z", "_", ".", 65])) == ["", "", "", "", "65"]


def test_numbers_in_fewer_bytes_lose_only_what_these_cannot_hold() -> None:
    # 3 bytes: 16 bits of fraction; 1/3 is 0.5555... in base 16
    values = cells(Column("N", [1.5, -40, 0, None, 1 / 3], length=3))
    assert values == ["1.5", "-40", "0", "", str(0x5555 / 0x10000)]


@given(st.floats(-1e60, 1e60).filter(lambda x: x == 0 or abs(x) > 1e-60))
def test_every_number_reads_back(number: float) -> None:
    (found,) = cells(Column("N", [number]))
    assert float(found) == number


@pytest.mark.parametrize("form", ["DATE", "YYMMDD", "E8601DA", "MMDDYY", "DDMMYYS"])
def test_numbers_with_a_date_format_are_dates(form: str) -> None:
    days = Column("D", [0, -1, 18993, None, 18993.5], form=form)
    assert cells(days) == ["1960-01-01", "1959-12-31", "2012-01-01", "", "2012-01-01"]


@pytest.mark.parametrize("form", ["DATETIME", "DATEAMPM", "E8601DT"])
def test_numbers_with_a_format_of_date_and_time_are_both(form: str) -> None:
    day = 18993 * 86_400
    seconds = Column("D", [0, -1, day, day + 86_399, None], form=form)
    # a midnight is its date
    assert cells(seconds) == [
        *("1960-01-01", "1959-12-31T23:59:59", "2012-01-01", "2012-01-01T23:59:59", "")
    ]


def test_a_date_that_no_calendar_has_stays_a_number() -> None:
    assert cells(Column("D", [1e9], form="DATE")) == ["1000000000"]


@pytest.mark.parametrize("form", ["", "BEST", "TIME", "F"])
def test_numbers_with_other_formats_stay_numbers(form: str) -> None:
    assert cells(Column("N", [18993], form=form)) == ["18993"]


def test_texts_are_stripped_and_may_be_empty_or_of_any_script() -> None:
    values = ["P1", " a b ", "", "3 µg/kg", b"x\0\0"]
    assert cells(text("T", values, 10)) == ["P1", "a b", "", "3 µg/kg", "x"]


def test_the_header_is_whole_and_a_column_that_cannot_be_read_is_blank() -> None:
    content = transport_file(
        text("USUBJID", ["P1", "P2"]),
        text("NOTE", [b"\xb5", b""]),
        Column("AGE", [1, 2]),
    )
    found, complaints = read(content, "AGE", "USUBJID", "ABSENT")
    assert complaints == []  # the note, which is not UTF-8, is not asked for
    assert found.header == ("USUBJID", "NOTE", "AGE")
    assert found.frame.to_dict("list") == {
        "USUBJID": ["P1", "P2"],
        "NOTE": ["", ""],  # blank, for what looks at columns beside those used
        "AGE": ["1", "2"],
        "_row": [1, 2],
    }
    assert found.header_row is None


def test_no_record_is_lost_where_the_last_ones_have_blank_cells() -> None:
    # records of 16 bytes: 5 make one card of 80, of which 40 bytes are blank
    content = transport_file(Column("N", [1, 2, 3, 4, 5]), text("T", [""] * 5))
    found, complaints = read(content, "N", "T")
    assert complaints == []
    assert list(found.frame["N"]) == ["1", "2", "3", "4", "5"]


@given(
    widths=st.lists(st.integers(1, 30), min_size=0, max_size=4),
    numbers=st.lists(st.integers(-9, 99), min_size=1, max_size=40),
)
def test_every_record_comes_back_whatever_its_length(
    widths: list[int], numbers: list[int]
) -> None:
    blanks = [text(f"T{i}", [""] * len(numbers), w) for i, w in enumerate(widths)]
    found, complaints = read(transport_file(Column("N", numbers), *blanks), "N", "T0")
    assert complaints == []
    assert list(found.frame["N"]) == [str(number) for number in numbers]
    assert list(found.frame["_row"]) == list(range(1, len(numbers) + 1))


SMALL = transport_file(Column("N", [1, 2, 3, 4, 5]), text("T", ["abc"] * 5, 16))
"""640 bytes of header, 320 of two names, 80, then 5 records of 24 bytes: 160."""

DAMAGED = {
    "empty": (b"", "file_empty", "the file is empty; export it again"),
    "another format": (b"N,T\n1,abc\n" * 99, "transport", "is no SAS transport file"),
    "version 8 with headers of version 5": (
        SMALL.replace(b"LIBRARY ", b"LIBV8   ", 1),
        "transport",
        "has a damaged header",
    ),
    "PROC CPORT": (
        b"**COMPRESSED** " * 100,
        "transport",
        "was made by PROC CPORT; export it by the XPORT engine",
    ),
    "cut in the header": (SMALL[:700], "transport", "damaged header, or is cut off"),
    "cut in a card": (SMALL[:-30], "transport", "is cut off after record 5"),
    "cut in a record": (SMALL[:-80], "transport", "is cut off after record 3"),
    "two datasets": (
        SMALL + dataset([Column("N", [1])]),
        "transport",
        "holds several datasets; export each to its own file",
    ),
    "number of 9 bytes": (
        transport_file(Column("N", [1], length=9)),
        "transport",
        "damaged header",
    ),
    "no records": (
        transport_file(Column("N", [])),
        "no_rows",
        "a header but no rows; at least one row is needed",
    ),
    "name twice": (
        transport_file(Column("N", [1]), Column("N", [1])),
        "header_repeated",
        "the header has this column 2 times; keep one",
    ),
    "name used inside": (
        transport_file(Column("_row", [1])),
        "header_reserved",
        "rename the column",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_told_with_its_remedy(name: str) -> None:
    content, rule, says = DAMAGED[name]
    found, (complaint,) = read(content, "N")
    assert len(found.frame) == 0
    assert (complaint.severity, complaint.rule, complaint.file, complaint.row) == (
        *("fatal", rule, "dm.xpt"),
        None,
    )
    assert says in complaint.message
    assert "\n" not in str(complaint)


def test_text_that_is_not_utf_8_is_told_with_its_cell() -> None:
    content = transport_file(
        text("ID", ["P1", "P2"]), text("T", ["a", "5 µg".encode("latin-1")])
    )
    found, (complaint,) = read(content, "ID", "T")
    assert found.header == ()
    assert str(complaint) == (
        "fatal: dm.xpt, row 2, column T, value '5 µg': byte 0xb5 is not UTF-8; export "
        "the file as UTF-8, or say in which encoding it is, as `encoding: cp1252` "
        "under its file in config.yaml [encoding]"
    )


def test_a_file_cut_off_anywhere_is_told() -> None:
    assert len(SMALL) == 640 + 320 + 80 + 160
    for end in range(len(SMALL)):
        _, complaints = read(SMALL[:end], "N", "T")
        assert [c.severity for c in complaints] == ["fatal"], end


@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=20))
def test_a_damaged_file_is_never_more_than_a_finding(at: int, junk: bytes) -> None:
    damaged = SMALL[:at] + junk + SMALL[at + len(junk) :]
    found, complaints = read(damaged, "N", "T")
    # five, or four where the junk is blanks on the last
    assert complaints or len(found.frame) in (4, 5)


@pytest.mark.parametrize("name", ["dm", "ex", "sv", "adae"])
def test_published_files_have_the_cells_that_pandas_reads(name: str, reference) -> None:
    # their records are longer than 80 bytes, of which pandas loses none
    path = reference / "data" / "cdisc_pilot01" / "xpt" / f"{name}.xpt"
    expected = pd.read_sas(path, format="xport", encoding="utf-8")
    found, complaints = read(path.read_bytes(), *expected.columns)
    assert complaints == []
    assert found.header == tuple(expected.columns)
    for column in expected:
        cells_here = found.frame[column]
        if not pd.api.types.is_numeric_dtype(expected[column]):
            assert (cells_here == expected[column].str.strip()).all()
            continue
        # pandas reads the zero of an IBM mainframe as 5.4e-79
        numbers = expected[column].mask(expected[column].abs() < 1e-70, 0)
        if cells_here.str.fullmatch(r"\d{4}-\d\d-\d\d").any():
            days = pd.to_datetime(cells_here.where(cells_here != ""))
            read_back = (days - pd.Timestamp("1960-01-01")).dt.days
        else:
            read_back = pd.to_numeric(cells_here.where(cells_here != ""))
        assert read_back.astype("float64").equals(numbers)
