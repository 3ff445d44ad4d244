"""JSON as this project writes it; what readers of JSON take differently is refused."""

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

DEEPEST = 100
MOST_DIGITS = 18
"""Of a whole number, so that it has 64 bits."""

_NO_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\u(?:0000|[dD][89a-fA-F])")
"""Escapes of a NUL, and of a half of a character."""

_HALF = re.compile("[\ud800-\udfff]")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        raise ValueError(f"key {counted.most_common(1)[0][0][:60]!r} is there twice")
    return content


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:60]} is beyond all numbers")
    return number


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise ValueError(f"a whole number of {len(text.lstrip('-'))} digits")
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_repetition,
    parse_constant=_refuse,
    parse_float=_finite,
    parse_int=_whole,
)


def _check_depth(value: Any) -> None:
    parts = [value]
    for _ in range(DEEPEST):
        held = [part for part in parts if isinstance(part, dict | list)]
        if not held:
            return
        parts = [
            inner
            for part in held
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
    raise ValueError("nested too deeply")


def whole_characters(text: str) -> str:
    r"""Write halves of characters, as names of files may have, so that they are text.

    Parameters
    ----------
    text : str
        JSON that escapes nothing but what it must.

    Returns
    -------
    str
        JSON in which U+DCFF, which stands for a byte that is no UTF-8, is the six
        characters ``\udcff``, and which :func:`parse_json` reads.
    """
    return _HALF.sub(lambda half: f"\\\\u{ord(half[0]):04x}", text)


def parse_json(content: bytes) -> Any:
    """Read one JSON value.

    Parameters
    ----------
    content : bytes
        UTF-8, without a byte order mark.

    Returns
    -------
    object
        Mappings, lists, texts, finite numbers, truth values and None.

    Raises
    ------
    ValueError
        If it is none; a key is there twice; a number is not finite or has more than
        64 bits; a text has the escape of a NUL or of half a character; or it is nested
        too deeply. The message is one line.
    """
    text = content.decode("utf-8")
    if found := _NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"line {line}: an escape of NUL or of half a character")
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _check_depth(value)
    return value
