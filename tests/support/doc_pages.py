"""The pages of the documentation as their readers meet them: anchors, links, blocks."""

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from support.trial_folder import PROJECT

README = PROJECT / "README.md"
PAGES = [README, *sorted((PROJECT / "docs").rglob("*.md"))]

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ABROAD = re.compile(r"[a-z]+:")
_PUT_INTO = re.compile(r"<!-- in: (\S+) -->")


@dataclasses.dataclass(frozen=True)
class Link:
    """A link or picture of a page.

    Attributes
    ----------
    page : Path
        Where it stands.
    target : Path
        The file that it leads to.
    anchor : str
        The heading there; empty where the page as a whole is meant.
    """

    page: Path
    target: Path
    anchor: str


@dataclasses.dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes
    ----------
    page : Path
        Where it stands.
    line : int
        Its first line there.
    language : str
        As marked.
    text : str
        Its content.
    put_into : str
        The configuration that it changes, by the comment above; empty without one.
    """

    page: Path
    line: int
    language: str
    text: str
    put_into: str


@functools.cache
def _tokens(page: Path) -> list[Token]:
    return _MARKDOWN.parse(page.read_text(encoding="utf-8"))


def _plain(inline: Token) -> str:
    """Return the text of a heading without its markup."""
    return "".join(c.content for c in inline.children or [])


def _headings(page: Path) -> Iterator[tuple[int, int, str]]:
    """Yield the line, level and text of each heading."""
    tokens = _tokens(page)
    for opened, inline in itertools.pairwise(tokens):
        if opened.type == "heading_open" and opened.map:
            yield opened.map[0], int(opened.tag[1:]), _plain(inline)


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@functools.cache
def sections(page: Path) -> dict[str, str]:
    """Return the text below each heading, up to the next of its level, by anchor."""
    lines = page.read_text(encoding="utf-8").splitlines()
    headings = list(_headings(page))
    found: dict[str, str] = {}
    for i, (line, level, text) in enumerate(headings):
        ends = [at for at, other, _ in headings[i + 1 :] if other <= level]
        name, n = slug(text), 0
        while (anchor := f"{name}-{n}" if n else name) in found:
            n += 1
        found[anchor] = "\n".join(lines[line : ends[0] if ends else None])
    return found


def links(page: Path) -> list[Link]:
    """Return the links and pictures of a page that lead to files of the project."""
    inline = [c for t in _tokens(page) for c in t.children or []]
    targets = [str(t.attrs["href"]) for t in inline if t.type == "link_open"]
    targets += [str(t.attrs["src"]) for t in inline if t.type == "image"]
    found = []
    for target in targets:
        if not _ABROAD.match(target):
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            found.append(Link(page, file, anchor))
    return found


def blocks(page: Path, *languages: str) -> list[Block]:
    """Return the blocks of code in these languages."""
    found, above = [], ""
    for token in _tokens(page):
        language = (token.info.split() or [""])[0]
        if token.type == "fence" and language in languages:
            said = _PUT_INTO.fullmatch(above.strip())
            put_into = said.group(1) if said else ""
            line = token.map[0] + 1 if token.map else 0
            found.append(Block(page, line, language, token.content, put_into))
        above = token.content if token.type == "html_block" else ""
    return found
