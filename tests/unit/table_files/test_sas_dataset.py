"""SAS datasets: cells as ReadStat has them, and nothing that is cut off passes.

No tool here writes .sas7bdat. `iris.sas7bdat.gz` is the example of R's package haven
2.5.1 (MIT licence, RStudio), as Debian's r-cran-haven ships it, packed; haven's own
reading of it is in tests/unit/table_files/test_haven.py.
"""

import gzip
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.table_files.dialect import PLAIN, Dialect
from alsdecline.table_files.sas_dataset import read_sas_dataset
from alsdecline.table_files.text_table import TableError

IRIS = gzip.decompress(Path(__file__).with_name("iris.sas7bdat.gz").read_bytes())

MISSING = 0xFFFFFE0000000000
SPECIAL = {"." + chr(ord("A") + i): 0xFFFFFD0000000000 - (i << 40) for i in range(26)}
"""The bits of missing numbers, as SAS keeps them."""


def with_first_number(bits: bytes) -> bytes:
    """Put 8 bytes in the place of the first number, 5.1."""
    at = IRIS.index(struct.pack("<d", 5.1))
    return IRIS[:at] + bits + IRIS[at + 8 :]


def test_the_example_has_the_cells_that_r_has() -> None:
    table = read_sas_dataset(IRIS, PLAIN, None)
    assert table.header == (
        *("Sepal_Length", "Sepal_Width", "Petal_Length", "Petal_Width", "Species"),
    )
    assert list(table.rows) == list(range(1, 151))
    assert [cells[0] for cells in table.columns.values()] == [
        *("5.1", "3.5", "1.4", "0.2", "setosa")
    ]
    # sum(iris$Sepal.Length) and so on in R
    sums = [sum(map(float, table.columns[name])) for name in table.header[:4]]
    assert sums == pytest.approx([876.5, 458.6, 563.7, 179.9])
    # the file has texts of 6 bytes, in which 'versicolor' does not fit
    assert set(table.columns["Species"]) == {"setosa", "versic", "virgin"}


def test_only_wanted_columns_are_read() -> None:
    table = read_sas_dataset(IRIS, PLAIN, ["Species", "Absent"])
    assert list(table.columns) == ["Species"]
    assert len(table.header) == 5
    assert len(table.rows) == 150


@pytest.mark.parametrize("name", ["plain", *SPECIAL])
def test_missing_numbers_of_every_kind_are_empty(name: str) -> None:
    bits = struct.pack("<Q", SPECIAL.get(name, MISSING))
    table = read_sas_dataset(with_first_number(bits), PLAIN, ["Sepal_Length"])
    assert table.columns["Sepal_Length"][:2] == ["", "4.9"]


def test_numbers_that_have_a_format_of_dates_are_iso_dates() -> None:
    # the format BEST of all columns made DATE; 18993 days after 1960 it is 2012
    content = with_first_number(struct.pack("<d", 18993.0)).replace(b"BEST", b"DATE")
    table = read_sas_dataset(content, PLAIN, ["Sepal_Length"])
    assert table.columns["Sepal_Length"][:2] == ["2012-01-01", "1960-01-05"]


def test_a_declared_decimal_comma_is_that_of_numbers_too() -> None:
    table = read_sas_dataset(IRIS, Dialect(decimal=","), ["Sepal_Length"])
    assert table.columns["Sepal_Length"][0] == "5,1"


def told(content: bytes) -> str:
    with pytest.raises(TableError) as caught:
        read_sas_dataset(content, PLAIN, None)
    (fault,) = caught.value.faults
    assert fault.rule == "damaged"
    assert "\n" not in fault.message
    return fault.message


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_told(share: float) -> None:
    assert "export it from SAS again" in told(IRIS[: int(len(IRIS) * share)])


def test_a_file_of_another_kind_is_told() -> None:
    assert "is no SAS dataset" in told(b"a,b\n1,2\n" * 100)


@given(st.integers(0, 70_000), st.binary(min_size=1, max_size=12))
def test_a_damaged_file_is_read_or_told(at: int, junk: bytes) -> None:
    content = IRIS[:at] + junk + IRIS[at + len(junk) :]
    try:
        table = read_sas_dataset(content, PLAIN, None)
    except TableError:
        return
    assert all(len(c) == len(table.rows) for c in table.columns.values())
