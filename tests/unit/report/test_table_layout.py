"""Tables are laid out without empty columns, in groups, with numbers aligned."""

import dataclasses

import pandas as pd

from alsdecline.report.cells import Cell
from alsdecline.report.footnotes import DASH, dash_means
from alsdecline.report.page import template_environment
from alsdecline.report.table_layout import (
    laid_out,
    with_ends_apart,
    without_empty_columns,
)
from alsdecline.report.tables import Footnote, PrintedTable, printed_counts
from alsdecline.report.words import KEEP


def _table() -> PrintedTable:
    return PrintedTable(
        ["Outcome", "Arm", "Note", "Estimate", "95% interval"],
        [
            ["Total", "High", "", Cell("-1.25", ["t/x:estimate"]), "-2.0 to -0.5"],
            ["Total", "Low", "", "3", "not given"],
            ["Limb", "High", "", "0.5", "0.1 to 0.9"],
            ["Limb", "Low", "", "not given", ""],
        ],
    )


def test_a_column_in_which_no_row_has_anything_is_dropped() -> None:
    kept = without_empty_columns(_table())
    assert kept.head == ["Outcome", "Arm", "Estimate", "95% interval"]
    assert kept.rows[0] == ["Total", "High", "-1.25", "-2.0 to -0.5"]


def test_a_table_without_rows_keeps_its_heads() -> None:
    assert without_empty_columns(PrintedTable(["A", "B"], [])).head == ["A", "B"]


def test_names_repeated_down_the_first_column_head_groups() -> None:
    laid = laid_out(_table())
    assert laid.grouped_by == "Outcome"
    assert [(group.name, len(group.rows)) for group in laid.groups] == [
        ("Total", 2),
        ("Limb", 2),
    ]
    assert laid.head == [
        "Arm",
        "Estimate",
        "95% interval, lower",
        "95% interval, upper",
    ]


def test_names_that_do_not_stand_together_stay_in_their_column() -> None:
    table = PrintedTable(["A", "B", "C"], [["x", "1", "2"], ["y", "1", "2"]] * 3)
    laid = laid_out(table)
    assert laid.grouped_by == ""
    assert laid.head == ["A", "B", "C"]
    assert len(laid.groups[0].rows) == len(table.rows)


def test_a_column_of_numbers_is_known_and_its_points_stand_under_each_other() -> None:
    laid = laid_out(_table())
    assert laid.kinds == ["text", "number", "number", "number"]
    rows = [row for group in laid.groups for row in group.rows]
    assert [row[1].pad for row in rows] == ["", ".00", "0", ""]


def test_numbers_with_their_spread_are_no_single_numbers() -> None:
    table = PrintedTable(["", "All"], [["Age", "61.2 (10.4)"], ["Women", "4 (33%)"]])
    assert laid_out(table).kinds == ["text", "numbers"]


def test_groups_and_rows_have_heads_and_numbers_keep_their_ids() -> None:
    macros = template_environment().from_string(
        '{% from "report/macros.html.j2" import table with context %}'
        '{{ table(content, "Rates", id="rates") }}'
    )
    page = macros.render(content=_table(), plan={"trial": {"data_kind": "clinical"}})
    assert '<th scope="rowgroup" colspan="4">Outcome: Total</th>' in page
    assert '<th scope="row">High</th>' in page
    assert '<td class="number" data-value-id="t/x:estimate">-1.25</td>' in page
    assert '<td class="number" data-pad=".00">3</td>' in page


def test_what_heads_a_group_is_escaped() -> None:
    rows = [["<script>", "a", "1"], ["<script>", "b", "2"]]
    macros = template_environment().from_string(
        '{% from "report/macros.html.j2" import table with context %}'
        '{{ table(content, "c") }}'
    )
    page = macros.render(
        content=PrintedTable(["A", "B", "C"], rows),
        plan={"trial": {"data_kind": "clinical"}},
    )
    assert "<script>" not in page
    assert 'data-group="&lt;script&gt;"' in page


