"""JSON is read as it was written, or refused; another reader would take no other."""

import contextlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.faults import DataError
from alsdecline.jobs.ledger import LEDGER, read_event, read_ledger
from alsdecline.jobs.recorded_runs import read_manifest
from alsdecline.jobs.records import read_record
from alsdecline.plain_json import DEEPEST, parse_json
from alsdecline.settings.plan_lock import LOCK as PLAN_LOCK
from alsdecline.settings.plan_lock import read_lock
from alsdecline.stable_files import json_text, read_json

REFUSED = {
    "nothing": (b"", "Expecting value"),
    "a key twice": (b'{"a": 1, "b": {"c": 1, "c": 2}}', "key 'c' is there twice"),
    "no number": (b'{"a": NaN}', "NaN is no number in JSON"),
    "infinity": (b"[-Infinity]", "-Infinity is no number in JSON"),
    "a number beyond all": (b"[1e999]", "1e999 is beyond all numbers"),
    "a number of 5,000 digits": (b"9" * 5000, "a whole number of 5000 digits"),
    "more than 64 bits": (b"[-1234567890123456789]", "a whole number of 19 digits"),
    "half a character": (b'[\n"\\ud800"]', "line 2: an escape of NUL or of half"),
    "a NUL": (b'["\\\\\\u0000"]', "line 1: an escape of NUL or of half a character"),
    "no UTF-8": (b'"\xff"', "can't decode byte 0xff"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "can't decode byte 0xff"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "Expecting value"),
    "a control character": (b'"\x1b"', "Invalid control character"),
    "more than one value": (b"1 2", "Extra data"),
    "too deep by one": (b"[" * DEEPEST + b"1" + b"]" * DEEPEST, "nested too deeply"),
    "lists without end": (b"[" * 10**6, "nested too deeply"),
    "mappings of great depth": (b'{"a":' * 10**4 + b"1" + b"}" * 10**4, "too deeply"),
    "100,000 keys, the last twice": (
        b"{%s}" % b",".join(b'"%d":1' % (i % 99_999) for i in range(100_000)),
        "key '0' is there twice",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_json_is_refused_in_one_line_within_two_seconds(
    name: str,
) -> None:
    content, says = REFUSED[name]
    begun = time.process_time()
    with pytest.raises(ValueError, match=re.escape(says)) as told:
        parse_json(content)
    assert time.process_time() - begun < 2
    assert str(told.value).isprintable()


def test_a_backslash_before_a_letter_u_is_no_escape() -> None:
    assert parse_json(rb'"\\u0000 \\ud800"') == r"\u0000 \ud800"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii", min_codepoint=1)), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_this_project_writes_is_read_back(value: Any) -> None:
    assert (
        parse_json(json_text(value).encode()) == json.loads(json_text(value)) == value
    )


@given(st.binary())
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(ValueError):
        parse_json(content)


DEEP = b'{"format": 1, "job": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"
TWICE = b'{"format": 1, "job": "a", "job": "b"}'


@pytest.mark.parametrize("content", [DEEP, TWICE, b"[NaN]"])
def test_what_others_may_have_edited_is_refused_by_each_reader_without_a_traceback(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="no record of a job"):
        read_record(path)
    assert read_event(path) is None
    readers: dict[Path, Callable[[Path], object]] = {
        path: read_json,
        tmp_path / "manifest.json": lambda _: read_manifest(tmp_path),
        tmp_path / PLAN_LOCK: lambda _: read_lock(tmp_path),
    }
    for file, read in readers.items():
        file.write_bytes(content)
        with pytest.raises(DataError, match="as it was") as told:
            read(file)
        assert str(told.value).isprintable()
    (tmp_path / LEDGER).parent.mkdir(parents=True)
    (tmp_path / LEDGER).write_bytes(content + b"\n")
    assert f"{LEDGER}, line 1: is no JSON object" in read_ledger(tmp_path).faults
