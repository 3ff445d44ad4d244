"""Decisions on the data that differ are told, wherever their rows stand."""

from pathlib import Path

import pandas as pd

from alsdecline.changes.page import diff_text
from alsdecline.changes.runs import diff
from alsdecline.raw.trial_decisions import TABLE_COLUMNS
from alsdecline.stable_files import write_csv
from support.hand_runs import hand_run, record


def run(folder: Path, decisions: list[dict[str, object]] | None) -> Path:
    """Make a run with these decisions; None of before there were any."""
    made = hand_run(folder, datasets={}, tables={}, records=[record("ingest")])
    if decisions is not None:
        frame = pd.DataFrame(
            decisions, columns=list(TABLE_COLUMNS), dtype="object"
        ).fillna("")
        (folder / "results/lineage").mkdir(parents=True, exist_ok=True)
        write_csv(folder / "results/lineage/decisions.csv", frame)
    return made


CORRECTED: dict[str, object] = {
    "kind": "correction",
    "file": "data/visits.csv",
    "rows": "3",
    "patient": "P1",
    "visit": "2",
    "column": "limb",
    "value": "550",
    "new_value": "55",
    "who": "AB",
    "when": "2006-02-01",
    "why": "source",
    "decided_in": 2,
}
EXCLUDED = {**CORRECTED, "kind": "exclusion", "patient": "P2", "new_value": ""}


def test_added_changed_and_removed_decisions_are_listed(tmp_path: Path) -> None:
    changed = {**CORRECTED, "new_value": "54", "rows": "9", "decided_in": 7}
    old = run(tmp_path / "old", [CORRECTED, EXCLUDED])
    new = run(tmp_path / "new", [changed, {**EXCLUDED, "patient": "P3"}])
    found = diff(old, new)
    told = [(d["change"], d["of"]["patient"]) for d in found["decisions"]]
    assert told == [("changed", "P1"), ("removed", "P2"), ("added", "P3")]
    assert found["decisions"][0]["fields"] == [
        {"field": "new_value", "old": "55", "new": "54"}
    ]
    text = diff_text(found)
    assert "3 decisions on the data changed." in text
    assert not found["same"]


def test_of_rows_that_moved_nothing_is_told(tmp_path: Path) -> None:
    old = run(tmp_path / "old", [CORRECTED])
    new = run(tmp_path / "new", [{**CORRECTED, "rows": "9", "decided_in": 7}])
    assert diff(old, new)["same"]


def test_a_run_of_before_there_were_decisions_has_none(tmp_path: Path) -> None:
    found = diff(run(tmp_path / "old", None), run(tmp_path / "new", []))
    assert (found["decisions"], found["same"]) == ([], True)
