"""Run a simulated trial of 10,000 patients from raw files to report, and time its jobs.

Run by ``make bench``. Four outcomes, each modelled by itself (``single``), on 2 cores;
the trial has the bundled one's generating values, analysis plan and priors. The same
trial as Parquet is validated and ingested, to the same datasets. Seconds are wall time
of whole jobs, Python's start included, and beside each job its processor time, which
other work on the machine changes less. The figures go to the terminal and,
beside limits, to ``benchmarks/large_trial.json``. To keep the trial, name a folder:
``large_trial.py FOLDER``.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.csv
import pyarrow.parquet
import yaml

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from alsdecline.jobs.surroundings import processor  # noqa: E402, known from here

SNAKEMAKE = Path(sys.executable).with_name("snakemake")
CORES = 2
PATIENTS_OF_ARM = 5000
LAST_WEEK, EVERY_WEEKS = 52, 4
LIMITS = {
    "validate, ingest and describe, s": 12.0,
    "validate and ingest, s": 10.0,
    "validate and ingest as Parquet, s": 10.0,
    "diagnose, s": 15.0,
    "the slowest figure, s": 10.0,
    "from raw files to report, s": 180.0,
    "the largest process, GB": 1.0,
    "report, MB": 8.0,
}


def _read(name: str) -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load((PROJECT / name).read_text("utf-8"))
    return settings


def _write(path: Path, settings: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def simulate(folder: Path) -> None:
    """Write the trial's raw files and configuration into a folder."""
    generating = _read("data/simulation.yaml")
    # the simulator randomises each patient on a weekday of his own
    generating["trial"] |= {
        "first_randomisation": datetime.date(1970, 1, 5),
        "last_randomisation": datetime.date(2009, 12, 31),
    }
    for arm in generating["arms"].values():
        arm["patients"] = PATIENTS_OF_ARM
    generating["visits"] |= {"last_week": LAST_WEEK, "every_weeks": EVERY_WEEKS}
    generating["nuisances"]["withdrawals"] = []
    _write(folder / "simulation.yaml", generating)
    script = PROJECT / "scripts/simulate_trial.py"
    command = [sys.executable, script, folder / "simulation.yaml", folder / "data"]
    subprocess.run(command, check=True)

    config = _read("config.yaml")
    config["data"]["cutoff"] = datetime.date(2012, 12, 31)
    config["visits"]["weeks"] = list(range(0, LAST_WEEK + 1, EVERY_WEEKS))
    del config["models"]["joint"], config["summaries"]["equality_of_effects"]
    del config["design"]["simulated"]
    for estimand in config["estimands"]:
        estimand["model"] = "single"
    _write(folder / "config.yaml", config)


def as_parquet(folder: Path) -> Path:
    """Write the trial with typed columns; return its folder, in that of the other."""
    parquet = folder / "parquet"
    (parquet / "data").mkdir(parents=True, exist_ok=True)
    for file in sorted((folder / "data").glob("*.csv")):
        table = pyarrow.csv.read_csv(file)
        path = (parquet / "data" / file.name).with_suffix(".parquet")
        pyarrow.parquet.write_table(table, path)
    config = (folder / "config.yaml").read_text("utf-8").replace(".csv", ".parquet")
    (parquet / "config.yaml").write_text(config, encoding="utf-8")
    return parquet


def differing_datasets(folder: Path, parquet: Path) -> list[str]:
    """Return the datasets that ingest makes otherwise of the same trial as Parquet."""
    data = parquet / "results/data"
    made = sorted(file.relative_to(data) for file in data.rglob("*.parquet"))
    return [
        name.as_posix()
        for name in made
        if (data / name).read_bytes() != (folder / "results/data" / name).read_bytes()
    ]


def run(folder: Path, *targets: str) -> tuple[float, float]:
    """Run the trial up to targets; return seconds, and GB of the largest process.

    Raises
    ------
    RuntimeError
        If the run fails; with what it printed.
    """
    command = [SNAKEMAKE, f"-c{CORES}", "--snakefile", PROJECT / "Snakefile"]
    with (folder / "run.log").open("w", encoding="utf-8") as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--directory", folder, *targets],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    if status:
        raise RuntimeError((folder / "run.log").read_text(encoding="utf-8"))
    return seconds, used.ru_maxrss / 1e6


def seconds_of_jobs(folder: Path, column: str = "s") -> dict[str, float]:
    """Return the wall time of each job by its name, or its processor time."""
    timed = folder / "results/benchmarks"
    return {
        file.relative_to(timed).with_suffix("").as_posix(): float(
            pd.read_csv(file, sep="\t")[column].iloc[0]
        )
        for file in sorted(timed.rglob("*.tsv"))
    }


def main() -> None:
    """Simulate, run, print and write the figures."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        folder.mkdir(exist_ok=True)
        simulate(folder)
        visits = len((folder / "data/visits.csv").read_bytes().splitlines()) - 1
        whole, gigabytes = run(folder, "results/report.html")
        jobs, busy = seconds_of_jobs(folder), seconds_of_jobs(folder, "cpu_time")
        parquet = as_parquet(folder)
        _, of_parquet = run(parquet, "--until", "ingest")
        typed = seconds_of_jobs(parquet)
        if different := differing_datasets(folder, parquet):
            raise SystemExit(f"not the same of CSV and Parquet: {different}")
        report = (folder / "results/report.html").stat().st_size / 1e6
    read, read_typed = (t["validate"] + t["ingest"] for t in (jobs, typed))
    slowest = max(s for name, s in jobs.items() if name.startswith("figure_"))
    largest = max(gigabytes, of_parquet)
    measured = (
        *(read + jobs["describe"], read, read_typed),
        *(jobs["diagnose"], slowest, whole, largest, report),
    )
    figures = dict(zip(LIMITS, measured, strict=True))
    size = f"{2 * PATIENTS_OF_ARM:,} patients, {visits:,} visits, 4 outcomes"
    print(f"{processor()}, {CORES} cores; {size}")
    for name, value in figures.items():
        print(f"{value:8.1f}  {name} (at most {LIMITS[name]:g})")
    for name, seconds in sorted(jobs.items(), key=lambda job: -job[1]):
        print(f"{seconds:8.1f}      {name} (processor {busy[name]:.1f})")
    record = {
        "processor": processor(),
        "cores": CORES,
        "trial": size,
        "figures": figures,
        "limits": LIMITS,
        "jobs": jobs,
        "processor time of jobs": busy,
        "jobs as Parquet": typed,
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
