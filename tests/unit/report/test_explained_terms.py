"""The first use of a term in a section leads to what it means; all else stays."""

import re

import pytest

from alsdecline.report.explained_terms import with_terms_explained
from alsdecline.report.glossary import Term

TERMS = [
    Term(term="Prior", text="What was held before."),
    Term(term="Weak prior", text="One that says little."),
    Term(term="p", text="A probability."),
]


def marked(*contents: str) -> str:
    sections = (
        f'<section class="part" aria-labelledby="s{n}">{content}</section>'
        for n, content in enumerate(contents)
    )
    return with_terms_explained(f"<main>{''.join(sections)}</main>", TERMS)


def links(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="term" href="#(.*?)">(.*?)</a>', page)


def test_the_first_use_in_each_section_is_marked() -> None:
    page = marked("<p>The prior, a prior.</p>", "<p>Priors again.</p>")
    assert links(page) == [("term-prior", "prior"), ("term-prior", "Priors")]


def test_the_longer_of_two_terms_is_marked_where_both_begin() -> None:
    page = marked("<p>A weak prior and its prior, p = 0.04.</p>")
    assert [words for _, words in links(page)] == ["weak prior", "prior", "p"]


@pytest.mark.parametrize(
    "kept",
    [
        "<h3>Prior</h3>",
        "<table><tr><td>prior</td></tr></table>",
        '<a href="#x">prior</a>',
        "<svg><text>prior</text></svg>",
        "<summary>prior</summary>",
        '<span data-value-id="x/y:z">prior 2</span>',
        '<img alt="prior">',
        "<code>prior</code>",
    ],
)
def test_headings_numbers_and_what_is_pressed_stay_as_they_are(kept: str) -> None:
    page = marked(f"{kept}<p>a prior</p>")
    assert kept in page
    assert links(page) == [("term-prior", "prior")]


def test_the_words_of_a_page_stay_the_same_and_so_does_what_is_escaped() -> None:
    content = "<p>&lt;b&gt;prior&lt;/b&gt; &amp; p</p>"
    page = marked(content)
    assert content in re.sub(r"</?a\b[^>]*>", "", page)


def test_the_section_that_explains_the_terms_leads_nowhere() -> None:
    page = '<main><section class="part" aria-labelledby="terms">prior</section></main>'
    assert with_terms_explained(page, TERMS) == page
