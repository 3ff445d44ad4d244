"""Result tables as they are declared: what is not declared is refused, not misread."""

import re
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.declared_tables import TABLES, table_in, table_of
from alsdecline.result_tables import read_result_table, row_ids, write_result_table


def test_columns_are_read_as_they_are_declared(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "outcome": ["1", "NA"],
            "model": ["single", "ratio"],
            "elpd": [-3.5, None],
            "unreliable": ["007", ""],
        }
    )
    path = tmp_path / "model_comparison.csv"
    write_result_table(path, table, "synthetic")
    read = read_result_table(path)
    assert list(read["outcome"]) == ["1", "NA"]
    assert read["elpd"].dtype == "float64"
    assert read["unreliable"][0] == "007"
    assert set(read["data_kind"]) == {"synthetic"}


def test_flags_are_read_as_such(tmp_path: Path) -> None:
    table = pd.DataFrame({"arm": ["a", "b"], "exact": [True, None]})
    path = tmp_path / "slope_tests" / "limb.csv"
    write_result_table(path, table, "real")
    exact = read_result_table(path)["exact"]
    assert exact[0]
    assert pd.isna(exact[1])


def test_a_column_that_is_not_declared_is_refused_before_it_is_misread(
    tmp_path: Path,
) -> None:
    table = pd.DataFrame({"outcome": ["limb"], "arm": ["a"], "median_age": [61.0]})
    path = tmp_path / "numbers_analysed.csv"
    told = re.escape("median_age of numbers_analysed in alsdecline/declared_tables.py")
    with pytest.raises(ValueError, match=told):
        write_result_table(path, table, "real")
    assert not path.exists()


def test_a_table_that_is_not_declared_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hazard_ratios.csv"
    with pytest.raises(ValueError, match="declare its table"):
        write_result_table(path, pd.DataFrame({"arm": ["a"]}), "real")


def test_a_table_by_outcome_is_a_folder_and_no_other_is() -> None:
    assert table_of("patient_slopes/limb") is TABLES["patient_slopes"]
    assert table_of("design/limb") is None
    assert table_of("diagnostics/fits") is TABLES["diagnostics/fits"]
    file = Path("results/tables/patient_slopes/fits.csv")
    assert table_in(file) is TABLES["patient_slopes"]


def test_no_file_is_of_two_tables() -> None:
    names = [Path(name).name for name in TABLES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_keys_and_matched_columns_are_columns_and_no_column_is_of_two_kinds(
    table,
) -> None:
    assert set(table.keys) | set(table.matched) <= table.columns
    assert not set(table.numbers) & set(table.flags)
    assert len(set(table.numbers)) == len(table.numbers)


def test_rows_of_a_table_that_is_not_declared_are_numbered() -> None:
    frame = pd.DataFrame({"arm": ["a", "b"]})
    assert row_ids("hazard_ratios", frame) == ["hazard_ratios#1", "hazard_ratios#2"]
