"""Text that others wrote, as it may be printed: no escape reaches a terminal."""

import unicodedata

NEEDED_IN_TEXT = "\n\t\r"
"""Control characters that a text of several lines may have."""


def _shown(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode()


def one_line(text: str) -> str:
    """Return a text in which what would break or forge a line is written as escapes.

    These are line ends, control characters, marks that turn the direction of writing,
    and bytes of a file's name that are no UTF-8. Blanks of all widths stay.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def printable_lines(text: str) -> str:
    """Return lines as they are, but for what :func:`one_line` escapes within each."""
    return "\n".join(map(one_line, text.split("\n")))


def control_character(text: str) -> str:
    """Find what no page, figure or table can show.

    Parameters
    ----------
    text : str
        A text that is to be printed.

    Returns
    -------
    str
        The first control character but :data:`NEEDED_IN_TEXT`, line separator, half of
        a surrogate pair or code point that stands for no character, as ``U+0007``;
        empty where there is none. XML 1.0 permits most of them not (Char, section 2.2).
    """
    if text.isprintable():
        return ""
    for character in text:
        unassigned = ord(character) & 0xFFFE == 0xFFFE
        control = unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        if (control or unassigned) and character not in NEEDED_IN_TEXT:
            return f"U+{ord(character):04X}"
    return ""
