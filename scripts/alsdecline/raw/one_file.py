"""Several tables of one file: which of its rows are records of each, told once."""

import dataclasses
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.same_visits import unplanned, without_time_of_day
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import column_specs
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables

OF_PATIENTS = ("allocation", "events")
"""Tables with a row a patient, which a longer file repeats."""

RECORDS = (*OF_PATIENTS, "exposure", "adverse_events")
"""Tables of which a row of another need have nothing."""


def _shared(plan: DataPlan) -> set[str]:
    """Return the tables whose file is that of another too."""
    files = {name: table.place for name, table in raw_tables(plan).items()}
    times = Counter(files.values())
    return {name for name, file in files.items() if times[file] > 1}


def _columns_used(plan: DataPlan) -> dict[str, dict[str, tuple[str, str]]]:
    """Return file and column of each needed column of each table but the patient's."""
    specs, sources = column_specs(plan), raw_tables(plan)
    return {
        name: {
            ours: (table.file, table.columns.get(ours, ours))
            for ours, spec in specs[name].items()
            if ours != "patient" and spec.needed
        }
        for name, table in sources.items()
    }


def own_columns(plan: DataPlan) -> dict[str, list[str]]:
    """Return our columns of each table.

    One that need not be there is none by its name alone, where another table of the
    file has that name for something else: the end of the study is not that of a dose.
    """
    sources = raw_tables(plan)
    taken = {
        (table.place, theirs)
        for table in sources.values()
        for ours, theirs in table.columns.items()
        if ours != theirs
    }
    return {
        name: [
            ours
            for ours, spec in specs.items()
            if spec.needed
            or ours in sources[name].columns
            or (sources[name].place, ours) not in taken
        ]
        for name, specs in column_specs(plan).items()
        if name in sources
    }


def own_records(plan: DataPlan, raws: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """Leave to each table of a shared file the rows that say anything of it.

    Parameters
    ----------
    plan : DataPlan
        Which tables are of which file.
    raws : mapping of str to RawTable
        The raw tables, text by our names.

    Returns
    -------
    dict of str to RawTable
        A row without any needed cell of doses, ends, allocation or adverse events that
        is theirs alone is none of theirs. Visits and measurements of one file that has
        no name of visits have one by their time.
    """
    shared, result = _shared(plan), dict(raws)
    used = _columns_used(plan)
    for name in (name for name in RECORDS if name in shared):
        frame = raws[name].frame
        others = {c for n, own in used.items() if n != name for c in own.values()}
        # the date of a visit does not say that a dose was given then
        alone = [c for c, at in used[name].items() if c in frame and at not in others]
        if alone:
            kept = (frame[alone] != "").any(axis=1)
            result[name] = dataclasses.replace(raws[name], frame=frame[kept])
    if plan.values_with_visits:
        result |= _named_by_time(plan, raws["visits"], raws["measurements"])
    return result


def _of_row(cells: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Return the cell of each row's own row in the file; empty where there is none."""
    texts: pd.Series = rows[ROW].map(cells.to_dict()).astype("object").fillna("")
    return texts


def _named_by_time(
    plan: DataPlan, visits: RawTable, measured: RawTable
) -> dict[str, RawTable]:
    """Name visits by their time where the file does not, and date measurements."""
    time = plan.time_column
    named = plan.planned_column or time
    if named not in visits.frame and time in visits.frame:
        named = time
    of_rows, of_visits = measured.frame, visits.frame
    if "visit" not in of_visits and named in of_visits:
        of_visits = of_visits.assign(visit=of_visits[named])
    if "visit" in of_visits and time in of_visits:
        # unplanned visits have one name, or none, and are as many as their days
        names, days = of_visits["visit"], without_time_of_day(of_visits[time])
        apart = (names + " " + days).str.strip()
        of_visits = of_visits.assign(
            visit=names.where(~unplanned(names) | (days == ""), apart)
        )
    by_row = of_visits.drop_duplicates(ROW).set_index(ROW)
    if "visit" in by_row:
        name = _of_row(by_row["visit"], of_rows)
        own = of_rows.get("visit", name)
        named_so = ~unplanned(own) | (name == "")
        of_rows = of_rows.assign(visit=own.where(named_so, name))
    if "date" not in of_rows and plan.file_unit is None and time in by_row:
        of_rows = of_rows.assign(date=_of_row(by_row[time], of_rows))
    return {
        "visits": dataclasses.replace(visits, frame=of_visits),
        "measurements": dataclasses.replace(measured, frame=of_rows),
    }


def told_once(
    plan: DataPlan, tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Drop records that a shared file repeats.

    Parameters
    ----------
    plan : DataPlan
        Which tables are of which file.
    tables : mapping of str to DataFrame
        Typed tables.

    Returns
    -------
    dict of str to DataFrame
        Of equal records of a patient the first; different ones are left. Equal doses
        and adverse events are one where they stand beside visits, and those of rows of
        their own are left, for a dose may be given twice.
    """
    shared, result = _shared(plan), dict(tables)
    once = [name for name in OF_PATIENTS if name in shared]
    sources, beside = raw_tables(plan), set(tables["visits"][ROW])
    for name in RECORDS:
        with_visits = name in shared and sources[name].place == plan.data.visits.place
        if name in once or with_visits:
            frame = tables[name]
            again = frame.duplicated([c for c in frame if c != ROW])
            again &= name in once or frame[ROW].isin(beside)
            result[name] = frame[~again]
    if plan.values_with_visits:
        visits = tables["visits"]
        again = visits.duplicated([c for c in visits if c != ROW])
        result["visits"] = visits[~again]
    return result
