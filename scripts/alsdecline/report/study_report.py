"""The page's sections in the order and under the numbers of a clinical study report.

Numbers and headings follow the structure of ICH E3 (Structure and Content of Clinical
Study Reports, 1995). What E3 asks for and no analysis can know, such as ethics,
investigators or the discussion, is not here; nor is its number.
"""

import dataclasses
from collections.abc import Sequence

from alsdecline.report.page_blocks import Block, Run, Text


@dataclasses.dataclass(frozen=True)
class Place:
    """A heading of ICH E3, and the sections of the page that stand under it."""

    number: str
    heading: str
    sections: tuple[str, ...] = ()


PLACES = (
    Place("2", "Synopsis", ("answer",)),
    Place("4", "List of abbreviations and definition of terms", ("terms",)),
    Place("9", "Investigational plan"),
    Place("9.6", "Data quality assurance", ("findings",)),
    Place("9.7", "Statistical methods and sample size", ("estimands", "methods")),
    Place("10", "Study patients", ("patients",)),
    Place("11", "Efficacy evaluation"),
    Place("11.4", "Efficacy results and tabulations of individual patient data"),
    Place("11.4.1", "Analysis of efficacy", ("decline", "changes", "coherence")),
    Place(
        "11.4.2",
        "Statistical and analytical issues",
        ("effects", "sensitivity", "supplementary", "influence", "computation"),
    ),
    Place("11.4.6", "By-patient displays", ("courses",)),
    Place("12", "Safety evaluation", ("safety",)),
    Place("16", "Appendices", ()),
)
"""In their order; the last takes every section that no other has."""


def _heading(text: str, level: int, anchor: str = "") -> Text:
    return Text("heading", (Run(text),), level, anchor)


def _without_number(title: Text) -> str:
    number, _, rest = title.plain.partition(" ")
    return rest if number.rstrip(".").isdigit() and rest else title.plain


def _by_section(blocks: Sequence[Block]) -> tuple[list[Block], dict[str, list[Block]]]:
    """Part blocks by the headings of sections; each keeps its heading."""
    before: list[Block] = []
    parts: dict[str, list[Block]] = {}
    current = before
    for block in blocks:
        if isinstance(block, Text) and block.kind == "heading" and block.level == 2:
            current = parts.setdefault(block.anchor or block.plain, [])
        current.append(block)
    return before, parts


def _placed(part: Sequence[Block], depth: int) -> list[Block]:
    """Return a section with its headings one step below that of its place."""
    moved: list[Block] = []
    for block in part:
        if isinstance(block, Text) and block.kind == "heading":
            title = _without_number(block) if block.level == 2 else block.plain
            moved.append(_heading(title, depth + block.level - 1, block.anchor))
        else:
            moved.append(block)
    return moved


def study_report(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """Put the blocks of a page in the order of ICH E3.

    Parameters
    ----------
    blocks : sequence of Text, Table and Picture
        Of the page, in its order.

    Returns
    -------
    tuple
        The title, and the blocks under headings with the numbers of E3. Tables and
        figures keep the numbers that they have on the page. No block is left out.
    """
    before, parts = _by_section(blocks)
    titles = [b for b in before if isinstance(b, Text) and b.kind == "heading"]
    title = titles[0].plain if titles else ""
    ordered: list[Block] = [block for block in before if block not in titles[:1]]
    named = {name for place in PLACES for name in place.sections}
    for place in PLACES:
        sections = place.sections
        if place is PLACES[-1]:
            sections = tuple(name for name in parts if name not in named)
        present = [name for name in sections if name in parts]
        below = any(
            other.number.startswith(f"{place.number}.")
            and any(name in parts for name in other.sections)
            for other in PLACES
        )
        if present or below:
            depth = place.number.count(".") + 1
            ordered.append(_heading(f"{place.number} {place.heading}", depth))
            for name in present:
                ordered += _placed(parts[name], depth)
    return title, ordered
