"""YAML is read as it is meant, or refused at its place; no text takes long to read."""

import contextlib
import math
import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.plain_scalars import is_decimal
from alsdecline.plain_yaml import (
    MOST_BYTES,
    MOST_VALUES,
    Place,
    YamlError,
    parse_yaml,
    read_yaml_text,
)


def value_of(text: str) -> Any:
    """Return the one value that a text without quotes stands for."""
    document = parse_yaml(f"a: {text}\n")
    assert document.doubts == {}
    return document.content["a"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-12", -12),
        ("+5", 5),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1.5E-2", 0.015),
        ("true", True),
        ("No", False),
        ("~", None),
        ("", None),
        ("2025-01-01", "2025-01-01"),
        ("y", "y"),
        ("=", "="),
        ("10:75", "10:75"),  # no number in sixties
        ('"010"', "010"),
        ("'yes'", "yes"),
    ],
)
def test_a_value_that_all_readers_take_alike_or_a_person_plainly_means_is_taken(
    text: str, value: Any
) -> None:
    taken = value_of(text)
    assert taken == value
    assert type(taken) is type(value)


@pytest.mark.parametrize(
    ("text", "by_another"),
    [
        ("010", 8),
        ("-010", -8),
        ("08", "08"),
        ("01.5", 1.5),
        ("0x10", 16),
        ("0b11", 3),
        ("0o17", "0o17"),
        ("1_000", 1000),
        ("1_000.5", 1000.5),
        ("1:30", 90),
        ("1:40", 100),
        ("-1:30:00", -5400),
        ("1:30.5", 90.5),
    ],
)
def test_what_another_reader_takes_otherwise_is_doubted_at_its_place(
    text: str, by_another: Any
) -> None:
    """The other reader is PyYAML's own, of YAML 1.1."""
    assert yaml.safe_load(text) == by_another
    document = parse_yaml(f"a:\n  - b\n  - {text}\n")
    (location, doubt), *others = document.doubts.items()
    assert location == ("a", 1)
    assert others == []
    assert "readers of YAML" in doubt
    assert document.places[location] == Place(3, 5, text)


@pytest.mark.parametrize("key", ["010", "1:30", "yes", "~", "1", "1.5", '"a\\0"'])
def test_a_key_that_is_no_text_is_doubted_at_its_place(key: str) -> None:
    document = parse_yaml(f"a:\n  {key}: x\n")
    ((location, _),) = document.doubts.items()
    place = document.places[location]
    assert (place.line, place.column) == (2, 3)


def test_a_key_in_quotes_is_a_text() -> None:
    document = parse_yaml('a: {"010": 1, "yes": 2}')
    assert document.content == {"a": {"010": 1, "yes": 2}}
    assert document.doubts == {}


def test_a_number_of_more_than_64_bits_is_doubted() -> None:
    assert value_of("9" * 18) == 10**18 - 1
    for digits in (19, 5000):
        (doubt,) = parse_yaml("9" * digits).doubts.values()
        assert doubt == f"it has {digits} digits; write at most 18"


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999"])
def test_a_number_without_end_is_left_to_be_told(text: str) -> None:
    assert not math.isfinite(value_of(text))


@pytest.mark.parametrize("escape", ["\\0", "\\e", "\\x7f", "\\x9b", "\\ud800", "\\L"])
def test_a_control_character_behind_an_escape_is_doubted(escape: str) -> None:
    (doubt,) = parse_yaml(f'a: "x{escape}y"').doubts.values()
    assert doubt.startswith("it has a control character, U+")


def test_aliases_stand_for_what_they_name() -> None:
    content = parse_yaml("a: &x {b: [1]}\nc: *x\n").content
    assert content == {"a": {"b": [1]}, "c": {"b": [1]}}


def test_keys_that_are_merged_give_way_to_those_written() -> None:
    text = "a: &a {p: 1, q: 1}\nb: &b {p: 2, r: 2}\nc: {<<: [*a, *b], q: 3}\n"
    mine, theirs = parse_yaml(text), yaml.safe_load(text)
    assert mine.content == theirs
    assert mine.repeated == []
    assert mine.content["c"] == {"p": 1, "q": 3, "r": 2}


def test_keys_that_are_there_twice_are_listed_with_their_lines() -> None:
    text = "a: 1\nb: {c: 1, c: 2}\na: 2\n'a': 3\n"
    assert parse_yaml(text).repeated == [(2, "c"), (3, "a"), (4, "a")]


