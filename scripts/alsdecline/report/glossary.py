"""The terms of the report, explained at its end: those of them that it uses.

They are data: ``glossary.yaml`` beside this module.
"""

import functools
import html
import re
from pathlib import Path

import pydantic

from alsdecline.plain_yaml import parse_yaml, read_yaml_text

FILE = Path(__file__).with_name("glossary.yaml")

_END = {True: r"s?(?!\w)", False: ""}
"""How words end that end in a letter, and others."""

_LINK = re.compile(r"</?a\b[^>]*>")
_HIDDEN = re.compile(r"<(style|script)\b[^>]*>.*?</\1>|<[^>]*>", re.DOTALL)


class Term(pydantic.BaseModel):
    """A term and what it means.

    Attributes
    ----------
    term : str
        As it is listed.
    printed : list of str
        Words by which a report is seen to use it; none where it is the term itself.
    text : str
        What it means, in a sentence or two.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    term: str
    printed: list[str] = []
    text: str

    def used_in(self, text: str) -> re.Match[str] | None:
        """Find where a text first has the term, in whatever capitals."""
        patterns = (
            rf"(?<!\w){re.escape(words)}{_END[words[-1].isalnum()]}"
            for words in self.printed or [self.term]
        )
        uses = [re.search(pattern, text, re.IGNORECASE) for pattern in patterns]
        return min(filter(None, uses), key=re.Match.start, default=None)

    def is_used_in(self, text: str) -> bool:
        """Tell whether a text has the term, in whatever capitals."""
        return self.used_in(text) is not None


@functools.cache
def glossary() -> tuple[Term, ...]:
    """Read all terms, once."""
    content = parse_yaml(read_yaml_text(FILE)).content
    return tuple(Term.model_validate(entry) for entry in content)


def visible_text(page: str) -> str:
    """Return the words of a page, with single blanks; links part no words."""
    return " ".join(html.unescape(_HIDDEN.sub(" ", _LINK.sub("", page))).split())


def terms_used_in(page: str) -> list[Term]:
    """Return the terms that a page uses, by the alphabet.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    list of Term
    """
    text = visible_text(page)
    return [term for term in glossary() if term.is_used_in(text)]
