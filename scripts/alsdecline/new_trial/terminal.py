"""The guesses as a table for a terminal."""

import textwrap
import unicodedata
from collections.abc import Sequence

from alsdecline.new_trial.guesses import Guess
from alsdecline.plain_text import one_line

_HEADER = ("what", "guess", "evidence", "how sure", "in config.yaml")
_MOST = (18, 24, 0, 8, 40)
"""Widest that each column may be; the evidence takes what is left."""

_FEWEST = 24

NARROW = 110
"""Places below which a terminal has no room for a column more."""


def width_of(text: str) -> int:
    """Return how many places a text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of a width, wide characters counted as two."""
    lines: list[str] = []
    for part in textwrap.wrap(text, width, break_long_words=True) or [""]:
        line = ""
        for character in part:
            if width_of(line + character) > width:
                lines.append(line)
                line = ""
            line += character
        lines.append(line)
    return lines


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def decisions_in(config: str, path: str) -> list[str]:
    """Return what a configuration leaves to decide, with the lines to choose from.

    Parameters
    ----------
    config : str
        As new-trial writes it.
    path : str
        What to call it.

    Returns
    -------
    list of str
        The question with its line, and below it each line that may be kept.
    """
    lines = config.splitlines()
    told: list[str] = []
    for i, line in enumerate(lines):
        if "# decide: " not in line:
            continue
        told.append(f"{path}, line {i + 1}: {line.split('# decide: ')[1]}")
        keys = [text.split(":")[0] for text in lines[i + 1 :]]
        same = next((n for n, key in enumerate(keys) if key != keys[0]), len(keys))
        choices = lines[i + 1 : i + 1 + same] if same > 1 else []
        told += [f"    {text.strip()}" for text in choices]
    return told


def guess_table(guesses: Sequence[Guess], columns: int) -> str:
    """Lay guesses out.

    Parameters
    ----------
    guesses : sequence of Guess
        In the order shown.
    columns : int
        Places of the terminal.

    Returns
    -------
    str
        A line or more for each: what, guess, evidence, how sure, where to change it.
    """
    rows = [_HEADER] + [
        tuple(map(one_line, (g.what, g.value, g.evidence, _sure(g), g.where)))
        for g in guesses
    ]
    if columns < NARROW:  # the place stands below the evidence
        rows = [(*row[:2], f"{row[2]} [{row[4]}]", row[3]) for row in rows]
    widths = [
        min(max(width_of(row[i]) for row in rows), most)
        for i, most in enumerate(_MOST[: len(rows[0])])
    ]
    left = columns - sum(widths) - 2 * (len(widths) - 1)
    widths[2] = max(_FEWEST, min(left, max(width_of(row[2]) for row in rows)))
    lines = []
    for row in rows:
        cells = [_wrapped(text, width) for text, width in zip(row, widths, strict=True)]
        for i in range(max(map(len, cells))):
            parts = [
                _padded(cell[i] if i < len(cell) else "", width)
                for cell, width in zip(cells, widths, strict=True)
            ]
            lines.append("  ".join(parts).rstrip())
    lines.insert(1, "-" * min(columns, sum(widths) + 2 * (len(widths) - 1)))
    return "\n".join(lines)


def _sure(guess: Guess) -> str:
    return "DECIDE" if guess.sure == "decide" else guess.sure
