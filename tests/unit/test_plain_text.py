"""What others wrote neither forges a line that is printed nor steers a terminal."""

import pytest

from alsdecline.plain_text import control_character, one_line, printable_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "µg/l, naïve 10\u202f000\xa0kg 疾病 🙂",
            "µg/l, naïve 10\u202f000\xa0kg 疾病 🙂",
        ),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x1b[2J\x9b1m\x07\x7f", r"\x1b[2J\x9b1m\x07\x7f"),
        ("a\u2028b\x85c", r"a\u2028b\x85c"),
        ("gpj.exe\u202e", r"gpj.exe\u202e"),
        ("caf\udce9", r"caf\udce9"),
    ],
)
def test_one_line_escapes_what_is_no_text(text: str, shown: str) -> None:
    assert one_line(text) == shown
    one_line(text).encode()


def test_lines_stay_lines() -> None:
    assert printable_lines("a\nb\x1b\n") == "a\nb\\x1b\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two\nlines\tand\r\n", ""),
        ("\u202f\xa0 \u200d\xad", ""),
        ("a\x00b", "U+0000"),
        ("a\x0bb", "U+000B"),
        ("a\x85b", "U+0085"),
        ("\ufffe", "U+FFFE"),
        ("\U0001ffff", "U+1FFFF"),
        ("\udc80", "U+DC80"),
    ],
)
def test_what_xml_cannot_hold_is_found(text: str, found: str) -> None:
    assert control_character(text) == found
