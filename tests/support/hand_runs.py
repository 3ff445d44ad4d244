"""Runs of a few records and estimates, written by hand, that a test may compare."""

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.datasets.bds import BDS_COLUMNS
from alsdecline.result_tables import write_result_table
from alsdecline.stable_files import write_json, write_parquet
from support.trial_folder import PROJECT

type Value = tuple[str, float | None, str | None, int, float]
"""Patient, week, date, day and value."""

LIMB: list[Value] = [
    ("P1", 0, "2020-01-01", 1, 40),
    ("P1", 4, "2020-01-29", 29, 38),
    ("P2", 0, "2020-02-01", 1, 44),
    ("P2", 4, "2020-02-29", 29, 41),
]
"""Norris limb of two patients."""


def _date(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def bds(
    values: Sequence[Value], parameter: str = "NORLIMB", **columns: Any
) -> pd.DataFrame:
    """Make a BDS; what is not given is empty, the change is from 40."""
    frame = pd.DataFrame(
        {
            "USUBJID": [v[0] for v in values],
            "PARAMCD": parameter,
            "AVISITN": pd.Series([v[1] for v in values], dtype="float64"),
            "ADT": pd.Series([_date(v[2]) for v in values], dtype="datetime64[s]"),
            "ADY": [v[3] for v in values],
            "ARELTM": [v[3] - (v[3] > 0) for v in values],
            "AVAL": pd.Series([v[4] for v in values], dtype="float64"),
            "CHG": [v[4] - 40.0 for v in values],
            "SRCDOM": "VISITS",
            "DTYPE": "",
        }
    ).assign(**columns)
    return frame.reindex(columns=BDS_COLUMNS)


def adsl(**columns: Sequence[Any]) -> pd.DataFrame:
    """Make an ADSL of two patients."""
    frame = pd.DataFrame({"USUBJID": ["P1", "P2"], "ARMCD": ["high", "low"]})
    frame["TRTSDT"] = pd.Series([_date("2020-01-01")] * 2, dtype="datetime64[s]")
    frame["AGE"] = [60.0, 70.0]
    return frame.assign(**columns)


def adverse_events(*events: tuple[str, str, str, str]) -> pd.DataFrame:
    """Make an ADAE of patient, term, start and severity."""
    frame = pd.DataFrame(events, columns=["USUBJID", "AETERM", "ASTDT", "AESEV"])
    frame["ASTDT"] = pd.to_datetime(frame["ASTDT"]).astype("datetime64[s]")
    frame["AENDT"] = pd.Series([None] * len(frame), dtype="datetime64[s]")
    return frame.assign(AESER="N", AEREL="N")


def rate(
    estimate: float | None,
    lower: float | None,
    upper: float | None,
    probability: float | None = None,
    **of: str,
) -> dict[str, Any]:
    """Make a row of the rates, by default the bundled trial's primary one."""
    return {
        "model": "joint",
        "outcome": "total",
        "quantity": "slope_difference",
        "arm": "high",
        **of,
        "estimate": estimate,
        "lower": lower,
        "upper": upper,
        "probability": probability,
    }


def record(job: str, **parts: Any) -> dict[str, Any]:
    """Make what a job records."""
    return {
        "format": 1,
        "job": job,
        "inputs": {},
        "code": {"files": {}},
        "environment": "env:1",
        "versions": {"numpy": "2.0"},
    } | parts


def made_record(job: str, outputs: Iterable[str], **parts: Any) -> dict[str, Any]:
    """Make what a job records that wrote files, as readers of records take it."""
    digest = {"sha256": "0" * 64, "size": 1}
    code = {"digest": "code:1", "files": {}}
    whole = {"settings": None, "raw": None, "seeds": {}, "gates": {}, "code": code}
    made = {"outputs": dict.fromkeys(outputs, digest)}
    return record(job, **whole, **made) | parts


def hand_run(
    folder: Path,
    *,
    config: Callable[[str], str] = str,
    datasets: Mapping[str, pd.DataFrame] | None = None,
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    records: Sequence[Mapping[str, Any]] = (),
    manifest: Mapping[str, Any] | None = None,
) -> Path:
    """Write a run: the bundled configuration, changed by `config`, and its results.

    `tables` are by path under results/, without suffix; `datasets` under results/data.
    """
    results = folder / "results"
    results.mkdir(parents=True)
    text = (PROJECT / "config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(config(text), encoding="utf-8")
    for name, frame in (datasets or {}).items():
        write_parquet(results / "data" / f"{name}.parquet", frame)
    for name, rows in (tables or {}).items():
        path = results / f"{name}.csv"
        write_result_table(path, pd.DataFrame(list(rows)), "synthetic")
    for entry in records:
        write_json(results / "records" / f"{entry['job']}.json", entry)
    if manifest is not None:
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
