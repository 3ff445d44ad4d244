"""Targets, records and texts of traces, on the bundled trial's data and two tables.

That raw rows give the numbers again is tested in tests/workflow/test_value_trace.py.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alsdecline.analyses import descriptions
from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import record_lineage, value_lineage
from alsdecline.declared_tables import TABLES
from alsdecline.digests import sha256_of_file
from alsdecline.faults import DataError
from alsdecline.raw.files import read_trial_files
from alsdecline.result_tables import write_result_table
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from alsdecline.stable_files import write_json, write_parquet, write_text
from alsdecline.trace.registry import BEHIND, analysis_of
from alsdecline.trace.results import TrialResults
from alsdecline.trace.text import MOST_ROWS, TraceTexts, trace_text
from alsdecline.trace.value import Tracer, trace
from support.trial_folder import PROJECT, copy_bundled_trial

RATES = {
    "estimand": "rate_total",
    "outcome": "total",
    "model": "joint",
    "quantity": "slope_difference",
    "arm": "high",
    "estimate": 0.5,
    "passed": True,
}
CHANGES = "results/tables/change_from_baseline.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the bundled trial's datasets, lineage and three tables."""
    folder = copy_bundled_trial(tmp_path_factory.mktemp("traced") / "trial")
    settings = read_settings(folder / "config.yaml")
    plan = data_plan(settings)
    files, _ = read_trial_files(plan, folder)
    adsl = subject_level(plan, files)
    values = analysis_values(plan, measured_values(plan, files, adsl), adsl)
    digests = {t.file: sha256_of_file(folder / t.file) for t in files.sources.values()}
    results = folder / "results"
    datasets = {
        "data/adsl": adsl,
        "data/adex": dose_records(plan, files),
        "data/adae": adverse_event_records(plan, files),
        "lineage/records": value_lineage(
            plan, files, measured_values(plan, files, adsl), digests
        ),
        "lineage/patient_records": record_lineage(
            plan, files, adsl, measured_values(plan, files, adsl), digests
        ),
        **{f"data/bds/{name}": frame for name, frame in values.items()},
        "fits/joint/posterior": pd.DataFrame(
            {"chain": 0, "draw": [0, 1]}
            | {f"effect[{o},high]": [0.1, 0.2] for o in ("limb", "bulbar", "fvc")}
        ),
    }
    for name, frame in datasets.items():
        write_parquet(results / f"{name}.parquet", frame)
    tables = {
        "change_from_baseline": descriptions.change_from_baseline(values, plan.arms),
        "rate_of_decline": pd.DataFrame([RATES]),
        "model_comparison": pd.DataFrame({"model": ["ratio"], "elpd": [-12.5]}),
    }
    for name, frame in tables.items():
        write_result_table(results / f"tables/{name}.csv", frame, "synthetic")
    attempt = {"seed": 7, "failures": [], "target_accept": 0.9}
    write_json(
        results / "fits/joint/diagnostics.json",
        {"fit": "joint", "priors": {"default": [attempt]}, "left_out": {}},
    )
    _write_records(folder)
    return folder


def _told(folder: Path, *files: str) -> dict[str, dict[str, Any]]:
    return {
        file: {
            "sha256": sha256_of_file(folder / file),
            "size": (folder / file).stat().st_size,
        }
        for file in files
    }


def _write_records(folder: Path) -> None:
    """Write records by hand of the jobs that a comparison of models rests on."""
    jobs = {
        "ingest": (["data/visits.csv"], ["results/data/bds/limb.parquet"]),
        "fit_ratio/limb": (
            ["results/data/bds/limb.parquet"],
            ["results/fits/joint/posterior.parquet"],
        ),
        "compare": (
            ["results/fits/joint/posterior.parquet"],
            ["results/tables/model_comparison.csv"],
        ),
    }
    for job, (inputs, outputs) in jobs.items():
        record = {
            "format": 1,
            "job": job,
            "rule": job.partition("/")[0],
            "wildcards": {},
            "inputs": _told(folder, *inputs),
            "outputs": _told(folder, *outputs),
            "code": {"digest": f"code:{job}", "files": {}},
            "settings": {"of": job},
            "raw": None,
            "environment": "env:0",
            "seeds": {},
            "gates": {},
            "versions": {},
        }
        write_json(folder / f"results/records/{job}.json", record)


