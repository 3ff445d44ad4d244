"""The page holds of each number what its trace tells, and nothing in it can act."""

import json
import re

from alsdecline.report.lineage import blocks_of, numbers_in, page_lineage, with_data

PAGE = """<main><td data-value-id="t/a:x t/b:x">1 (2)</td><span data-value-id="t/a:x">
</span><p data-value-id="t/&lt;i&gt;:x t/b:x" data-complement="t/b:x">3</p>
</main><dialog class="panel"></dialog>
"""
SHARED = "setting     model: joint\nraw         data/visits.csv\n              row 2\n"


def told(value: str) -> str:
    hostile = "operation   </script><script>alert(1)</script>\n"
    return f"{value} = 1\n{hostile if '<' in value else ''}{SHARED}"


def with_lineage() -> str:
    return with_data(PAGE, "lineage", page_lineage(PAGE, told))


def embedded(page: str) -> dict:
    found = re.search(r'id="lineage">(.*?)</script>', page)
    assert found
    data: dict = json.loads(found[1])
    return data


def test_every_id_is_found_once_as_it_was_before_it_was_escaped() -> None:
    assert numbers_in(PAGE) == ["t/<i>:x", "t/a:x", "t/b:x"]


def test_a_trace_is_parted_by_its_names() -> None:
    assert list(blocks_of(told("t/a:x"))) == [
        ("", "t/a:x = 1"),
        ("setting", "model: joint"),
        ("raw", "data/visits.csv", "row 2"),
    ]


def test_each_number_has_its_trace_and_shared_lines_are_there_once() -> None:
    data = embedded(with_lineage())
    assert set(data["values"]) == {"t/<i>:x", "t/a:x", "t/b:x"}
    for value, places in data["values"].items():
        found = [tuple(data["blocks"][place]) for place in places]
        assert found == list(blocks_of(told(value)))
    assert data["blocks"].count(["setting", "model: joint"]) == 1


def test_what_is_told_cannot_end_its_element() -> None:
    page = with_lineage()
    assert "<script>alert" not in page
    assert page.count("</script>") == 1
    assert page.index('id="lineage"') < page.index("<dialog")


def test_what_is_printed_of_the_contrary_is_named() -> None:
    assert embedded(with_lineage())["complements"] == ["t/b:x"]
