"""The report as a reader meets it: whole, quiet, at any width, by keyboard too."""

import io
import itertools
import json
import random
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from support.audit_command import traced
from support.browser import PHONE, WIDE, Opened, serious_faults
from support.trial_folder import PROJECT

pytestmark = pytest.mark.browser

SECTIONS = [
    "answer",
    "estimands",
    "findings",
    "patients",
    "courses",
    "decline",
    "effects",
    "safety",
    "computation",
    "methods",
    "provenance",
]
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


@SIZES
def test_it_asks_for_nothing_and_complains_of_nothing(
    report: Path, opened: Opened, size: tuple[int, int]
) -> None:
    seen = opened(report, size)
    seen.page.mouse.wheel(0, 20000)
    assert seen.asked == []
    assert seen.complaints == []


@SIZES
def test_the_first_screen_answers(
    report: Path, opened: Opened, size: tuple[int, int]
) -> None:
    """Who was compared, the answer, its picture, warnings, what else to know of it."""
    page = opened(report, size).page
    for place in (".banner", ".compared", ".sentence", ".answer-picture", ".cautions"):
        box = page.locator(place).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= size[1], place
    facts = page.locator(".facts dt, .facts dd")
    assert {"the prior", "can show", "Adverse events"} <= {
        known
        for text in facts.all_inner_texts()
        for known in ("the prior", "can show", "Adverse events")
        if known in text
    }
    ends = facts.evaluate_all("all => all.map(e => e.getBoundingClientRect().bottom)")
    assert max(ends) <= size[1]


@pytest.mark.parametrize(("height", "opens"), [(844, True), (700, False)])
def test_warnings_are_counted_where_they_would_push_facts_off_the_screen(
    report: Path, opened: Opened, height: int, opens: bool
) -> None:
    page = opened(report, (PHONE[0], height)).page
    assert page.locator(".cautions").get_attribute("open") == ("" if opens else None)
    page.emulate_media(media="print")
    assert page.locator(".cautions summary").is_visible()


@SIZES
def test_the_page_does_not_scroll_sideways(
    report: Path, opened: Opened, size: tuple[int, int]
) -> None:
    page = opened(report, size).page
    assert page.evaluate("document.scrollingElement.scrollWidth") <= size[0]


def test_sections_stand_in_order_and_are_listed(report: Path, opened: Opened) -> None:
    page = opened(report).page
    found = page.locator("h2[id]").evaluate_all("all => all.map((one) => one.id)")
    assert [one for one in found if one in SECTIONS] == SECTIONS
    listed = page.locator("nav.side a").evaluate_all(
        "all => all.map((one) => one.hash.slice(1))"
    )
    assert listed == [one for one in found if one != "lineage-title"]
    levels = page.locator("main :is(h1, h2, h3, h4)").evaluate_all(
        "all => all.map((one) => Number(one.tagName[1]))"
    )
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


@SIZES
def test_a_jump_ends_where_the_heading_is_seen(
    report: Path, opened: Opened, size: tuple[int, int]
) -> None:
    page = opened(report, size).page
    banner = page.locator(".banner").bounding_box()
    assert banner
    for anchor in SECTIONS[1:]:
        page.evaluate("hash => { location.hash = hash; }", anchor)
        page.wait_for_function(
            """([anchor, top, bottom]) => {
                const y = document.getElementById(anchor).getBoundingClientRect().y;
                return top <= y && y < bottom;
            }""",
            arg=[anchor, banner["height"], size[1]],
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@SIZES
def test_axe_finds_nothing_serious(
    report: Path, opened: Opened, size: tuple[int, int], scheme: str
) -> None:
    page = opened(report, size, color_scheme=scheme).page
    assert serious_faults(page) == {}


def test_the_theme_is_switched_by_keyboard(report: Path, opened: Opened) -> None:
    page = opened(report, color_scheme="light").page
    body = page.locator("body")
    light = body.evaluate("one => getComputedStyle(one).backgroundColor")
    page.locator("button.theme").first.focus()
    page.keyboard.press("Enter")
    expect(body).not_to_have_css("background-color", light)
    page.keyboard.press("Enter")
    expect(body).to_have_css("background-color", light)


def test_a_number_opens_what_the_audit_tells(report: Path, opened: Opened) -> None:
    """20 numbers, drawn with a fixed seed; with their settings, which are closed."""
    page = opened(report).page
    data = json.loads(page.locator("#lineage").text_content() or "")
    for value in random.Random(16).sample(sorted(data["values"]), 20):
        page.evaluate(
            """(id) => {
                document.getElementById("lineage-panel").close();
                const place = [...document.querySelectorAll("[data-value-id]")].find(
                  (one) => one.dataset.valueId.split(" ").includes(id));
                place.click();
                if (place.closest("a, summary")) location.hash =
                  `trace=${encodeURIComponent(id)}`;
            }""",
            value,
        )
        told = page.locator(f'[data-told="{value}"]')
        expect(told).to_be_visible()
        shown = told.locator("h3, dt, dd").all_text_contents()
        # settings stand last in the panel, and within the text of the audit
        assert sorted(" ".join(shown).split()) == sorted(traced(PROJECT, value).split())


def test_the_panel_is_opened_and_left_by_keyboard(report: Path, opened: Opened) -> None:
    page = opened(report).page
    panel = page.locator("#lineage-panel")
    page.locator("button.number-stops").click()
    number = page.locator("td[data-value-id]").first
    number.focus()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(page).to_have_url(re.compile("#trace="))
    address = page.url
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(number).to_be_focused()
    shared = opened(report, hash_=f"#{address.partition('#')[2]}").page
    expect(shared.locator("#lineage-panel")).to_be_visible()


def _letters(text: str) -> str:
    """Return a text without blanks, and without ligatures, which print may set."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def test_nothing_is_lost_in_print(report: Path, opened: Opened) -> None:
    """Every cell of every table is in the PDF, closed ones too, and no page is empty.

    A cell of a few digits is found in any text, so all characters are counted too: a
    column that is cut has fewer digits in the PDF than on the page.
    """
    page = opened(report).page
    rows = page.locator("main tr").evaluate_all(
        """all => all.map((row) => [...row.cells].map((cell) => {
            const copy = cell.cloneNode(true);
            copy.querySelectorAll("button").forEach((part) => part.remove());
            return copy.textContent;
        }))"""
    )
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    texts = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages]
    assert all(text.strip() for text in texts)
    assert "1 of " in texts[0]
    there = Counter(_letters("".join(texts)))
    wanted = Counter(_letters("".join(cell for row in rows for cell in row)))
    assert {c: n - there[c] for c, n in wanted.items() if n > there[c]} == {}
    printed = _letters("".join(texts))
    lost = [row for row in rows for cell in row if _letters(cell) not in printed]
    assert lost == []


@pytest.mark.parametrize("table", ["beside", "rates", "effects", "coherence"])
def test_the_primary_row_is_marked_by_more_than_colour(
    report: Path, opened: Opened, table: str
) -> None:
    page = opened(report).page
    rows = page.locator(f"[data-table={table}] tr.primary")
    assert rows.count() == 1
    assert "primary" in str(rows.text_content()).lower()
    cell = rows.locator("td").first
    assert cell.evaluate("(one) => getComputedStyle(one).fontWeight") == "700"
