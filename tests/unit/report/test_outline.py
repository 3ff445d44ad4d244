"""Sections, tables and figures are numbered in their order, and referred to by it."""

from alsdecline.report.outline import PLACE_OF_CONTENTS, outlined


def page(content: str) -> str:
    return f"<nav>{PLACE_OF_CONTENTS}</nav><main>{content}</main><script></script>"


def test_sections_are_numbered_and_listed_with_their_anchors() -> None:
    found = outlined(page('<h2 id="a">First</h2><p>x</p><h2 id="b">Next</h2><p>y</p>'))
    assert '<h2 id="b"><span class="number">2</span> Next</h2><p>y</p>' in found
    assert '<a href="#b"><span class="number">2</span> Next</a>' in found
    assert found.count('<section class="part" aria-labelledby=') == 2


def test_a_section_without_a_word_is_in_neither_page_nor_list() -> None:
    found = outlined(page('<h2 id="a">None</h2>\n<div></div><h2 id="b">Next</h2>y'))
    assert "None" not in found
    assert '<span class="number">1</span> Next' in found


def test_a_section_of_a_picture_alone_is_no_empty_one() -> None:
    assert "Drawn" in outlined(page('<h2 id="a">Drawn</h2><img src="" alt="x">'))


def test_tables_and_figures_are_numbered_apart_in_their_order() -> None:
    found = outlined(
        page(
            '<h2 id="a">A</h2><table><caption>one</caption></table>'
            "<figure><figcaption>two</figcaption></figure>"
            "<table><caption>three</caption></table>"
        )
    )
    for words in ("Table 1.</span> one", "Figure 1.</span> two", "Table 2.</span> thr"):
        assert words in found


def test_references_name_what_stands_before_and_after_them() -> None:
    links = {
        name: f'<a class="reference" href="#{name}"></a>' for name in ("t", "f", "b")
    }
    found = outlined(
        page(
            f'<h2 id="a">A</h2>{links["t"]}{links["f"]}<figure id="f"><img>'
            "<figcaption>f</figcaption></figure><table><caption>u</caption></table>"
            f'<h2 id="b">B</h2><table><caption id="t">t</caption></table>{links["b"]}'
        )
    )
    for name, words in (("t", "Table 2"), ("f", "Figure 1"), ("b", "Section 2")):
        assert f'<a class="reference" href="#{name}">{words}</a>' in found


def test_a_reference_to_what_is_not_there_is_left_out() -> None:
    found = outlined(page('<h2 id="a">A</h2>x<a class="reference" href="#no"></a>y'))
    assert "xy" in found


def test_a_title_in_the_list_has_no_ids_of_values() -> None:
    title = 'n = <span data-value-id="x">9</span>'
    found = outlined(page(f'<h2 id="a">{title}</h2>y'))
    assert found.count("data-value-id") == 1
    assert "</span> n = 9</a>" in found


def test_what_users_write_is_no_heading() -> None:
    hostile = "&lt;h2 id=&#34;x&#34;&gt;y&lt;/h2&gt;&lt;caption&gt;"
    found = outlined(page(f'<h2 id="a">A</h2><p>{hostile}</p>'))
    assert hostile in found
    assert "Table 1" not in found
