"""A page's sections, tables and figures: numbered, listed and referred to by number."""

import dataclasses
import re
from collections.abc import Sequence

PLACE_OF_CONTENTS = "<!-- contents -->"
"""Where a page lists its sections."""

# texts are escaped, so that tags in a page are those of its templates alone
_MAIN = re.compile(r"(<main\b[^>]*>)(.*)(</main>)", re.DOTALL)
_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_PLACED = re.compile(
    r'<(?P<tag>caption|figure|figcaption)\b(?:[^>]*?\bid="(?P<id>[^"]+)")?[^>]*>'
)
_REFERENCE = re.compile(r'<a class="reference" href="#([^"]+)"></a>')
_TAG = re.compile(r"<[^>]*>")
_SHOWS = re.compile(r"<(img|svg|input)\b")


@dataclasses.dataclass(frozen=True)
class PageSection:
    """A section of a page.

    Attributes
    ----------
    anchor : str
        The id of its heading.
    number : int
        Its place among those that are on the page, from 1.
    title : str
        Its heading, as HTML without tags.
    body : str
        What stands under its heading, as HTML.
    """

    anchor: str
    number: int
    title: str
    body: str


def _is_empty(body: str) -> bool:
    return not _SHOWS.search(body) and not _TAG.sub("", body).strip()


def _parted(content: str) -> tuple[str, list[PageSection]]:
    """Part the content of a page by its headings, and leave empty sections out."""
    before, *rest = _HEADING.split(content)
    found = [
        (anchor, title, body)
        for anchor, title, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
        if not _is_empty(body)
    ]
    return before, [
        PageSection(anchor, number, title, body)
        for number, (anchor, title, body) in enumerate(found, 1)
    ]


def _printed(section: PageSection) -> str:
    anchor = section.anchor
    return (
        f'<section class="part" aria-labelledby="{anchor}">\n'
        f'<h2 id="{anchor}"><span class="number">{section.number}</span> '
        f"{section.title}</h2>{section.body}</section>\n"
    )


def _listed(sections: Sequence[PageSection]) -> str:
    """List the sections as links; a title in the list is not another printed value."""
    items = "\n".join(
        f'<li><a href="#{one.anchor}"><span class="number">{one.number}</span> '
        f"{_TAG.sub('', one.title)}</a></li>"
        for one in sections
    )
    return f'<ol class="contents">\n{items}\n</ol>'


def _numbered(content: str) -> tuple[str, dict[str, str]]:
    """Give tables and figures numbers in order; return also what each id is called."""
    counts = {"Table": 0, "Figure": 0}
    names: dict[str, str] = {}
    figure = ""

    def number(match: re.Match[str]) -> str:
        nonlocal figure
        if match["tag"] == "figure":
            figure = match["id"] or ""
            return match[0]
        kind = "Table" if match["tag"] == "caption" else "Figure"
        counts[kind] += 1
        name = f"{kind} {counts[kind]}"
        anchor = match["id"] or (figure if kind == "Figure" else "")
        if anchor:
            names[anchor] = name
        return f'{match[0]}<span class="number">{name}.</span> '

    return _PLACED.sub(number, content), names


def outlined(page: str) -> str:
    """Give sections, tables and figures numbers, list sections, fill references.

    Parameters
    ----------
    page : str
        HTML whose main part has headings ``<h2 id="...">``. A reference is an empty
        link of the class ``reference`` to the id of a section, a ``caption`` or a
        ``figure``.

    Returns
    -------
    str
        The page with each section in an element of its own. Sections without a word
        are left out; a reference to what is not on the page is left out too.
    """
    start, content, end = _MAIN.split(page)[1:4]
    head, tail = page[: page.index(start)], page[page.rindex(end) :]
    before, sections = _parted(content)
    content = before + "".join(_printed(section) for section in sections)
    content, names = _numbered(content)
    names |= {one.anchor: f"Section {one.number}" for one in sections}

    def refer(match: re.Match[str]) -> str:
        name = names.get(match[1])
        return f'<a class="reference" href="#{match[1]}">{name}</a>' if name else ""

    content = _REFERENCE.sub(refer, content)
    head = head.replace(PLACE_OF_CONTENTS, _listed(sections), 1)
    return f"{head}{start}{content}{tail}"
