"""Measurements that were taken several times at a visit, laid out side by side."""

from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.long_files import KEYS, row_of
from alsdecline.raw.same_visits import ORDER, place_in_time

_DATED = [*KEYS, "visit_date"]


def _visit_of(
    visits: pd.DataFrame, measurements: pd.DataFrame, time: str, keep_last: bool
) -> pd.Series:
    """Return the row of the visits that each measurement is of.

    Of several of one name it is that of the measurement's date, else the first.
    """
    ordered = visits.sort_values([*KEYS, time, ROW])
    in_order = ordered[::-1] if keep_last else ordered
    of_name = in_order.drop_duplicates(KEYS).reset_index().set_index(KEYS)
    found = of_name["index"].reindex(pd.MultiIndex.from_frame(measurements[KEYS]))
    place = pd.Series(found.to_numpy(), index=measurements.index)
    if "visit_date" in visits:
        of_day = ordered.drop_duplicates(_DATED).reset_index().set_index(_DATED)
        keys = pd.MultiIndex.from_frame(measurements[[*KEYS, "date"]])
        exact = pd.Series(of_day["index"].reindex(keys).to_numpy(), measurements.index)
        place = exact.where(measurements["date"].notna() & exact.notna(), place)
    return place


def lay_out_repeated(
    visits: pd.DataFrame,
    measurements: pd.DataFrame,
    clock: pd.Series,
    time: str,
    together: Mapping[str, int],
    keep_last: bool,
) -> pd.DataFrame:
    """Put measurements beside their visits, each time that they were taken in a row.

    Parameters
    ----------
    visits : DataFrame
        Typed; patient, visit and when it was. A visit may stand in several rows.
    measurements : DataFrame
        Typed; those of no visit are left out.
    clock : Series of float
        Time of day of each measurement, from
        :func:`alsdecline.raw.same_visits.time_of_day`.
    time : str
        Our column that tells when a visit was.
    together : mapping of str to int
        Parameters that are used, by what is told by several as its items.
    keep_last : bool
        Whether a measurement without a date belongs to the last of several rows of its
        visit, not the first.

    Returns
    -------
    DataFrame
        A row for each time that anything was measured at a visit, with a column for
        each parameter, the row of its cell, and the place in time.
    """
    used = measurements.dropna(subset=[*KEYS, "parameter"])
    used = used.assign(_at=_visit_of(visits, used, time, keep_last))
    used = used.dropna(subset=["_at"])
    clock = clock.reindex(used.index)
    used[ORDER] = place_in_time(used, clock, "date")
    used["_clock"] = clock
    used = used.sort_values(ORDER)
    used["_day"] = pd.factorize(used["date"])[0]
    used["_of"] = used["parameter"].map(together)
    # items were taken together that are the first, the second ... of theirs; where some
    # were not each time, those of one time of day
    day = ["_at", "_day", "_of"]
    times = used.groupby([*day, "parameter"])[ORDER].transform("size")
    uneven = times.groupby([used[key] for key in day]).transform("nunique") > 1
    used["_clock"] = used["_clock"].where(uneven, -1.0)
    used["_time"] = used.groupby(["_at", "_day", "_clock", "parameter"]).cumcount()
    # cells without a value count too, for what is missing was not measured later
    used = used.dropna(subset=["value"])
    taken = ["_at", "_day", "_clock", "_time"]
    wide = used.pivot_table(
        index=taken, columns="parameter", values=["value", ROW], aggfunc="first"
    )
    columns = {}
    for parameter in together:
        columns[parameter] = wide.get(("value", parameter))
        columns[row_of(parameter)] = wide.get((ROW, parameter))
    laid = pd.DataFrame(columns, index=wide.index, dtype="float64")
    laid[ORDER] = used.groupby(taken)[ORDER].min()
    laid = laid.reset_index().drop(columns=["_day", "_clock", "_time"])
    joined = visits.merge(laid, left_index=True, right_on="_at", how="inner")
    joined = joined.sort_values([time, ORDER]).drop(columns="_at")
    joined[ORDER] = range(len(joined))
    return joined.sort_values([*KEYS, ORDER], ignore_index=True)
