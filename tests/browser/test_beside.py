"""Files beside the report have each patient and number, and it leads there."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from alsdecline.report.beside import Beside
from alsdecline.report.plan import ReportPlan
from support.browser import PHONE, WIDE, Opened, serious_faults
from support.rendered_page import rendered, result_tables, stated_settings

pytestmark = pytest.mark.browser

FILES = pytest.mark.parametrize(
    ("file", "address", "panel"),
    [
        ("patients.html", "#patient=IGF-002", "#patient-panel"),
        ("lineage.html", "#trace=", "#lineage-panel"),
    ],
)


@pytest.fixture
def large(report: Path, tmp_path: Path) -> Path:
    """Render the report as it is of many patients, with its files beside it."""
    path = tmp_path / "report.html"
    plan = ReportPlan.model_validate(stated_settings(report))
    page = rendered(report, plan, result_tables(report), Beside())
    path.write_text(page, encoding="utf-8")
    shutil.copytree(report.parent / "report_files", tmp_path / "report_files")
    return path


@FILES
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_file_lists_all_and_opens_each(
    report: Path,
    opened: Opened,
    file: str,
    address: str,
    panel: str,
    size: tuple[int, int],
) -> None:
    seen = opened(report.parent / "report_files" / file, size)
    page = seen.page
    link = page.locator(f".index a[href^='{address}']").first
    name = link.inner_text()
    page.locator("#index-filter").fill(name)
    expect(page.locator(".index li:visible").filter(has_text=name)).not_to_have_count(0)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(panel)).to_contain_text(name)
    assert serious_faults(page) == {}
    page.keyboard.press("Escape")
    expect(page.locator(panel)).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.asked == []
    assert seen.complaints == []


def test_a_report_of_many_leads_to_the_files(large: Path, opened: Opened) -> None:
    seen = opened(large)
    page = seen.page
    page.unroute_all()
    assert page.locator("#lineage, #patient-pages").count() == 0
    assert "report_files/patients.html" in page.locator("main").inner_text()
    number = page.locator("td[data-value-id]").first
    wanted = str(number.get_attribute("data-value-id")).split(" ")
    number.click()
    page.wait_for_url("**/report_files/lineage.html#trace=*")
    told = page.locator("#lineage-panel [data-told]")
    expect(told).to_have_count(len(wanted))
    assert told.evaluate_all("all => all.map((one) => one.dataset.told)") == wanted
    page.locator("#lineage-panel a.patient").first.click()
    page.wait_for_url("**/report_files/patients.html#patient=*")
    expect(page.locator("#patient-panel")).to_be_visible()
    page.goto(large.as_uri())
    link = page.locator("[data-table=influence] a.patient").first
    name = link.inner_text()
    link.click()
    page.wait_for_url("**/report_files/patients.html#patient=*")
    expect(page.locator("#patient-title")).to_have_text(f"Patient {name}")
    page.goto(f"{large.as_uri()}#patient=IGF-004")
    page.wait_for_url("**/report_files/patients.html#patient=IGF-004")
    assert seen.complaints == []
