"""Dates of which a part is not known: what may be said of them, and when they count.

ISO 8601 and SDTM leave the unknown part away (2005-06, 2005---15); data capture
writes UN or UNK in its place (UN-JUN-2005). Nothing is made up but by the rule that is
declared.
"""

import calendar
import dataclasses
import datetime
import re
from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.cell_dates import EITHER_PART, MONTHS, UNKNOWN_PART
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import ColumnSpec
from alsdecline.table_files.dialect import NO_DAY, Dialect

FROM, TO, FLAG, TEXT = "_from", "_to", "_flag", "_text"
"""Endings of the columns that a table has beside one with partial dates: the first and
last day that each date may be, what of it was imputed, and how it is known."""

_SEP = r"[-/ .]"
_NONE = UNKNOWN_PART
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?:{_SEP}(?P<month>\d\d|[A-Z]{{3}}|{_NONE})"
    rf"(?:{_SEP}(?P<day>\d\d|{_NONE}))?)?{_SEP}?",
    re.IGNORECASE | re.ASCII,
)
_WHOLE = re.compile(r"\d{4}-(?!00)\d\d-(?!00)\d\d", re.ASCII)
"""A date of which all is known, as most are: seen first, for it costs least."""

_ZERO_PART = re.compile(r"(?<!\d)00(?!\d)")

_DAY_FIRST = re.compile(
    rf"(?:(?P<day>\d\d?|{_NONE}){_SEP}?)?(?P<month>[A-Z]{{3}}|{_NONE}|\d\d)"
    rf"{_SEP}?(?P<year>\d{{4}})",
    re.IGNORECASE | re.ASCII,
)

_MONTH_FIRST = re.compile(
    rf"(?P<month>[A-Z]{{3}}|{_NONE}|\d\d|\d(?={_SEP})){_SEP}?"
    rf"(?:(?P<day>\d\d?|{_NONE}){_SEP}?)?(?P<year>\d{{4}})",
    re.IGNORECASE | re.ASCII,
)


@dataclasses.dataclass(frozen=True)
class PartialDate:
    """What is known of a date.

    Attributes
    ----------
    first, last : date
        The days between which it lies.
    flag : {"D", "M", "Y"}
        What must be imputed, as ADaM's date imputation flags have it: the day, month
        and day (or the month alone), or all but nothing.
    text : str
        As ISO 8601 has it, unknown parts left away.
    """

    first: datetime.date
    last: datetime.date
    flag: str
    text: str


def _month_of(text: str | None) -> int | None:
    """Return the month that is meant; 0 if it is not known, None if it is none."""
    if not text or re.fullmatch(_NONE, text, re.IGNORECASE):
        return 0
    month = int(text) if text.isdigit() else MONTHS.get(text.casefold(), 0)
    return month if 1 <= month <= len(MONTHS) else None


def _form_of(text: str, order: str) -> re.Match[str] | None:
    """Return the parts of a date; None where its file should tell which is which.

    UN/07/2024 is of July in a file that has the day first, and of any month in another.
    """
    if form := _YEAR_FIRST.fullmatch(text):
        return form
    if order == "mdy" and (form := _MONTH_FIRST.fullmatch(text)):
        return form
    unsaid = not order and EITHER_PART.fullmatch(text)
    return None if unsaid else _DAY_FIRST.fullmatch(text)


def partial_date(text: str, order: str = "") -> PartialDate | None:
    """Read a date of which the day, or the month, is not known.

    Parameters
    ----------
    text : str
        A cell.
    order : str
        Of day, month and year in its file, as ``mdy``; empty where that is not said.

    Returns
    -------
    PartialDate or None
        None for whole dates and for what is no date.
    """
    if _WHOLE.fullmatch(text):
        return None
    form = _form_of(text, order)
    if form is None:
        return None
    year, month = int(form["year"]), _month_of(form["month"])
    known = (form["day"] or "").isdigit() and form["day"] != "00"
    day = int(form["day"]) if known else 0
    if month is None or year < datetime.date(1900, 1, 1).year or (month and day):
        return None
    try:
        if month:
            last = calendar.monthrange(year, month)[1]
            days = datetime.date(year, month, 1), datetime.date(year, month, last)
            return PartialDate(*days, "D", f"{year:04}-{month:02}")
        days = datetime.date(year, 1, day or 1), datetime.date(year, 12, day or 31)
    except ValueError:
        return None
    return PartialDate(*days, "M", f"{year:04}---{day:02}" if day else f"{year:04}")


def _may_be_partial(text: str, dialect: Dialect) -> bool:
    """Tell whether a text is no whole date in its file's own form.

    In MMDDYY 011924 is 19 January 2024, not January 1924; 9131 may be a number of days.
    """
    own = dialect.iso_date(text)
    return own == text or (own == NO_DAY and bool(_ZERO_PART.search(text)))


