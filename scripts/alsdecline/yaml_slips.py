"""The slip by which a text is no YAML: where it probably is, and what was meant.

A parser stops where it can read no further, and says what it expected; what a person
did stands there, in the line above, or where a bracket or quote opens.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator

from alsdecline.plain_scalars import shortened
from alsdecline.plain_text import control_character

WORD_QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb"
"""Quotes that word processors and spreadsheets put in place of those of YAML."""

LONGEST = 1000
"""Characters of a line that are looked at; a slip is not further behind."""

_ODD = re.compile("[\u00a0\u2000-\u200b\u202f\u2060\u3000\ufeff\uff1a]")
"""Blanks and colons that look like those of YAML, and are others."""

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')"""
_ENTRY = re.compile(r"(?P<before>\s*(?:- +)?)(?P<key>[\w.]+): +(?P<value>\S.*?) *")
_GLUED = re.compile(r"\s*(?:- +)?(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:/].*)")
_EQUALS = re.compile(r"\s*(?:- +)?(?P<key>[A-Za-z_]\w*) *= *(?P<value>\S.*)")
_NO_COLON = re.compile(r"\s*(?:- +)?(?P<key>[a-z_]\w*) +(?P<value>[^\s:#][^:#]*)")
_HYPHEN = re.compile(r"\s*-(?P<rest>[A-Za-z_]\w*:.*)")
_WORD_QUOTE = re.compile(
    rf"(?:[:,\[{{-] *|^ *)[{WORD_QUOTES}]|[{WORD_QUOTES}] *(?:[,\]}}#]|$)"
)
_COMMENT = re.compile(r"\s#")


def unprintable(text: str) -> str:
    """Say which control character a text has; nothing if none."""
    found = control_character(text)
    return f"it has a control character, {found}; remove it" if found else ""


def typeset(text: str) -> str:
    """Say that a text without quotes has those of a word processor, or its blanks."""
    if len(text) > 1 and {text[0], text[-1]} <= {*WORD_QUOTES}:
        return 'it is in quotes of a word processor; write " or none'
    if text != text.strip():
        return "it begins or ends with a blank of another kind; write plain ones"
    return ""


@dataclasses.dataclass(frozen=True)
class _Stop:
    """Where a parser stopped: all lines, which one, where it was within, and why."""

    lines: list[str]
    line: int
    opened: int
    problem: str
    context: str

    def text(self, line: int) -> str:
        there = 1 <= line <= len(self.lines)
        return self.lines[line - 1][:LONGEST] if there else ""

    @property
    def above(self) -> int:
        """The last line before that is neither blank nor a comment."""
        at = min(self.line, len(self.lines) + 1) - 1
        while at > 0 and not self.text(at).split("#")[0].strip():
            at -= 1
        return at

    @property
    def near(self) -> Iterator[int]:
        """The lines in which the slip may be, the likeliest first."""
        yield from dict.fromkeys((self.line, self.above, self.opened))


Told = tuple[int, str]


def _without_quoted(text: str) -> str:
    return re.sub(_QUOTED, '""', text)


def _characters(stop: _Stop) -> Told | None:
    """Find tabs, and quotes, blanks and colons that are not those of YAML."""
    if "'\\t'" in stop.problem:
        return stop.line, "a tab; write blanks in its place"
    for line in stop.near:
        text = _without_quoted(stop.text(line))
        if found := _ODD.search(text):
            kind = "colon" if found[0] == "\uff1a" else "blank"
            return line, f"U+{ord(found[0]):04X} is another {kind}; write a plain one"
        if _WORD_QUOTE.search(text):
            return line, f'quotes of a word processor ({WORD_QUOTES[:2]}); write "'
    return None


def _beginnings(stop: _Stop) -> Told | None:
    """Find values that begin with a mark that means something to YAML."""
    entry = _ENTRY.fullmatch(stop.text(stop.line))
    plain = entry and entry["value"][0] not in "[{"
    quoted = entry and f'{entry["key"]}: "{shortened(entry["value"])}"'
    if "escape character" in stop.problem:
        return stop.line, "a backslash in double quotes; write / or single quotes"
    marks = ("cannot start any token", "expected alphabetic", "chomping", "undefined")
    if any(part in stop.problem for part in (*marks, "a comment or a line break")):
        example = quoted if plain else 'key: "*"'
        return stop.line, (
            "a text that begins with a mark of YAML, as * @ % | > or a backtick, needs "
            f"quotes: `{example}`"
        )
    if "<scalar>" in stop.problem and entry:
        whole = entry["value"].strip("'\"").replace('"', "'")
        return stop.line, (
            "text behind a closing quote or bracket; put the whole in double quotes: "
            f'`{entry["key"]}: "{shortened(whole)}"`'
        )
    return None


