"""Typed cells as texts: the shortest number that reads back, dates as ISO 8601.

SAS keeps dates as days, and times as seconds, from 1 January 1960; a format alone tells
that a number is one.
"""

import datetime
import decimal
from collections.abc import Callable
from typing import Any

SAS_EPOCH = datetime.date(1960, 1, 1)
"""Day 0 of SAS dates."""

_DATE_FORMATS = (
    *("DATE", "YYMMDD", "MMDDYY", "DDMMYY", "E8601DA", "B8601DA", "IS8601DA"),
    *("WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX", "NLDATE", "JULIAN"),
    *("EURDF", "MINGUO", "NENGO", "XYYMMDD", "YYMMDX"),
)
_TIME_FORMATS = (
    *("DATETIME", "DATEAMPM", "MDYAMPM", "E8601DT", "B8601DT", "IS8601DT", "NLDATM"),
    *("EURDFDT", "E8601DZ", "E8601LX", "B8601DZ", "B8601LX", "YMDDTTM"),
    # of seconds that are shown as their day
    *("DTDATE", "DTWKDATX", "E8601DN", "B8601DN", "IS8601DN"),
    *("E8601DX", "B8601DX", "IS8601DZ"),
)


def number_text(value: float, point: str = ".") -> str:
    """Return the shortest text that reads back to a number; nothing for NaN."""
    if value != value:
        return ""
    text = repr(float(value) + 0.0).removesuffix(".0")
    return text if point == "." else text.replace(".", point)


def _date_text(days: float) -> str:
    if days != days:
        return ""
    try:
        return (SAS_EPOCH + datetime.timedelta(days=int(days // 1))).isoformat()
    except OverflowError:
        return number_text(days)


def _time_text(seconds: float) -> str:
    if seconds != seconds:
        return ""
    try:
        moment = datetime.datetime.combine(SAS_EPOCH, datetime.time())
        return _time_of_day(moment + datetime.timedelta(seconds=seconds))
    except OverflowError:
        return number_text(seconds)


def is_date_format(form: str) -> bool:
    """Tell whether a SAS format shows numbers as dates, with times or without."""
    return form.upper().startswith(_TIME_FORMATS + _DATE_FORMATS)


def text_of_sas_number(form: str, point: str) -> Callable[[float], str]:
    """Return what makes text of the numbers of a SAS format.

    Parameters
    ----------
    form : str
        The format's name, its width left in or not.
    point : str
        The decimal mark.
    """
    if form.upper().startswith(_TIME_FORMATS):
        return _time_text
    if form.upper().startswith(_DATE_FORMATS):
        return _date_text
    return lambda value: number_text(value, point)


def _time_of_day(value: datetime.datetime) -> str:
    if value.time() == datetime.time() and value.tzinfo is None:
        return value.date().isoformat()
    return value.isoformat()


def text_of(value: Any, point: str = ".") -> str:
    """Return the text of a cell that a program keeps with its type.

    Parameters
    ----------
    value : object
        A number, text, truth value, date, time or None.
    point : str
        The decimal mark of the file, which numbers are written with.

    Returns
    -------
    str
        Stripped; a midnight without zone is its date, truth values are TRUE and FALSE,
        as spreadsheets show them.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value, point)
    if isinstance(value, decimal.Decimal):
        return _decimal_text(value).replace(".", point)
    if isinstance(value, datetime.datetime):
        return _time_of_day(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value).strip()


def _decimal_text(value: decimal.Decimal) -> str:
    if not value.is_finite():
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
