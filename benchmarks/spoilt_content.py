"""Content of files as an unlucky or an ill-meaning person would leave it."""

import json
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import strategies as st

TRAPS = [
    *("010", "0x10", "1_000", "1:30", "1e3", "1e999", "yes", "~", ".nan", ".inf"),
    *("2025-01-01", "0000-00-00", "9" * 5000, "!!int x", "!<x", "&a [*a]", "*a"),
    *("<<: {a: 1}", "? [a]", "- ", "[" * 3000, "{a: " * 3000, '"\\U99999999"'),
    *('"\\ud800"', '"\\u0000"', '"\\e[31m"', "NaN", "-Infinity", "%YAML 9", "---"),
    *(
        "\0",
        "\ufeff",
        "\t",
        "\x1b",
        "\u2028",
        "../../victim.txt",
        "/etc/passwd",
        "=1+1",
    ),
    *("numpy>=1", "a==1 ; python_version < 3", "--index-url x", "-e ../x"),
]
"""Texts that readers have stumbled over."""

ODD: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(
        [None, True, False, 0, -1, 10**17, 1e308, -1e-308, "", "a", "\n", "=1", *TRAPS]
    )
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
"""Values that no setting and no record has."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def spoilt_bytes(draw: Draw, content: bytes) -> bytes:
    """Change some places of a file, whatever is in it."""
    traps = st.sampled_from([trap.encode("utf-8") for trap in TRAPS])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.sampled_from([0, 1, 2, 8, 64, len(content)]))
        taken = content[at : at + length]
        again = st.sampled_from([b"", taken * 2, taken * 40])
        put = draw(traps | st.binary(max_size=8) | again)
        content = content[:at] + put + content[at + length :]
    return content


def places_of(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List where all parts of a value are."""
    inner: Any = []
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        at,
        *[place for key, part in inner for place in places_of(part, (*at, key))],
    ]


def changed_at(value: Any, at: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    """Return a value of which one part is changed."""
    if not at:
        return change(value)
    part = changed_at(value[at[0]], at[1:], change)
    if isinstance(value, dict):
        return {**value, at[0]: part}
    return [*value[: at[0]], part, *value[at[0] + 1 :]]


def _more(value: Any, key: str, odd: Any) -> Any:
    """Return a mapping or a list with one part more, anything else as it is."""
    if isinstance(value, dict):
        return {**value, key: odd}
    return [*value, odd] if isinstance(value, list) else value


def _less(value: Any) -> Any:
    """Return a mapping or a list without its first part, anything else as it is."""
    if isinstance(value, dict):
        return dict([*value.items()][1:])
    return value[1:] if isinstance(value, list) else value


@st.composite
def spoilt_value(draw: Draw, value: Any) -> Any:
    """Change some parts of what a file says, where the file itself is well made."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from(places_of(value)))
        odd, key = draw(ODD), draw(st.text(max_size=8))
        how = draw(st.sampled_from(["put", "put", "more", "less", "elsewhere"]))
        if how == "elsewhere":  # what stands in another place of the file
            other = draw(st.sampled_from(places_of(value)))
            odd = value
            for part in other:
                odd = odd[part]
        if how in {"put", "elsewhere"}:
            value = changed_at(value, at, lambda _, odd=odd: odd)
        elif how == "more":
            value = changed_at(
                value, at, lambda v, key=key, odd=odd: _more(v, key, odd)
            )
        else:
            value = changed_at(value, at, _less)
    return value


def _yaml(value: Any) -> bytes:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "surrogatepass")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def spoilt_yaml(content: bytes) -> st.SearchStrategy[bytes]:
    """Spoil a YAML file, its bytes or what it says."""
    value = yaml.safe_load(content)
    return spoilt_bytes(content) | spoilt_value(value).map(_yaml)


def spoilt_json(content: bytes) -> st.SearchStrategy[bytes]:
    """Spoil a JSON file, its bytes or what it says."""
    value = json.loads(content)
    return spoilt_bytes(content) | spoilt_value(value).map(_json)
