"""Each number that the report prints from a table has the id of the table's value."""

import json
import math
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from alsdecline.trace.results import TrialResults
from alsdecline.trace.value import Tracer
from support.audit_command import traced

ID = "data-value-id"
NUMBER = re.compile(
    r"(?P<limit>[<>] )?(?P<number>-?(?:\d[\d,]*(?:\.\d+)?|\N{INFINITY}))(?P<percent>%)?"
)
ALL_NUMBERS = re.compile(
    r"[-.,%()\[\]<>=\N{INFINITY} ]*\d(?:[-\d.,%()\[\]<>=\N{INFINITY}p ]|to)*"
)
NUMBERED = re.compile(r"^Table \d+\. ")
NOT_OF_RESULTS = ("Estimands", "Priors", "Findings", "SHA-256", "Checklist")
"""How captions begin of tables that print settings, raw data, digests and counts."""


class Places(HTMLParser):
    """Collects the places of a page that have ids, and the cells of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[tuple[list[str], str]] = []
        self.cells: list[tuple[str, list[str], str]] = []
        self._open: list[tuple[str, list[str], list[str]]] = []
        self._caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ids = (dict(attrs).get(ID) or "").split()
        if ids or tag in {"td", "caption"}:
            self._open.append((tag, ids, []))

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            return
        _, ids, texts = self._open.pop()
        text = "".join(texts).replace("\N{MINUS SIGN}", "-").replace("\xa0", " ")
        if tag == "caption":
            self._caption = NUMBERED.sub("", text)
        if tag == "td":
            self.cells.append((self._caption, ids, text))
        if ids:
            self.places.append((ids, text))


@pytest.fixture(scope="module")
def page(reported_once: Path) -> Places:
    places = Places()
    places.feed((reported_once / "results/report.html").read_text(encoding="utf-8"))
    return places


@pytest.fixture(scope="module")
def values(page: Places, reported_once: Path) -> dict[str, float]:
    """Trace every id of the report, once."""
    tracer = Tracer(TrialResults(reported_once))
    found = {}
    for name in dict.fromkeys(one for ids, _ in page.places for one in ids):
        traced = tracer.trace(name)
        assert traced["id"] == name
        assert traced["raw"], name
        assert all(raw["count"] for raw in traced["raw"]), name
        found[name] = float(traced["result"]["rawValue"] or "nan")
    return found


def prints(token: re.Match[str], value: float) -> bool:
    """Tell whether a number in the text is a value, rounded as it is printed."""
    text = token["number"].replace(",", "")
    share = 100 * value if token["percent"] else value
    if token.string[: token.start()].endswith("worse: "):
        share = 100 - share  # printed as the contrary
    if token["limit"]:
        edge = float(text)
        return share > edge if token["limit"] == "> " else share < edge
    if "\N{INFINITY}" in text or math.isinf(value):
        return math.isinf(value) and text == f"{value:f}".replace("inf", "\N{INFINITY}")
    digits = len(text.partition(".")[2])
    # percentages of tables are shares of 100 already; sentences say which side in words
    rounded = [f"{v:.{digits}f}" for v in (share, value, abs(value))]
    return text in rounded or (float(text) == 0 == round(value, digits))


def test_the_report_has_many_ids_and_all_lead_to_raw_rows(
    values: dict[str, float],
) -> None:
    assert len(values) > 500
    assert {name.split("/")[0] for name in values} >= {
        "baseline_characteristics",
        "disposition",
        "exposure",
        "adverse_events",
        "numbers_analysed",
        "change_from_baseline",
        "rate_of_decline",
        "prior_sensitivity",
        "slope_tests",
        "design",
        "influence",
        "diagnostics",
    }


def test_each_place_prints_the_values_of_its_ids_in_their_order(
    page: Places, values: dict[str, float]
) -> None:
    wrong = []
    for ids, text in page.places:
        if text.strip() == "\N{EN DASH}":
            printed = all(math.isnan(values[one]) for one in ids)
        else:
            # numbers of labels, as of doses and thresholds, may stand between
            tokens = iter(NUMBER.finditer(text))
            printed = all(
                any(prints(token, values[one]) for token in tokens)
                for one in ids
                if not math.isnan(values[one])
            )
        if not printed and not is_shift(ids, text, values):
            wrong.append((text, {one: values[one] for one in ids}))
    assert wrong == []


def is_shift(ids: list[str], text: str, values: dict[str, float]) -> bool:
    """Tell whether a cell prints by how much one estimate differs from another."""
    token = NUMBER.fullmatch(text)
    if token is None or len(ids) != 2 or not ids[0].startswith("influence/"):
        return False
    return prints(token, values[ids[0]] - values[ids[1]])


def test_no_number_of_a_result_table_is_without_an_id(page: Places) -> None:
    of_results = [
        (ids, text)
        for caption, ids, text in page.cells
        if not caption.startswith(NOT_OF_RESULTS)
    ]
    bare = [
        text
        for ids, text in of_results
        if not ids
        and (ALL_NUMBERS.fullmatch(text) or "%" in text)
        # words on gates that a fit missed, whose numbers have cells of their own
        and ", limit " not in text
    ]
    assert bare == []
    assert sum(bool(ids) for ids, _ in of_results) > 400
    # one id for each number, where a cell holds nothing but numbers
    counted = [
        (text, ids)
        for ids, text in of_results
        if ALL_NUMBERS.fullmatch(text)
        and len(list(NUMBER.finditer(text))) != len(ids)
        and not ids[0].startswith("influence/")
    ]
    assert counted == []


def test_the_page_holds_of_each_number_what_the_audit_tells(
    page: Places, reported_once: Path
) -> None:
    text = (reported_once / "results/report.html").read_text(encoding="utf-8")
    found = re.search(r'id="lineage">(.*?)</script>', text)
    assert found
    data = json.loads(found[1])
    assert set(data["values"]) == {one for ids, _ in page.places for one in ids}
    chosen = random.Random(1).sample(sorted(data["values"]), 20)
    for value in chosen:
        blocks = [data["blocks"][place] for place in data["values"][value]]
        shown = " ".join(part for block in blocks for part in block if part)
        assert shown == traced(reported_once, value)
