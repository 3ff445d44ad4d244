"""Results that were changed by hand, or by a clock, before a real run."""

import os
import shutil
import time
from pathlib import Path

import pytest

from support.audit_command import failures
from support.job_runs import TIMED, analyse, jobs_done, ledger_lines
from support.trial_folder import results_of, run_snakemake

TABLE = "results/tables/prior_sensitivity.csv"
DATASET = "results/data/bds/fvc.parquet"
FIGURE = "results/figures/decline.svg"
HEADLINE = "results/report.html"


@pytest.fixture
def analysed(brief_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(brief_once, tmp_path / "trial"))


def change(path: Path) -> None:
    """Change a byte in the middle; keep size and time."""
    times, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Read all files but what Snakemake keeps for itself, with their times."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in files
        if ".snakemake" not in path.parts
    }


def test_a_changed_number_does_not_reach_the_report(
    analysed: Path, brief_once: Path
) -> None:
    """Nor what was changed in a dataset and in a leaf; only what follows runs."""
    for file in (TABLE, DATASET, FIGURE):
        change(analysed / file)
    before = snapshot(analysed)
    for arguments in (["--dry-run"], []):
        run = run_snakemake(analysed, HEADLINE, *arguments)
        assert run.returncode == 0, run.stderr
        for file, job in (
            (TABLE, "tabulate_rates"),
            (DATASET, "ingest"),
            (FIGURE, "figure_decline"),
        ):
            assert f"{file}: is not what {job} wrote; it is made again" in run.stderr
        if arguments:
            assert snapshot(analysed) == before
    assert results_of(analysed, *TIMED) == results_of(brief_once, *TIMED)
    ran = jobs_done(ledger_lines(analysed)[len(ledger_lines(brief_once)) :])
    assert ran == {
        "ingest",
        "tabulate_rates",
        "figure_decline",
        "figure_effects/high",
    } | {"report"}


def test_fits_that_are_gone_are_made_up_to_where_a_run_stops(
    analysed: Path, brief_once: Path
) -> None:
    shutil.rmtree(analysed / "results/fits/single")
    assert analyse(analysed, "--until", "fit_single") == {"fit_single/fvc"}
    assert results_of(analysed, *TIMED) == results_of(brief_once, *TIMED)
    assert failures(analysed) == set()


def test_a_clock_that_was_ahead_costs_nothing_and_refits_nothing(
    analysed: Path, brief_once: Path
) -> None:
    """Raw files keep their times, and jobs that read them can be done."""
    later = time.time() + 7200
    raw = analysed / "data/visits.csv"
    for path in (raw, analysed / DATASET, analysed / "results/records/ingest.json"):
        os.utime(path, (later, later))
    before = snapshot(analysed)
    dry = run_snakemake(analysed, "--dry-run")
    assert "Nothing to be done" in dry.stderr + dry.stdout
    assert "dated in the future" in dry.stderr
    assert snapshot(analysed) == before
    change(analysed / "results/validation/findings.csv")
    assert analyse(analysed, "results/data/adsl.parquet") == {
        "validate",
        "accept",
        "ingest",
    }
    assert analyse(analysed) == set()
    assert raw.stat().st_mtime == pytest.approx(later)
    assert results_of(analysed, *TIMED) == results_of(brief_once, *TIMED)
