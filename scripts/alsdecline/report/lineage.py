"""What is behind each number of the page, as its panel shows it.

It is what ``scripts/audit.py trace`` tells of the number, word for word. Lines that
many numbers share, as those of a fit, are in the page once.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import TypedDict

NUMBERED = re.compile(r'data-value-id="([^"]*)"')


MOST_PATIENTS = 500
"""Patients up to which a page holds the lineage of its numbers."""


class PageLineage(TypedDict):
    """The lineage of a page's numbers.

    ``blocks`` are a name and the lines that it has, each once; ``values`` has the
    places in it of those that tell of a value, in order, by the value's id.
    """

    blocks: list[list[str]]
    values: dict[str, list[int]]


def numbers_in(page: str) -> list[str]:
    """Return the ids of the values that a page prints, sorted.

    Parameters
    ----------
    page : str
        HTML whose attributes ``data-value-id`` have ids apart by blanks.
    """
    found = {
        one
        for ids in NUMBERED.findall(page)
        for one in html.unescape(ids).split(" ")
        if one
    }
    return sorted(found)


def blocks_of(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the parts of a trace as text: its name, then its lines.

    Parameters
    ----------
    text : str
        From :func:`alsdecline.trace.text.trace_text`: names stand at the left, lines
        that belong to one are set in below it. The first, of the value, has no name.
    """
    first, *lines = text.rstrip("\n").split("\n")
    block = ["", first]
    for line in lines:
        name, _, rest = line.partition(" ")
        if name:
            yield tuple(block)
            block = [name, rest.strip()]
        else:
            block.append(line.strip())
    yield tuple(block)


def page_lineage(page: str, told: Callable[[str], str]) -> PageLineage:
    """Gather what is behind the numbers of a page.

    Parameters
    ----------
    page : str
        HTML.
    told : callable
        Gives the trace of a value, as text, by its id.

    Returns
    -------
    PageLineage
    """
    places: dict[tuple[str, ...], int] = {}
    values = {
        one: [places.setdefault(block, len(places)) for block in blocks_of(told(one))]
        for one in numbers_in(page)
    }
    return {"blocks": [list(block) for block in places], "values": values}


def with_lineage(page: str, told: Callable[[str], str]) -> str:
    """Put what is behind its numbers into a page, for the script that shows it.

    Parameters
    ----------
    page : str
        HTML whose script looks for ``#lineage`` after it.
    told : callable
        Gives the trace of a value, as text, by its id.

    Returns
    -------
    str
    """
    data = json.dumps(
        page_lineage(page, told), ensure_ascii=False, separators=(",", ":")
    ).replace("<", "\\u003c")
    element = f'<script type="application/json" id="lineage">{data}</script>'
    before, end, after = page.rpartition('<dialog id="lineage-panel"')
    return f"{before}{element}\n{end}{after}"