def test_each_end_of_an_interval_has_a_cell_and_its_own_id() -> None:
    cell = Cell("-2.0 to -0.5", ["t/x:lower", "t/x:upper"])
    table = PrintedTable(["", "95%"], [["a", cell], ["b", "not given"]])
    apart = with_ends_apart(table)
    assert apart.head == ["", "95%, lower", "95%, upper"]
    assert apart.rows == [["a", "-2.0", "-0.5"], ["b", "not given", ""]]
    ends = [cell for cell in apart.rows[0][1:] if isinstance(cell, Cell)]
    assert [end.ids for end in ends] == [("t/x:lower",), ("t/x:upper",)]


def test_a_median_with_its_range_stays_one_cell() -> None:
    table = PrintedTable(["", "All"], [["Age, median [range]", "61 [40 to 80]"]])
    assert with_ends_apart(table).head == ["", "All"]


def test_an_intervals_ends_stand_below_its_name() -> None:
    table = PrintedTable(
        ["Arm", "Estimate", "95% interval", "Note"], [["A", "2.0", "1.0 to 3.0", "x"]]
    )
    upper, lower = laid_out(table).head_rows
    assert [(c.text, c.columns, c.rows, c.place) for c in upper] == [
        ("Arm", 1, 2, 0),
        ("Estimate", 1, 2, 1),
        ("95% interval", 2, 1, -1),
        ("Note", 1, 2, 4),
    ]
    assert [(c.text, c.place, c.name) for c in lower] == [
        ("lower", 2, "95% interval, lower"),
        ("upper", 3, "95% interval, upper"),
    ]
    [alone] = laid_out(PrintedTable(["A", "B"], [["x", "1"]])).head_rows
    assert [(c.text, c.rows) for c in alone] == [("A", 1), ("B", 1)]


def test_footnotes_are_marked_where_they_belong_in_the_order_met() -> None:
    table = dataclasses.replace(
        _table(),
        notes=(
            Footnote("of a cell", "Low"),
            Footnote("of nothing here", "Reason"),
            Footnote("of the dropped column", "Note"),
            Footnote("of both ends", "95% interval"),
            Footnote("of the table"),
            Footnote("of a column", "Estimate"),
        ),
    )
    laid = laid_out(table)
    assert laid.notes == [
        ("", "of the table"),
        ("a", "of a column"),
        ("b", "of both ends"),
        ("c", "of a cell"),
    ]
    upper, lower = laid.head_rows
    assert [(cell.text, cell.mark) for cell in upper] == [
        ("Arm", ""),
        ("Estimate", "a"),
        ("95% interval", "b"),
    ]
    assert {cell.mark for cell in lower} == {""}
    assert [[row[0].mark for row in group.rows] for group in laid.groups] == [
        ["", "c"],
        ["", "c"],
    ]


def test_a_dash_is_explained_where_there_is_one() -> None:
    without = _table()
    assert dash_means(without, "none") == without
    dashed = dataclasses.replace(without, rows=[*without.rows, ["x", DASH, "", "", ""]])
    assert dash_means(dashed, "none").notes == (Footnote(f"{DASH}: none"),)


def test_rare_events_are_not_none() -> None:
    row = {"term": "Rash", "severity": None, "patients": 1.0, "percent": 100 / 254}
    rates = {"low": 0.0, "mid": 0.03, "high": 0.05}
    table = pd.DataFrame(
        [row | {"arm": arm, "events": 1.0, "rate": rate} for arm, rate in rates.items()]
    )
    labels, counts = {arm: arm for arm in rates}, dict.fromkeys(rates, 254)
    printed = printed_counts(table, ["term", "severity"], "patients", labels, counts)
    cells = [cell.replace(KEEP, " ") for cell in printed.rows[0][1:]]
    assert cells == [f"1 (< 1%), 1 ({rate})" for rate in ("0.0", "< 0.1", "0.1")]
