"""Totals and sums whose items or parts were taken on several days of one visit."""

from collections.abc import Iterator

import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan


def parts_apart(plan: DataPlan, visits: pd.DataFrame, outcome: Outcome) -> pd.Series:
    """Tell which rows of visits have some parts, and those of their visit all of them.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    visits : DataFrame
        Typed, with their values.
    outcome : Outcome
        A total of items or a sum of outcomes; of others there is none.

    Returns
    -------
    Series of bool
        Never where `repeats:` says which values of a visit count.
    """
    apart = pd.Series(data=False, index=visits.index)
    planned = plan.planned_column
    # rows of a visit are several where each value of a file keeps its own day
    several = plan.values_with_visits and plan.visits.repeats == "refuse"
    if not several or planned not in visits:
        return apart
    known = {o.id: o for o in plan.outcomes}
    sums = [outcome_values(plan, visits, known[part]) for part in outcome.sum_of]
    parts = pd.concat(sums, axis=1) if sums else visits[outcome.items]
    there = parts.notna()[visits[["patient", planned]].notna().all(axis=1)]
    if not len(there.columns) or there.empty:
        return apart
    keys = [visits.loc[there.index, key] for key in ("patient", planned)]
    of_visit = there.groupby(keys).transform("any").all(axis=1)
    in_one = there.all(axis=1).groupby(keys).transform("any")
    apart[there.index] = of_visit & ~in_one & there.any(axis=1)
    return apart


def totals_apart(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits whose items or parts were taken on several days, so not summed."""
    visits, planned = files.tables["visits"], plan.planned_column
    for outcome in (o for o in plan.outcomes if o.items or o.sum_of):
        rows = visits[parts_apart(plan, visits, outcome)]
        for (patient, _), records in rows.groupby(["patient", planned], sort=True):
            at = " and ".join(f"{int(row)}" for row in sorted(records[ROW]))
            what = "items" if outcome.items else "parts"
            message = (
                f"patient {patient} has all {what} of {outcome.label} at this visit, "
                f"but on several days (rows {at}), so they make no one total; say "
                "`repeats: first` below `visits:` to take them together, or correct "
                "the dates"
            )
            row = int(records[ROW].min())
            yield files.finding("visits", Rule.ITEMS_MISSING, row, "", None, message)
