"""What a printed table is once laid out, and the marks of its footnotes."""

import dataclasses
import string
from collections.abc import Sequence
from typing import TypeVar

from alsdecline.report.tables import Footnote


@dataclasses.dataclass(frozen=True)
class LaidCell:
    """A cell with the room that aligns it.

    Attributes
    ----------
    text : str
        The cell as printed, with its ids if it has any.
    pad : str
        What would have to follow for its decimal point to stand under the others'.
    mark : str
        Of the footnote about it; empty where there is none.
    """

    text: str
    pad: str = ""
    mark: str = ""


@dataclasses.dataclass(frozen=True)
class RowGroup:
    """Rows that share their first cell.

    Attributes
    ----------
    name : str
        What they share; empty where rows are not grouped.
    rows : list of list of LaidCell
        The rows without what they share.
    """

    name: str
    rows: list[list[LaidCell]]


@dataclasses.dataclass(frozen=True)
class HeadCell:
    """A head.

    Attributes
    ----------
    text : str
        As printed.
    columns, rows : int
        How many it spans.
    place : int
        The column that it is the head of; -1 of one above several.
    name : str
        What the column is called where it stands alone.
    mark : str
        Of the footnote about it; empty where there is none.
    """

    text: str
    columns: int = 1
    rows: int = 1
    place: int = -1
    name: str = ""
    mark: str = ""


_Marked = TypeVar("_Marked", LaidCell, HeadCell)


@dataclasses.dataclass(frozen=True)
class LaidTable:
    """A table laid out.

    Attributes
    ----------
    head : list of str
        Names of its columns.
    head_rows : list of list of HeadCell
        Its heads: two rows of them where an interval's ends stand below its name.
    kinds : list of str
        What each column holds: ``text``, ``number``, or ``numbers`` where a cell holds
        a number with its spread.
    groups : list of RowGroup
        Its rows.
    grouped_by : str
        Head of the column whose cells name the groups; empty without groups.
    notes : list of tuple of str
        Mark and text of each footnote: those about the table first, without a mark.
    """

    head: list[str]
    head_rows: list[list[HeadCell]]
    kinds: list[str]
    groups: list[RowGroup]
    grouped_by: str
    notes: list[tuple[str, str]]


def with_notes_marked(laid: LaidTable, notes: Sequence[Footnote]) -> LaidTable:
    """Mark what footnotes are about by a, b, c, in the order in which it stands.

    Parameters
    ----------
    laid : LaidTable
        A table without marks.
    notes : sequence of Footnote
        Those about no head and no cell of the table are dropped.

    Returns
    -------
    LaidTable
    """
    about = {note.at: note.text for note in notes if note.at}
    heads = [cell.text for row in laid.head_rows for cell in row]
    cells = [cell.text for g in laid.groups for row in g.rows for cell in row]
    met = [text for text in dict.fromkeys([*heads, *cells]) if text in about]
    marks = dict(zip(met, string.ascii_lowercase, strict=False))

    def marked(one: _Marked) -> _Marked:
        mark = marks.get(one.text)
        return dataclasses.replace(one, mark=mark) if mark else one

    return dataclasses.replace(
        laid,
        head_rows=[[marked(cell) for cell in row] for row in laid.head_rows],
        groups=[
            RowGroup(g.name, [[marked(cell) for cell in row] for row in g.rows])
            for g in laid.groups
        ],
        notes=[("", note.text) for note in notes if not note.at]
        + [(mark, about[text]) for text, mark in marks.items()],
    )