def doubled(first: str, more: str, times: int) -> str:
    """Write anchors of which each names the one before it nine times."""
    lines = [f"a0: &a0 {first}"]
    lines += [
        f"a{i}: &a{i} {more % ', '.join([f'*a{i - 1}'] * 9)}" for i in range(1, times)
    ]
    return "\n".join(lines)


UNBOUNDED = {
    "aliases of aliases": doubled("[x, x]", "[%s]", 9),
    "merges of merges": doubled("{x: 1}", "{<<: [%s]}", 12),
    "a long chain of aliases": "a0: &a0 [x]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 2000)),
    "a long chain of merges": "a0: &a0 {x: 1}\n"
    + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}}}\n" for i in range(1, 2000)),
    "within itself": "a: &a [*a]",
    "merged into itself": "a: &a {<<: *a}",
    "brackets": "a: " + "[" * 10_000,
    "braces": "a: " + "{a: " * 10_000,
    "lists": "- " * 10_000,
    "keys of keys": "? " * 10_000,
    "indentation": "\n".join(" " * i + "a:" for i in range(600)),
    "100,000 keys": "\n".join(f"key{i}: 1" for i in range(100_000)),
    "keys up to the limit of bytes": "\n".join(f"k{i}: 1" for i in range(25_000)),
    "a value of a megabyte": "a: " + "x " * 500_000,
    "an escape beyond all characters": 'a: "\\U99999999"',
    "a version beyond all numbers": f"%YAML {'9' * 5000}.1\n---\na: 1",
    "a NUL": "a: b\0",
    "a control character": "a: b\x1b",
    "a tab for indentation": "a: 1\n\tb: 2",
    "a tag that runs code": "a: !!python/object/apply:os.system [ls]",
    "a tag of a type": "a: !!timestamp x",
    "a malformed tag": "a: !<x",
    "a tag of no suffix": "a: ! x",
    "a key that is a list": "? [a]\n: b",
    "two documents": "a: 1\n---\nb: 2",
    "an alias of nothing": "a: *x",
}


@pytest.mark.parametrize("name", UNBOUNDED)
def test_what_is_no_settings_is_told_in_one_line_within_two_seconds(name: str) -> None:
    begun = time.process_time()
    with pytest.raises(YamlError) as told:
        parse_yaml(UNBOUNDED[name])
    assert time.process_time() - begun < 2
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 200
    assert told.value.line >= 1


ACCEPTED = {
    "values up to the limit": "- 1\n" * (MOST_VALUES - 1),
    "one long value": "a: " + "x " * (MOST_BYTES // 2 - 2),
    "one long number with marks": "a: " + "1_" * (MOST_BYTES // 2 - 2),
    "escapes": 'a: "' + "\\n" * (MOST_BYTES // 2 - 3) + '"',
    "blank lines": "\n" * MOST_BYTES,
    "comments": "#\n" * (MOST_BYTES // 2),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_largest_text_that_is_read_takes_less_than_two_seconds(name: str) -> None:
    begun = time.process_time()
    parse_yaml(ACCEPTED[name])
    assert time.process_time() - begun < 2


def test_an_empty_text_has_no_content() -> None:
    for text in ("", "\n", "# nothing\n", "---\n"):
        assert parse_yaml(text).content is None


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**17), 10**17)
        # which YAML 1.1 has as a text if there is no point or sign in it, as in 1e3
        | st.text().filter(lambda text: not is_decimal(text)),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_what_another_program_writes_in_quotes_where_needed_is_read_back(
    value: Any,
) -> None:
    """PyYAML puts in quotes what a reader of YAML 1.1 would take for another value."""
    document = parse_yaml(yaml.safe_dump({"a": value}, allow_unicode=True))
    if not document.doubts:
        assert document.content == {"a": value}


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(YamlError):
        parse_yaml(text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes("a: µg\n".encode(encoding))
    with pytest.raises(YamlError, match="not UTF-8; save the file as UTF-8"):
        parse_yaml(read_yaml_text(path))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert parse_yaml(read_yaml_text(path)).content == {"a": 1, "b": 2}


def test_a_file_that_would_never_end_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="it is no file"):
        read_yaml_text(pipe)
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(YamlError, match="too many for settings"):
        read_yaml_text(large)
