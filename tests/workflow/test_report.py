"""The report stands alone, says that the data are synthetic, and answers first."""

import html
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from alsdecline.report.glossary import terms_used_in, visible_text
from alsdecline.result_tables import read_result_table
from alsdecline.stable_files import read_parquet
from support.doc_pages import sections
from support.trial_folder import PROJECT

PLAIN_HEADS = {
    *("", "97.5%", "Analysed", "Analysis", "Arm", "Attempt", "By", "Estimate"),
    *("Median", "Model", "Moved by", "Of", "Outcome", "Outcomes", "Patients"),
    *("Patients without a value", "Quantity", "Randomised", "Reason", "Source"),
    *("Statistic", "Summary, model", "Treatments", "Trials", "Value", "Values"),
    *("Without", "Severity", "Rule", "File", "Row", "Column", "Message"),
    *("Item", "What it asks for", "Here", "Where", "lower", "upper"),
}
"""Heads of columns that need no explanation."""


class Page(HTMLParser):
    """Collects what a page refers to, its images and its text in order."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.ids: list[str] = []
        self.text = ""
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [v for k, v in attrs if k in {"src", "href"} and v]
        self._hidden = tag in {"style", "script"}
        if values.get("role") == "img" and tag == "div":
            self.images.append(values)
        if values.get("id"):
            self.ids.append(str(values["id"]))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += f" {data}"


@pytest.fixture(scope="module")
def page(reported_once: Path) -> Page:
    parsed = Page()
    parsed.feed((reported_once / "results/report.html").read_text(encoding="utf-8"))
    parsed.text = re.sub(r"\s+", " ", parsed.text)
    return parsed


def test_the_report_refers_to_nothing_outside_itself(
    page: Page, reported_once: Path
) -> None:
    patients = read_parquet(reported_once / "results/data/adsl.parquet")["USUBJID"]
    inside = {f"#{name}" for name in (*page.ids, *(f"patient={p}" for p in patients))}
    assert [link for link in page.links if link not in inside] == []
    assert len(page.images) == 5
    assert all(image.get("aria-label") for image in page.images)


def test_the_report_says_first_that_the_data_are_synthetic(page: Page) -> None:
    banner = page.text.index("Synthetic data: every value here is simulated")
    assert banner < page.text.index("Norris total did not clearly change")


def test_the_answer_carries_the_numbers_of_the_table(
    page: Page, reported_once: Path
) -> None:
    rates = pd.read_csv(reported_once / "results/tables/rate_of_decline.csv")
    primary = rates[
        (rates["estimand"] == "rate_total")
        & (rates["model"] == "joint")
        & (rates["quantity"] == "slope_difference")
    ].iloc[0]
    places = [
        max(0, -math.floor(math.log10(primary[f"error_of_{name}"])))
        for name in ("estimate", "lower", "upper")
    ]
    numbers = [primary["estimate"], primary["lower"], primary["upper"]]
    shown = [
        f"{value:.{n}f}".replace("-", "\N{MINUS SIGN}")
        for value, n in zip(numbers, places, strict=True)
    ]
    answer = page.text[page.text.index("Norris total did not clearly change") :]
    answer = answer.split(".)")[0][:300]
    assert shown[0] in answer
    assert f"{shown[1]} to {shown[2]}" in answer
    probability = primary["probability"]
    percent = "> 99%" if probability > 0.99 else f"{100 * probability:.0f}%"
    assert percent in answer


def test_every_table_and_the_report_say_what_kind_of_data_it_is(
    reported_once: Path,
) -> None:
    tables = sorted((reported_once / "results/tables").rglob("*.csv"))
    assert len(tables) == 20
    for path in tables:
        assert set(pd.read_csv(path)["data_kind"]) == {"synthetic"}, path
    for path in (reported_once / "results/figures").glob("*.svg"):
        assert "Synthetic data: simulated" in path.read_text(encoding="utf-8"), path


def test_heads_of_columns_are_plain_words_or_explained_at_the_end(
    reported_once: Path,
) -> None:
    report = (reported_once / "results/report.html").read_text(encoding="utf-8")
    explained = set(re.findall(r"<dt><strong>(.*?)</strong></dt>", report))
    cells = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', report)
    # without the marks of footnotes
    heads = {
        html.unescape(re.sub(r"<sup.*?</sup>|<[^>]*>", "", cell)) for cell in cells
    }
    counted = {head for head in heads if "(n\N{NO-BREAK SPACE}=" in head}
    assert len(heads - PLAIN_HEADS - counted) > 10
    for head in heads - PLAIN_HEADS - counted:
        terms = {html.escape(term.term) for term in terms_used_in(head)}
        assert terms & explained, head


def test_the_report_explains_its_terms_and_no_other_once(page: Page) -> None:
    body, _, terms = page.text.rpartition("The terms used on this page")
    for used in ("Permutation test", "E-BFMI", "Standardised difference"):
        assert terms.count(f" {used} ") == 1, used
    assert "Pareto k" not in terms
    assert "Pareto k" not in body


def is_near(shown: str, value: float, error: float) -> bool:
    """Tell whether a number is one that another processor's draws could have given.

    At a false-alarm probability of 1e-5, from the Monte Carlo error of each; of the
    draws of one processor they are the same.
    """
    rounding = 0.51 * 10.0 ** -len(shown.partition(".")[2])
    limit = stats.norm.isf(0.5e-5) * math.sqrt(2) * error
    return abs(float(shown) - value) <= rounding + limit


@pytest.mark.slow
def test_the_tutorial_shows_the_numbers_of_the_bundled_report(
    analysed_once: Path,
) -> None:
    page = (analysed_once / "results/report.html").read_text(encoding="utf-8")
    report = visible_text(page)
    shown = sections(PROJECT / "docs/tutorial.md")["what-nine-patients-can-show"]
    lines = [line for line in shown.splitlines() if line.startswith("| the ")]
    planned, weak, permuted = (
        [cell.strip() for cell in line.split("|")[2:-1]] for line in lines
    )
    assert all(cell in report for cell in permuted)
    prior_table = read_result_table(
        analysed_once / "results/tables/prior_sensitivity.csv"
    ).query(
        "outcome == 'total' and model == 'joint' and quantity == 'slope_difference'"
    )
    by_prior = {str(row["prior"]): row for _, row in prior_table.iterrows()}
    for (estimate, interval, _), prior in ((planned, "default"), (weak, "weak")):
        row = by_prior[prior]
        lower, upper = interval.split(" to ")
        for number, name in (
            (estimate, "estimate"),
            (lower, "lower"),
            (upper, "upper"),
        ):
            assert is_near(number, row[name], row[f"error_of_{name}"]), (prior, name)
    asked = sections(PROJECT / "docs/faq.md")
    prior_words = asked["what-does-the-prior-do-with-nine-patients"]
    for number, prior in (("2.41", "default"), ("2.87", "weak"), ("1.06", "sceptical")):
        assert number in prior_words
        row = by_prior[prior]
        assert is_near(number, row["estimate"], row["error_of_estimate"]), prior
    for number, prior in ((planned[2], "default"), (weak[2], "weak")):
        sure = 100 * by_prior[prior]["probability"]
        said = float(re.findall(r"\d+", number)[0])
        assert abs(sure - said) < 1.5
    (of_prior,) = {float(n) for n in re.findall(r"about ([\d.]+) of the 9", report)}
    assert "1.5 of the 9" in prior_words
    assert abs(of_prior - 1.5) <= 0.25
