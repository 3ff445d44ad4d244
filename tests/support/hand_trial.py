"""A trial of a few patients, small enough to do by hand, in a folder of its own."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.raw.files import TrialFiles, read_trial_files
from alsdecline.raw.findings import Finding, sort_findings
from alsdecline.raw.rules import Rule
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.consistency import check_consistency

PLAN: dict[str, Any] = {
    "study": "HAND-2",
    "data": {
        "subjects": {"file": "subjects.csv"},
        "visits": {"file": "visits.csv"},
        "cutoff": "2020-12-31",
    },
    "arms": {
        "reference": "a",
        "groups": [
            {"id": "a", "label": "Arm A", "dose": 0},
            {"id": "b", "label": "Arm B", "dose": 2},
        ],
    },
    "scales": {
        "score": {
            "name": "score",
            "unit": "points",
            "minimum": 0,
            "maximum": 10,
            "whole_points": True,
            "better": "higher",
            "item_maxima": [2, 3, 5],
            "source": "made up",
        }
    },
    "outcomes": [
        {
            "id": "score",
            "label": "Score",
            "parameter": "SCORE",
            "scale": "score",
            "column": "score",
        }
    ],
    "visits": {"weeks": [0, 4, 8], "window_days": 6},
    "time_origin": "randomisation",
}
"""Two arms, placebo and 2 mg; a score of 0 to 10; visits at weeks 0, 4 and 8."""

ITEMS = {"items": ["i1", "i2", "i3"], "column": None}
"""In place of its column: the score as the total of three items."""

SUBJECTS = "patient,arm,randomisation_date\nP1,a,2020-01-01\nP2,b,2020-02-01\n"

# day 0, 28 and 56 of each; 2020 is a leap year
VISITS = """\
patient,visit_week,visit_date,score
P1,0,2020-01-01,8
P1,4,2020-01-29,7
P1,8,2020-02-26,5
P2,0,2020-02-01,9
P2,4,2020-02-29,6
P2,8,2020-03-28,4
"""


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(dict(base))
    for key, value in changes.items():
        inner = result.get(key)
        both = isinstance(value, Mapping) and isinstance(inner, Mapping)
        result[key] = _merged(inner, value) if both else value
    return result


def plan_of(outcome: Mapping[str, Any] | None = None, **changes: Any) -> DataPlan:
    """Change the plan; mappings are merged, all else is replaced.

    `outcome` changes the one outcome.
    """
    plan = _merged(PLAN, changes)
    if outcome:
        plan["outcomes"] = [_merged(plan["outcomes"][0], outcome)]
    known = {name: s.model_dump() for name, s in catalogue().scales.items()}
    return DataPlan.model_validate(plan | {"scales": known | plan["scales"]})


def findings_in(
    folder: Path, plan: DataPlan, **texts: str | bytes
) -> tuple[TrialFiles, list[Finding]]:
    """Write raw files (subjects and visits unless given), read and check them.

    That a patient of so small a trial has no value after time zero is not listed, nor
    are notes.
    A text is the content of a CSV file, bytes that of the file which the plan names.
    """
    for name, content in ({"subjects": SUBJECTS, "visits": VISITS} | texts).items():
        table = getattr(plan.data, name)
        if table is None:
            continue
        raw = content.encode() if isinstance(content, str) else content
        (folder / table.file).write_bytes(raw)
    files, found = read_trial_files(plan, folder)
    found += check_consistency(plan, files)
    found = [finding for finding in found if finding.severity != "note"]
    others = [finding for finding in found if finding.rule != Rule.NO_FOLLOW_UP]
    return files, sort_findings(others)


def told(findings: list[Finding]) -> list[str]:
    """Return findings as lines."""
    return [str(finding) for finding in findings]


def datasets_of(
    folder: Path, plan: DataPlan, **texts: str | bytes
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], TrialFiles]:
    """Return ADSL, the BDS of each outcome and the tables of a trial without faults."""
    files, findings = findings_in(folder, plan, **texts)
    assert not [line for line in told(findings) if line.startswith("fatal")]
    adsl = subject_level(plan, files)
    return adsl, analysis_values(plan, measured_values(plan, files, adsl), adsl), files


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Return columns as tuples, missing values as None and dates as text."""
    shown = [
        [
            None if pd.isna(v) else str(v.date()) if isinstance(v, pd.Timestamp) else v
            for v in frame[column]
        ]
        for column in columns
    ]
    return list(zip(*shown, strict=True))
