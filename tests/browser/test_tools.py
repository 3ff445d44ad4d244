"""What a reader does with tables, figures and terms of the report."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.browser import PHONE, Opened

pytestmark = pytest.mark.browser

TABLE = "table.printed:has(th.number):has(button.sort)"


def saved(page: Page, label: str, place: str) -> bytes:
    """Press a button, and return the file that is saved."""
    with page.expect_download() as waited:
        page.locator(place).get_by_text(label, exact=True).first.click()
    return waited.value.path().read_bytes()


def rows_of(page: Page, table: str) -> list[list[str]]:
    """Return the cells that are seen in the first table, without names of groups."""
    rows: list[list[str]] = page.locator(table).first.evaluate(
        """(table) => [...table.querySelectorAll("tbody tr:not(.group)")]
            .filter((row) => row.checkVisibility())
            .map((row) => [...row.cells].map((cell) => {
                const copy = cell.cloneNode(true);
                copy.querySelectorAll(".note-mark").forEach((mark) => mark.remove());
                return copy.textContent.trim();
            }))"""
    )
    return rows


def shown_table(page: Page) -> None:
    """Open what is closed, so that all tables are seen."""
    page.evaluate(
        "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
    )


def test_a_table_is_saved_with_all_its_rows_and_plain_minus_signs(
    report: Path, opened: Opened
) -> None:
    seen = opened(report)
    shown_table(seen.page)
    table = "[data-table=rates] table"
    text = saved(seen.page, "CSV", ".table-tools:has(+ [data-table=rates])")
    lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    rows = rows_of(seen.page, table)
    heads = seen.page.locator(f"{table} thead th[data-column]").count()
    assert len(lines) == len(rows) + 1
    grouped = len(lines[0]) - heads
    assert [line[grouped:] for line in lines[1:]] == [
        [" ".join(cell.split()).replace("\N{MINUS SIGN}", "-") for cell in row]
        for row in rows
    ]
    assert any(cell.startswith("-") for line in lines for cell in line)
    assert seen.complaints == []


def test_a_table_is_copied(report: Path, opened: Opened) -> None:
    page = opened(report, permissions=["clipboard-read", "clipboard-write"]).page
    shown_table(page)
    tools = page.locator(".table-tools:has(+ [data-table=rates])")
    tools.get_by_text("Copy", exact=True).click()
    tools.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        len(copied.splitlines()) == len(rows_of(page, "[data-table=rates] table")) + 1
    )


def test_rows_are_sorted_by_size_within_their_group_and_back(
    report: Path, opened: Opened
) -> None:
    page = opened(report).page
    shown_table(page)
    place = page.locator(TABLE).first.evaluate(
        """(table) => [...table.tHead.rows[0].cells]
            .findIndex((head) => head.matches(".number"))"""
    )
    head = page.locator(TABLE).first.locator("thead th").nth(place)

    def columns() -> list[list[float]]:
        found: list[list[float]] = page.locator(TABLE).first.evaluate(
            """(table, place) => [...table.tBodies].map((body) =>
                [...body.querySelectorAll("tr:not(.group)")]
                .map((row) => parseFloat(row.cells[place].textContent
                    .replace("\u2212", "-").replace(/[<>,\\s]/g, ""))))""",
            place,
        )
        return [[x for x in column if x == x] for column in found]

    before = columns()
    head.locator("button.sort").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert columns() == [sorted(column) for column in before]
    head.locator("button.sort").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert columns() == [sorted(column, reverse=True) for column in before]
    head.locator("button.sort").click()
    expect(head).not_to_have_attribute("aria-sort", "descending")
    assert columns() == before


def test_rows_are_filtered_and_all_are_back_in_print(
    report: Path, opened: Opened
) -> None:
    page = opened(report).page
    shown_table(page)
    every = rows_of(page, "table.printed:has(button.sort)")
    wanted = every[-1][0]
    page.locator(".table-tools input[type=search]").first.fill(wanted)
    first = page.locator("table.printed:has(button.sort)").first
    expect(first.locator("tbody tr:not(.group):visible")).not_to_have_count(len(every))
    left = rows_of(page, "table.printed:has(button.sort)")
    assert 0 < len(left) < len(every)
    assert every[-1] in left
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows_of(page, "table.printed:has(button.sort)") == every


def test_a_figure_is_enlarged_saved_and_says_what_a_point_is(
    report: Path, opened: Opened
) -> None:
    seen = opened(report)
    page, figure = seen.page, "figure.chart:has-text('one line a patient')"
    tools = f"{figure} .tools"
    svg = saved(page, "SVG", tools).decode()
    assert svg.startswith("<svg")
    assert "var(--" not in svg
    assert "IGF-001" in svg
    assert saved(page, "PNG", tools).startswith(b"\x89PNG")
    lines = list(
        csv.DictReader(io.StringIO(saved(page, "CSV", tools).decode("utf-8-sig")))
    )
    assert {line["patient"] for line in lines} >= {"IGF-001", "IGF-009"}
    page.locator(tools).get_by_text("Enlarge").click()
    dialog = page.locator("dialog.enlarged")
    expect(dialog.locator("svg")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"{figure} svg")).to_be_visible()
    point = page.locator(f"{figure} [data-facts] use").first
    point.scroll_into_view_if_needed()
    point.hover(force=True)
    expect(page.locator(".tip")).to_contain_text("patient: IGF-00")
    assert seen.complaints == []


def test_a_term_is_explained_by_pointer_focus_and_tap(
    report: Path, opened: Opened
) -> None:
    page = opened(report).page
    term, box = page.locator("a.term").first, page.locator("#term-box")
    term.hover()
    expect(box).to_be_visible()
    said = box.inner_text()
    assert said in page.locator("dl").last.text_content()  # type: ignore[operator]
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    term.focus()
    expect(box).to_have_text(said, use_inner_text=True)
    term.blur()
    expect(box).to_be_hidden()
    phone = opened(report, PHONE, has_touch=True).page
    phone.locator("a.term").first.tap()
    expect(phone.locator("#term-box")).to_have_text(said, use_inner_text=True)
