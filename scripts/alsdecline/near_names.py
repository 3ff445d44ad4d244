"""The name or value that is meant by one that is not quite it, as people mistype."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

FEWEST_LETTERS = 3
"""Of a name that is cut short; fewer begin too much."""

_NO_LETTER = re.compile(r"[\W_]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d_-]+")
_JOINING_DASH = re.compile(r"(?<=\w)-[ ]?(?=\w)|(?<=\w) - (?=\w)")
"""That of a range or of two words; of -9 and Grade -1 it is a sign."""

_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_QUOTES = re.compile("[\"'`\u00b4\u2018-\u201f\u2032-\u2036]+")

FEWEST_FOR_ONE = 4
"""Letters of a word that a slip of one letter leaves recognisable."""

FEWEST_FOR_TWO = 9
"""Letters of a word in which two may be wrong."""


def same_but_for_form(text: str) -> str:
    """Return what values have in common that differ but in how they are typed.

    Parameters
    ----------
    text : str
        A value of a file or of a configuration.

    Returns
    -------
    str
        After Unicode's NFKC: without capitals, quotes, what is not seen, and blanks
        at an end or repeated; a blank, a dash and an underscore between words are one,
        and a number is the same however it is written (1, 01, 1.0).
    """
    if _NUMBER.fullmatch(text):
        return same_number_or_text(text)
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))
    plain = _QUOTES.sub("", unicodedata.normalize("NFKC", plain.casefold()))
    return _JOINING_DASH.sub(" ", " ".join(plain.split()))


def same_number_or_text(text: str) -> str:
    """Return a text as it is, and a number as all ways to write it have in common."""
    return f"{float(text):.15g}" if _NUMBER.fullmatch(text) else text


def same_identifier(text: str) -> str:
    """Return what identifiers have in common that are probably of one patient.

    Parameters
    ----------
    text : str
        As a file has it.

    Returns
    -------
    str
        Its letters and numbers apart, in order: without capitals, leading zeros and
        what stands between them. 1-11 is not 11-1.
    """
    parts = re.findall(r"\d+|[^\W\d_]+", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(part.lstrip("0") or part[:1] for part in parts)


def how_alike(text: str, other: str) -> str:
    """Say in what two values differ that :func:`same_but_for_form` finds the same."""

    def blanks(value: str) -> str:
        return " ".join(_UNSEEN.sub("", value).split())

    if _NUMBER.fullmatch(text) and _NUMBER.fullmatch(other):
        return "by how the number is written alone"
    if text.casefold() == other.casefold():
        return "by capitals alone"
    if blanks(text) == blanks(other):
        return "by blanks alone"
    return "by how it is typed alone (capitals, blanks, dashes, quotes)"


def _one_slip(word: str, other: str) -> bool:
    """Tell whether a letter is added, lost or another, or two have changed places."""
    if len(word) > len(other):
        word, other = other, word
    at = next((i for i, x in enumerate(word) if x != other[i]), len(word))
    if len(word) < len(other):  # one that begins the word makes another: male, female
        return at > 0 and word[at:] == other[at + 1 :]
    swapped = word[at : at + 2] == other[at : at + 2][::-1]
    if swapped and word[at + 2 :] == other[at + 2 :]:
        return True
    return word[at + 1 :] == other[at + 1 :] and len(word) > FEWEST_FOR_ONE


def _near_words(word: str, other: str) -> bool:
    if word == other:
        return True
    if not (word.isalpha() and other.isalpha()):
        return False  # V1 is not V2
    shorter = min(len(word), len(other))
    if abs(len(word) - len(other)) <= 1 and shorter >= FEWEST_FOR_ONE - 1:
        longer = max(len(word), len(other))
        if longer >= FEWEST_FOR_ONE and _one_slip(word, other):
            return True
    if shorter < FEWEST_FOR_TWO or word[0] != other[0]:
        return False
    if abs(len(word) - len(other)) > 1:
        return False
    at = next((i for i, x in enumerate(word) if x != other[i : i + 1]), 0)
    rests = (
        (word[at + 1 :], other[at + 1 :]),
        (word[at:], other[at + 1 :]),
        (word[at + 1 :], other[at:]),
        (word[at : at + 2][::-1] + word[at + 2 :], other[at:]),
    )
    return any(_one_slip(a, b) for a, b in rests if abs(len(a) - len(b)) <= 1)


def is_misspelt(text: str, other: str) -> bool:
    """Tell whether two values differ by a letter, or in a long word by two.

    Parameters
    ----------
    text, other : str
        Values that differ.

    Returns
    -------
    bool
        Words are compared in order; those that differ have letters alone, four or
        more, or nine or more where two differ, and do not differ in how they begin
        where one is the other with a letter before it.
    """
    words, others = same_but_for_form(text), same_but_for_form(other)
    if words == others:
        return False
    mine, theirs = words.split(" "), others.split(" ")
    if len(mine) != len(theirs):  # a blank or dash that is missing
        return "".join(mine) == "".join(theirs) and not "".join(mine).isdigit()
    pairs = list(zip(mine, theirs, strict=True))
    wrong = [(a, b) for a, b in pairs if a != b]
    return len(wrong) == 1 and _near_words(*wrong[0])


def value_meant(text: str, values: Iterable[str]) -> tuple[str, bool]:
    """Find the value that one is which is none of them, but for how it is typed.

    Parameters
    ----------
    text : str
        As a file has it.
    values : iterable of str
        Those that there are.

    Returns
    -------
    str
        Empty where none is near.
    bool
        Whether it differs in form alone, not by letters.
    """
    known = [value for value in values if value]
    folded = same_but_for_form(text)
    for value in known:
        if folded and same_but_for_form(value) == folded:
            return value, True
    near = next((value for value in known if is_misspelt(text, value)), "")
    return near, False


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
