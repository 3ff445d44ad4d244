"""Rules on the items of a scale: which are missing, and which way they count."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.datasets.visit_times import visit_days
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.parts_apart import parts_apart

VISITS_IN_A_ROW = 3
FEWEST_LACKING = 2
"""Visits of a patient in a row that lack the same items, and how many items, from which
on they seem not to have been asked. One item may be beyond a patient for long."""

CHANGED = 5
"""Patients whose item must have changed for anything to be said of its direction."""

SHARE_BETTER = 0.8
"""Share of them in whom it became better, while the others became worse."""

SIZE_BETTER = 0.1
"""Mean gain, as a share of the item's range, that is more than noise."""


def _with_items(plan: DataPlan, files: TrialFiles) -> Iterator[Outcome]:
    """Return the outcomes that are totals, of which all items are in the files."""
    visits = files.tables["visits"]
    for outcome in plan.outcomes:
        if outcome.items and not visits[outcome.items].isna().all().any():
            yield outcome


def _shown(files: TrialFiles, items: list[str]) -> str:
    if "measurements" in files.sources:
        return ", ".join(items)
    return ", ".join(files.column_name("visits", item) for item in items)


def missing_items(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits that have some items of a total, and not those that it needs."""
    visits = files.tables["visits"]
    for outcome in _with_items(plan, files):
        missing = visits[outcome.items].isna().to_numpy()
        no_total = outcome_values(plan, visits, outcome).isna().to_numpy()
        if no_total.all():  # which is told of the outcome
            continue
        partial = missing.any(axis=1) & ~missing.all(axis=1) & no_total
        if outcome.column in visits:  # which is told of the recorded total
            partial &= visits[outcome.column].isna().to_numpy()
        partial &= ~parts_apart(plan, visits, outcome).to_numpy()  # told there
        patients, rows = visits["patient"].to_numpy(), visits[ROW].to_numpy()
        remedy = (
            "enter them if they were asked"
            if outcome.missing_items == "prorate"
            else "enter them if they were asked, or say by `missing_items: prorate` "
            "that the others stand for them"
        )
        for at in np.flatnonzero(partial):
            lacking = list(np.array(outcome.items)[missing[at]])
            message = (
                f"patient {patients[at]} lacks "
                f"{_shown(files, lacking)} here, so {outcome.label} has no total; "
                f"{remedy}"
            )
            column = "" if plan.data.measurements else lacking[0]
            yield files.finding(
                "visits", Rule.ITEMS_MISSING, rows[at], column, None, message
            )


def _never_asked(missing: np.ndarray, patient: np.ndarray) -> np.ndarray:
    """Return where in the order of visits the same items begin to lack for long."""
    _, pattern = np.unique(np.packbits(missing, axis=1), axis=0, return_inverse=True)
    count = missing.sum(axis=1)
    same = (pattern[1:] == pattern[:-1]) & (patient[1:] == patient[:-1])
    begins = np.r_[True, ~same]
    length = np.bincount(np.cumsum(begins))[np.cumsum(begins)]
    some = (count >= FEWEST_LACKING) & (count < missing.shape[1])
    return np.flatnonzero(begins & some & (length >= VISITS_IN_A_ROW))


def shorter_versions(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients of whom the same items are missing visit after visit."""
    visits = files.tables["visits"]
    days = visit_days(plan, files)
    for outcome in _with_items(plan, files):
        rows = visits.assign(day=days).dropna(subset=["patient"])
        rows = rows.sort_values(["patient", "day"], kind="stable")
        rows = rows[rows[outcome.items].notna().any(axis=1)]
        if rows.empty:
            continue
        missing = rows[outcome.items].isna().to_numpy()
        begins = _never_asked(missing, rows["patient"].to_numpy())
        by_items: dict[tuple[str, ...], list[int]] = {}
        for at in begins:
            lacking = tuple(np.array(outcome.items)[missing[at]])
            by_items.setdefault(lacking, []).append(int(at))
        for lacking, places in by_items.items():
            patients = rows["patient"].iloc[places].nunique()
            message = (
                f"{_shown(files, list(lacking))} of {outcome.label} lack visit after "
                f"visit from here on ({patients} such patient{'s' * (patients > 1)}), "
                "as if an older or shorter version of the scale had been used (ALSFRS "
                "has 10 items, ALSFRS-R 12); totals of two versions are no one "
                "outcome. Check which was used"
            )
            first = int(rows[ROW].iloc[places].min())
            yield files.finding("visits", Rule.SCALE_VERSION, first, "", None, message)


def _gains(plan: DataPlan, visits: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Return by how much each item became better in each patient, last less first."""
    sign = 1 if plan.scales[outcome.scale].better == "higher" else -1
    complete = visits.dropna(subset=[*outcome.items, "patient", "day"])
    by_patient = complete.sort_values("day").groupby("patient")[outcome.items]
    return sign * (by_patient.last() - by_patient.first())


def reversed_items(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find items that become better in those in whom the others become worse."""
    visits = files.tables["visits"].assign(day=visit_days(plan, files))
    for outcome in _with_items(plan, files):
        gains = _gains(plan, visits, outcome)
        maxima = plan.scales[outcome.scale].item_maxima
        for item, most in zip(outcome.items, maxima, strict=True):
            others_worse = gains.drop(columns=item).sum(axis=1) < 0
            own = gains.loc[others_worse, item]
            changed = own[own != 0]
            better = int((changed > 0).sum())
            if (
                len(changed) < CHANGED
                or better < SHARE_BETTER * len(changed)
                or own.mean() < SIZE_BETTER * most
            ):
                continue
            message = (
                f"becomes better in {better} of {len(changed)} patients in whom it "
                f"changes and the other items of {outcome.label} become worse, as if "
                "it counted the other way round; check how it is coded, and say by "
                "`recode:` what its numbers mean if so"
            )
            table, name = files.value_cells(item)
            yield Finding.by_rule(
                Rule.ITEM_REVERSED,
                files.sources[table].place,
                None,
                name if table == "visits" else "",
                "" if table == "visits" else item,
                message if table == "visits" else f"{item} {message}",
            )
