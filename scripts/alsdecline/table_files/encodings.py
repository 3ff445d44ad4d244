"""Bytes as text: by a declared encoding, a byte order mark, or UTF-8; else a guess."""

import codecs
import re
import unicodedata

JAPANESE = ("cp932", "euc_jp")
OTHERS = (*JAPANESE, "cp1252")
"""Encodings that are tried where a text is not UTF-8: Japanese, Western European."""

_RUN = re.compile(r"[^\x00-\x7f]{2,}")

MARKED = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Encodings by the byte order mark that a file begins with."""


def _is_japanese(text: str) -> bool:
    """Tell whether what is no ASCII reads as Japanese, without what garbles give.

    Of a Western text an accent and the letter behind it make one character, alone among
    letters.
    """
    beyond = [c for c in text if ord(c) > 127]
    if 2 * sum(map(len, _RUN.findall(text))) < len(beyond):
        return False
    names = [unicodedata.name(c, "") for c in beyond]
    right = sum(n.startswith(("CJK", "HIRAGANA", "KATAKANA", "FULL")) for n in names)
    return bool(beyond) and right >= 0.9 * len(beyond)


def guessed_encoding(content: bytes) -> str:
    """Guess the encoding of a text that is not UTF-8.

    Parameters
    ----------
    content : bytes
        The text.

    Returns
    -------
    str
        Empty where none of those that are tried can be its own.
    """
    for encoding in OTHERS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding not in JAPANESE or _is_japanese(text):
            return encoding
    return ""


def encoding_of(content: bytes, declared: str) -> str:
    """Return the encoding that a text is to be read by.

    Parameters
    ----------
    content : bytes
        The file.
    declared : str
        As the configuration says; empty to go by its byte order mark, or UTF-8.
    """
    if declared:
        utf8 = codecs.lookup(declared).name == "utf-8"
        return "utf-8-sig" if utf8 else declared
    return next((e for mark, e in MARKED.items() if content.startswith(mark)), "utf-8")
