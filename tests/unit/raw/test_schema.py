"""Cells of a raw table become numbers and dates, each fault in its own row."""

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.schema import check_table
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import ColumnSpec


def test_a_text_that_stands_in_several_rows_is_told_of_each_in_the_files_order() -> (
    None
):
    texts = ["7", "x", "", "1,5", "x", "7"]
    frame = pd.DataFrame({ROW: range(2, 8), "limb": texts}, index=[0, 2, 3, 5, 8, 9])
    raw = RawTable("visits.csv", frame, {"limb": "norris_limb"}, ("norris_limb",))
    typed, found = check_table(raw, {"limb": ColumnSpec("number", blank=True)})
    assert [(f.row, f.value) for f in found] == [(3, "x"), (5, "1,5"), (6, "x")]
    assert typed["limb"].dropna().to_dict() == {0: 7.0, 9: 7.0}
    assert typed[ROW].tolist() == [2, 3, 4, 5, 6, 7]
