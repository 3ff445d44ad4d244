"""A trial goes through a Slurm cluster, is stopped there, and ends as a local run does.

Run by ``make test-slurm``, which starts the cluster (``one_node.sh``).
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from support.audit_command import PYTHON
from support.brief_trial import brief_trial
from support.job_runs import TIMED, jobs_done, ledger_lines
from support.trial_folder import PROJECT, SNAKEMAKE, results_of

pytestmark = pytest.mark.slurm

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": str(PROJECT / ".slurm"),
}
# this cluster keeps no accounts, and its jobs are short
OF_THIS_CLUSTER = [
    *("--slurm-no-account", "--slurm-status-command", "squeue"),
    # asked later, if they are not done; most take a little less on two cores
    *("--slurm-init-seconds-before-status-checks", "8"),
    *("--seconds-between-status-checks", "8"),
]
SECONDS = 900
"""At most, for each part; the whole takes two minutes where nothing else runs."""


def briefer_trial(folder: Path) -> Path:
    """Put the brief trial into a folder, with its joint model alone."""
    path = brief_trial(folder) / "config.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["outcomes"] = [o for o in content["outcomes"] if o["id"] != "fvc"]
    content["estimands"] = [e for e in content["estimands"] if e["outcome"] != "fvc"]
    content["models"] = {"joint": ["limb", "bulbar"]}
    del content["priors"]["outcomes"]["fvc"]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def start(folder: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start a run; what it prints goes to a file beside the trial."""
    with folder.with_suffix(".log").open("ab") as told:
        return subprocess.Popen(
            [SNAKEMAKE, "-s", PROJECT / "Snakefile", "-d", folder, *arguments],
            env=ENVIRONMENT,
            stdout=told,
            stderr=told,
        )


def start_by_slurm(folder: Path, *targets: str) -> subprocess.Popen[bytes]:
    profile = PROJECT / "profiles/slurm"
    return start(folder, *targets, "--profile", profile, *OF_THIS_CLUSTER)


def told_by(folder: Path) -> str:
    return folder.with_suffix(".log").read_text("utf-8", errors="replace")


def of_cluster(*command: str) -> list[list[str]]:
    """Return the lines that a command of Slurm prints, each split at its bars."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.split("|") for line in done.stdout.splitlines()]


def until(found: Callable[[], str], run: subprocess.Popen[bytes]) -> str:
    """Wait for what is found while a run goes on."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and run.poll() is None:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError("not found while the run went on")


def running_fit(folder: Path) -> str:
    """Return the number of the joint fit in the cluster, once it has told anything."""
    log = folder / "results/logs/fit_joint.log"
    if not (log.is_file() and log.stat().st_size):
        return ""
    running = of_cluster("squeue", "-h", "--states=running", "--format=%i|%k")
    return next((job for job, comment in running if comment == "rule_fit_joint"), "")


def small_design(folder: Path) -> Path:
    """Ask a trial for two scenarios of four trials, in two batches each; all fitted."""
    path = briefer_trial(folder) / "config.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    content["simulated_design"] = {
        "trials": 4,
        "batch": 2,
        "fitted": 4,
        "methods": ["t_on_slopes", "mixed_model"],
        "scenarios": {
            name: {"patients": {"low": 5, "high": 4}, "differences": {"high": effect}}
            for name, effect in (("without", 0.0), ("third", 1.0))
        },
    }
    content["models"]["single"] = ["total"]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def running_batch() -> str:
    """Return the number of a batch of fits that a node has begun with."""
    running = of_cluster("squeue", "-h", "--states=running", "--format=%i|%k")
    return next((job for job, comment in running if "rule_fit_design" in comment), "")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Analyse the trial on this machine, meanwhile and with one core."""
    run = start(briefer_trial(tmp_path / "local"), "--cores", "1")
    yield run
    run.kill()


def test_a_job_is_killed_and_the_resumed_run_ends_as_a_local_one(
    tmp_path: Path, local: subprocess.Popen[bytes]
) -> None:
    trial = briefer_trial(tmp_path / "trial")
    run = start_by_slurm(trial)
    job = until(lambda: running_fit(trial), run)
    subprocess.run(["scancel", "--signal=KILL", "--full", job], check=True)
    assert run.wait(SECONDS) == 1, told_by(trial)
    before = jobs_done(ledger_lines(trial))
    assert "fit_joint" not in before
    assert {"ingest", "patient_level/limb"} <= before

    resumed = start_by_slurm(trial)
    assert resumed.wait(SECONDS) == 0, told_by(trial)
    assert local.wait(SECONDS) == 0, told_by(tmp_path / "local")

    # the cluster ran them, those of one rule together
    comments = of_cluster("squeue", "-h", "--states=all", "--format=%k|%F|%K")
    arrays = [line for line in comments if "rule_patient_level" in line[0]]
    assert len({number for _, number, _ in arrays}) == 1
    assert sorted(task for *_, task in arrays) == ["1", "2", "3"]
    assert sum(comment == "rule_fit_joint" for comment, *_ in comments) == 2

    expected = results_of(tmp_path / "local", *TIMED)
    assert results_of(trial, *TIMED) == expected
    lines = ledger_lines(trial)
    runs = [line for line in lines if line["event"] == "run"]
    statuses = [line["status"] for line in runs]
    assert statuses == ["started", "failed", "started", "done"]
    done = [(x["job"], x["run"]) for x in lines if x["event"] == "job"]
    assert len(done) == len(jobs_done(lines))  # none was done twice
    assert {run for _, run in done} == {line["run"] for line in runs}
    assert jobs_done(lines) == jobs_done(ledger_lines(tmp_path / "local"))
    audit = [PYTHON, PROJECT / "scripts/audit.py", "verify"]
    verified = subprocess.run(
        audit, cwd=trial, capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_batch_of_a_design_is_killed_and_the_resumed_run_ends_as_a_local_one(
    tmp_path: Path,
) -> None:
    trial = small_design(tmp_path / "trial")
    local = start(small_design(tmp_path / "local"), "design", "--cores", "1")
    try:
        run = start_by_slurm(trial, "design")
        batch = until(running_batch, run)
        subprocess.run(["scancel", "--signal=KILL", "--full", batch], check=True)
        assert run.wait(SECONDS) == 1, told_by(trial)
        before = jobs_done(ledger_lines(trial))
        # it costs itself alone
        assert len([job for job in before if job.startswith("fit_design/")]) == 3
        assert len([job for job in before if job.startswith("simulate_design/")]) == 4
        assert len(before) == 7

        resumed = start_by_slurm(trial, "design")
        assert resumed.wait(SECONDS) == 0, told_by(trial)
        assert local.wait(SECONDS) == 0, told_by(tmp_path / "local")
    finally:
        local.kill()
    assert results_of(trial, *TIMED) == results_of(tmp_path / "local", *TIMED)
    lines = ledger_lines(trial)
    done = [x["job"] for x in lines if x["event"] == "job" and x["status"] == "done"]
    assert len(done) == len(set(done))  # none was done twice
    assert set(done) == jobs_done(ledger_lines(tmp_path / "local"))
    comments = of_cluster("squeue", "-h", "--states=all", "--format=%k")
    assert sum("rule_fit_design" in line[0] for line in comments) == 5
