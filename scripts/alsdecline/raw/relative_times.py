"""Days, weeks or study days in place of dates, of doses, ends and adverse events.

Where visits have dates, a time becomes the date so long after randomisation. Where they
have none, records have a place in days from time zero alone: inside the tables it is
counted from :data:`ANCHOR`, which no dataset and no message shows.
"""

from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.partial_dates import TEXT
from alsdecline.raw.tables import RawTable
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.tables import RELATIVE_DAYS

ANCHOR = pd.Timestamp("2000-01-01")
"""Day that stands for time zero in a trial without dates."""

TIMED = {
    "exposure": ("date", "end_date"),
    "events": ("date",),
    "adverse_events": ("start_date", "end_date"),
}
"""The columns that tell when, by table."""


def study_days_as_days(times: pd.Series) -> pd.Series:
    """Return days from time zero of study days, of which 1 is time zero."""
    return times - (times > 0)


def days_from_zero(times: pd.Series, time: str) -> pd.Series:
    """Return days from time zero of times.

    Parameters
    ----------
    times : Series of float
        As the file has them.
    time : str
        The unit, or study_day.

    Returns
    -------
    Series of float
    """
    if time == "study_day":
        return study_days_as_days(times)
    return times * RELATIVE_DAYS[time]


def said_day(plan: DataPlan, date: object) -> str:
    """Say when something was, by its date or, without dates, by its day.

    Parameters
    ----------
    plan : DataPlan
        Whether there are dates.
    date : Timestamp
        As the tables have it.

    Returns
    -------
    str
    """
    assert isinstance(date, pd.Timestamp)
    if plan.file_unit is None:
        return f"{date:%Y-%m-%d}"
    return f"day {(date - ANCHOR) / pd.Timedelta(days=1):g}"


def study_days_of(dates: pd.Series) -> pd.Series:
    """Return the study days of dates that are counted from :data:`ANCHOR`.

    Parameters
    ----------
    dates : Series of datetime

    Returns
    -------
    Series of float
        1 is time zero, -1 the day before; missing where `dates` is.
    """
    days = (pd.to_datetime(dates) - ANCHOR).dt.days.astype("float64")
    return days + (days >= 0)


def with_dates(
    plan: DataPlan, tables: Mapping[str, pd.DataFrame], raws: Mapping[str, RawTable]
) -> dict[str, pd.DataFrame]:
    """Place records that have times in place of dates.

    Parameters
    ----------
    plan : DataPlan
        What tells when, table by table.
    tables : mapping of str to DataFrame
        Typed tables, in which such times are numbers.
    raws : mapping of str to RawTable
        Their text.

    Returns
    -------
    dict of str to DataFrame
        With dates, whole days; beside each column its cell's text (:data:`TEXT`).
    """
    result = dict(tables)
    subjects = tables["subjects"].drop_duplicates("patient").set_index("patient")
    for name, columns in TIMED.items():
        source = getattr(plan.data, name)
        if name not in tables or source is None or source.time == "date":
            continue
        frame = tables[name]
        # as the visits count, of which a study day is none
        before = 0.0 if source.time == "study_day" else plan.visits.zero_day
        zero = pd.Series(ANCHOR, frame.index)
        if plan.file_unit is None:
            dates = subjects["randomisation_date"]
            zero = pd.to_datetime(frame["patient"].map(dates.to_dict()))
        for column in columns:
            times = frame[column].astype("float64")
            days = days_from_zero(times, source.time) - before
            placed = zero + pd.to_timedelta(days // 1, unit="D")
            texts = raws[name].frame.get(column, pd.Series("", frame.index))
            frame = frame.assign(
                **{
                    column: placed.astype("datetime64[s]"),
                    column + TEXT: texts.reindex(frame.index),
                }
            )
        result[name] = frame
    return result
