"""The report explains the terms that it uses, and the page of all terms is theirs."""

from alsdecline.report.glossary import glossary, terms_used_in, visible_text
from support.trial_folder import PROJECT
from write_glossary_page import glossary_page


def names(page: str) -> list[str]:
    return [term.term for term in terms_used_in(page)]


def test_the_page_of_terms_is_up_to_date() -> None:
    page = (PROJECT / "docs/glossary.md").read_text("utf-8")
    assert page == glossary_page(), "run `make docs`"


def test_terms_stand_by_the_alphabet_and_once() -> None:
    terms = [term.term.casefold() for term in glossary()]
    assert terms == sorted(set(terms))


def test_terms_are_found_in_words_and_in_whole_ones_alone() -> None:
    assert names("<td>R-hat, largest</td><td>Divergences</td>") == [
        "Divergences",
        "R-hat",
    ]
    assert names("<p>p&nbsp;=&nbsp;0.04, Half-normal(3)</p>") == [
        "Normal(m, s), Half-normal(s)",
        "p",
    ]
    assert names("<p>lesser, keep, sdr, posteriorly</p>") == []


def test_a_link_parts_no_words() -> None:
    page = "<p>a <a href='#x'>prior</a>, p</p><p>b</p>"
    assert visible_text(page) == "a prior, p b"


def test_what_is_no_text_uses_no_term() -> None:
    assert names('<style>.prior {}</style><img alt="posterior" src="prior">') == []
