"""CSV read column by column: what Python's own reader reads, or nothing."""

import random
import sys
from typing import Any

import pandas as pd
import pytest

from alsdecline.raw import csv_cells
from alsdecline.raw.plain_csv import _BLANKS, read_plain_csv
from alsdecline.table_files.dialect import PLAIN, Dialect


def read_by_both(
    text: str, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, Any]:
    """Read a text with and without the reader of plain files."""
    content = text.encode()
    quick = csv_cells.read_csv_cells(content, "a.csv", (), dialect)
    with monkeypatch.context() as without:
        without.setattr(csv_cells, "read_plain_csv", lambda *_: None)
        slow = csv_cells.read_csv_cells(content, "a.csv", (), dialect)
    return quick, slow


def assert_read_alike(
    text: str, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hold cells, types, lines and findings of both readers equal."""
    (quick, told), (slow, told_slowly) = read_by_both(text, dialect, monkeypatch)
    assert told == told_slowly, text
    assert (quick.header, quick.header_row) == (slow.header, slow.header_row), text
    pd.testing.assert_frame_equal(quick.frame, slow.frame)


def test_blanks_are_those_that_python_strips() -> None:
    """A cell is stripped of the same characters by either reader."""
    characters = map(chr, range(sys.maxunicode + 1))
    assert "".join(c for c in characters if c.isspace()) == _BLANKS


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("a,b\n1,2\n3,\u3000x\u00a0\n", PLAIN),
        ("a,b\r\n1,2\r\n,\r\n3,4", PLAIN),
        ("a,b\r1,2\r3,4\r", PLAIN),
        ("sep=;\na;b\n1;2\n", PLAIN),
        ("a\tb\n 1\t\n", Dialect(separator="tab")),
        ("a,b\n1,x\x85y\u2028z\n", PLAIN),
    ],
)
def test_plain_files_are_read_as_python_reads_them(
    text: str, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line ends, blank records, blanks around cells, separators that are said."""
    assert read_plain_csv(text, dialect) is not None
    assert_read_alike(text, dialect, monkeypatch)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1",2\n',
        "a,b\n\n1,2\n",
        "a,b\n1,2,3\n",
        "a,\n1,2\n",
        "a,a\n1,2\n",
        "a,_row\n1,2\n",
        "a,b\n",
        "a,b\n,\n",
        "a\n1\n",
        "",
        "a,b\n1," + "x" * 131_073 + "\n",
    ],
)
def test_what_may_need_a_finding_is_left_to_python(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So nothing is told otherwise than it was, and no line is counted otherwise."""
    assert read_plain_csv(text, PLAIN) is None
    assert_read_alike(text, PLAIN, monkeypatch)


def test_any_text_is_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of separators, line ends, blanks and quotes, in any order."""
    random_of = random.Random(20050601)
    pieces = ["a", "b", "é", ",", ",", ";", "\n", "\n", "\r\n", "\r", " ", "\t", "0"]
    pieces += ['"', "\u3000", "\x00x", "\x1f", "\u2028", "=", "\\", "'"]
    for _ in range(300):
        few = [*random_of.sample(pieces, 7), ",", "\n"]
        text = "".join(random_of.choices(few, k=random_of.randint(1, 24)))
        begin = random_of.choice(["a,b\n", "sep=;\na;b\n", "x,y,z\n", ""])
        dialect = random_of.choice(
            [PLAIN, PLAIN, Dialect(header_row=2), Dialect(row_names=True)]
        )
        assert_read_alike(begin + text, dialect, monkeypatch)
