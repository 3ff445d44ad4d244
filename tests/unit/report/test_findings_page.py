"""The page of findings shows all that is found, where it is, and nothing of others."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.rule_meanings import rule_meanings
from alsdecline.raw.rules import Rule
from alsdecline.report import findings_page, visit_grid
from alsdecline.report.findings_page import printed_cell, render_findings
from alsdecline.report.visit_grid import GridCell, VisitGrid
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from alsdecline.validation.consistency import check_trial
from support.short_trial import SHORT, short_rows, short_trial

Page = Callable[..., str]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Return what renders the page of the short trial with these rows."""

    def render(rows: list[str], config: str = SHORT) -> str:
        plan = data_plan(read_settings(short_trial(tmp_path, config, rows)))
        files, found = check_trial(plan, tmp_path)
        return render_findings(plan, files, found, synthetic=False)

    return render


def grid_of(folder: Path, rows: list[str]) -> VisitGrid:
    """Return the grid of the short trial with these rows."""
    plan = data_plan(read_settings(short_trial(folder, rows=rows)))
    files, found = check_trial(plan, folder)
    return visit_grid.visit_grid(plan, files, found)


def test_each_rule_has_what_it_finds_and_a_remedy() -> None:
    meanings = rule_meanings()
    assert list(meanings) == list(Rule)
    assert all(m.finds.endswith(".") and m.remedy for m in meanings.values())


def test_visits_values_and_findings_stand_in_their_cells(tmp_path: Path) -> None:
    rows = short_rows()
    rows[2] = "P1,active,4,"  # a visit without a value
    rows[7] = "P2,placebo,12,150"  # beyond the scale
    del rows[4]  # P1 was not there at week 52
    grid = grid_of(tmp_path, rows)
    assert grid.visits == ("week 0", "week 4", "week 12", "week 52")
    states = [cell.state for cell in grid.rows["P1"]]
    assert states == ["full", "empty", "full", "none", ""]
    # the row that went stood before P2's
    assert [cell.fatal for cell in grid.rows["P2"]] == [(), (), ("range",), (), ()]
    assert [(c.patients, c.values, c.fatal) for c in grid.counts] == [
        (4, (4,), 0),
        (4, (3,), 0),
        (4, (4,), 1),
        (3, (3,), 0),
    ]


def test_of_very_many_patients_those_with_findings_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit_grid, "MOST_PATIENTS", 3)
    rows = short_rows()
    rows[7] = "P2,placebo,12,150"
    grid = grid_of(tmp_path, rows)
    assert (list(grid.rows), grid.n_patients) == (["P2"], 4)
    assert sum(c.patients for c in grid.counts) == 16


def test_a_cell_is_told_without_colour() -> None:
    printed = printed_cell("P1", "week 4", GridCell("part", ("FVC",), ("range",)))
    assert printed.mark == "◐!"
    assert printed.words == "P1, week 4: missing FVC; fatal: range"


def test_nothing_of_the_data_is_markup(page: Page) -> None:
    rows = short_rows()
    rows[2] = "P1,active,4,<img src=x onerror=alert(1)>"
    rows[5:9] = [row.replace("P2", "<b>P2</b>") for row in rows[5:9]]
    shown = page(rows)
    assert "&lt;img src=x" in shown
    assert "&lt;b&gt;P2" in shown
    assert "<img" not in shown
    assert "<b>" not in shown


def test_the_page_asks_for_no_other_file(page: Page) -> None:
    shown = page(short_rows())
    assert not re.search(r"(src|href)=\"(?!#)|url\(|@import|<script", shown)


def test_columns_that_are_not_used_are_not_shown(page: Page) -> None:
    """Neither where all is well nor where a row of them cannot be read."""
    header, *rows = short_rows()
    rows = [f"{row},Jane Doe" for row in rows]
    rows[3] += ",and one cell more"
    shown = page([f"{header},name", *rows])
    assert "row_cells" in shown
    assert "Jane" not in shown


def test_a_blinded_page_has_no_arm(page: Page) -> None:
    blinded = SHORT.replace("data_kind: real", "data_kind: real, blinded: true")
    rows = short_rows()
    rows[2] = "P1,active,4,x"
    shown = page(rows, blinded)
    assert "not_a_number" in shown
    assert "placebo" not in shown
    assert "active" not in shown


def test_decisions_and_overruled_severities_stand_with_their_reasons(
    page: Page, tmp_path: Path
) -> None:
    (tmp_path / "decisions.csv").write_text(
        "kind,file,patient,visit,column,value,new_value,who,when,why\n"
        "exclusion,letters.csv,P1,4,letters_read,38.2,,AB,2020-05-01,<i>other eye</i>\n"
    )
    said = "data:\n  decisions: decisions.csv\n"
    said += "  severities: {no_baseline: {severity: fatal, reason: by protocol}}\n"
    shown = page(short_rows(), SHORT.replace("data:\n", said))
    assert "1 decision on the data, 1 of them exclusions" in shown
    assert "&lt;i&gt;other eye&lt;/i&gt;" in shown
    assert "by protocol" in shown


def test_of_many_findings_the_page_has_the_first(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_page, "MOST_ROWS", 5)
    header, *rows = short_rows()
    shown = page([header, *(row if ",0," in row else f"{row}x" for row in rows)])
    assert "The first 5 of 12; all are in results/validation/findings.csv" in shown
    found = findings_page.by_rule(
        [Finding.by_rule(Rule.SUM, "a.csv", i, "", "", "") for i in range(9)]
    )
    assert [(of.count, len(of.rows)) for of in found] == [(9, 5)]
