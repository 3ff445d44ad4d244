"""Terms explained where they stand: the first use of each in a section is a link."""

import re
from collections.abc import Iterator, Sequence

from alsdecline.report.glossary import Term

SECTION = re.compile(r'(?=<section class="part")')
TERMS_ANCHOR = 'aria-labelledby="terms"'

_PARTS = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z0-9]+)")
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "wbr"}
_PLAIN = {
    *("a", "button", "caption", "code", "dt", "h1", "h2", "h3", "h4"),
    *("label", "pre", "script", "strong", "style", "summary", "svg", "table"),
}
"""Elements whose text stays as it is: headings, numbers, what is pressed or drawn."""


def term_anchor(term: Term) -> str:
    """Return the id of the place that explains a term."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.term.lower()).strip("-")


def _parts(section: str) -> Iterator[tuple[str, bool]]:
    """Yield tags and texts, and whether terms may be marked in a text."""
    plain: list[str] = []
    for part in _PARTS.split(section):
        tag = _TAG.match(part)
        if not tag:
            yield part, not plain and not part.startswith("<")
            continue
        name = tag[1].lower()
        if part.startswith("</"):
            if plain and plain[-1] == name:
                plain.pop()
        elif name == plain[-1] if plain else _is_plain(name, part):
            plain.append(name)
        yield part, False


def _is_plain(name: str, tag: str) -> bool:
    """Tell whether the text of an element stays as it is; values of tables do."""
    traced = name == "span" and "data-value-id" in tag
    return name not in _VOID and not tag.endswith("/>") and (name in _PLAIN or traced)


def _marked(section: str, terms: Sequence[Term]) -> str:
    left = list(terms)
    found = []
    for part, open_ in _parts(section):
        text, done = part, ""
        while open_ and left and text:
            uses = [
                (use.start(), -len(use[0]), number, use)
                for number, term in enumerate(left)
                if (use := term.used_in(text))
            ]
            if not uses:
                break
            _, _, number, use = min(uses)
            term = left.pop(number)
            done += (
                f'{text[: use.start()]}<a class="term" href="#{term_anchor(term)}">'
                f"{use[0]}</a>"
            )
            text = text[use.end() :]
        found.append(done + text)
    return "".join(found)


def with_terms_explained(page: str, terms: Sequence[Term]) -> str:
    """Make the first use of each term in a section lead to what it means.

    Parameters
    ----------
    page : str
        HTML with its sections in elements of their own
        (:func:`alsdecline.report.outline.outlined`).
    terms : sequence of Term
        Those that the page explains.

    Returns
    -------
    str
        Headings, tables, drawings, links and traced numbers stay as they are, and so
        does the section that explains the terms.
    """
    before, *sections = SECTION.split(page)
    return before + "".join(
        section if TERMS_ANCHOR in section[:80] else _in_section(section, terms)
        for section in sections
    )


def _in_section(section: str, terms: Sequence[Term]) -> str:
    end = section.rindex("</section>")
    return _marked(section[:end], terms) + section[end:]
