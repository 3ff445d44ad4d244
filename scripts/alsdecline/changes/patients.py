"""Which records of patients were added, changed or removed between two runs.

What was measured or recorded is compared. What follows from it (baselines, changes,
flags, sums of outcomes, carried values) is counted and not listed, lest it drown the
one value that was corrected.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.changes.patient_matching import (
    Matched,
    Pair,
    Row,
    match_rows,
    plain_rows,
)
from alsdecline.jobs.recorded_runs import RecordedRun
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


def _changed_fields(pair: Pair, compared: Sequence[str]) -> list[dict[str, Any]]:
    old, new = pair
    return [
        {"field": name, "old": old[name], "new": new[name]}
        for name in compared
        if old[name] != new[name]
    ]


@dataclasses.dataclass(frozen=True)
class Dataset:
    """How the records of a dataset are compared and shown.

    Attributes
    ----------
    name : str
        Its file under results/data, without suffix.
    compared : sequence of str
        Columns that were measured or recorded.
    keys : sequence of sequence of str
        As :func:`match_rows` takes them.
    date : str
        Column of the record's date; empty where it has none.
    """

    name: str
    compared: Sequence[str]
    keys: Sequence[Sequence[str]]
    date: str = ""

    def _record(
        self, change: str, row: Row, fields: list[dict[str, Any]]
    ) -> dict[str, Any]:
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

    def records(self, matched: Matched) -> list[dict[str, Any]]:
        """List what was added, changed and removed."""

        def whole(row: Row, side: str) -> list[dict[str, Any]]:
            return [
                {"field": name, "old": None, "new": None} | {side: row[name]}
                for name in self.compared
                if row[name] is not None
            ]

        found = [
            self._record("changed", pair[1], fields)
            for pair in matched.pairs
            if (fields := _changed_fields(pair, self.compared))
        ]
        found += [self._record("removed", r, whole(r, "old")) for r in matched.removed]
        found += [self._record("added", r, whole(r, "new")) for r in matched.added]
        return found

    def followed(self, matched: Matched) -> list[dict[str, Any]]:
        """Count the records whose other columns came out different."""
        told = {"USUBJID", *self.compared}
        counts: dict[str, int] = defaultdict(int)
        for old, new in matched.pairs:
            for column in old.keys() & new.keys() - told:
                counts[column] += old[column] != new[column]
        return [
            {"dataset": self.name, "column": column, "rows": rows}
            for column, rows in sorted(counts.items())
            if rows
        ]


def _measured(name: str, frames: Sequence[pd.DataFrame]) -> Dataset:
    """Return how a BDS is compared: by dates, or by days where there are no dates."""
    dated = any(frame["ADT"].notna().any() for frame in frames)
    when = "ADT" if dated else "ADY"
    return Dataset(
        name,
        ("AVISITN", when, "AVAL"),
        [("USUBJID", "AVISITN", when), ("USUBJID", "AVISITN"), ("USUBJID", when)],
        date="ADT",
    )


def _patients(settings: Iterable[Any], columns: Iterable[str]) -> Dataset:
    """Return how ADSL is compared: what the raw files say of a patient."""
    follows = set(PATIENT_FOLLOWS)
    for plan in settings:
        follows |= set(plan.populations)
        follows |= {pooling.column for pooling in plan.data.subjects.pooled}
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


def _derived_rows(dataset: Dataset, old: list[Row], new: list[Row]) -> dict[str, int]:
    """Count what changed among rows that follow from others."""
    matched = dataset.match(old, new)
    changed = [p for p in matched.pairs if _changed_fields(p, dataset.compared)]
    return {
        "added": len(matched.added),
        "changed": len(changed),
        "removed": len(matched.removed),
    }


def _is_measured(row: Row) -> bool:
    """Tell a measured value from a sum of outcomes and from a carried value."""
    return bool(row["SRCDOM"]) and not row["DTYPE"]


def _datasets(run: RecordedRun) -> dict[str, Path]:
    """Return a run's analysis datasets, by name."""
    data = run.results / "data"
    found = {path.stem: path for path in sorted(data.glob("*.parquet"))}
    bds = {path.stem: path for path in sorted((data / "bds").glob("*.parquet"))}
    if run.settings:
        # an outcome that the plan no longer has may have left its file behind
        named = {outcome.id for outcome in run.settings.outcomes}
        bds = {name: path for name, path in bds.items() if name in named}
    return found | {f"bds/{name}": path for name, path in bds.items()}


def _compared_as(
    name: str, frames: Sequence[pd.DataFrame], runs: Sequence[RecordedRun]
) -> Dataset | None:
    if name.startswith("bds/"):
        return _measured(name, frames)
    if name == "adsl":
        both = [c for c in frames[0].columns if c in frames[1].columns]
        return _patients([r.settings for r in runs if r.settings], both)
    return {"adex": DOSES, "adae": ADVERSE_EVENTS}.get(name)


def _one_sided(
    old: Iterable[str], new: Iterable[str], key: str
) -> Iterator[dict[str, str]]:
    """Name what one side alone has."""
    for name in sorted(set(old) ^ set(new)):
        yield {key: name, "change": "added" if name in set(new) else "removed"}


def _order(record: dict[str, Any]) -> tuple[Any, ...]:
    """Order records by kind, patient, date and visit."""
    kinds = ("adsl", "bds", "adex", "adae")
    return (
        kinds.index(record["dataset"].partition("/")[0]),
        record["patient"],
        record["date"] or "",
        -1.0 if record["visit"] is None else record["visit"],
        record["parameter"] or record["term"] or "",
        record["change"],
        str(record["fields"]),
    )


def compare_records(old: RecordedRun, new: RecordedRun) -> dict[str, Any]:
    """Compare the analysis datasets of two runs, value by value and exactly.

    Parameters
    ----------
    old, new : RecordedRun
        The runs.

    Returns
    -------
    dict
        ``changes``: records added, changed and removed, each with patient, parameter
        or term, visit, date and its fields with old and new value.
        ``datasets``, ``columns``: those that one run alone has; their records are not
        listed. ``followed``: by dataset and column, how many records differ in what
        follows from others. ``derived``: by dataset, how many sums and carried values
        were added, changed and removed.
    """
    paths = _datasets(old), _datasets(new)
    result: dict[str, Any] = {
        "changes": [],
        "datasets": list(_one_sided(*paths, "dataset")),
        "columns": [],
        "followed": [],
        "derived": [],
    }
    for name in sorted(paths[0].keys() & paths[1].keys()):
        frames = [read_parquet(side[name]) for side in paths]
        dataset = _compared_as(name, frames, (old, new))
        if dataset is None:
            continue
        result["columns"] += [
            {"dataset": name} | side
            for side in _one_sided(frames[0].columns, frames[1].columns, "column")
        ]
        before, after = [plain_rows(frame) for frame in frames]
        if name.startswith("bds/"):
            counts = _derived_rows(
                dataset,
                [row for row in before if not _is_measured(row)],
                [row for row in after if not _is_measured(row)],
            )
            if any(counts.values()):
                result["derived"].append({"dataset": name} | counts)
            before, after = [
                [row for row in rows if _is_measured(row)] for rows in (before, after)
            ]
        matched = dataset.match(before, after)
        result["changes"] += dataset.records(matched)
        result["followed"] += dataset.followed(matched)
    result["changes"].sort(key=_order)
    return result
