"""How a file writes its cells: what stands between them, its numbers and its dates."""

import codecs
import dataclasses
import datetime
import functools
import re
from collections.abc import Mapping
from typing import Any, Self

from alsdecline.near_names import same_number_or_text

SEPARATOR_WORDS = {"tab": "\t", "space": " "}
"""What may be written in place of a separator that nobody sees."""

EXCEL, EXCEL_1904, SAS, UNIX = "excel", "excel1904", "sas", "unix"
EPOCHS = {
    EXCEL: datetime.date(1899, 12, 30),
    EXCEL_1904: datetime.date(1904, 1, 1),
    SAS: datetime.date(1960, 1, 1),
    UNIX: datetime.date(1970, 1, 1),
}
"""Day 0 of dates that are kept as numbers of days, by what `date_format` says."""

MONTHS = {
    name: i
    for i, name in enumerate(
        (
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ),
        start=1,
    )
}

_NOT_ENCODINGS = {
    *("idna", "punycode", "undefined", "unicode-escape", "unicode_escape"),
    *("raw-unicode-escape", "raw_unicode_escape", "charmap", "mbcs", "oem"),
}
"""Text encodings of Python in which no file is written."""

_TOKENS = {
    **dict.fromkeys(("YYYY", "%Y"), r"(?P<year>\d{4})"),
    **dict.fromkeys(("YY", "%y"), r"(?P<short>\d{2})"),
    **dict.fromkeys(("MON", "%b", "%B"), r"(?P<name>[A-Za-z]{3})[A-Za-z]*\.?"),
    **dict.fromkeys(("MM", "M", "%m"), r"(?P<month>\d{1,2})"),
    **dict.fromkeys(("DD", "D", "%d"), r"(?P<day>\d{1,2})"),
}
_TOKEN = re.compile("%[a-zA-Z]|YYYY|YY|MON(?:TH)?|MM?|DD?", re.IGNORECASE)
_TIME = r"(?:[ T:]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?"
_DAYS = re.compile(r"-?\d{1,7}(?:\.\d+)?", re.ASCII)

_FIRST_OF_1900S = 69
"""Years of two digits from here on are of the last century (POSIX)."""

NO_DAY = "no such day"
"""What is said of a date in the file's form that no calendar has."""


@dataclasses.dataclass(frozen=True)
class Dialect:
    """How a file writes its cells, as the configuration declares it.

    Attributes
    ----------
    separator : str
        Between cells; empty where it is a comma, or the file says it (``sep=``).
    decimal : str
        The decimal mark.
    thousands : str
        What groups digits; empty where nothing does.
    encoding : str
        Of its text; empty where that is UTF-8 or a byte order mark tells.
    date_format : str
        Form of its dates; empty where that is ISO 8601.
    header_row : int or None
        Of the header; None where it is the first row that is filled.
    row_names : bool
        Whether the first column has names of rows and no name of its own.
    sheet : str
        Of a workbook; empty where it has one alone.
    """

    separator: str = ""
    decimal: str = "."
    thousands: str = ""
    encoding: str = ""
    date_format: str = ""
    header_row: int | None = None
    row_names: bool = False
    sheet: str = ""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Self:
        """Take it from what a configuration, checked or not, says of a table."""
        given: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            value = table.get(field.name)
            kind = int if field.name == "header_row" else type(field.default)
            if isinstance(value, kind) and (value or kind is not int):
                given[field.name] = value
        return cls(**given)

    @property
    def mark(self) -> str:
        """The declared separator as the character that it is; empty where it is not."""
        return SEPARATOR_WORDS.get(self.separator, self.separator)

    @property
    def has_own_numbers(self) -> bool:
        """Tell whether numbers are written otherwise than with a decimal point."""
        return self.decimal != "." or bool(self.thousands)

    @property
    def date_order(self) -> str:
        """Order of day, month and year in its dates, as mdy; empty where unsaid."""
        form = date_pattern(self.date_format)
        letters = {"short": "y", "name": "m"}
        return "".join(letters.get(g, g[0]) for g in form.groupindex) if form else ""

    def plain_number(self, text: str) -> str:
        """Write a number of the file with a decimal point and no grouping.

        Parameters
        ----------
        text : str
            A cell.

        Returns
        -------
        str
            Empty where it is no number as the file writes them.
        """
        if not self.has_own_numbers:
            return text
        form = _number_form(self.decimal, self.thousands).fullmatch(text)
        if form is None:
            return ""
        whole = re.sub(r"[^\d+-]", "", form["whole"])
        return f"{whole}{'.' if form['rest'] else ''}{form['rest'] or ''}" + (
            form["power"] or ""
        )

    def same_number_or_text(self, text: str) -> str:
        """Return what all ways to write a number in the file have in common."""
        return same_number_or_text(self.plain_number(text) or text)

    def iso_date(self, text: str) -> str:
        """Write a date of the file as YYYY-MM-DD.

        Parameters
        ----------
        text : str
            A cell.

        Returns
        -------
        str
            Itself where it has not the declared form, or a month of another name;
            :data:`NO_DAY` where it has, and no calendar has that day.
        """
        if not self.date_format:
            return text
        if epoch := EPOCHS.get(self.date_format):
            return _of_days(text, epoch)
        form = date_pattern(self.date_format)
        found = form.fullmatch(text) if form else None
        if form and not found and text.isdigit() and self.date_order[0] != "y":
            # of a date in digits alone, read as a number, a spreadsheet drops the zero
            found = form.fullmatch(f"0{text}")
        parts = {} if found is None else found.groupdict()
        name = parts.get("name") or "jan"
        return _iso(parts) if parts and name.casefold() in MONTHS else text