def test_a_value_is_found_by_its_id_and_by_its_place(folder: Path) -> None:
    lines = (folder / CHANGES).read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines, 1) if line.startswith("limb,Week 4,"))
    found = trace(folder, f"{CHANGES}:{at}:mean")
    assert found["id"] == "change_from_baseline/limb/Week+4/low/AVAL:mean"
    assert trace(folder, found["id"]) == found | {"target": found["id"]}
    assert found["result"]["rawValue"] == lines[at - 1].split(",")[6]
    assert found["orderedGroupings"] == [
        {"groupingVariable": "ADSL.ARMCD", "group": "low"}
    ]


def test_a_change_is_traced_to_both_cells_of_both_visits(folder: Path) -> None:
    found = trace(folder, "change_from_baseline/total/Week+4/high/CHG:n")
    visits = next(raw for raw in found["raw"] if raw["file"] == "data/visits.csv")
    n = int(found["result"]["rawValue"])
    assert visits["count"] == 2 * n
    assert visits["columns"] == [
        "subject_id",
        "visit_date",
        "visit_week",
        "norris_bulbar",
        "norris_limb",
    ]
    told = [row["variables"] for row in visits["rows"]]
    assert told.count(["ADT", "AVAL"]) == told.count(["ADT", "BASE"]) == n
    assert visits["state"] == "unchanged"
    json.dumps(found, allow_nan=False)


def test_an_estimate_is_traced_through_the_draws_of_its_parts(folder: Path) -> None:
    found = trace(folder, "rate_of_decline/total/joint/slope_difference/high:estimate")
    (source,) = found["sources"]
    assert source["file"] == "results/fits/joint/posterior.parquet"
    assert source["columns"] == ["effect[limb,high]", "effect[bulbar,high]"]
    assert found["estimand"]["id"] == "rate_total"
    assert found["settings"]["seed"] == 7
    # the three outcomes are fitted together
    assert [one["dataset"] for one in found["derived"][1:]] == [
        f"results/data/bds/{name}.parquet" for name in ("limb", "bulbar", "fvc")
    ]


def test_a_changed_raw_file_is_told(folder: Path) -> None:
    path = folder / "data/visits.csv"
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"\n")
        found = trace(folder, "change_from_baseline/limb/Week+4/low/AVAL:n")
        states = {raw["file"]: raw["state"] for raw in found["raw"]}
    finally:
        path.write_bytes(before)
    assert states == {
        "data/subjects.csv": "unchanged",
        "data/visits.csv": "changed since",
    }


def test_a_table_without_an_entry_is_traced_through_its_record(folder: Path) -> None:
    found = trace(folder, "model_comparison/ratio:elpd")
    assert found["result"]["rawValue"] == "-12.5"
    assert [s["file"] for s in found["sources"]] == [
        "results/fits/joint/posterior.parquet"
    ]
    assert [raw["file"] for raw in found["raw"]] == ["data/visits.csv"]
    assert found["settings"] == {"of": "compare"}
    assert "data/visits.csv" in trace_text(found)


def test_a_file_is_traced_through_the_records_to_raw_files(folder: Path) -> None:
    found = trace(folder, "results/tables/model_comparison.csv")
    assert [job["job"] for job in found["jobs"]] == [
        "compare",
        "fit_ratio/limb",
        "ingest",
    ]
    assert [(raw["file"], raw["state"]) for raw in found["raw"]] == [
        ("data/visits.csv", "unchanged")
    ]
    text = trace_text(found)
    assert "made results/tables/model_comparison.csv (unchanged)" in text


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("nothing", "nothing: no such file in"),
        (f"{CHANGES}:1:mean", "no data row '1'; permitted are 2 to "),
        (f"{CHANGES}:9999:mean", "no data row '9999'; permitted are 2 to "),
        (f"{CHANGES}:x:mean", "no data row 'x'; permitted are 2 to "),
        (f"{CHANGES}:2:average", "no column 'average'; permitted are outcome, visit"),
        ("results/tables/none.csv:2:n", "no such result table; there are results/"),
        ("none/limb:n", "an id begins with the name of a result table; there are"),
        (
            "change_from_baseline/limb/Week+4/lo/AVAL:n",
            "the closest are change_from_baseline/limb/Week+4/low/AVAL,",
        ),
        ("change_from_baseline/limb/Week+4/low/AVAL:nn", "permitted are outcome"),
        ("data/visits.csv", "no record under results/records is of a job"),
    ],
)
def test_a_target_that_is_not_there_gets_one_line(
    folder: Path, target: str, told: str
) -> None:
    with pytest.raises(DataError) as caught:
        trace(folder, target)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["data/adsl.parquet", "tables/rates.csv"])
