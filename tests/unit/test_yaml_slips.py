"""What is no YAML is told by the slip that a person made, at the line of the slip."""

import re

import pytest

from alsdecline.plain_yaml import YamlError, parse_yaml
from alsdecline.settings.slips import slips_in

ODD_BLANK = "\u00a0"
OPENING, CLOSING = "\u201c", "\u201d"

# the text, the line of the slip, and what is said
SLIPS: dict[str, tuple[str, int, str]] = {
    "tab that indents": ("a:\n  b: 1\n\tc: 2\n", 3, "a tab; write blanks in its place"),
    "tab behind a colon": ("a:\tb\n", 1, "a tab; write blanks in its place"),
    "colon without a blank": (
        "a:\n  file:data/x\n  c: 2\n",
        2,
        "a blank is missing behind the colon: write `file: data/x`",
    ),
    "colon without a blank in the last line": (
        "a:\n  c: 2\n  file:data/x\n",
        3,
        "write `file: data/x`",
    ),
    "colon within a text": (
        "trial:\n  title: IGF-1: a trial\n  id: x\n",
        2,
        'a text with a colon needs quotes: `title: "IGF-1: a trial"`',
    ),
    "hash within a text in braces": (
        "arms:\n  - {id: a, label: Arm #2}\n  - {id: b, label: x}\n",
        2,
        "what follows # is a comment, so the bracket is not closed",
    ),
    "text that is a hash in braces": (
        "arms:\n  - {id: a, label: #2}\n  - {id: b, label: x}\n",
        2,
        "what follows # is a comment",
    ),
    "quotes of a word processor": (
        f"a: {OPENING}x: y{CLOSING}\n",
        1,
        'quotes of a word processor (\u201c\u201d); write "',
    ),
    "quote that a word processor closed": ("a: 'x\u2019\nb: 1\n", 1, "word processor"),
    "bracket left open": (
        "a: [1, 2\nb: 3\n",
        1,
        "the bracket that opens here is not closed",
    ),
    "brace left open in a list": (
        "o:\n  - {id: a, label: b\n  - {id: c, label: d}\n",
        2,
        "the bracket that opens here is not closed",
    ),
    "quote left open": (
        'a: "x\nb: 3\nc: 4\n',
        1,
        "the quote that opens here is not closed",
    ),
    "apostrophe within quotes": (
        "a: 'patient's choice'\nb: 3\n",
        1,
        'put the whole in double quotes: `a: "patient\'s choice"`',
    ),
    "indented too deeply": (
        "a:\n  b: 1\n    c: 2\n",
        3,
        "indented more deeply than line 2, which has a value already",
    ),
    "indented like no line above": (
        "a:\n    b: 1\n  c: 2\n",
        3,
        "no line above begins with as many blanks (2)",
    ),
    "hyphen indented like none above": (
        "a:\n  - id: 1\n    label: 2\n - id: 3\n",
        4,
        "no line above begins with as many blanks (1)",
    ),
    "no colon": (
        "a:\n  b 1\n  c: 2\n",
        2,
        "a colon is missing behind the key: write `b: 1`",
    ),
    "sign of equality": (
        "a:\n  b = 1\n  c: 2\n",
        2,
        "a colon stands between key and value, not =: write `b: 1`",
    ),
    "hyphen without a blank": (
        "a:\n  -id: 1\n    label: 2\n",
        2,
        "a blank is missing behind the hyphen: write `- id: 1`",
    ),
    "text that begins with %": ("a: %x\n", 1, 'needs quotes: `a: "%x"`'),
    "text that begins with @": ("a: @x\n", 1, 'needs quotes: `a: "@x"`'),
    "text that begins with >": ("a: > 5\nb: 1\n", 1, 'needs quotes: `a: "> 5"`'),
    "asterisk alone": ("a: *\n", 1, 'needs quotes: `a: "*"`'),
    "asterisk in brackets": ("where: {x: [*]}\n", 1, 'needs quotes: `key: "*"`'),
    "path of Windows": (
        'a: "C:\\data\\x"\n',
        1,
        "a backslash in double quotes; write / or single quotes",
    ),
    "blank of another kind": (
        f"a:{ODD_BLANK}b\nc: 1\n",
        1,
        "U+00A0 is another blank; write a plain one",
    ),
    "second document": ("a: 1\n---\nb: 2\n", 2, "--- begins another document; leave"),
    "comma left out": ("a: {x: 1 y: 2}\n", 1, "a comma is missing before a key"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_at_its_line_in_its_own_words(name: str) -> None:
    text, line, says = SLIPS[name]
    with pytest.raises(YamlError) as refused:
        parse_yaml(text)
    assert refused.value.line == line, str(refused.value)
    assert str(refused.value).startswith("not valid YAML: ")
    assert says in str(refused.value)


PRINTED = [
    name for name, (_, _, says) in SLIPS.items() if "`" in says and "key:" not in says
]


@pytest.mark.parametrize("name", PRINTED)
def test_the_line_as_it_is_printed_can_be_read(name: str) -> None:
    text, line, _ = SLIPS[name]
    with pytest.raises(YamlError) as refused:
        parse_yaml(text)
    *_, printed = re.findall("`([^`]+)`", str(refused.value))
    lines = text.split("\n")
    indent = re.match(" *", lines[line - 1])[0]  # type: ignore[index]
    lines[line - 1] = indent + printed
    assert parse_yaml("\n".join(lines)).doubts == {}


def test_slips_are_told_at_once_as_far_as_each_is_plain() -> None:
    text = (
        "trial:\n  title: IGF-1: a trial\ndata:\n  subjects:\n    file:data/x.csv\n"
        "    time: week\narms:\n  - {id: a, label: Arm #1}\n  - {id: b: c}\n"
    )
    slips = slips_in(text)
    assert [line for line, _ in slips] == [2, 5, 8]
    assert slips[0][1].endswith('`title: "IGF-1: a trial"`')
    assert "what follows # is a comment" in slips[-1][1]  # which hides what is below


# texts that are YAML and not what is meant
DOUBTED = {
    f"a: {OPENING}data/visits.csv{CLOSING}\n": "in quotes of a word processor",
    f"a: {ODD_BLANK}data/visits.csv\n": "begins or ends with a blank of another kind",
    f"a:\n{ODD_BLANK}b: 1\n": "begins or ends with a blank of another kind",
    "a: {mean: -2,5, sd: 1}\n": "a decimal comma? write a point",
}


@pytest.mark.parametrize("text", DOUBTED, ids=DOUBTED.values())
def test_a_text_in_which_something_else_is_meant_is_doubted(text: str) -> None:
    (doubt,) = parse_yaml(text).doubts.values()
    assert DOUBTED[text] in doubt


@pytest.mark.parametrize(
    "text",
    [
        f"a: 3{ODD_BLANK}µg/kg",
        f'a: "{OPENING}x{CLOSING}"',
        "a: the \u2018old\u2019 drug",
    ],
)
def test_typeset_texts_that_are_meant_so_are_taken(text: str) -> None:
    assert parse_yaml(text).doubts == {}
