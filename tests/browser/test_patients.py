"""A patient's page opens from wherever the report names the patient."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from support.browser import PHONE, WIDE, Opened, serious_faults

pytestmark = pytest.mark.browser

PANEL = "#patient-panel"


def patient_is_shown(page: Page, name: str | re.Pattern[str]) -> None:
    """Wait until the page of a patient is open: an address takes effect in its time."""
    expect(page.locator(PANEL)).to_be_visible()
    title = f"Patient {name}" if isinstance(name, str) else name
    expect(page.locator("#patient-title")).to_have_text(title)


def no_patient_is_shown(page: Page) -> None:
    expect(page.locator(PANEL)).to_be_hidden()


def table_of(page: Page, caption: str) -> Locator:
    return page.locator(f"{PANEL} table:has(caption:text-is('{caption}'))")


def test_it_has_all_values_doses_and_events_of_the_patient(
    report: Path, opened: Opened
) -> None:
    page = opened(report, hash_="#patient=IGF-001").page
    data = report.parent / "data"

    def count(name: str) -> int:
        frame = pd.read_parquet(data / f"{name}.parquet")
        return int((frame["USUBJID"] == "IGF-001").sum())

    body = page.locator("tbody tr")
    assert table_of(page, "Doses").locator(body).count() == count("adex")
    assert table_of(page, "Adverse events").locator(body).count() == count("adae")
    values = table_of(page, "Measured and carried values")
    limb = pd.read_parquet(data / "bds/limb.parquet")
    mine = limb[limb["USUBJID"] == "IGF-001"]
    heads = values.locator("thead th").all_inner_texts()
    place = [" ".join(head.split()) for head in heads].index("Norris limb")
    cells = values.locator(f"tbody tr > :nth-child({place + 1})").all_inner_texts()
    assert [float(c) for c in cells if c] == mine["AVAL"].dropna().tolist()
    facts = page.locator(f"{PANEL} dl").inner_text()
    assert "Norris limb at baseline" in facts
    assert "End of Study Status" in facts


def test_it_opens_from_tables_figures_and_the_lineage_and_back(
    report: Path, opened: Opened
) -> None:
    seen = opened(report)
    page = seen.page
    link = page.locator("[data-table=influence] a.patient").first
    link.focus()
    page.keyboard.press("Enter")
    patient_is_shown(page, link.inner_text())
    page.keyboard.press("Escape")
    no_patient_is_shown(page)
    expect(page).to_have_url(re.compile("^[^#]*$"))
    point = page.locator("figure:has-text('one line a patient') [data-facts] use").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    patient_is_shown(page, re.compile("^Patient IGF-"))
    page.keyboard.press("Escape")
    no_patient_is_shown(page)
    page.locator("td[data-value-id]").first.click()
    told = page.locator("#lineage-panel a.patient").first
    named = told.inner_text()
    told.click()
    patient_is_shown(page, named)
    expect(page.locator("#lineage-panel")).to_be_hidden()
    page.go_back()
    expect(page.locator("#lineage-panel")).to_be_visible()
    no_patient_is_shown(page)
    assert seen.asked == []
    assert seen.complaints == []


@pytest.mark.parametrize("address", ["#patient=nobody", "#patient=%E0%A4%A", "#x"])
def test_an_address_of_nobody_opens_nothing(
    report: Path, opened: Opened, address: str
) -> None:
    seen = opened(report, hash_=address)
    no_patient_is_shown(seen.page)
    assert seen.complaints == []


@pytest.mark.parametrize("size", [WIDE, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_axe_finds_nothing_serious(
    report: Path, opened: Opened, size: tuple[int, int], scheme: str
) -> None:
    page = opened(report, size, "#patient=IGF-003", color_scheme=scheme).page
    panel = page.locator(PANEL)
    assert panel.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert serious_faults(page) == {}


def test_print_leaves_it_out(report: Path, opened: Opened) -> None:
    page = opened(report, hash_="#patient=IGF-001").page
    page.emulate_media(media="print")
    assert not page.locator(PANEL).is_visible()
    assert page.locator("h1").is_visible()
