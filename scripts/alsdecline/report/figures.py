"""Figures as a page holds them, and what it says of how they are drawn."""

import re
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from alsdecline.figures.captions import CENTRAL, MOST_DRAWN, MOST_NAMED
from alsdecline.report import words as text

PAGE_COLOURS = {
    "#ffffff": "--ground",
    "#000000": "--text",
    "#666666": "--soft",
    "#dddddd": "--faint",
}
"""Colours without a meaning of their own, and what stands for them on a page."""

_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ID = re.compile(r'(?<= id=")|(?<=href="#)|(?<=url\(#)')
_STYLED = re.compile(r'(?<= style=")[^"]*')


def crowded(by_arm: Sequence[int]) -> dict[str, bool]:
    """Tell which figures of the patients are drawn for many.

    Parameters
    ----------
    by_arm : sequence of int
        Number of patients of each arm.
    """
    return {
        "trajectories": max(by_arm) > MOST_NAMED,
        "patient_slopes": sum(by_arm) > MOST_NAMED * len(by_arm),
    }


def thinned_courses(by_arm: Sequence[int]) -> str:
    """Say how the courses of an arm of very many patients are drawn; else nothing.

    Parameters
    ----------
    by_arm : sequence of int
        Number of patients of each arm.
    """
    if max(by_arm) <= MOST_DRAWN:
        return ""
    return (
        f" Of an arm of more than {MOST_DRAWN} patients {MOST_DRAWN} are drawn, evenly "
        f"spaced by identifier; the band holds the central {text.percent(CENTRAL)} of "
        "its values at each scheduled visit."
    )


def inlined(name: str, path: Path) -> Markup:
    """Return a figure as a part of a page, in whose colours it is drawn.

    Parameters
    ----------
    name : str
        Told apart by it are the ids of the figures of one page.
    path : Path
        SVG by Matplotlib, whose texts are escaped, so that tags are its own.
    """
    drawn = path.read_text(encoding="utf-8")
    drawn = drawn[drawn.index("<svg") :]
    # a style within a part of a page would be one of the whole page
    for left_out in (_METADATA, _STYLE):
        drawn = left_out.sub("", drawn)
    return Markup(_TAG.sub(lambda tag: _of_page(tag[0], name), drawn))


def _of_page(tag: str, name: str) -> str:
    """Return a tag of a figure as one of the page that the figure is a part of."""
    if tag.startswith("<svg"):
        return tag.replace("<svg", '<svg aria-hidden="true" class="drawn"', 1)
    if tag.startswith("<g data-facts"):
        return tag
    tag = _ID.sub(rf"\g<0>{name}-", tag)
    style = _STYLED.search(tag)
    if not style:
        return tag
    themed = style[0]
    for colour, variable in PAGE_COLOURS.items():
        themed = themed.replace(f": {colour}", f": var({variable}, {colour})")
    return tag.replace(style[0], themed)
