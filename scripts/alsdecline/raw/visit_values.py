"""Values of outcomes beside their visits, be they columns there or rows of a file."""

import pandas as pd

from alsdecline.raw.administrations import lay_out_repeated
from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding
from alsdecline.raw.long_files import (
    lay_out_by_visit,
    misplaced_measurements,
    repeated_measurements,
    row_of,
)
from alsdecline.raw.same_visits import ORDER, place_in_time, time_of_day
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import value_specs
from alsdecline.settings.data_plan import DataPlan


def visits_with_values(
    plan: DataPlan, tables: dict[str, pd.DataFrame], raws: dict[str, RawTable]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the visits with their values, wherever these stand.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    tables : dict of str to DataFrame
        Typed.
    raws : dict of str to RawTable
        Their text.

    Returns
    -------
    DataFrame
        A row a visit; where `visits: repeats:` chooses, a row each time that anything
        was measured, with its place in time.
    list of Finding
        Of measurements one a row that are of no visit, or repeated.
    """
    values, visits = list(value_specs(plan)), tables["visits"]
    chosen = plan.visits.repeats != "refuse"
    if "measurements" not in tables:
        visits = visits.assign(**{row_of(name): visits[ROW] for name in values})
        if chosen:
            time = plan.time_column
            clock = time_of_day(raws["visits"], time)
            visits[ORDER] = place_in_time(visits, clock, time)
        return visits, []
    measured, raw = tables["measurements"], raws["measurements"]
    known = set(tables["subjects"]["patient"].dropna())
    if not chosen and not plan.values_with_visits:
        return lay_out_by_visit(visits, measured, raw, known, values)
    laid = lay_out_repeated(
        visits,
        measured,
        time_of_day(raw, "date"),
        plan.time_column,
        {
            column: number
            for number, outcome in enumerate(plan.outcomes)
            for column in (*outcome.items, outcome.column)
            if column is not None
        },
        plan.visits.repeats == "last",
    )
    found = misplaced_measurements(visits, measured, raw, known)
    if chosen:
        return laid, found
    return laid.drop(columns=ORDER), found + repeated_measurements(measured, raw)
