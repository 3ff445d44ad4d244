"""What is behind each number of the page, as its panel shows it.

It is what ``scripts/audit.py trace`` tells of the number, word for word. Lines that
many numbers share, as those of a fit, are in the page once.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import TypedDict

from alsdecline.report.patients import PatientPages

NUMBERED = re.compile(r'data-value-id="([^"]*)"')
COMPLEMENTED = re.compile(r'data-complement="([^"]*)"')


class PageLineage(TypedDict):
    """The lineage of a page's numbers.

    ``blocks`` are a name and the lines that it has, each once; ``values`` has the
    places in it of those that tell of a value, in order, by the value's id;
    ``complements`` are the ids of values that are printed as 100% less them.
    """

    blocks: list[list[str]]
    values: dict[str, list[int]]
    complements: list[str]


def _named_in(page: str, attribute: re.Pattern[str]) -> list[str]:
    """Return the ids that an attribute of a page's elements has, sorted."""
    found = {
        one
        for ids in attribute.findall(page)
        for one in html.unescape(ids).split(" ")
        if one
    }
    return sorted(found)


def numbers_in(page: str) -> list[str]:
    """Return the ids of the values that a page prints, sorted.

    Parameters
    ----------
    page : str
        HTML whose attributes ``data-value-id`` have ids apart by blanks.
    """
    return _named_in(page, NUMBERED)


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
        HTML; its attributes ``data-complement`` have ids of values that are printed as
        100% less them.
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
    return {
        "blocks": [list(block) for block in places],
        "values": values,
        "complements": _named_in(page, COMPLEMENTED),
    }


def with_data(page: str, name: str, data: PageLineage | PatientPages) -> str:
    """Put what its script shows into a page.

    Parameters
    ----------
    page : str
        HTML whose panels are dialogs behind all that is printed.
    name : str
        The id of the element that has the data, as JSON.
    data : PageLineage or PatientPages
        What is behind the numbers, or known of the patients.

    Returns
    -------
    str
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c")
    element = f'<script type="application/json" id="{name}">{text}</script>'
    before, panel, after = page.rpartition('<dialog class="panel"')
    return f"{before}{element}\n{panel}{after}"
