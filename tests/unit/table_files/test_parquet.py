"""Parquet files: cells of every type as texts, and what is damaged is told."""

import datetime
import decimal
import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.table_files import text_table
from alsdecline.table_files.dialect import PLAIN, Dialect
from alsdecline.table_files.parquet import read_parquet
from alsdecline.table_files.text_table import Fault, TableError


def parquet(**columns: Any) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def cells(values: Any, kind: Any = None, dialect: Dialect = PLAIN) -> list[str]:
    content = parquet(x=pa.array(values, kind) if kind is not None else values)
    return read_parquet(content, dialect, None).columns["x"]


def fault(content: bytes, *wanted: str) -> Fault:
    with pytest.raises(TableError) as caught:
        read_parquet(content, PLAIN, wanted or None)
    (found,) = caught.value.faults
    assert "\n" not in found.message
    return found


DAY = datetime.date(2020, 2, 29)
NOON = datetime.datetime(2020, 2, 29, 12)


@pytest.mark.parametrize(
    ("kind", "values", "texts"),
    [
        (pa.int64(), [1, None, -(2**60)], ["1", "", "-1152921504606846976"]),
        (pa.float64(), [1.0, 0.1, float("nan"), -0.0], ["1", "0.1", "", "0"]),
        (pa.float32(), [12.3, None], ["12.3", ""]),  # and not 12.300000190734863
        (pa.decimal128(8, 3), [decimal.Decimal("12.500"), None], ["12.5", ""]),
        (pa.string(), ["007", " a ", None], ["007", "a", ""]),
        (pa.large_string(), ["µ"], ["µ"]),
        (pa.binary(), [b"P1"], ["P1"]),
        (pa.bool_(), [True, False, None], ["TRUE", "FALSE", ""]),
        (pa.date32(), [DAY, None], ["2020-02-29", ""]),
        (pa.date64(), [DAY], ["2020-02-29"]),
        (
            pa.timestamp("ns"),
            [datetime.datetime(2020, 2, 29), NOON],
            ["2020-02-29", "2020-02-29T12:00:00"],
        ),
        (pa.null(), [None], [""]),
        (pa.float16(), [np.float16(0.5), None], ["0.5", ""]),
        (pa.string_view(), ["a ", None, "a "], ["a", "", "a"]),
        # an hour apart, when clocks are put back
        (
            pa.timestamp("s", "Europe/Berlin"),
            [1603585800, 1603589400, 1603585800],
            [f"2020-10-25T02:30:00+0{hours}:00" for hours in (2, 1, 2)],
        ),
    ],
    ids=str,
)
def test_cells_of_each_type_are_texts(kind: Any, values: Any, texts: list[str]) -> None:
    assert cells(values, kind) == texts


def test_categories_are_what_they_stand_for() -> None:
    assert cells(pa.array(["a", None, "b"]).dictionary_encode()) == ["a", "", "b"]


def test_numbers_are_written_with_the_declared_decimal_mark() -> None:
    assert cells([12.5], dialect=Dialect(decimal=",")) == ["12,5"]


def test_rows_count_from_one_and_only_wanted_columns_are_read() -> None:
    content = parquet(x=[1, 2], y=[[1], [2]])
    table = read_parquet(content, PLAIN, ["x", "absent"])
    assert table.header == ("x", "y")
    assert (table.columns, list(table.rows)) == ({"x": ["1", "2"]}, [1, 2])
    assert table.header_row is None
    found = fault(content, "y")
    assert (found.rule, found.column) == ("damaged", "y")


def test_a_few_bytes_that_stand_for_very_many_cells_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = parquet(x=pa.array([1] * 100_000))
    assert len(content) < 2_000
    monkeypatch.setattr(text_table, "MOST_CELLS", 99_999)
    assert "more cells than are read" in fault(content).message


GOOD = parquet(x=[1, 2, 3], y=["a", "b", "c"])


def test_a_file_cut_off_anywhere_is_told() -> None:
    for end in range(len(GOOD)):
        assert fault(GOOD[:end]).rule == "damaged"


@given(st.integers(0, len(GOOD)), st.binary(min_size=1, max_size=20))
def test_a_spoilt_file_is_read_or_told(at: int, junk: bytes) -> None:
    try:
        table = read_parquet(GOOD[:at] + junk + GOOD[at + len(junk) :], PLAIN, None)
    except TableError:
        return
    assert all(len(c) == len(table.rows) for c in table.columns.values())
