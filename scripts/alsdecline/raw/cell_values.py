"""Numbers as raw files write them: read, or what they are instead; marks of no value.

What a cell says is never to be made up: of a comma that may mean two things both are
told.
"""

import math
import re

from alsdecline.settings.columns import ColumnSpec
from alsdecline.settings.examples import in_one_line
from alsdecline.table_files.dialect import PLAIN, Dialect

UNDER_ITS_FILE = "under its file in config.yaml"

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
FORMULA_ERRORS = (
    *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"),
    *("#SPILL!", "#CALC!", "#GETTING_DATA"),
)
"""What spreadsheets show where a formula fails."""

_NO_VALUE = {
    *("na", "n/a", "nan", "null", "none", "nil", ".", "-", "--", "?", "nd", "ne", "nk"),
    *("unk", "un", "unknown", "missing", "not done", "not available", "n.a."),
    *(error.casefold() for error in FORMULA_ERRORS),
}
"""What people write where there is no value, in small letters."""

_NOT_PLANNED = re.compile(
    r"(uns(ch(ed(uled?)?)?)?|unplanned|not (planned|scheduled)|extra|scr(een(ing)?)?|"
    r"pre[- ]?(screening|study|treatment))\.?([ _-]?(visit|v)?[ _-]?\d*(\.\d+)?)?",
    re.IGNORECASE | re.ASCII,
)
"""What stands for the planned time of a visit that has none."""

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_BLANKS = re.compile(r"[+-]?\d{1,3}([ '\u00a0\u202f]\d{3})+([.,]\d+)?", re.ASCII)
_OF_OTHER_MARKS = re.compile(r"[+-]?\d[\d.,' \u00a0\u202f]*", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_MARKED = re.compile(
    r"([+-]?\d+(?:\.\d+)?)\s*(?:[*†‡§#^²³¹]+|\([^()]*\)|\[[^\[\]]*\])", re.ASCII
)
"""A number that a footnote or a word in brackets says something of."""

_SPECIAL_OF_SAS = re.compile(r"\.[a-z_]", re.IGNORECASE | re.ASCII)

_TIME_ZERO = re.compile(
    r"(base(line)?|bl|random|day ?[01]\b|d[01]\b|v0)", re.IGNORECASE
)

_OTHER_CHARACTERS = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFF0D), "-"),
    0xFF0E: ".",
}
"""Digits, points and signs that texts have from typesetting or Japanese keyboards."""

_LIMIT = re.compile(r"[<>≤≥]\s*=?\s*\d.*")
_NUMBER_IN_TEXT = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_UNIT = re.compile(r"([+-]?\d+(?:\.\d+)?) ?(%|[A-Za-zµ/%]+)", re.ASCII)
UNKNOWN = (
    "fill it in if it is known; every row needs it, and one without it is left out by "
    "`where:` below its file, which the report's note says"
)
"""What to do about a cell without a value in a column that needs one."""

LONGEST = 40
"""Characters of a cell that is printed in a remedy."""


def recoded(column: str, text: str, meaning: str) -> str:
    """Write the `recode:` by which a text of a column stands for another."""
    return f"`recode: {in_one_line({column: {text[:LONGEST]: meaning}})}`"


def missing_said(text: str) -> str:
    """Write the `missing:` by which a text says that there is no value."""
    return f"`missing: {in_one_line([text[:LONGEST]])}`"


def says_no_value(text: str) -> bool:
    """Tell whether people write a text where there is no value."""
    return text.casefold() in _NO_VALUE or bool(_SPECIAL_OF_SAS.fullmatch(text))


def says_not_planned(text: str) -> bool:
    """Tell whether a text stands for a visit that was not planned, or for none."""
    return not text or bool(_NOT_PLANNED.fullmatch(text))


def without_value(text: str, spec: ColumnSpec) -> str:
    """Say what to do about a cell that says that it has no value."""
    if not spec.blank:
        return f"says that there is none{or_else(spec.unfilled)}"
    return (
        f"says that there is none; write {missing_said(text)} under its file in "
        "config.yaml, or leave the cell empty"
    )


def or_else(remedy: str) -> str:
    """Say what to do where a value is not known."""
    return f"; {remedy or UNKNOWN}"


def parse_number(
    text: str, column: str, spec: ColumnSpec, dialect: Dialect = PLAIN
) -> tuple[float | None, str]:
    """Read a number, or say what the text is instead and what to do.

    Parameters
    ----------
    text : str
        A cell that is not empty.
    column : str
        Our name of its column.
    spec : ColumnSpec
        What the column may hold.
    dialect : Dialect
        How its file writes numbers.

    Returns
    -------
    tuple of float or None, and str
        One of them.
    """
    plain = dialect.plain_number(text)
    if plain and _NUMBER.fullmatch(plain):
        value = float(plain) + 0.0  # without the sign of -0
        if math.isfinite(value):
            return value, ""
        return None, "too large for a number; correct it"
    if spec.unplanned and says_not_planned(text):
        return None, ""
    if dialect.has_own_numbers and _OF_OTHER_MARKS.fullmatch(text):
        return None, _not_as_declared(dialect)
    return None, _no_number(text, column, spec)


