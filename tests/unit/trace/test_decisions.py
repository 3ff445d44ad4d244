"""A trace shows what was decided on the rows that a value comes from."""

from pathlib import Path

from alsdecline.raw.decisions import AppliedDecision, Decision
from alsdecline.raw.trial_decisions import decisions_table
from alsdecline.stable_files import write_csv
from alsdecline.trace.answer import RawRows
from alsdecline.trace.decisions import DECISIONS, decisions_on
from alsdecline.trace.results import TrialResults
from alsdecline.trace.text import _raw_lines

SIGNED = {"who": "AB", "when": "2006-02-01", "why": "the source says 55"}


def decided(kind: str, row: int, column: str, value: str, new: str) -> AppliedDecision:
    """Return a decision on a cell of the visits, in row 3 or 5 of its file."""
    texts = {"file": "data/visits.csv", "patient": "P1", "visit": "2", "rule": ""}
    decision = Decision(
        row=row,
        kind=kind,  # type: ignore[arg-type]
        column=column,
        value=value,
        new_value=new,
        keys=(),
        **texts,
        **SIGNED,
    )
    return AppliedDecision(decision, (row,), column)


def test_decisions_of_a_row_stand_beside_it(tmp_path: Path) -> None:
    write_csv(
        tmp_path / DECISIONS,
        decisions_table(
            [
                decided("correction", 3, "limb", "=550", "55"),
                decided("exclusion", 5, "fvc", "12", ""),
            ]
        ),
    )
    found = decisions_on(TrialResults(tmp_path), {"data/visits.csv"}, {2, 3})
    assert [(d["row"], d["value"], d["new_value"]) for d in found] == [
        (3, "=550", "55")
    ]
    rows: RawRows = {
        "file": "data/visits.csv",
        "sheet": "",
        "sha256": "0" * 64,
        "state": "unchanged",
        "columns": ["limb"],
        "count": 1,
        "rows": [{"row": 3, "USUBJID": "P1", "variables": ["AVAL"]}],
        "decisions": found,
    }
    assert (
        "decision    correction of row 3, column limb '=550' to '55'; AB, 2006-02-01: "
        "the source says 55"
    ) in list(_raw_lines(rows))


def test_results_of_before_there_were_decisions_have_none(tmp_path: Path) -> None:
    assert decisions_on(TrialResults(tmp_path), {"data/visits.csv"}, {2, 3}) == []
