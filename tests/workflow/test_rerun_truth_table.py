"""The rerun truth table: after each change, exactly the jobs that it asks for run.

Which jobs ran is read off the ledger.
"""

import json
import os
import random
import shutil
import time
from pathlib import Path

import pytest

from support.job_runs import TIMED, analyse, jobs_done, ledger_lines
from support.rerun_changes import ALL, CHANGES, DATA, Change, copy_project
from support.trial_folder import ADSL, results_of, run_snakemake


def analyse_copy(folder: Path) -> set[str]:
    """Analyse the folder's trial by the folder's code."""
    return analyse(folder / "trial", "--cores", "2", project=folder / "project")


def results(folder: Path) -> dict[str, bytes]:
    return results_of(folder / "trial", *TIMED)


def jobs_that_differ(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Return the jobs of which a file has other bytes, by what the records list."""
    made_by = {}
    for name in after:
        if name.startswith("results/records/"):
            record = json.loads(after[name])
            made_by |= dict.fromkeys([name, *record["outputs"]], record["job"])
    assert before.keys() == after.keys() == made_by.keys()
    return {made_by[name] for name in after if after[name] != before[name]}


def make_and_analyse(folder: Path, change: Change) -> set[str]:
    """Make a change, analyse, look at the bytes, and return the jobs that ran."""
    before = results(folder)
    change.edit(folder)
    ran = analyse_copy(folder)
    if change.differing is not None:
        assert jobs_that_differ(before, results(folder)) == change.differing
    return ran


@pytest.fixture
def prepared(brief_once: Path, tmp_path: Path) -> Path:
    """Copy the code and the analysed trial, times included."""
    copy_project(tmp_path / "project")
    shutil.copytree(brief_once, tmp_path / "trial")
    return tmp_path


def test_every_job_runs_once(brief_once: Path) -> None:
    assert jobs_done(ledger_lines(brief_once)) == ALL


LONG = {
    "logic of the module of the permutation test",  # code: as the drawing module
    "the width of figures",  # settings: as a prior
    "the label of an outcome",  # a label: as that of an arm
    "logic of what only checks ask of a model",  # test_packages: no fit imports it
    "a new numeric column of one table",  # code: as what only checks ask
    "two assumptions of the design swapped",  # settings; runs below without memory
    "the table behind a figure deleted",  # a lost result: as a dataset, a figure
    "a word that only the report prints",  # code: as the source of a scale
    "the report deleted",  # a lost result: as a figure
    "a prior of the model of one outcome",  # test_why runs it and has its jobs
    "the lock",  # all jobs
    "a bulbar score of one visit corrected",  # test_changes has what it changes
    # the stopped run sees it with memory; without memory it runs below
    "an adverse event renamed in a file with an older time",
}
"""Rows that have the mechanism of another, and take long."""


@pytest.mark.parametrize(
    "change",
    [pytest.param(c, marks=pytest.mark.slow if c in LONG else []) for c in CHANGES],
)
def test_a_change_redoes_exactly_what_it_asks_for(prepared: Path, change: str) -> None:
    assert make_and_analyse(prepared, CHANGES[change]) == CHANGES[change].redone


WITHOUT_MEMORY = {
    "all scripts, settings and raw files touched",
    "logic of the module that draws one figure",
    "an adverse event renamed in a file with an older time",
    "two assumptions of the design swapped",
    "an analysis dataset deleted",
}
"""A change of each kind: no meaning, code, raw data, settings, a result lost."""


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(c, marks=[] if c in WITHOUT_MEMORY else pytest.mark.slow)
        for c in CHANGES
        # another lock has all jobs run again, with that memory or without
        if CHANGES[c].redone != ALL
    ],
)
def test_without_the_memory_of_snakemake_a_change_redoes_the_same(
    prepared: Path, change: str
) -> None:
    shutil.rmtree(prepared / "trial/.snakemake")
    assert make_and_analyse(prepared, CHANGES[change]) == CHANGES[change].redone


def test_a_change_is_seen_where_snakemake_remembers_a_part(prepared: Path) -> None:
    change = CHANGES["two assumptions of the design swapped"]
    metadata = prepared / "trial/.snakemake/metadata"
    for path in sorted(metadata.iterdir())[::2]:
        path.unlink()
    assert make_and_analyse(prepared, change) == change.redone


def test_a_run_that_was_stopped_goes_on_whatever_the_times_are(prepared: Path) -> None:
    change = CHANGES["an adverse event renamed in a file with an older time"]
    change.edit(prepared)
    first = analyse(prepared / "trial", ADSL, project=prepared / "project")
    assert first == DATA
    shutil.rmtree(prepared / "trial/.snakemake")
    moment = time.time() - 100
    for path in (prepared / "trial").rglob("*"):
        os.utime(path, (moment, moment))
    assert first | analyse_copy(prepared) == change.redone


def test_results_that_were_copied_without_their_times_stand(prepared: Path) -> None:
    """As a checkout or an archive has them: times in no order, no `.snakemake`."""
    trial = prepared / "trial"
    shutil.rmtree(trial / ".snakemake")
    files = sorted(path for path in trial.rglob("*") if path.is_file())
    ages = random.Random(1).sample(range(1000), len(files))
    for path, age in zip(files, ages, strict=True):
        moment = time.time() - age
        os.utime(path, (moment, moment))
    before = results(prepared)
    assert analyse_copy(prepared) == set()
    assert results(prepared) == before


def test_an_absent_raw_file_is_told_before_anything_runs(prepared: Path) -> None:
    (prepared / "trial/data/events.csv").unlink()
    before, lines = results(prepared), ledger_lines(prepared / "trial")
    run = run_snakemake(prepared / "trial", project=prepared / "project")
    assert run.returncode == 1
    assert "data/events.csv: no such raw file; put it there" in run.stderr
    assert "Traceback" not in run.stderr
    assert results(prepared) == before
    assert ledger_lines(prepared / "trial") == lines
