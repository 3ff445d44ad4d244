"""Whatever stands in a raw file, it is a finding or a value, never a traceback.

The trial has all that a trial may have: items, measurements one a row, windows,
pooled sites, titration, periods of dosing, populations and values carried forward.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alsdecline.datasets.adsl import subject_level, with_population_flags
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import value_lineage
from support.hand_trial import ITEMS, PLAN, findings_in, plan_of

ITEM_TOTAL = {
    **PLAN["outcomes"][0],
    **ITEMS,
    "column": "TOTAL",
    "missing_items": "prorate",
}
SUM = {"id": "sum", "label": "Sum", "parameter": "SUM", "scale": "fvc_percent"}
FVC = {"id": "fvc", "label": "FVC", "parameter": "FVC", "scale": "fvc_percent"}
TRIAL = plan_of(
    data={
        "subjects": {
            "where": {"arm": ["a", "b"]},
            "characteristics": [{"column": "age", "label": "Age", "kind": "number"}],
            "pooled": [{"column": "SG", "of": "site", "fewest": 2, "label": "small"}],
        },
        "measurements": {"file": "long.csv"},
        "exposure": {"file": "exposure.csv"},
        "events": {
            "file": "events.csv",
            "columns": {"reason": "event"},
            "recode": {
                "event": {"END": "completed", "DEATH": "died", "*": "withdrawn"}
            },
        },
        "adverse_events": {"file": "adverse.csv"},
    },
    arms={
        "groups": [
            {"id": "a", "label": "A", "dose": 0},
            {"id": "b", "label": "B", "dose": 2, "titration": [1]},
        ]
    },
    outcomes=[
        ITEM_TOTAL,
        {**FVC, "column": "FVC"},
        {**SUM, "sum_of": ["score", "fvc"]},
    ],
    visits={
        "window_days": None,
        "carry_forward": "baseline",
        "windows": [
            {"week": 0, "to_day": 1, "target_day": 1},
            {"week": 4, "from_day": 2, "to_day": 40, "target_day": 29},
            {"week": 8, "from_day": 45, "target_day": 57},
        ],
    },
    time_origin="first_dose",
    populations={
        "EFFFL": {"label": "E", "dosed": True, "values_after_baseline": ["sum"]}
    },
)
DATES = ("2020-01-01", "2020-01-29", "2020-02-26")
VALUES = {"i1": 1, "i2": 2, "i3": 4, "TOTAL": 7, "FVC": 80.5}
RAW = {
    "subjects": [
        "patient,arm,randomisation_date,age,site",
        *(f"P{i},{arm},2020-01-01,{50 + i},1" for i, arm in enumerate("abab")),
        "P9,screened,2020-01-01,,",
    ],
    "visits": [
        "patient,visit,visit_date",
        *(f"P{i},{v},{date}" for i in range(4) for v, date in enumerate(DATES)),
    ],
    "measurements": [
        "patient,visit,parameter,value,date",
        *(
            f"P{i},{v},{name},{value},{date}"
            for i in range(4)
            for v, date in enumerate(DATES)
            for name, value in VALUES.items()
        ),
    ],
    "exposure": [
        "patient,date,dose,end_date",
        "P0,2020-01-01,0,2020-02-20",
        "P1,2020-01-01,1,2020-01-07",
        "P1,2020-01-08,2,2020-02-20",
        "P3,2020-01-02,2,2020-02-20",
    ],
    "events": [
        "patient,event,date",
        "P0,END,2020-02-26",
        "P1,DEATH,2020-03-01",
        "P2,MOVED,2020-02-27",
    ],
    "adverse_events": [
        "patient,term,start_date,end_date,severity,serious,related",
        "P1,Fall,2020-01-03,,mild,N,Y",
    ],
}
CELLS = [
    *("", " ", "x", "*", "µ", '"', "-1", "0", "999", "1.5", "1,5", "1e400", "NaN"),
    *("P0", "P9", "a", "b", "i1", "TOTAL", "died", "Y", "2020-01-29", "2020-02-30"),
    *("2031-01-01", "1020-01-01", "2020-01-29T10:00", "None"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


def carry_through(folder: Path, texts: dict[str, str]) -> list[str]:
    """Read and check a trial; make all datasets if it is accepted."""
    files, found = findings_in(folder, TRIAL, **texts)
    told = [str(finding) for finding in found]
    if any(finding.severity == "fatal" for finding in found):
        return told
    adsl = subject_level(TRIAL, files)
    values = analysis_values(TRIAL, measured_values(TRIAL, files, adsl), adsl)
    with_population_flags(TRIAL, adsl, values)
    dose_records(TRIAL, files)
    adverse_event_records(TRIAL, files)
    value_lineage(
        TRIAL,
        files,
        measured_values(TRIAL, files, adsl),
        {t.file: "" for t in files.sources.values()},
    )
    for frame in values.values():
        standing = frame[(frame["ANL01FL"] == "Y") & frame["AVISITN"].notna()]
        assert not standing.duplicated(["USUBJID", "AVISITN"]).any()
    return told


def test_the_trial_has_no_findings_before_it_is_damaged(folder: Path) -> None:
    assert carry_through(folder, {k: "\n".join(v) for k, v in RAW.items()}) == []


@st.composite
def damaged_files(draw: st.DrawFn) -> dict[str, str]:
    raw = {name: list(lines) for name, lines in RAW.items()}
    for _ in range(draw(st.integers(1, 3))):
        lines = raw[draw(st.sampled_from(sorted(raw)))]
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["cell", "cell", "column", "drop", "twice"]))
        if what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "twice":
            lines.append(lines[at])
        else:
            column = draw(st.integers(0, lines[0].count(",")))
            value = draw(st.sampled_from(CELLS))
            for i in [at] if what == "cell" else range(1, len(lines)):
                cells = lines[i].split(",")
                cells[min(column, len(cells) - 1)] = value
                lines[i] = ",".join(cells)
    return {name: "\n".join(lines) for name, lines in raw.items()}


@pytest.mark.slow
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged_files())
def test_damage_is_told_in_lines_that_name_a_file(
    folder: Path, texts: dict[str, str]
) -> None:
    for line in carry_through(folder, texts):
        assert "\n" not in line
        assert ".csv" in line
        assert len(line) < 400
