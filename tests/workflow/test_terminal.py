"""What a person sees of a run, in a terminal and where its lines are piped."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from alsdecline.jobs.ledger import read_ledger
from support.terminal import run_in_terminal
from support.trial_folder import (
    PROJECT,
    SNAKEMAKE,
    cell,
    copy_bundled_trial,
    results_of,
    run_snakemake,
)
from workflow.conftest import TOLD

pytestmark = pytest.mark.runs

VISITS = "data/visits.csv"
NO_NUMBER = cell(VISITS, 3, "norris_total", "x7")


def test_a_run_is_at_most_forty_lines_and_ends_with_the_answer(
    brief_once: Path,
) -> None:
    text = (brief_once / TOLD).read_text(encoding="utf-8")
    lines = text.splitlines()
    jobs = [line for line in lines if line.startswith("[")]
    assert len(jobs) == len(read_ledger(brief_once).last_of_jobs)
    assert jobs[-1].startswith(f"[{len(jobs)}/{len(jobs)}] ")
    assert "\x1b" not in text
    assert "\r" not in text
    first, *between, answer, warnings, ran, took, report = lines
    assert first.startswith(f"{len(jobs)} jobs on 2 cores, about ")
    assert between == [*jobs, ""]
    assert answer.startswith("Answer    Norris total ")
    assert warnings.startswith("Warnings  ")
    assert ran == f"Ran       {len(jobs)} jobs: first run"
    assert took.startswith("Took ")
    assert report == f"Report    {brief_once}/results/report.html"
    # the bundled trial has 27 jobs
    assert len(lines) - len(jobs) + 27 <= 40
    assert len(text) < 5000


def test_with_nothing_to_do_a_run_is_one_line(brief_once: Path, tmp_path: Path) -> None:
    trial = Path(shutil.copytree(brief_once, tmp_path / "trial"))
    told = (
        f"Nothing to be done: {len(read_ledger(trial).last_of_jobs)} jobs up to date. "
        f"Report: {trial}/results/report.html\n"
    )
    run = run_snakemake(trial)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", told)
    run = run_snakemake(trial, "-n")
    assert (run.returncode, run.stdout, run.stderr) == (0, told, "")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--workflow-profile", "none"),
        pytest.param(("--verbose",), marks=pytest.mark.slow),
    ],
)
def test_a_run_whose_reader_is_gone_ends_and_leaves_all_as_it_was(
    arguments: tuple[str, ...], ingested: Path
) -> None:
    """Snakemake by itself waits for ever: a stock Snakefile whose job fails does so."""
    before = results_of(ingested, "logs", "benchmarks", "ledger", "validation")
    NO_NUMBER(ingested)
    command = [SNAKEMAKE, "--snakefile", PROJECT / "Snakefile", "--cores", "2"]
    run = subprocess.Popen(
        [*command, *arguments],
        cwd=ingested,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout is not None
    for line in run.stdout:
        if "validate" in line:
            break
    run.stdout.close()
    assert run.wait(timeout=60) != 0
    chain = read_ledger(ingested)
    assert (chain.faults, chain.notes) == ([], [])
    after = results_of(ingested, "logs", "benchmarks", "ledger", "validation")
    same = {name: after.get(name) for name in before if "records" not in name}
    assert same == {name: before[name] for name in same}
    assert not list((ingested / ".snakemake/locks").glob("*"))


def test_a_mistyped_folder_is_told_and_does_not_stay(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "my_trial")
    run = run_snakemake(trial, "--directory", str(tmp_path / "my_trail"))
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr == (
        f"{tmp_path}/my_trail has no config.yaml, so it is no trial's folder. Did you "
        f"mean --directory {tmp_path}/my_trial?\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["my_trial"]


def test_an_interruption_while_a_job_loads_its_libraries_is_one_line(
    ingested: Path,
) -> None:
    status, lines = run_in_terminal(
        ingested,
        "--forcerun",
        "validate",
        "--cores",
        "1",
        interrupt=lambda written: "[1/" in written or "[ 1/" in written,
    )
    assert status != 0
    told = [line for line in lines if line]
    assert len(told) == 3
    assert told[2].removeprefix("^C").startswith("Interrupted: 1 of ")
    assert told[2].endswith(" done, and kept. Run again to go on.")
    *_, last = read_ledger(ingested).lines
    assert (last["event"], last["status"]) == ("run", "failed")


def test_all_is_told_where_it_is_asked_for(ingested: Path) -> None:
    NO_NUMBER(ingested)
    run = run_snakemake(ingested, "--verbose")
    assert run.returncode != 0
    for told in (
        "localrule validate:",
        "[accept] fatal: data/visits.csv, row 3, column norris_total, value 'x7'",
        "Using workflow specific profile",
        "Complete log(s): ",
    ):
        assert told in run.stderr


def test_a_snakemake_without_our_logger_runs_with_its_own_lines(
    ingested: Path, tmp_path: Path
) -> None:
    """As another installation has it, which no .pth leads to our folder."""
    python = SNAKEMAKE.parent / "python"
    (site,) = (SNAKEMAKE.parents[1] / "lib").glob("python3.*/site-packages")
    start = (
        f"import sys; sys.path.append({str(site)!r}); "
        "from snakemake.cli import main; sys.exit(main())"
    )
    run = subprocess.run(
        [python, "-S", "-c", start, "--snakefile", PROJECT / "Snakefile", "-n"],
        cwd=ingested,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert run.returncode == 0, run.stderr
    assert "Job stats:" in run.stdout
    assert "This was a dry-run" in run.stdout


def test_a_run_uses_all_cores_where_it_is_not_told(ingested: Path) -> None:
    NO_NUMBER(ingested)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    run = subprocess.run(
        [SNAKEMAKE, "--snakefile", PROJECT / "Snakefile", "accept"],
        cwd=ingested,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    cores = len(os.sched_getaffinity(0))
    assert f"on {cores} core" in run.stderr.splitlines()[0]
    assert run.stderr.count("fatal: ") == 1
