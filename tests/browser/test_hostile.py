"""Texts that would act on a page do nothing: each is read as it was written.

The page is that of the finished run, rendered again with such texts in the place of its
labels, patients and cells, and of what is told of each number.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from alsdecline.report.lineage import page_lineage, with_data
from alsdecline.report.patients import PatientPages
from alsdecline.report.plan import ReportPlan
from support.browser import Opened
from support.rendered_page import rendered, result_tables, stated_settings

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    "\" onmouseover=alert(3) '=javascript:alert(4) {{ 7 * 7 }} ]]> --> 対照"
)


def hostile_plan(settings: dict[str, Any]) -> ReportPlan:
    """Put the text in the place of titles and labels."""
    settings["trial"] |= dict.fromkeys(("title", "note", "disease"), HOSTILE)
    for n, arm in enumerate(settings["arms"]["groups"]):
        arm["label"] = f"{HOSTILE} {n}"
    for n, outcome in enumerate(settings["outcomes"]):
        outcome["label"] = f"{HOSTILE} {n}"
    for estimand in settings["estimands"]:
        estimand["label"] = HOSTILE
    for scale in settings["scales"].values():
        scale |= {"name": HOSTILE, "unit": HOSTILE, "source": HOSTILE}
    return ReportPlan.model_validate(settings)


def hostile_page(report: Path) -> str:
    """Render the page of a finished run with such texts in it."""
    plan = hostile_plan(stated_settings(report))
    tables = result_tables(report)
    tables["influence"]["without"] = HOSTILE
    tables["findings"] = pd.DataFrame(
        [[HOSTILE] * 6 + [2]],
        columns=["severity", "rule", "file", "column", "value", "message", "row"],
    )
    page = rendered(
        report,
        plan,
        tables,
        raw={HOSTILE: "0"},
        digests={HOSTILE: HOSTILE},
        software={HOSTILE: HOSTILE},
        version=HOSTILE,
    )
    told = f" = 1\noperation   {HOSTILE}\nsetting     {HOSTILE}\n"
    lineage = page_lineage(page, lambda value: value + told)
    patients: PatientPages = {
        "facts": [HOSTILE],
        "tables": [{"caption": HOSTILE, "head": [HOSTILE]}],
        "patients": {HOSTILE: [[HOSTILE], [[HOSTILE]]], "__proto__": [[""], []]},
    }
    return with_data(with_data(page, "lineage", lineage), "patient-pages", patients)


def test_nothing_acts(report: Path, opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(hostile_page(report), encoding="utf-8")
    seen = opened(path)
    page = seen.page
    assert HOSTILE in page.locator("h1").inner_text()
    assert HOSTILE in page.locator("title").text_content()  # type: ignore[operator]
    page.evaluate(
        "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
    )
    page.locator("td[data-value-id]").first.click()
    told = page.locator("#lineage-panel")
    expect(told.get_by_text(HOSTILE)).not_to_have_count(0)
    page.keyboard.press("Escape")
    page.locator("td a.patient, th a.patient").first.click()
    told = page.locator("#patient-panel")
    expect(told.locator("h2")).to_contain_text(f"Patient {HOSTILE}")
    expect(told.get_by_text(HOSTILE, exact=True)).to_have_count(5)
    page.keyboard.press("Escape")
    page.locator("a.term").first.hover()
    page.mouse.wheel(0, 50000)
    added = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) =>
            one.src || [...one.attributes].some((a) => a.name.startsWith("on")
              || a.value.trim().startsWith("javascript:")))
            .map((one) => one.outerHTML)"""
    )
    assert added == []
    assert seen.asked == []
    assert seen.complaints == []