def test_a_damaged_result_is_told(name: str, tmp_path: Path) -> None:
    path = tmp_path / "results" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\0")
    results = TrialResults(tmp_path)
    read = {
        ".parquet": lambda: results.dataset(name.removesuffix(".parquet")),
        ".csv": lambda: results.table(f"results/{name}"),
    }[path.suffix]
    with pytest.raises(DataError, match="cannot be read; see"):
        read()


def test_a_record_whose_code_is_no_mapping_is_told(tmp_path: Path) -> None:
    path = tmp_path / "results/records/ingest.json"
    path.parent.mkdir(parents=True)
    record = {"job": "ingest", "inputs": {}, "outputs": {}, "code": []}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match="is no record of a job"):
        print(TrialResults(tmp_path).records)


def test_the_text_shows_the_first_of_many_rows(folder: Path) -> None:
    found = trace(folder, "rate_of_decline/total/joint/slope_difference/high:estimate")
    visits = next(raw for raw in found["raw"] if raw["file"] == "data/visits.csv")
    text = trace_text(found)
    assert f"and {visits['count'] - MOST_ROWS} more" in text
    assert visits["sha256"] in text
    assert len(text.splitlines()) < 100


def test_the_recorded_settings_are_taken_before_those_of_today(folder: Path) -> None:
    record = folder / "results/records/report.json"
    settings = read_settings(folder / "config.yaml").model_dump(mode="json")
    settings["estimands"][0]["label"] = "as it was recorded"
    recorded = {"job": "report", "settings": {"all": settings}}
    write_text(record, json.dumps(recorded | {"inputs": {}, "outputs": {}}))
    try:
        name = "rate_of_decline/total/joint/slope_difference/high:estimate"
        assert trace(folder, name)["estimand"]["label"] == "as it was recorded"
    finally:
        record.unlink()


def test_what_stands_behind_a_table_is_of_a_declared_one() -> None:
    assert set(BEHIND) <= set(TABLES)
    assert analysis_of("patient_slopes/any_outcome") is not None
    assert analysis_of("unheard_of") is None


def test_no_sampler_is_imported() -> None:
    code = (
        "import sys, alsdecline.trace.value, alsdecline.trace.text;"
        "print([m for m in ('pymc', 'arviz', 'numba', 'scipy') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[]\n"


def test_texts_of_few_rows_and_of_shared_ones_are_those_of_single_traces(
    folder: Path,
) -> None:
    targets = [
        f"{CHANGES}:{row}:{column}" for row in (2, 3, 2) for column in ("n", "mean")
    ]
    tracer = Tracer(TrialResults(folder), MOST_ROWS)
    texts = TraceTexts(tracer.trace)
    assert [texts(t) for t in targets] == [
        trace_text(trace(folder, t)) for t in targets
    ]
    for part in ("derived", "raw"):
        for rows in tracer.trace(targets[0])[part]:  # type: ignore[literal-required]
            assert len(rows["rows"]) == min(rows["count"], MOST_ROWS)


def test_ranges_are_of_all_rows(folder: Path) -> None:
    for raw in trace(folder, f"{CHANGES}:2:mean")["raw"]:  # type: ignore[typeddict-item]
        told = [n for a, b in raw["ranges"] for n in range(a, b + 1)]
        assert told == [row["row"] for row in raw["rows"]]
