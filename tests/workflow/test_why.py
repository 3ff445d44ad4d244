"""A changed prior: why each job would run, as told before the run, by it and after."""

import json
import shutil
import subprocess
from pathlib import Path

from support.job_runs import jobs_done, ledger_lines
from support.rerun_changes import CHANGES
from support.trial_folder import PROJECT, run_snakemake

CHANGE = CHANGES["a prior of the model of one outcome"]
ASKED = ("results/tables/rate_of_decline.csv", "results/figures/decline.svg")
REDONE = {"fit_single/fvc", "diagnose", "gate", "tabulate_rates", "figure_decline"}
"""What the change redoes of what is asked for."""
WORDS = "setting priors.outcomes.fvc.sd_slope: 3.3 -> 3.4"


def told(folder: Path, *arguments: str) -> str:
    audit = [PROJECT / ".venv/bin/python", PROJECT / "scripts/audit.py"]
    done = subprocess.run(
        [*audit, "--directory", folder, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_changed_prior_is_the_reason_before_the_run_in_it_and_after(
    brief_once: Path, tmp_path: Path
) -> None:
    trial = Path(shutil.copytree(brief_once, tmp_path / "trial"))
    assert "would not run now" in told(trial, "why", "fit_single/fvc")
    CHANGE.edit(tmp_path)

    would = told(trial, "why", "results/fits/single/fvc/posterior.parquet")
    assert f"would run now:\n    {WORDS}" in would
    follows = json.loads(told(trial, "--json", "why", "figure_decline"))["follows"]
    assert follows == [
        {"jobs": ["gate", "diagnose", "fit_single/fvc"], "causes": [WORDS]}
    ]

    before = len(ledger_lines(trial))
    for arguments in (["--dry-run"], []):
        run = run_snakemake(trial, *ASKED, "--cores", "2", *arguments)
        assert run.returncode == 0, run.stderr
        said = run.stdout + run.stderr
        assert WORDS in said
        assert "Forced execution" not in said

    lines = ledger_lines(trial)[before:]
    assert jobs_done(lines) == REDONE
    reasons = {line["job"]: line["reason"] for line in lines if "job" in line}
    assert reasons["fit_single/fvc"] == [WORDS]
    assert WORDS in reasons["tabulate_rates"]
    assert (
        "input results/fits/single/fvc/posterior.parquet changed"
        in (reasons["tabulate_rates"])
    )
    assert reasons["figure_decline"] == [
        "follows from gate, which ran again to the same bytes"
    ]

    ran = told(trial, "why", "fit_single/fvc")
    assert f"s):\n    {WORDS}\n  would not run now" in ran
    ran = told(trial, "why", "figure_decline")
    assert f"which follows from fit_single/fvc: {WORDS}" in ran
