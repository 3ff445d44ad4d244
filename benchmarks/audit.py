"""Time what the records cost and what the audit answers, beside their limits.

Run by ``make bench`` from a ready environment. The bundled trial is analysed whole; one
of 1,000 patients, by the same simulator, as far as its tables of estimates. The figures
go to the terminal and to ``benchmarks/audit.json``.
"""

import csv
import datetime
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from bench import bundled_trial, run_trial  # noqa: E402, known from here

from alsdecline.jobs.surroundings import processor  # noqa: E402

LIMITS = {
    "verify, bundled trial": 3.0,
    "trace of a mean, 1,000 patients": 2.0,
    "trace of an estimate, 1,000 patients": 2.0,
    "records and events of fit_joint, share of the job's time": 0.05,
}

RECORDS_ALONE = """
import sys, time
from types import SimpleNamespace
import pandas, pyarrow  # the job reads its data by them
sys.path.insert(0, sys.argv[1])
sys.modules["__main__"].__file__ = f"{sys.argv[1]}/fit.py"
start = time.perf_counter()
import json
from alsdecline.digests import spec_param
from alsdecline.jobs.script_entry import run
record = json.load(open("results/records/fit_joint.json"))
class Outputs(list):
    record = "results/records/fit_joint.json"
outputs = Outputs([*record["outputs"], Outputs.record])
params = {
    "code": record["code"]["digest"],
    "spec": spec_param(record["settings"]),
    "env": record["environment"],
}
sys.modules["__main__"].snakemake = SimpleNamespace(
    rule="fit_joint",
    wildcards={},
    params=params,
    log=["results/logs/fit_joint.log"],
    input=list(record["inputs"]),
    output=outputs,
)
run(lambda job, progress: {"seeds": record["seeds"], "gates": record["gates"]})
print(time.perf_counter() - start)
"""
"""All that a job of fit_joint does but fit: digests, record, event."""


def seconds_of_audit(trial: Path, *arguments: str) -> float:
    """Time ``scripts/audit.py`` as a whole process, the least of three."""
    command = [sys.executable, PROJECT / "scripts/audit.py", "--directory", trial]
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*command, *arguments], check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return min(taken)


def share_of_records(trial: Path) -> float:
    """Return what part of the time of fit_joint goes to its record and event."""
    path = trial / "results/benchmarks/fit_joint.tsv"
    with path.open(encoding="utf-8") as stream:
        (job,) = csv.DictReader(stream, delimiter="\t")
    command = [sys.executable, "-c", RECORDS_ALONE, PROJECT / "scripts"]
    done = subprocess.run(
        command, cwd=trial, check=True, capture_output=True, text=True
    )
    return float(done.stdout) / float(job["s"])


def trial_of_many(folder: Path) -> Path:
    """Simulate a trial of 500 patients an arm, of 20 visits each, for `joint`."""
    plan = yaml.safe_load((PROJECT / "data/simulation.yaml").read_text("utf-8"))
    for arm in plan["arms"].values():
        arm["patients"] = 500
    plan["trial"]["first_randomisation"] = datetime.date(1999, 1, 4)
    folder.mkdir()
    path = folder / "simulation.yaml"
    path.write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")
    script = PROJECT / "scripts/simulate_trial.py"
    subprocess.run([sys.executable, script, path, folder / "data"], check=True)
    config = yaml.safe_load((PROJECT / "config.yaml").read_text("utf-8"))
    del config["models"]["single"]
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return folder


def row_where(path: Path, **cells: str) -> int:
    """Return the number of the first row with cells; the header is row 1."""
    with path.open(encoding="utf-8") as stream:
        for number, row in enumerate(csv.DictReader(stream), 2):
            if all(row[name] == cell for name, cell in cells.items()):
                return number
    raise ValueError(f"{path}: no row has {cells}")


def main() -> None:
    """Measure, print and write the figures."""
    figures = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cache = folder / "cache"
        run_trial(bundled_trial(folder / "first"), cache)
        trial = bundled_trial(folder / "trial")
        run_trial(trial, cache)  # with everything compiled, as a job mostly runs
        figures["verify, bundled trial"] = seconds_of_audit(trial, "verify")
        share = share_of_records(trial)

        many = trial_of_many(folder / "many")
        mean = "results/tables/change_from_baseline.csv"
        rate = "results/tables/rate_of_decline.csv"
        run_trial(many, cache, mean, rate)
        for name, file, column, cells in (
            ("a mean", mean, "mean", {"outcome": "limb", "week": "20"}),
            ("an estimate", rate, "estimate", {"quantity": "slope_difference"}),
        ):
            target = f"{file}:{row_where(many / file, **cells)}:{column}"
            key = f"trace of {name}, 1,000 patients"
            figures[key] = seconds_of_audit(many, "trace", target)
    figures["records and events of fit_joint, share of the job's time"] = share
    print(f"{processor()}, seconds of whole processes, and their limits")
    for name, figure in figures.items():
        print(f"{figure:8.3f}  {LIMITS[name]:6.2f}  {name}")
    record = {"processor": processor(), "figures": figures, "limits": LIMITS}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
