"""Which rows are one visit of a patient, and their order in time."""

import re
from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.cell_values import says_not_planned
from alsdecline.raw.cells import ROW
from alsdecline.raw.tables import RawTable
from alsdecline.settings.data_plan import DataPlan

ORDER = "_order"
"""Column that tells the order of rows in time: by date, time of day, then row."""


_CLOCK = re.compile(
    r"(?:(?<=\d)T|[ :](?=\d\d?:))(\d\d?)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?"
    r"(?: ?([AaPp])[Mm])?",
    re.ASCII,
)


def _seconds(text: str) -> float:
    """Return the seconds since midnight that a date's cell tells; -1 for none."""
    found = _CLOCK.search(text)
    if found is None:
        return -1.0
    hour, minute, second, half = found.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + 12 * (half in "Pp")
    return 3600.0 * hours + 60.0 * int(minute or 0) + float(second or 0)


def time_of_day(raw: RawTable, column: str) -> pd.Series:
    """Return the time of day that cells of dates have.

    Parameters
    ----------
    raw : RawTable
        Text cells.
    column : str
        Our name of a column of dates.

    Returns
    -------
    Series of float
        Seconds since midnight; -1 without one, which is before all.
    """
    if column not in raw.frame:
        return pd.Series(-1.0, index=raw.frame.index)
    texts = raw.frame[column]
    return texts.map({t: _seconds(t) for t in texts.unique().tolist()}).astype(float)


def without_time_of_day(texts: pd.Series) -> pd.Series:
    """Return dates as they are written, but for a time of day behind them."""
    return texts.map({text: _CLOCK.sub("", text) for text in texts.unique().tolist()})


def same_visit(plan: DataPlan, visits: pd.DataFrame) -> pd.Series:
    """Give rows that are one visit, or of one day, the same number.

    Parameters
    ----------
    plan : DataPlan
        Which column tells the planned visit, and which when it was.
    visits : DataFrame
        Typed rows, in the order of :data:`ORDER`.

    Returns
    -------
    Series of int
        -1 for a row that is of nobody, or of no visit.
    """
    planned = plan.planned_column
    named = planned or ("visit" if "visit" in visits else None)
    time = visits[plan.time_column]
    if named is None:
        label = pd.Series(pd.NA, index=visits.index, dtype="string")
    else:
        label = visits[named].astype("string")
    on_day = label.groupby([visits["patient"], time]).transform("first")
    label = label.fillna(on_day) if planned else on_day.fillna(label)
    label = label.fillna("day " + time.astype("string"))
    keys = pd.MultiIndex.from_arrays([visits["patient"], label])
    numbers = pd.Series(pd.factorize(keys)[0], index=visits.index)
    return numbers.where(visits["patient"].notna() & label.notna(), -1)


def unplanned(names: pd.Series) -> pd.Series:
    """Tell which texts name no planned visit: none, unscheduled, screening.

    Parameters
    ----------
    names : Series of str
        What visits are called, or when they were planned.

    Returns
    -------
    Series of bool
    """
    told = {name: says_not_planned(str(name)) for name in names.dropna().unique()}
    return names.map(told).eq(True)


def unplanned_apart(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Name unplanned visits by their dates too, where a patient has several of a name.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Typed tables; the visits have dates, and the measurements too if there are any.

    Returns
    -------
    dict of str to DataFrame
        A visit keeps its name if one of the measurements of that name has no date, for
        then it is not known of which visit it is.
    """
    if "measurements" not in tables or "visit_date" not in tables["visits"]:
        return dict(tables)
    dates = {"visits": "visit_date", "measurements": "date"}
    keys = ["patient", "visit"]
    visits = tables["visits"]
    visits = visits[unplanned(visits["visit"]) & visits["visit_date"].notna()]
    days = visits.groupby(keys)["visit_date"].nunique()
    undated = tables["measurements"][tables["measurements"]["date"].isna()]
    several = days.index[days > 1]
    several = several.difference(pd.MultiIndex.from_frame(undated[keys]))
    result = dict(tables)
    for name, column in dates.items() if len(several) else ():
        frame = tables[name]
        apart = pd.MultiIndex.from_frame(frame[keys]).isin(several)
        apart &= frame[column].notna().to_numpy()
        dated = frame["visit"] + " " + frame[column].dt.strftime("%Y-%m-%d")
        result[name] = frame.assign(visit=frame["visit"].where(~apart, dated))
    return result


def place_in_time(frame: pd.DataFrame, clock: pd.Series, *by: str) -> pd.Series:
    """Give rows numbers that rise with time.

    Parameters
    ----------
    frame : DataFrame
        With the columns of `by` and :data:`ROW`.
    clock : Series of float
        From :func:`time_of_day`.
    *by : str
        Columns that come before the time of day.

    Returns
    -------
    Series of int
        Equal times have the order of the file.
    """
    ordered = frame.assign(_clock=clock).sort_values([*by, "_clock", ROW])
    return pd.Series(range(len(ordered)), ordered.index, name=ORDER)
