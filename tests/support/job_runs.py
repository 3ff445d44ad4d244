"""Runs of the whole pipeline, and which jobs each of them ran."""

from pathlib import Path

from support.trial_folder import run_snakemake

TIMED = ("logs", "benchmarks")
"""Folders of results/ that carry times."""


def analyse(folder: Path, *arguments: str) -> set[str]:
    """Run the pipeline and return the names of the jobs that ran."""
    logs = folder / "results" / "logs"

    def times() -> dict[str, int]:
        return {
            str(path.relative_to(logs).with_suffix("")): path.stat().st_mtime_ns
            for path in logs.rglob("*.log")
        }

    before = times()
    run = run_snakemake(folder, *arguments, timeout=1200)
    assert run.returncode == 0, run.stdout + run.stderr
    return {name for name, when in times().items() if before.get(name) != when}
