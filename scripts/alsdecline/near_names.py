"""The name that is meant by one that is not quite it, as people mistype names."""

import difflib
import re
from collections.abc import Iterable

FEWEST_LETTERS = 3
"""Of a name that is cut short; fewer begin too much."""

_NO_LETTER = re.compile(r"[\W_]+")


def _folded(name: str) -> str:
    return _NO_LETTER.sub("", name).casefold()


def nearest(name: str, names: Iterable[str]) -> str:
    """Find the name that is closest to one that is none of them.

    Parameters
    ----------
    name : str
        As it was written.
    names : iterable of str
        Those that there are.

    Returns
    -------
    str
        One that differs by capitals, blanks, hyphens or underscores alone, else one of
        nearly the same letters; empty where none is close.
    """
    by_letters: dict[str, str] = {}
    for known in names:
        by_letters.setdefault(_folded(known), known)
    folded = _folded(name)
    if not folded:
        return ""
    if folded in by_letters:
        return by_letters[folded]
    begun = [known for known in by_letters if known.startswith(folded)]
    if len(begun) > 1:
        return ""  # which of them is meant cannot be told
    if begun and len(folded) >= FEWEST_LETTERS:
        return by_letters[begun[0]]
    near = difflib.get_close_matches(folded, by_letters, n=1, cutoff=0.65)
    return by_letters[near[0]] if near else ""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Ask whether the closest name is meant, as ``did you mean 'x'? ``, or nothing."""
    near = nearest(name, names)
    return f"did you mean {near!r}? " if near else ""
