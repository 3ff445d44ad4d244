"""Comments of config.yaml: what is a guess, and what is to be decided."""

from collections.abc import Iterator

from alsdecline.new_trial.guesses import Guess, Notebook
from alsdecline.plain_text import one_line

LONGEST_MARK = 150
"""Characters of a comment; the terminal shows it whole."""


def marked(book: Notebook, what: str, value: str = "") -> str:
    """Return the mark of the last guess of something, with this value if told."""
    found = [g for g in book.guesses if g.what == what and value in ("", g.value)]
    return f"  {_mark(found[-1])}" if found else ""


def _mark(guess: Guess) -> str:
    text = one_line(guess.mark)
    return text if len(text) <= LONGEST_MARK else f"{text[: LONGEST_MARK - 3]}..."


def decide(indent: str, question: str, lines: list[str]) -> Iterator[str]:
    """Yield lines of which one is to be kept; together they are refused."""
    count = {2: "two", 3: "three", 4: "four"}.get(len(lines), str(len(lines)))
    yield f"{indent}# decide: {question} Keep one of these {count} lines."
    yield from (f"{indent}{line}" for line in lines)