def partial_dates(raw: RawTable, name: str, spec: ColumnSpec) -> pd.DataFrame:
    """Read the dates of a column that are known in part.

    Parameters
    ----------
    raw : RawTable
        Text cells.
    name : str
        Our name of the column.
    spec : ColumnSpec
        Whether it may have such dates, and the day that they count as.

    Returns
    -------
    DataFrame
        A row for each such cell, by the index of `raw`: the day that it counts as,
        missing where it is kept as it is; the first and last that it may be, not after
        the data cutoff; its flag and its text. No columns where there is none.
    """
    if spec.partial in ("", "refuse"):
        return pd.DataFrame()
    texts = raw.frame[name]
    found = {
        text: partial_date(text, raw.dialect.date_order)
        for text in texts.unique().tolist()
        if text and _may_be_partial(text, raw.dialect)
    }
    read = {text: part for text, part in found.items() if part is not None}
    if not read:
        return pd.DataFrame()
    cells = texts[texts.isin(list(read))]
    parts = [read[text] for text in cells]
    first = [pd.Timestamp(part.first) for part in parts]
    last = [pd.Timestamp(part.last) for part in parts]
    if spec.latest is not None:
        latest = pd.Timestamp(spec.latest)
        last = [max(a, min(b, latest)) for a, b in zip(first, last, strict=True)]
    days = {"first": first, "last": last}.get(spec.partial, [pd.NaT] * len(parts))
    flags = [part.flag if spec.partial != "keep" else "" for part in parts]
    columns = {
        "": pd.Series(days, cells.index, dtype="datetime64[s]"),
        FROM: pd.Series(first, cells.index, dtype="datetime64[s]"),
        TO: pd.Series(last, cells.index, dtype="datetime64[s]"),
        FLAG: pd.Series(flags, cells.index, dtype="object"),
        TEXT: pd.Series([p.text for p in parts], cells.index, dtype="object"),
    }
    return pd.DataFrame({name + end: column for end, column in columns.items()})


def with_parts(typed: pd.DataFrame, name: str, parts: pd.DataFrame) -> pd.DataFrame:
    """Put partial dates among the whole ones of a column, with what is known of them.

    Parameters
    ----------
    typed : DataFrame
        With the column of whole dates.
    name : str
        The column.
    parts : DataFrame
        From :func:`partial_dates`.

    Returns
    -------
    DataFrame
        `typed`, and the columns of what is known of the dates where any is partial.
    """
    if parts.empty:
        return typed
    whole = typed[name].astype("datetime64[s]")
    typed = typed.assign(**{name + FROM: whole, name + TO: whole})
    typed = typed.assign(**{name + FLAG: "", name + TEXT: ""})
    for column in parts:
        typed[column] = typed[column].astype(parts[column].dtype)
        typed.loc[parts.index, column] = parts[column]
    return typed


def day_known(frame: pd.DataFrame, column: str, end: str) -> pd.Series:
    """Return the first (:data:`FROM`) or last (:data:`TO`) day that dates may be."""
    dates: pd.Series = frame.get(column + end, frame[column])
    return dates


def _not_before(frame: pd.DataFrame, name: str, earliest: pd.Series) -> pd.DataFrame:
    """Let imputed dates not be before others, if they need not be."""
    early = (frame[name + FLAG] != "") & (frame[name] < earliest)
    later = early & (frame[name + TO] >= earliest)
    return frame.assign(**{name: frame[name].mask(later, earliest)})


def with_ends_after_starts(frame: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Let an imputed end not be before its start, if it need not be."""
    if end + TO not in frame or start not in frame:
        return frame
    return _not_before(frame, end, frame[start])


def _last_seen(tables: Mapping[str, pd.DataFrame], events: pd.DataFrame) -> pd.Series:
    """Return the last visit or dose of each end's patient; missing where unknown."""
    dates = [
        tables[name].rename(columns={column: "_seen"})[["patient", "_seen"]]
        for name, column in (("visits", "visit_date"), ("exposure", "date"))
        if column in tables.get(name, ())
    ]
    if not dates:
        return pd.Series(pd.NaT, events.index, dtype="datetime64[s]")
    last = pd.concat(dates).groupby("patient")["_seen"].max()
    return events["patient"].map(last).astype("datetime64[s]")


def from_randomisation_on(
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """Let an imputed dose or end not be before the randomisation, nor a last visit.

    A first dose made up before it would move time zero, and nobody dies before a visit
    or a dose that was given.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Typed.

    Returns
    -------
    dict of str to DataFrame
        Those that need not be before count as the day of the randomisation, or of the
        last visit or dose.
    """
    result = dict(tables)
    of_patient = tables["subjects"].dropna(subset=["patient"])
    of_patient = of_patient.drop_duplicates("patient").set_index("patient")
    for name in ("exposure", "events"):
        if name in tables and "date" + TO in tables[name]:
            frame = tables[name]
            randomised = frame["patient"].map(of_patient["randomisation_date"])
            frame = _not_before(frame, "date", randomised.astype("datetime64[s]"))
            if name == "events":
                frame = _not_before(frame, "date", _last_seen(tables, frame))
            result[name] = with_ends_after_starts(frame, "date", "end_date")
    return result
