"""A figure is a part of the page: its text is text, its ids and colours the page's."""

import html
import json
import re
from pathlib import Path

import pytest

from alsdecline.figures.style import new_figure, save_figure, tell
from alsdecline.report.figures import inlined
from support.small_figure import PLAN

HOSTILE = '<script>alert("1")</script> style="fill: #000000" 対照'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    figure = new_figure(PLAN, 2)
    figure.subplots().plot([0, 1], [0, 1], color="#0072B2", label=HOSTILE)
    figure.legend()
    path = tmp_path_factory.mktemp("figures") / "drawn.svg"
    save_figure(figure, [path], PLAN.dpi)
    return path


def test_a_hostile_label_is_text_of_the_page_and_nothing_else(drawn: Path) -> None:
    inside = inlined("one", drawn)
    assert "<script" not in inside
    assert "&lt;script&gt;alert" in inside
    assert "対照</text>" in inside
    assert 'style="fill: #000000" 対照' in inside


def test_two_figures_of_one_page_share_no_id_and_find_their_own(drawn: Path) -> None:
    one, two = inlined("one", drawn), inlined("two", drawn)
    ids = [set(re.findall(r' id="([^"]+)"', figure)) for figure in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    used = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', one))
    assert {a or b for a, b in used} <= ids[0]


def test_a_figure_styles_nothing_but_itself_and_takes_the_pages_colours(
    drawn: Path,
) -> None:
    inside = inlined("one", drawn)
    assert "<style" not in inside
    assert "fill: var(--ground, #ffffff)" in inside
    assert "stroke: #0072b2" in inside
    assert inside.startswith('<svg aria-hidden="true"')


@pytest.mark.parametrize("patient", ["P 1", 'it\'s "P" url(#a)', HOSTILE])
def test_what_a_mark_stands_for_is_in_the_figure_and_not_as_an_id(
    patient: str, tmp_path: Path
) -> None:
    figure = new_figure(PLAN, 2)
    (line,) = figure.subplots().plot([0, 1], [5.0, 1 / 3])
    tell(line, {"patient": patient}, {"visit": ["a", "b"], "value": [5.0, 1 / 3]})
    path = tmp_path / "told.svg"
    save_figure(figure, [path], PLAN.dpi)
    inside = inlined("one", path)
    (facts,) = re.findall(r'<g data-facts="([^"]*)">', inside)
    assert json.loads(html.unescape(facts)) == {
        "of": {"patient": patient},
        "at": {"visit": ["a", "b"], "value": [5.0, 0.333333]},
    }
    assert "<script" not in inside


def test_what_is_no_number_is_nothing_in_a_fact(tmp_path: Path) -> None:
    figure = new_figure(PLAN, 2)
    (line,) = figure.subplots().plot([0, 1], [0, 1])
    tell(line, {}, {"value": [float("nan"), 1.23456789], "end": [float("inf"), 2.0]})
    path = tmp_path / "drawn.svg"
    save_figure(figure, [path], PLAN.dpi)
    found = re.search(r'data-facts="([^"]*)"', path.read_text("utf-8"))
    assert found
    told = json.loads(html.unescape(found[1]), parse_constant=pytest.fail)
    assert told["at"] == {"value": [None, 1.23457], "end": [None, 2.0]}
