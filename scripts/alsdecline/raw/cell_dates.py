"""Dates as raw files write them: read, or what they are instead.

What a cell says is never to be made up: of a date that may mean two days both are told,
and of one that is known in part that it cannot be taken.
"""

import datetime
import re
from collections.abc import Iterable

from alsdecline.raw.cell_values import (
    UNDER_ITS_FILE,
    missing_said,
    or_else,
    recoded,
    says_no_value,
    without_value,
)
from alsdecline.raw.times_of_day import time_fault
from alsdecline.settings.columns import ColumnSpec
from alsdecline.table_files.dialect import (
    EPOCHS,
    EXCEL,
    NO_DAY,
    PLAIN,
    SAS,
    UNIX,
    Dialect,
)

_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(T\d{2}(:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?",
    re.ASCII,
)
FIRST_OF_LAST_CENTURY = 70
"""Years of two digits since then are of 1900 and so on, others of 2000."""

_FIRST_DATE = datetime.date(1900, 1, 1)
"""A date before is a slip in the year."""

_LAST_DATE = datetime.date(2099, 1, 1)
"""A date since then, as 9999-12-31, says that there is none, or no end."""

_NO_DAYS = {
    datetime.date(*day)
    for day in ((1900, 1, 1), (1904, 1, 1), (1960, 1, 1), (1970, 1, 1))
}
"""Day 0 of spreadsheets, SAS and Unix: what a program makes of an empty cell."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep")
MONTHS = {m: i for i, m in enumerate((*_MONTHS, "oct", "nov", "dec"), start=1)}
_NAMED_MONTH = re.compile(
    r"(\d{1,2})[ -]?([A-Za-z]{3})[A-Za-z]*\.?[ -]?,? ?(\d{4})", re.ASCII
)
_NAMED_SHORT = re.compile(r"(\d{1,2})([ -]?)([A-Za-z]{3})\2(\d{2})", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[A-Za-z]*\.? (\d{1,2}),? (\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[./-](\d{1,2})[./-]|(\d\d))(\d{1,2})", re.ASCII)
_PARTIAL = re.compile(
    r"\d{4}([-/]?([A-Za-z?]{2,3}|\d{2}|-{1,2}))?([-/]?([A-Za-z?]{2,3}|-{1,2}))?|"
    r"([A-Za-z?]{2,3}[-/ ]?)?([A-Za-z]{3}|\d{1,2}|[A-Za-z?]{2})[-/ ]?\d{4}",
    re.ASCII,
)
UNKNOWN_PART = r"(?:UNK?|NK|XX|\?\?|--?|00)"
"""What stands in the place of a day or a month that is not known."""

_NUMBER = r"(?:0?[1-9]|1[0-2])"
EITHER_PART = re.compile(
    rf"({UNKNOWN_PART}[-/ .]{_NUMBER}|{_NUMBER}[-/ .]{UNKNOWN_PART})[-/ .]\d{{4}}",
    re.IGNORECASE | re.ASCII,
)
"""A date of which the day is known or the month, by how the file counts."""

_OTHER_MONTH = re.compile(
    r"\d{1,2}[-./ ]*([^\W\d_]{3,})\.?[-./ ,]*\d{2,4}|"
    r"([^\W\d_]{3,})\.? \d{1,2},? \d{4}"
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)


def day_first(texts: Iterable[str]) -> bool | None:
    """Tell whether dates of a column have the day before the month.

    Parameters
    ----------
    texts : iterable of str
        Its cells.

    Returns
    -------
    bool or None
        None where no date, as 31/03/2003, tells, or they contradict each other.
    """
    forms = [form for text in texts if (form := _DAY_FIRST.fullmatch(text))]
    orders = {
        int(form[1]) > len(MONTHS)
        for form in forms
        if (int(form[1]) > len(MONTHS)) != (int(form[2]) > len(MONTHS))
    }
    return orders.pop() if len(orders) == 1 else None


def parse_date(
    text: str,
    column: str,
    spec: ColumnSpec,
    by_day: bool | None = None,
    dialect: Dialect = PLAIN,
) -> tuple[datetime.date | None, str]:
    """Read an ISO 8601 date; of one with a time of day, the date as it is written.

    Parameters
    ----------
    text : str
        A cell that is not empty.
    column : str
        Our name of its column.
    spec : ColumnSpec
        What the column may hold.
    by_day : bool or None
        Whether dates of the column have the day before the month, if that is known.
    dialect : Dialect
        How its file writes dates.

    Returns
    -------
    tuple of date or None, and str
        One of them.
    """
    iso = dialect.iso_date(text)
    if iso == NO_DAY:
        form_said = f"`date_format: {dialect.date_format}`"
        return None, f"no such day, as {form_said} has it; correct the one or the other"
    form = _DATE.fullmatch(iso)
    if form:
        try:
            day = datetime.date.fromisoformat(form[1])
        except ValueError:
            return None, "no such day; correct the date (YYYY-MM-DD)"
        if form[2] and (fault := time_fault(form[2], form[1])):
            return None, fault
        if day in _NO_DAYS or day >= _LAST_DATE:
            return None, _no_day(text, spec)
        if day < _FIRST_DATE:
            return None, f"before {_FIRST_DATE.year}; correct the year"
        return day, ""
    if spec.partial and not dialect.date_order and EITHER_PART.fullmatch(text):
        return None, (
            "a date of which the day or the month is not known; say which of them "
            "stands first, by `date_format: DD/MM/YYYY` or `MM/DD/YYYY` "
            f"{UNDER_ITS_FILE}"
        )
    return None, _no_date(text, column, spec, by_day)


def _no_day(text: str, spec: ColumnSpec) -> str:
    said = "a day by which programs say that there is no date"
    if not spec.blank:
        return f"{said}{or_else(spec.unfilled)}"
    return (
        f"{said}; write {missing_said(text)} under its file in config.yaml, or leave "
        "the cell empty"
    )


def _day(year: str, month: int, day: int) -> str:
    """Return a day in ISO 8601, if there is such a day."""
    try:
        return datetime.date(int(year), month, day).isoformat()
    except ValueError:
        return ""


def _whole_year(year: str) -> str:
    """Return a year that may be written in two digits."""
    if len(year) > len("03"):
        return year
    return f"{19 if int(year) >= FIRST_OF_LAST_CENTURY else 20}{year}"


def _days_meant(text: str, by_day: bool | None) -> list[str]:
    """Return the days that a date in another form than ours may mean."""
    if form := _NAMED_MONTH.fullmatch(text):
        month = MONTHS.get(form[2].casefold(), 0)
        return [_day(form[3], month, int(form[1]))]
    if form := _NAMED_SHORT.fullmatch(text):
        month = MONTHS.get(form[3].casefold(), 0)
        return [_day(_whole_year(form[4]), month, int(form[1]))]
    if form := _MONTH_FIRST.fullmatch(text):
        month = MONTHS.get(form[1].casefold(), 0)
        return [_day(form[3], month, int(form[2]))]
    if form := _DAY_FIRST.fullmatch(text):
        first, second, year = int(form[1]), int(form[2]), form[3]
        year = _whole_year(year)
        if by_day is not None:
            first, second = (first, second) if by_day else (second, first)
            return [_day(year, second, first)]
        return sorted({_day(year, second, first), _day(year, first, second)})
    if form := _YEAR_FIRST.fullmatch(text):
        return [_day(form[1], int(form[2] or form[3]), int(form[4]))]
    return []


def _forms_meant(text: str, by_day: bool | None) -> list[str]:
    """Return the settings by which a date of another form than ours is read."""
    forms: list[str] = []
    if form := _NAMED_MONTH.fullmatch(text):
        mark = text[len(form[1])]
        between = "" if mark.isalpha() else mark
        forms = [f"DD{between}MON{between}YYYY"]
    elif form := _NAMED_SHORT.fullmatch(text):
        forms = [f"DD{form[2]}MON{form[2]}YY"]
    elif form := _DAY_FIRST.fullmatch(text):
        mark, year = text[len(form[1])], "Y" * len(form[3])
        orders = [("DD", "MM"), ("MM", "DD")]
        if by_day is not None:
            orders = orders[:1] if by_day else orders[1:]
        elif int(form[1]) > len(MONTHS) or int(form[2]) > len(MONTHS):
            orders = orders[:1] if int(form[1]) > len(MONTHS) else orders[1:]
        forms = [f"{a}{mark}{b}{mark}{year}" for a, b in orders]
    elif (form := _YEAR_FIRST.fullmatch(text)) and form[2]:
        forms = [f"YYYY{text[4]}MM{text[4]}DD"]
    elif form:
        forms = ["YYYYMMDD"]
    return [f"`date_format: {form}`" for form in forms]


_COUNTING = {EXCEL: "Excel", SAS: "SAS", UNIX: "R"}
"""Programs that count days, by what `date_format` says."""


def _no_date(text: str, column: str, spec: ColumnSpec, by_day: bool | None) -> str:
    if says_no_value(text):
        return f"not a date: {without_value(text, spec)}"
    day, _, hour = text.partition(" ")
    if _DATE.fullmatch(day) and hour[:1].isdigit():
        return (
            "not a date: a blank before the hour; say `date_format: YYYY-MM-DD` "
            f"{UNDER_ITS_FILE}"
        )
    days = [found for found in _days_meant(text, by_day) if found]
    forms = _forms_meant(text, by_day)
    if len(days) == 1:
        said = f", or say {forms[0]} {UNDER_ITS_FILE}" if forms else ""
        short = _DAY_FIRST.fullmatch(text) or _NAMED_SHORT.fullmatch(text)
        if short and len(short.groups()[-1]) < len("2003"):
            said = f" if the year is so{said}"
        return f"not a date as YYYY-MM-DD; write {days[0]}{said}"
    if days:
        return (
            f"not a date as YYYY-MM-DD; {' or '.join(days)}, by how the file counts: "
            f"say which, by {' or '.join(forms)} {UNDER_ITS_FILE}"
        )
    if _SERIAL.fullmatch(text):
        days_on = datetime.timedelta(days=int(float(text)))
        meant = [
            f"{(EPOCHS[form] + days_on).isoformat()} in {program}, by "
            f"`date_format: {form}`"
            for form, program in _COUNTING.items()
        ]
        return (
            f"a number of days, as programs keep dates, and not a date; it is "
            f"{', '.join(meant)}: say which {UNDER_ITS_FILE}, or give the column the "
            "format YYYY-MM-DD and save the file again"
        )
    if _PARTIAL.fullmatch(text) or EITHER_PART.fullmatch(text):
        return _known_in_part(column, text, spec)
    return _in_words(text, spec)


def _in_words(text: str, spec: ColumnSpec) -> str:
    if form := _OTHER_MONTH.fullmatch(text):
        name = form[1] or form[2]
        if name[:3].casefold() not in MONTHS:
            return f"not a date: {name!r} is no month in English; write YYYY-MM-DD"
    if spec.blank and not re.search(r"\d", text):
        return (
            f"not a date; write YYYY-MM-DD, or {missing_said(text)} {UNDER_ITS_FILE} "
            "if it says that there is none"
        )
    return "not a date; write YYYY-MM-DD"


def _known_in_part(column: str, text: str, spec: ColumnSpec) -> str:
    if spec.partial:
        return (
            "a date of which a part is not known; say below its file in config.yaml "
            "which day it counts as, `partial_dates: first` (or last)"
        )
    part = "a date of which a part is not known, which cannot be taken yet"
    if spec.blank:
        return (
            f"{part}, and no day is to be made up; leave the cell empty, or write "
            f"{recoded(column, text, '')} under its file in config.yaml"
        )
    return (
        f"{part}, and no day is to be made up; leave the row out, and say so in the "
        f"report's note{f'; or, {spec.absent}' if spec.absent else ''}"
    )
