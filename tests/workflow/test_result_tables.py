"""Every table that a run writes is declared, with all its columns."""

from pathlib import Path

import pandas as pd

from alsdecline.declared_tables import DATA_KIND, table_in, table_of
from alsdecline.result_tables import read_result_table
from alsdecline.value_ids import table_name


def test_every_table_under_results_is_in_the_declaration(brief_once: Path) -> None:
    results = brief_once / "results"
    found = sorted(results.rglob("*.csv"))
    assert len(found) > 15
    for path in found:
        name = table_name(Path("results") / path.relative_to(results))
        assert table_of(name) is table_in(path), name
        header = pd.read_csv(path, dtype="str", nrows=0).columns
        assert set(header) | {DATA_KIND} == table_in(path).columns, name


def test_numbers_are_read_as_numbers_and_all_else_is_not(brief_once: Path) -> None:
    for path in sorted((brief_once / "results/tables").rglob("*.csv")):
        declared, frame = table_in(path), read_result_table(path)
        numeric = set(frame.select_dtypes("float64").columns)
        assert numeric == set(declared.numbers), path.name
