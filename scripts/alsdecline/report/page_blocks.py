"""A page read into blocks: what a reader sees of it, for formats other than HTML."""

import base64
import dataclasses
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree, html

from alsdecline.report.page_adapted import adapt_to_documents
from alsdecline.report.page_styles import styled_svg

_LEFT_OUT = frozenset(
    [
        "nav",
        "script",
        "style",
        "dialog",
        "button",
        "template",
        "noscript",
        "input",
        "select",
        "textarea",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "i",
        "kbd",
        "label",
        "mark",
        "output",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    ]
)
_STRONG = frozenset({"strong", "b", "dt", "summary"})
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# what no XML can hold, and no font draws
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"[ \t\r\n]+")


@dataclasses.dataclass(frozen=True)
class Run:
    """A stretch of text of one look."""

    text: str
    strong: bool = False


@dataclasses.dataclass(frozen=True)
class Text:
    """A heading, paragraph, item of a list, or caption of a figure.

    Attributes
    ----------
    kind : str
        ``heading``, ``paragraph``, ``item`` or ``caption``.
    runs : tuple of Run
        What it says.
    level : int
        Of a heading, from 1.
    anchor : str
        The id of a heading on the page.
    """

    kind: str
    runs: tuple[Run, ...]
    level: int = 0
    anchor: str = ""

    @property
    def plain(self) -> str:
        """What it says, of one look."""
        return "".join(run.text for run in self.runs)


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell of a table, and how many columns and rows it spans."""

    text: str
    head: bool = False
    columns: int = 1
    rows: int = 1


@dataclasses.dataclass(frozen=True)
class Table:
    """A table: its caption, the rows of its head and of its body, and its footnotes."""

    caption: str
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture, as SVG or PNG, and what it shows in words."""

    content: bytes
    suffix: str
    alternative: str


Block = Text | Table | Picture


def plain_text(text: str) -> str:
    """Replace what no document can hold."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def _is_left_out(node: Any) -> bool:
    return (
        not isinstance(node.tag, str)
        or node.tag in _LEFT_OUT
        or node.get("hidden") is not None
        or node.get("popover") is not None
        or "jump" in node.get("class", "").split()  # a word that only leads elsewhere
    )


def _text_of(node: Any) -> str:
    """Return the text of a cell or caption; blocks in it stand on their own lines."""
    parts: list[str] = []

    def collect(one: Any) -> None:
        if _is_left_out(one) or one.tag == "svg":
            return
        alone = one is not node and one.tag not in _INLINE
        parts.append("\n" if alone else "")
        parts.append(_SPACE.sub(" ", one.text or ""))
        for child in one:
            collect(child)
            parts.append(_SPACE.sub(" ", child.tail or ""))
        parts.append("\n" if alone and one.tag != "br" else "")

    collect(node)
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return plain_text("\n".join(line for line in lines if line))


def _span(node: Any, name: str) -> int:
    value = node.get(name, "1")
    return max(1, int(value)) if value.isdigit() else 1


def _cells(row: Any) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            _text_of(cell),
            cell.tag == "th",
            _span(cell, "colspan"),
            _span(cell, "rowspan"),
        )
        for cell in row
        if cell.tag in ("th", "td") and not _is_left_out(cell)
    )


def _table(node: Any) -> Table:
    captions = node.findall("caption")
    rows = [row for row in node.iter("tr") if not _is_left_out(row)]
    head = [row for row in rows if row.getparent().tag == "thead"]
    return Table(
        _text_of(captions[0]) if captions else "",
        tuple(_cells(row) for row in head),
        tuple(_cells(row) for row in rows if row not in head and len(row)),
    )


def _embedded(source: str, alternative: str) -> list[Picture]:
    """Read a picture that the page holds itself."""
    kind, comma, data = source.partition(",")
    if not comma or not kind.startswith("data:image/"):
        return []
    content = (
        base64.b64decode(data) if kind.endswith(";base64") else unquote_to_bytes(data)
    )
    suffix = "svg" if "svg" in kind else kind[len("data:image/") :].partition(";")[0]
    return [Picture(content, suffix, plain_text(alternative))]


class _Reader:
    """Walks a page in its order, and gathers blocks."""

    def __init__(self, styles: str) -> None:
        self.styles = styles
        self.blocks: list[Block] = []
        self._runs: list[Run] = []

    def _end(self, kind: str, level: int = 0, anchor: str = "") -> None:
        runs, self._runs = self._runs, []
        while runs and not runs[-1].text.strip():
            runs.pop()
        if runs:
            runs[-1] = dataclasses.replace(runs[-1], text=runs[-1].text.rstrip())
            self.blocks.append(Text(kind, tuple(runs), level, anchor))

    def _say(self, text: str | None, strong: bool) -> None:
        said = plain_text(_SPACE.sub(" ", text or ""))
        if not self._runs or self._runs[-1].text.endswith(" "):
            said = said.lstrip(" ")
        if said:
            self._runs.append(Run(said, strong))

    def read(self, node: Any, kind: str = "paragraph", strong: bool = False) -> None:
        """Read a node and all below it."""
        tag = node.tag
        if _is_left_out(node):
            return
        if tag in ("table", "img", "svg"):
            self._end(kind)
            self.blocks += self._shown(node)
            return
        inline = tag in _INLINE
        if not inline:
            self._end(kind)
        if node.get("class") == "footnotes" and self._add_notes(node):
            return
        within = {"li": "item", "dd": "item", "figcaption": "caption"}.get(tag, kind)
        bold = strong or (tag in _STRONG)
        self._say(node.text, bold)
        for child in node:
            self.read(child, within, bold)
            self._say(child.tail, bold)
        if tag in _HEADINGS:
            self._end("heading", _HEADINGS[tag], node.get("id", ""))
        elif not inline:
            self._end(within)

    def _add_notes(self, node: Any) -> bool:
        """Give the table that was read last what stands under it."""
        if not self.blocks or not isinstance(table := self.blocks[-1], Table):
            return False
        notes = tuple(_text_of(one) for one in node)
        self.blocks[-1] = dataclasses.replace(table, notes=notes)
        return True

    def _shown(self, node: Any) -> list[Block]:
        if node.tag == "table":
            table = _table(node)
            return [table] if any((*table.head, *table.body)) else []
        if node.tag == "img":
            return list(_embedded(node.get("src", ""), node.get("alt", "")))
        shows = [
            one for one in (node, *node.iterancestors()) if one.get("role") == "img"
        ]
        if not shows and node.get("aria-hidden") == "true":
            return []
        said = plain_text(shows[0].get("aria-label", "") if shows else "")
        return [Picture(styled_svg(node, self.styles), "svg", said)]


def blocks_of_page(page: str) -> list[Block]:
    """Read what stands in the main part of a page, what is collapsed included.

    Parameters
    ----------
    page : str
        The page, as HTML.

    Returns
    -------
    list of Text, Table and Picture
        In the order of the page; without navigation, dialogs and buttons.
    """
    root = html.document_fromstring(page, parser=etree.HTMLParser(huge_tree=True))
    reader = _Reader("\n".join(style.text or "" for style in root.iter("style")))
    for main in root.iter("main"):
        adapt_to_documents(main)
        reader.read(main)
    return reader.blocks
