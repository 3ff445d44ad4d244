"""Runs of the whole pipeline, and which jobs each of them ran."""

import json
from pathlib import Path

from support.trial_folder import PROJECT, run_snakemake

TIMED = ("logs", "benchmarks", "ledger")
"""Folders of results/ that carry times."""


def ledger_lines(folder: Path) -> list[dict]:
    """Read the whole lines of a trial's ledger; none where there is no ledger.

    What a full disk left of one is no line, and is cut by the next run.
    """
    path = folder / "results/ledger/ledger.jsonl"
    if not path.exists():
        return []
    *lines, _ = path.read_text("utf-8").split("\n")
    return [json.loads(line) for line in lines]


def jobs_done(lines: list[dict]) -> set[str]:
    """Return the names of the jobs that ledger lines say were done."""
    return {
        line["job"] for line in lines if line.get("status") == "done" and "job" in line
    }


def analyse(folder: Path, *arguments: str, project: Path = PROJECT) -> set[str]:
    """Run the pipeline and return the names of the jobs that ran, by the ledger."""
    before = len(ledger_lines(folder))
    run = run_snakemake(folder, *arguments, timeout=1200, project=project)
    assert run.returncode == 0, run.stdout + run.stderr
    return jobs_done(ledger_lines(folder)[before:])
