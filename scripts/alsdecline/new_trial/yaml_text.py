"""Single values as they are written into config.yaml."""

import json
import re
from collections.abc import Iterable, Mapping

from alsdecline.plain_scalars import meant

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*")


def scalar(text: str) -> str:
    """Return a text so that every reader of YAML reads it as this text."""
    if _PLAIN.fullmatch(text) and meant(text) == (text, ""):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def mapping(items: Mapping[str, str | None]) -> str:
    """Return a mapping on one line; None is left empty."""
    parts = [f"{scalar(k)}:{_value(v)}" for k, v in items.items()]
    return "{" + ", ".join(parts) + "}"


def _value(value: str | None) -> str:
    return "" if value is None else f" {scalar(value)}"


def sequence(items: Iterable[str]) -> str:
    """Return a list of texts on one line."""
    return "[" + ", ".join(map(scalar, items)) + "]"


def number(value: float) -> str:
    """Return a number as people write it."""
    return repr(float(value)).removesuffix(".0")