def _brackets(stop: _Stop) -> Told | None:
    """Find what is wrong within brackets and quotes, from where they open."""
    if "quoted scalar" in stop.context:
        return stop.opened, "the quote that opens here is not closed; close it"
    if "flow" not in stop.context:
        return None
    for line in dict.fromkeys((stop.opened, stop.above)):
        text = _without_quoted(stop.text(line))
        code, *comment = _COMMENT.split(text, maxsplit=1)
        depth = sum(code.count(c) for c in "[{") - sum(code.count(c) for c in "]}")
        if depth > 0 and comment:
            return line, (
                "what follows # is a comment, so the bracket is not closed; put a text "
                'with # in quotes, as "Arm #2"'
            )
        if depth > 0:
            return line, "the bracket that opens here is not closed; close it"
    if "':'" in stop.problem:
        return stop.line, (
            "a comma is missing before a key, or a text with a colon needs quotes"
        )
    return stop.line, "check the commas and brackets of this line"


def _colons(stop: _Stop) -> Told | None:
    """Find colons that are missing, glued, or one too many."""
    if "mapping values" not in stop.problem and "find expected ':'" not in stop.problem:
        return None
    entry = _ENTRY.fullmatch(stop.text(stop.line).split(" #")[0])
    plain = entry is not None and entry["value"][0] not in "[{"
    if entry and plain and re.search(r":(?: |$)", _without_quoted(entry["value"])):
        return stop.line, (
            "a text with a colon needs quotes: "
            f'`{entry["key"]}: "{shortened(entry["value"])}"`'
        )
    for line in (stop.above, stop.line, stop.opened):
        text = stop.text(line).split(" #")[0].rstrip()
        if found := _HYPHEN.fullmatch(text):
            rest = shortened(found["rest"])
            return line, f"a blank is missing behind the hyphen: write `- {rest}`"
        for form, what in (
            (_GLUED, "a blank is missing behind the colon"),
            (_EQUALS, "a colon stands between key and value, not ="),
            (_NO_COLON, "a colon is missing behind the key"),
        ):
            if found := form.fullmatch(text):
                value = shortened(found["value"])
                return line, f"{what}: write `{found['key']}: {value}`"
    return _deeper(stop)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _deeper(stop: _Stop) -> Told | None:
    if _indent(stop.text(stop.line)) > _indent(stop.text(stop.above)):
        return stop.line, (
            f"indented more deeply than line {stop.above}, which has a value already; "
            "keys of one section begin with the same number of blanks"
        )
    return None


def _indentation(stop: _Stop) -> Told | None:
    if "<block end>" in stop.problem and "start>" in stop.problem:
        return stop.line, (
            "no line above begins with as many blanks "
            f"({_indent(stop.text(stop.line))}); keys of one section, and the hyphens "
            "of one list, begin with the same number"
        )
    if "another document" in stop.problem:
        return stop.line, "--- begins another document; leave it out"
    return None


_LOOKS: tuple[Callable[[_Stop], Told | None], ...] = (
    _characters,
    _beginnings,
    _brackets,
    _colons,
    _indentation,
)


def _mended(text: str, told: Told) -> str:
    """Return the text with the line as the remedy prints it, if it prints one."""
    line, said = told
    printed = re.search(r"(?:: |write )`([^`]+)`$", said)
    if printed is None or "..." in printed[1]:
        return ""
    lines = text.split("\n")
    before = re.match(r"\s*(?:- +)?", lines[line - 1])
    start = before[0] if before and not printed[1].startswith("- ") else ""
    indent = lines[line - 1][: _indent(lines[line - 1])]
    lines[line - 1] = f"{start or indent}{printed[1]}"
    return "\n".join(lines)


def slip_told(
    text: str, line: int, opened: int, problem: str, context: str
) -> tuple[int, str, str]:
    """Say where a text is no YAML, and what was probably meant.

    Parameters
    ----------
    text : str
        What could not be read.
    line : int
        Where the parser stopped, from 1.
    opened : int
        Where what it was within opens.
    problem, context : str
        What the parser says.

    Returns
    -------
    tuple of int, str and str
        The line of the slip, fault and remedy, and the text without the slip, if the
        remedy is one line as it is to be; else nothing.
    """
    stop = _Stop(text.split("\n"), line, opened, problem, context)
    for look in _LOOKS:
        if told := look(stop):
            return (*told, _mended(text, told))
    return line, f"{shortened(problem)}; check indentation, quotes and colons", ""
