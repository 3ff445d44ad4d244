"""The page of configuration keys has every key as the settings describe it now."""

from pathlib import Path

from write_configuration_page import configuration_page

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"


def test_the_page_of_keys_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == configuration_page(), "run `make docs`"


def test_the_page_names_keys_types_defaults_and_sections() -> None:
    page = configuration_page()
    assert "| `chains` | whole number | *4* | `4` | Chains, at least 2. |" in page
    assert "| `further_draws` | whole number | 1000 | `1000` |" in page
    assert "| `parameter` | text | *the id* | `ALSFRSR` |" in page
    assert "| `visits` | [VisitsTable](#visitstable) |" in page
    assert "| `carry_forward` | `none`, `post_baseline`, `baseline` | none |" in page
    assert page.count("\n## Visits\n") == 1
