"""How wide the columns of a printed table are, and whether it fits an upright page."""

import itertools
from collections.abc import Sequence

from alsdecline.report.page_blocks import Block, Cell, Table, Text

UPRIGHT, WIDE = 100, 152
"""Characters of 8 pt beside one another on a page of A4, upright and on its side."""

LONGEST_WORD = 20
"""Characters of a word that is not broken."""


def placed(rows: Sequence[Sequence[Cell]]) -> list[list[tuple[int, Cell]]]:
    """Return the cells of rows, each with the column that it begins in."""
    taken: dict[tuple[int, int], bool] = {}
    found: list[list[tuple[int, Cell]]] = []
    for y, row in enumerate(rows):
        x = 0
        line = []
        for cell in row:
            while taken.get((y, x)):
                x += 1
            # what would reach past the last row is cut there
            tall = min(cell.rows, len(rows) - y)
            for at in itertools.product(range(y, y + tall), range(x, x + cell.columns)):
                taken[at] = True
            line.append((x, cell))
            x += cell.columns
        found.append(line)
    return found


def number_of_columns(table: Table) -> int:
    """Return how many columns a table has."""
    ends = [
        x + cell.columns
        for part in (table.head, table.body)
        for row in placed(part)
        for x, cell in row
    ]
    return max(ends, default=0)


def column_widths(table: Table) -> list[float]:
    """Return the characters that each column is given.

    A column has the room of its longest word, and of the rest a share that grows with
    the square root of the text in it, so that a column of sentences does not take all.
    """
    least = [3.0] * number_of_columns(table)
    most = [3.0] * len(least)
    for part in (table.head, table.body):
        for x, cell in itertools.chain.from_iterable(placed(part)):
            if cell.columns == 1:
                # what is bold is wider
                scale = 1.15 if cell.head or part is table.head else 1.0
                words = [min(len(w), LONGEST_WORD) for w in cell.text.split()]
                least[x] = max(least[x], scale * max(words, default=0) + 1)
                most[x] = max(most[x], scale * min(len(cell.text), 400) + 1)
    free = max(0.0, UPRIGHT - sum(least))
    shares = [
        max(0.0, wanted - had) ** 0.5 for wanted, had in zip(most, least, strict=True)
    ]
    whole = sum(shares) or 1.0
    return [
        round(min(had + free * share / whole, wanted) if share else had, 2)
        for had, share, wanted in zip(least, shares, most, strict=True)
    ]


def is_wide(table: Table) -> bool:
    """Tell whether a table needs a page on its side."""
    return sum(column_widths(table)) > 1.02 * UPRIGHT


def text_size(table: Table) -> float:
    """Return the size of a table's text in pt, at which its longest words fit."""
    room = WIDE if is_wide(table) else UPRIGHT
    return round(
        min(8.0, max(4.5, 8.0 * room / max(1.0, sum(column_widths(table))))), 2
    )


def page_turns(blocks: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """Part blocks into those on upright pages and those on pages on their side.

    Returns
    -------
    list of tuple
        Whether on its side, and the blocks; headings go with the table that follows.
    """
    parts: list[tuple[bool, list[Block]]] = []
    for block in blocks:
        wide = isinstance(block, Table) and is_wide(block)
        if not parts or parts[-1][0] != wide:
            moved: list[Block] = []
            while wide and parts and parts[-1][1] and _is_heading(parts[-1][1][-1]):
                moved.insert(0, parts[-1][1].pop())
            parts.append((wide, moved))
        parts[-1][1].append(block)
    return [part for part in parts if part[1]]


def _is_heading(block: Block) -> bool:
    return isinstance(block, Text) and block.kind == "heading"