PLAIN = Dialect()
"""Of commas, decimal points and ISO 8601 dates in UTF-8."""


@functools.cache
def _number_form(decimal: str, thousands: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    whole = r"\d+"
    if thousands:
        mark = r"[ \u00a0\u202f]" if thousands == " " else re.escape(thousands)
        if thousands == "'":
            mark = "['\u2019]"
        # no group begins with 0: 0.125 is none of a hundred and twenty-five
        whole = rf"(?:[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|\d+)"
    return re.compile(
        rf"(?P<whole>[+-]?{whole}(?={point}|[eE]|\Z)|[+-]?(?={point}\d))"
        rf"(?:{point}(?P<rest>\d*))?(?P<power>[eE][+-]?\d+)?",
        re.ASCII,
    )


def _of_days(text: str, epoch: datetime.date) -> str:
    if not _DAYS.fullmatch(text):
        return text
    try:
        day = epoch + datetime.timedelta(days=int(float(text) // 1))
    except OverflowError:
        return NO_DAY
    return day.isoformat()


def _iso(parts: Mapping[str, str | None]) -> str:
    year, short, name = parts.get("year"), parts.get("short"), parts.get("name")
    month = MONTHS[name.casefold()] if name else int(parts["month"] or 0)
    century = 1900 if int(short or 0) >= _FIRST_OF_1900S else 2000
    count = int(year) if year else century + int(short or 0)
    try:
        return datetime.date(count, month, int(parts["day"] or 0)).isoformat()
    except ValueError:
        return NO_DAY


@functools.cache
def date_pattern(form: str) -> re.Pattern[str] | None:
    """Return what dates of a declared form match.

    Parameters
    ----------
    form : str
        DD/MM/YYYY, DDMONYYYY and so on, or %d/%m/%Y; a time of day may follow each.

    Returns
    -------
    Pattern or None
        None where the form does not have one each of day, month and year.
    """
    pattern, at, groups = "", 0, []
    percent = "%" in form
    # of a form in codes what else stands there is text; its time is passed over
    form = re.split(r"[ T](?:%[HI]|[Hh]{1,2}:)", form, maxsplit=1)[0]
    for token in _TOKEN.finditer(form):
        word = token[0]
        if percent != word.startswith("%"):
            continue
        key = word if percent else word.upper().removesuffix("TH")
        if key not in _TOKENS:
            return None
        pattern += re.escape(form[at : token.start()]) + _TOKENS[key]
        groups.append(_TOKENS[key][4:6])
        at = token.end()
    rest = form[at:]
    letters = {"ye": "y", "sh": "y", "mo": "m", "na": "m", "da": "d"}
    kinds = sorted(letters[group] for group in groups)
    if kinds != ["d", "m", "y"] or re.search("[A-Za-z%]", rest):
        return None
    # a width of one or two digits, where nothing separates them from the next, is two
    if not re.search(r"[^A-Za-z%]", form):
        pattern = pattern.replace(r"\d{1,2}", r"\d{2}")
    return re.compile(pattern + re.escape(rest) + _TIME, re.ASCII)


def is_encoding(name: str) -> bool:
    """Tell whether a name is of an encoding of texts that files are written in."""
    try:
        found = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        return False
    return found.name.casefold() not in _NOT_ENCODINGS
