"""The row of the primary estimate is known by its id, and no row beside it."""

from alsdecline.report.cells import Cell
from alsdecline.report.page_templates import template_environment
from alsdecline.report.primary_rows import is_primary
from alsdecline.report.tables import PrintedTable

OWN = "prior_sensitivity/total/joint/slope_difference/high/default:estimate"
OTHER = "prior_sensitivity/total/joint/slope_difference/high/weak:estimate"
IDS = frozenset([OWN])


def test_a_row_that_compares_itself_with_the_primary_is_another() -> None:
    assert is_primary(["joint", Cell("2.4", [OWN])], IDS)
    assert not is_primary(["joint", Cell("2.9", [OTHER])], IDS)
    assert not is_primary(["IGF-001", Cell("0.1", [OTHER, OWN])], IDS)
    assert not is_primary(["joint", Cell("2.4", [OWN])], frozenset())


def table_of(rows: list[list[str]]) -> str:
    template = (
        '{% from "report/macros.html.j2" import table with context %}'
        '{{ table(content, "Effects") }}'
    )
    plan = {"trial": {"data_kind": "real"}}
    printed = PrintedTable(["Analysis", "Estimate"], rows)
    return (
        template_environment(primary=IDS)
        .from_string(template)
        .render(content=printed, plan=plan, figures={})
    )


def test_it_is_marked_in_words_once() -> None:
    page = table_of([["joint", Cell("2.4", [OWN])], ["weak", Cell("3", [OTHER])]])
    assert page.count('<tr class="primary">') == page.count("(primary)") == 1
    assert page.index("(primary)") < page.index("weak")
    named = table_of([["Primary: joint", Cell("2.4", [OWN])]])
    assert '<tr class="primary">' in named
    assert "(primary)" not in named
