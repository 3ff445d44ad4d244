"""Which rows of patients' data were added, changed or removed between two runs.

What was measured or recorded is compared. What follows from it (baselines, changes,
flags, sums of outcomes, carried values) is counted and not listed, lest it drown the
one value that was corrected.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from alsdecline.changes.comparison import (
    DerivedRowCounts,
    FieldChange,
    FollowedColumn,
    OneSided,
    PatientChanges,
    RowChange,
)
from alsdecline.changes.patient_matching import (
    Matched,
    Row,
    match_rows,
    plain_rows,
)
from alsdecline.datasets.study_time import LOCF
from alsdecline.finished_results import read_finished
from alsdecline.jobs.recorded_runs import RecordedRun
from alsdecline.settings.trial import Settings
from alsdecline.stable_files import read_parquet

PATIENT_FOLLOWS = frozenset(
    [
        "STUDYID",
        "TRT01P",
        "TRT01PN",
        "TRTSDT",
        "TRTEDT",
        "ZERODT",
        "ITTFL",
        "SAFFL",
        "DTHDT",
    ]
)
"""Columns of ADSL that follow from other files, other columns or the settings."""


def _changed_fields(old: Row, new: Row, compared: Sequence[str]) -> list[FieldChange]:
    """List the fields that differ; a side without a row has none of them."""
    return [
        {"field": name, "old": old.get(name), "new": new.get(name)}
        for name in compared
        if old.get(name) != new.get(name)
    ]


@dataclasses.dataclass(frozen=True)
class Dataset:
    """How the rows of a dataset are compared and shown.

    Attributes
    ----------
    name : str
        Its file under results/data, without suffix.
    compared : sequence of str
        Columns that were measured or recorded.
    keys : sequence of sequence of str
        As :func:`match_rows` takes them.
    date : str
        Column of the row's date; empty where it has none.
    """

    name: str
    compared: Sequence[str]
    keys: Sequence[Sequence[str]]
    date: str = ""

    def _change(
        self,
        change: Literal["added", "changed", "removed"],
        row: Row,
        fields: list[FieldChange],
    ) -> RowChange:
        return {
            "dataset": self.name,
            "change": change,
            "patient": row["USUBJID"],
            "parameter": row.get("PARAMCD"),
            "term": row.get("AETERM"),
            "visit": row.get("AVISITN"),
            "date": row.get(self.date),
            "fields": fields,
        }

    def match(self, old: list[Row], new: list[Row]) -> Matched:
        """Match the rows of two runs."""
        return match_rows(old, new, ("USUBJID", *self.compared), self.keys)

    def changes(self, matched: Matched) -> list[RowChange]:
        """List what was added, changed and removed."""
        found = [
            self._change("changed", new, fields)
            for old, new in matched.pairs
            if (fields := _changed_fields(old, new, self.compared))
        ]
        for row in matched.removed:
            fields = _changed_fields(row, {}, self.compared)
            found.append(self._change("removed", row, fields))
        for row in matched.added:
            fields = _changed_fields({}, row, self.compared)
            found.append(self._change("added", row, fields))
        return found

    def followed(self, matched: Matched) -> list[FollowedColumn]:
        """Count the rows whose other columns came out different."""
        listed = {"USUBJID", *self.compared}
        counts: dict[str, int] = defaultdict(int)
        for old, new in matched.pairs:
            for column in old.keys() & new.keys() - listed:
                counts[column] += old[column] != new[column]
        return [
            {"dataset": self.name, "column": column, "rows": rows}
            for column, rows in sorted(counts.items())
            if rows
        ]


def _measured(name: str, frames: Sequence[pd.DataFrame]) -> Dataset:
    """Return how a BDS is compared: by dates, or by days where there are no dates."""
    dated = any(frame["ADT"].notna().any() for frame in frames)
    when = "ADT" if dated else "ARELTM"
    return Dataset(
        name,
        ("AVISITN", when, "AVAL"),
        [("USUBJID", "AVISITN", when), ("USUBJID", "AVISITN"), ("USUBJID", when)],
        date="ADT",
    )


def _patients(settings_of_runs: Iterable[Settings], columns: Iterable[str]) -> Dataset:
    """Return how ADSL is compared: what the raw files say of a patient."""
    follows = set(PATIENT_FOLLOWS)
    for settings in settings_of_runs:
        follows |= set(settings.populations)
        follows |= {pooling.column for pooling in settings.data.subjects.pooled}
    compared = [c for c in columns if c not in follows and c != "USUBJID"]
    return Dataset("adsl", compared, [("USUBJID",)])


DOSES = Dataset(
    "adex",
    ("ASTDT", "AENDT", "ADOSE"),
    [("USUBJID", "ASTDT", "ADOSE"), ("USUBJID", "ASTDT")],
    date="ASTDT",
)
ADVERSE_EVENTS = Dataset(
    "adae",
    ("AETERM", "ASTDT", "AENDT", "AESEV", "AESER", "AEREL"),
    [("USUBJID", "AETERM", "ASTDT")],
    date="ASTDT",
)


def _derived_counts(
    dataset: Dataset, old: list[Row], new: list[Row]
) -> DerivedRowCounts:
    """Count what changed among rows that follow from others."""
    matched = dataset.match(old, new)
    changed = [p for p in matched.pairs if _changed_fields(*p, dataset.compared)]
    return {
        "dataset": dataset.name,
        "added": len(matched.added),
        "changed": len(changed),
        "removed": len(matched.removed),
    }


def _is_measured(row: Row) -> bool:
    """Tell a measured value from a sum of outcomes and from a carried value."""
    return bool(row["SRCDOM"]) and row["DTYPE"] != LOCF


def _datasets(run: RecordedRun) -> dict[str, Path]:
    """Return a run's analysis datasets, by name."""
    data = run.results / "data"
    found = {path.stem: path for path in sorted(data.glob("*.parquet"))}
    bds = {path.stem: path for path in sorted((data / "bds").glob("*.parquet"))}
    if run.settings:
        # an outcome that the settings no longer have may have left its file behind
        named = {outcome.id for outcome in run.settings.outcomes}
        bds = {name: path for name, path in bds.items() if name in named}
    return found | {f"bds/{name}": path for name, path in bds.items()}


