"""Dates as people write them, made ISO 8601 where they can mean one day alone."""

import dataclasses
import datetime
import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

MONTHS = {
    name: i
    for i, names in enumerate(
        (
            *("jan january", "feb february", "mar march", "apr april", "may"),
            *("jun june", "jul july", "aug august", "sep sept september"),
            *("oct october", "nov november", "dec december"),
        ),
        1,
    )
    for name in names.split()
}

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})([T ]\d{2}(:\d{2}){0,2}(\.\d+)?Z?)?", re.ASCII
)
_YEAR_FIRST = re.compile(
    r"(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?( \d{1,2}(:\d{2}){1,2})?", re.ASCII
)
_TWO_FIRST = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})( \d{1,2}(:\d{2}){1,2})?", re.ASCII
)
_NAMED = re.compile(r"(\d{1,2})[ -]?([A-Za-z]{3,9})[ -]?(\d{4})", re.ASCII)
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})", re.ASCII)

DAY_FIRST, MONTH_FIRST, EITHER = "DD/MM/YYYY", "MM/DD/YYYY", "?"
_DATES = (1900, 2100)


@dataclasses.dataclass(frozen=True)
class Dates:
    """A column read as dates.

    Attributes
    ----------
    iso : dict of str to str
        Each different text: the date, as YYYY-MM-DD.
    forms : tuple of str
        The forms that they are written in, the commonest first.
    ambiguous : tuple of str
        Texts of which the order of day and month cannot be told.
    """

    iso: dict[str, str]
    forms: tuple[str, ...]
    ambiguous: tuple[str, ...] = ()


def _day(year: str, month: int | str, day: str) -> str:
    try:
        found = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return ""
    return found.isoformat() if _DATES[0] <= found.year <= _DATES[1] else ""


def _read(text: str) -> tuple[str, str, str]:
    """Return the form of a date, and the day by it; of two forms, by the other too."""
    if m := _ISO.fullmatch(text):
        return "YYYY-MM-DD", _day(m[1], m[2], m[3]), ""
    if m := _YEAR_FIRST.fullmatch(text):
        return "YYYY/MM/DD", _day(m[1], m[2], m[3]), ""
    if m := _NAMED.fullmatch(text):
        month = MONTHS.get(m[2].casefold())
        return "DD Mon YYYY", _day(m[3], month, m[1]) if month else "", ""
    if m := _NAMED_FIRST.fullmatch(text):
        month = MONTHS.get(m[1].casefold())
        return "Mon DD, YYYY", _day(m[3], month, m[2]) if month else "", ""
    if m := _TWO_FIRST.fullmatch(text):
        day_first, month_first = _day(m[4], m[3], m[1]), _day(m[4], m[1], m[3])
        if m[2] == ".":  # written so where the day comes first
            return "DD.MM.YYYY", day_first, ""
        if day_first and month_first:
            return EITHER, day_first, month_first
        return (
            (DAY_FIRST, day_first, "") if day_first else (MONTH_FIRST, month_first, "")
        )
    return "", "", ""


def read_dates(texts: Iterable[str], order: str = "") -> Dates | None:
    """Read different texts as dates.

    Parameters
    ----------
    texts : iterable of str
        The different texts of a column, without the empty one.
    order : {"", "dmy", "mdy"}
        Which comes first where numbers alone stand for day and month; found from the
        other dates of the column if not given.

    Returns
    -------
    Dates or None
        None where one text is no date that exists.
    """
    read = {text: _read(text) for text in sorted(texts)}
    if not read or not all(first for _, first, _ in read.values()):
        return None
    forms = Counter(form for form, _, _ in read.values())
    given = {"dmy": DAY_FIRST, "mdy": MONTH_FIRST}.get(order)
    seen = {form for form in (DAY_FIRST, MONTH_FIRST) if forms[form]}
    if given:
        seen = {given}
    chosen = seen.pop() if len(seen) == 1 else ""
    iso, ambiguous = {}, []
    for text, (form, first, second) in read.items():
        if form == EITHER and first != second and not chosen:
            ambiguous.append(text)
        iso[text] = second if form == EITHER and chosen == MONTH_FIRST else first
    if forms[EITHER] and chosen:
        forms[chosen] += forms.pop(EITHER)
    names = tuple(sorted(forms, key=lambda form: (-forms[form], form)))
    return Dates(iso, tuple(n for n in names if n != EITHER), tuple(ambiguous))


def is_iso(dates: Dates) -> bool:
    """Tell whether the pipeline reads these dates as they are."""
    return dates.forms == ("YYYY-MM-DD",) and not any(" " in text for text in dates.iso)


def as_iso(column: pd.Series, dates: Dates) -> pd.Series:
    """Return a column of texts with its dates as YYYY-MM-DD."""
    return column.map(dates.iso).where(column != "", "").astype("object")
