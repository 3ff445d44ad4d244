"""Ids of values: no two rows share one, and they do not hang on how a table is read."""

from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.report.cells import Cell, cell_of
from alsdecline.result_tables import (
    read_result_table,
    row_ids,
    with_row_ids,
    write_result_table,
)
from alsdecline.value_ids import row_id, table_name


def test_an_id_is_table_keys_and_column() -> None:
    rates = pd.DataFrame(
        {
            "outcome": ["total"],
            "model": ["joint"],
            "quantity": ["slope_difference"],
            "arm": ["high"],
            "estimate": [1.0],
        }
    )
    (name,) = row_ids("rate_of_decline", rates)
    assert name == "rate_of_decline/total/joint/slope_difference/high"
    row = with_row_ids("rate_of_decline", rates).iloc[0]
    assert cell_of("1.00", row, "estimate").ids == (f"{name}:estimate",)


def test_blanks_slashes_colons_and_empty_keys_are_told_apart() -> None:
    keys = ["a b", "a+b", "a/b", "a:b", "", "~", "NA", "a%2Fb", "a#2", "µg", "a\u00a0b"]
    names = [row_id("t", key) for key in keys]
    assert names[:5] == ["t/a+b", "t/a%2Bb", "t/a%2Fb", "t/a%3Ab", "t/~"]
    assert names[5:] == [
        "t/%7E",
        "t/NA",
        "t/a%252Fb",
        "t/a%232",
        "t/µg",
        "t/a%C2%A0b",
    ]


@given(st.lists(st.tuples(st.text(), st.text()), unique=True))
def test_no_two_keys_share_an_id(keys: list[tuple[str, str]]) -> None:
    names = [row_id("t", *pair) for pair in keys]
    assert len(set(names)) == len(names)
    for name in names:
        # an id is one word, and its only colon is that before the column
        assert name.split() == [name]
        assert ":" not in name
        assert name.count("/") == 2


def test_rows_with_the_same_keys_are_numbered() -> None:
    table = pd.DataFrame({"patient": ["P1", "P2", "P1"], "slope": [1.0, 2.0, 3.0]})
    names = row_ids("patient_slopes/limb", table)
    assert names == [
        "patient_slopes/limb/P1",
        "patient_slopes/limb/P2",
        "patient_slopes/limb/P1#2",
    ]


def test_numbers_among_keys_are_written_as_in_the_file(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"model": "single", "outcomes": "limb", "prior": "weak", "attempt": [1, 2]}
    )
    path = tmp_path / "fits.csv"
    write_result_table(path, table.assign(r_hat=1.0), "real")
    names = row_ids("diagnostics/fits", read_result_table(path))
    assert names == [f"diagnostics/fits/single/limb/weak/{i}" for i in (1, 2)]


def test_tables_are_named_by_their_path() -> None:
    assert table_name(Path("results/tables/patient_slopes/x.csv")) == "patient_slopes/x"
    assert table_name(Path("results/diagnostics/fits.csv")) == "diagnostics/fits"


def test_a_cell_is_its_text_and_one_without_ids_is_too() -> None:
    cell = Cell("1 (2)", ["a:n", "a:sd"])
    assert cell == "1 (2)"
    assert cell.ids == ("a:n", "a:sd")
    assert cell_of("3", {"estimate": 3.0}, "estimate").ids == ()
