"""The report shows each decision on the data, and who was left out and why."""

import pandas as pd

from alsdecline.raw.trial_decisions import TABLE_COLUMNS
from alsdecline.report.decisions import decisions_of

ROWS = [
    {
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
    },
    *(
        {
            "kind": "exclusion",
            "patient": name,
            "arm": arm,
            "who": "CM",
            "when": "2006-02-03",
            "why": "consent withdrawn",
        }
        for name, arm in (("P3", "high"), ("P2", "high"), ("P7", "low"))
    ),
]
DECISIONS = pd.DataFrame(ROWS, columns=list(TABLE_COLUMNS), dtype="object").fillna("")
ARMS = {"low": "0.5 µg/kg", "high": "3 µg/kg"}


def test_who_was_left_out_is_counted_by_arm_with_the_reason() -> None:
    assert decisions_of(DECISIONS, ARMS)["left_out"] == [
        ("2 patients in 3 µg/kg (P2 and P3)", "consent withdrawn"),
        ("1 patient in 0.5 µg/kg (P7)", "consent withdrawn"),
    ]


def test_while_blinded_no_arm_is_named() -> None:
    left_out = decisions_of(DECISIONS.assign(arm=""), {})["left_out"]
    assert left_out == [("3 patients (P2, P3 and P7)", "consent withdrawn")]


def test_each_decision_is_printed_with_who_when_and_why() -> None:
    printed = decisions_of(DECISIONS, ARMS)
    assert printed["counts"] == (
        "1 correction and 3 exclusions; the raw files stay as they are."
    )
    assert printed["table"].rows[0] == [
        "P1",
        "2",
        "correction",
        "data/visits.csv, row 3, limb",
        "550",
        "55",
        "AB, 2006-02-01",
        "source",
    ]
    assert printed["table"].rows[1][3:6] == ["all records", "", "left out"]


def test_of_no_decision_nothing_is_said() -> None:
    printed = decisions_of(DECISIONS.iloc[:0], ARMS)
    assert (printed["counts"], printed["left_out"]) == ("", [])