def _compared_as(
    name: str, frames: Sequence[pd.DataFrame], runs: Sequence[RecordedRun]
) -> Dataset | None:
    if name.startswith("bds/"):
        return _measured(name, frames)
    if name == "adsl":
        shared = [c for c in frames[0].columns if c in frames[1].columns]
        return _patients([r.settings for r in runs if r.settings], shared)
    return {"adex": DOSES, "adae": ADVERSE_EVENTS}.get(name)


def _one_sided(
    old: Iterable[str], new: Iterable[str]
) -> Iterator[tuple[str, OneSided]]:
    """Name what one side alone has."""
    for name in sorted(set(old) ^ set(new)):
        yield name, "added" if name in set(new) else "removed"


def _order(change: RowChange) -> tuple[Any, ...]:
    """Order rows by kind, patient, date and visit."""
    kinds = ("adsl", "bds", "adex", "adae")
    return (
        kinds.index(change["dataset"].partition("/")[0]),
        change["patient"],
        change["date"] or "",
        -1.0 if change["visit"] is None else change["visit"],
        change["parameter"] or change["term"] or "",
        change["change"],
        str(change["fields"]),
    )


def _split(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Part measured values from those that follow from others."""
    measured: list[Row] = []
    derived: list[Row] = []
    for row in rows:
        (measured if _is_measured(row) else derived).append(row)
    return measured, derived


def compare_patients(old: RecordedRun, new: RecordedRun) -> PatientChanges:
    """Compare the analysis datasets of two runs, value by value and exactly.

    Parameters
    ----------
    old, new : RecordedRun
        The runs.

    Returns
    -------
    PatientChanges
    """
    paths = _datasets(old), _datasets(new)
    found: PatientChanges = {
        "changes": [],
        "datasets": [
            {"dataset": name, "change": change} for name, change in _one_sided(*paths)
        ],
        "columns": [],
        "followed": [],
        "derived": [],
    }
    for name in sorted(paths[0].keys() & paths[1].keys()):
        frames = [read_finished(read_parquet, side[name]) for side in paths]
        dataset = _compared_as(name, frames, (old, new))
        if dataset is None:
            continue
        found["columns"] += [
            {"dataset": name, "column": column, "change": change}
            for column, change in _one_sided(frames[0].columns, frames[1].columns)
        ]
        before, after = [plain_rows(frame) for frame in frames]
        if name.startswith("bds/"):
            before, derived_before = _split(before)
            after, derived_after = _split(after)
            counts = _derived_counts(dataset, derived_before, derived_after)
            if counts["added"] or counts["changed"] or counts["removed"]:
                found["derived"].append(counts)
        matched = dataset.match(before, after)
        found["changes"] += dataset.changes(matched)
        found["followed"] += dataset.followed(matched)
    found["changes"].sort(key=_order)
    return found
