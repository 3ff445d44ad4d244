"""The page of rules on raw data says what the catalogue says now."""

from pathlib import Path

from alsdecline.plain_yaml import parse_yaml, read_yaml_text
from alsdecline.raw.rule_meanings import FILE
from alsdecline.raw.rules import Rule
from write_findings_page import findings_page

PAGE = Path(__file__).parents[3] / "docs" / "findings.md"


def test_the_page_of_rules_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == findings_page(), "run `make docs`"


def test_the_page_names_rule_severities_and_remedy() -> None:
    page = findings_page()
    assert "`encoding` | fatal | A text is not UTF-8, or not of" in page
    assert "`dose_of_arm` | fatal or warning | A dose is another arm's," in page


def test_every_rule_and_no_other_has_its_meaning() -> None:
    said = parse_yaml(read_yaml_text(FILE)).content
    assert list(said) == [*map(str, Rule)]


def test_each_rule_has_an_anchor_that_other_pages_lead_to() -> None:
    assert '| <a id="encoding"></a>`encoding` |' in findings_page()
