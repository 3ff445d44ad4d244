"""Rules on recorded totals: they are what their parts or items give."""

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.long_files import row_of
from alsdecline.raw.rules import Rule
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan

SUM_TOLERANCE = 1e-9

LATER_ITEMS = 3
"""Last items that an older version may lack; of ALSFRS-R, ALSFRS lacks two."""


def _half_a_unit(value: float) -> float:
    """Return half a unit of a number's last decimal."""
    decimals = -int(Decimal(repr(value)).as_tuple().exponent) if value % 1 else 0
    return 0.5 * 10.0**-decimals


def _disagreements(
    files: TrialFiles, outcome: Outcome, derived: pd.Series
) -> Iterator[tuple[int, dict[Hashable, Any], float]]:
    """Find recorded totals that differ from what their parts or items give.

    Yields the visit's position, the total there with its row, and what it should be.
    """
    visits = files.visit_rows
    column = str(outcome.column)
    recorded = visits[column]
    tolerance = pd.Series(SUM_TOLERANCE, index=visits.index)
    if outcome.items:  # a prorated total may be recorded rounded
        rounded = visits[outcome.items].isna().any(axis=1) & recorded.notna()
        tolerance[rounded] += recorded[rounded].map(_half_a_unit)
    gap = (recorded - derived).abs() > tolerance
    records = visits.loc[gap, [column, row_of(column), *outcome.items]]
    positions = np.flatnonzero(gap)
    for at, record in zip(positions, records.to_dict("records"), strict=True):
        yield int(at), record, derived.iloc[at]


def _unused_totals(
    files: TrialFiles, outcome: Outcome, derived: pd.Series
) -> Iterator[Finding]:
    """Find recorded totals of visits that lack the parts to make them of."""
    column = str(outcome.column)
    visits = files.visit_rows
    unused = visits[visits[column].notna() & derived.isna()]
    if unused.empty or derived.isna().all():
        return
    message = (
        f"parts of {outcome.label} are missing, so this total is not used; enter them "
        f"if they are known{further_rows(len(unused))}"
    )
    first = unused.sort_values(row_of(column)).iloc[0]
    yield files.value_finding(
        Rule.UNUSED_TOTAL, first[row_of(column)], column, first[column], message
    )


def _name_of(files: TrialFiles, outcome: Outcome) -> str:
    """Name an outcome by its column, or by its label where it is a total of items."""
    if outcome.items:
        return outcome.label
    return files.column_name("visits", str(outcome.column))


def _of_a_shorter_version(record: Mapping[Hashable, Any], outcome: Outcome) -> str:
    """Say by how many items a recorded total is made, where not by all of them."""
    if len(outcome.items) <= 2 * LATER_ITEMS:
        return ""
    points = pd.Series([float(record[item]) for item in outcome.items])
    for left_out in range(1, LATER_ITEMS + 1):
        first = points.iloc[:-left_out]
        if points.iloc[-left_out:].sum() and first.sum() == record[str(outcome.column)]:
            return (
                f" (items 1 to {len(first)} alone give {first.sum():g}, as an older "
                "version of the scale may have)"
            )
    return ""


def _incomplete(record: Mapping[Hashable, Any], outcome: Outcome) -> str:
    """Say which items a prorated total lacks, for the recorded one may know them."""
    lacking = [item for item in outcome.items if pd.isna(record[item])]
    if not lacking:
        return ""
    return (
        f", prorated without {', '.join(lacking)}; enter what is missing if it is "
        "known, as the recorded total may have it"
    )


def wrong_totals(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find recorded totals that are wrong, and those that lack their parts."""
    known = {outcome.id: outcome for outcome in plan.outcomes}
    for outcome in plan.outcomes:
        column = outcome.column
        if column is None or not (outcome.sum_of or outcome.items):
            continue
        items = files.visit_rows[outcome.items]
        if items.isna().all().any():  # of an item that is absent, which is told already
            continue
        parts = {
            _name_of(files, known[part]): outcome_values(
                plan, files.visit_rows, known[part]
            )
            for part in outcome.sum_of
        }
        totals = outcome_values(plan, files.visit_rows, outcome)
        yield from _unused_totals(files, outcome, totals)
        for at, record, derived in _disagreements(files, outcome, totals):
            shown = " + ".join(
                f"{name} {values.iloc[at]:g}" for name, values in parts.items()
            )
            shown = shown or f"the total of the items of {outcome.label}"
            version = _of_a_shorter_version(record, outcome)
            yield files.value_finding(
                Rule.SUM,
                record[row_of(column)],
                column,
                record[column],
                (
                    f"{shown} is {derived:g}{version}{_incomplete(record, outcome)}; "
                    "correct the part or the sum if one is wrong. The recorded total "
                    f"is but checked: without `column:` of outcome {outcome.id!r} it "
                    "is not"
                ),
            )
