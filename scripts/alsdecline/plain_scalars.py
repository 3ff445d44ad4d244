"""What a text without quotes stands for in YAML, and where readers of YAML disagree."""

import re
from typing import Any

MOST_DIGITS = 18
"""Of a whole number, so that it has 64 bits."""

_TRUTH = {
    form: value
    for word, value in {
        **dict.fromkeys(("true", "yes", "on"), True),
        **dict.fromkeys(("false", "no", "off"), False),
    }.items()
    for form in (word, word.capitalize(), word.upper())
}
_NONE = {"", "~", "null", "Null", "NULL"}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(
    r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
)
_ENDLESS = re.compile(r"([-+]?)\.(inf|nan)", re.IGNORECASE)

_DOUBTS = {
    "it begins with 0, by which some readers of YAML count in eights": re.compile(
        r"[-+]?0[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"
    ),
    "it is a number to some readers of YAML and a text to others": re.compile(
        r"[-+]?0[xob][0-9a-fA-F_]+"
    ),
    "it has '_', which some readers of YAML leave out": re.compile(
        r"[-+]?[0-9](?=[0-9_.]*_)[0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"
    ),
    "it is a number in sixties to some readers of YAML, a text to others": re.compile(
        r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    ),
}
"""Forms without quotes that readers take differently, and how."""


def is_decimal(text: str) -> bool:
    """Tell whether a text is a number as people write it, in tens."""
    return _DECIMAL.fullmatch(text) is not None


def meant(text: str) -> tuple[Any, str]:
    """Return what a text without quotes stands for.

    Parameters
    ----------
    text : str
        As it is written.

    Returns
    -------
    tuple of object and str
        A text, number, truth value or None, and what is wrong with it, if something is;
        it is the text then.
    """
    if text in _NONE:
        return None, ""
    if text in _TRUTH:
        return _TRUTH[text], ""
    if _WHOLE.fullmatch(text):
        digits = len(text.lstrip("+-"))
        if digits > MOST_DIGITS:
            return text, f"it has {digits} digits; write at most {MOST_DIGITS}"
        return int(text), ""
    if is_decimal(text):
        return float(text), ""
    if endless := _ENDLESS.fullmatch(text):
        return float("".join(endless.groups())), ""
    for why, form in _DOUBTS.items():
        if form.fullmatch(text):
            remedy = "write a number in plain digits, or a text in quotes"
            return text, f"{why}; {remedy}"
    return text, ""


def shortened(text: str) -> str:
    """Return a text for a message: of one line, and not long."""
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in shown)