def _not_as_declared(dialect: Dialect) -> str:
    said = f'`decimal: "{dialect.decimal}"`'
    if dialect.thousands:
        said += f' and `thousands: "{dialect.thousands}"`'
    return (
        f"not a number as {said} {UNDER_ITS_FILE} say; correct it, or what is said "
        "there, whichever is wrong"
    )


def _no_number(text: str, column: str, spec: ColumnSpec) -> str:
    if says_no_value(text):
        return f"not a number: {without_value(text, spec)}"
    plain = text.replace(",", "")
    if form := _THOUSANDS.fullmatch(text):
        if text.count(",") == 1 and not form[2]:
            return (
                f"a comma that may mean two things: {text.replace(',', '.')} if it is "
                f"a decimal comma, {plain} if it marks thousands; say which, by "
                f'`decimal: ","` or `thousands: ","` {UNDER_ITS_FILE}'
            )
        return (
            f'commas mark thousands; write {plain}, or say `thousands: ","` '
            f"{UNDER_ITS_FILE}"
        )
    if _COMMA.fullmatch(text):
        return (
            f"decimal comma; write {text.replace(',', '.')}, or say "
            f'`decimal: ","` {UNDER_ITS_FILE}'
        )
    if _BLANKS.fullmatch(text):
        joined = re.sub("[ '\u00a0\u202f]", "", text).replace(",", ".")
        mark = "'" if "'" in text else " "
        comma = ' and `decimal: ","`' if "," in text else ""
        return (
            f"not a number: {'blanks' if mark == ' ' else 'marks'} group thousands; "
            f'write {joined}, or say `thousands: "{mark}"`{comma} {UNDER_ITS_FILE}'
        )
    if _LIMIT.fullmatch(text):
        return (
            "a limit and not a number, which the models cannot take yet; leave the "
            f"cell empty, or write {recoded(column, text, '')} under its file in "
            "config.yaml, and say so in the report's note"
        )
    if said := _more_than_a_number(text, column):
        return said
    numbers = _NUMBER_IN_TEXT.findall(text)
    if len(numbers) == 1 and re.match(r"[A-Za-z]", text):
        return (
            "not a number; write it in digits, or what it stands for under its file in "
            f"config.yaml, as {recoded(column, text, numbers[0])}"
        )
    return f"not a number; {_in_digits(column, text, spec)}"


def _more_than_a_number(text: str, column: str) -> str:
    """Say what to do about a number with a mark or a unit, or in other characters."""
    typed = text.translate(_OTHER_CHARACTERS)
    if typed != text and _NUMBER.fullmatch(typed):
        return (
            "a number in other characters than those of a keyboard; write "
            f"{typed}, or {recoded(column, text, typed)} {UNDER_ITS_FILE}"
        )
    if marked := _MARKED.fullmatch(text):
        return (
            "not a number alone; look up what the mark says of it. If the number "
            f"holds, write {recoded(column, text, marked[1])} {UNDER_ITS_FILE}; if it "
            f"does not, {recoded(column, text, '')}"
        )
    if unit := _UNIT.fullmatch(text):
        return (
            f"not a number alone; write {unit[1]} if the column's unit is {unit[2]!r}; "
            "of another unit it must be converted"
        )
    return ""


def planned_visit(column: str, text: str) -> str:
    """Write the `recode:` of a visit's name, by an example where none can be known."""
    if _TIME_ZERO.match(text):
        return f"{recoded(column, text, '0')} of a visit at time zero"
    return f"{recoded(column, text, '24')} of a visit planned at 24"


def _in_digits(column: str, text: str, spec: ColumnSpec) -> str:
    """Say how a text that has no number can be one."""
    if not spec.blank and spec.unfilled and says_not_planned(text):
        return spec.unfilled
    if not spec.blank and spec.unfilled:
        return f"{spec.unfilled}; one that has a name is {planned_visit(column, text)}"
    if spec.unplanned:
        return (
            "write what it stands for under its file in config.yaml, as "
            f"{planned_visit(column, text)}; '' stands for a visit that was not planned"
        )
    empty = ", or leave it empty" if spec.blank else ""
    why = ""
    if spec.blank and text.isalpha():
        why = f", or {missing_said(text)} {UNDER_ITS_FILE} if it says why"
    if not spec.blank and text.isalpha():
        why = f", or what it stands for, as {recoded(column, text, '0')}"
    return f"write digits with a decimal point{empty}{why}"
