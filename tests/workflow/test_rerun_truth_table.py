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
from support.rerun_changes import ALL, CHANGES, DATA, Change, at_once, copy_project
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


SHORT = {
    "the label of an arm",
    "an analysis dataset deleted",
}
"""Rows whose jobs no other row has, or that follow from what came out."""

WITHOUT_A_MEANING = (
    "the description of a setting",
    "layout and comments of all code",
    "order of keys in the settings",
    "all scripts, settings and raw files touched",
)
OF_EACH_KIND = (
    "logic of the module that draws one figure",
    "a rule of decision added to the plan",
)
TEXT_AND_RESULT = (
    "the source of a prior",
    "the source of a scale",
    "a figure deleted",
)

SHORT_AT_ONCE = {
    "what has no meaning": at_once(*WITHOUT_A_MEANING),
    "code and a setting": at_once(*OF_EACH_KIND),
    "a source reworded and a result lost": at_once(*TEXT_AND_RESULT),
}
"""Rows made at once: a whole run each by itself takes long."""

ONE_OF_A_KIND = (
    "layout and comments of all code",  # which Snakemake's own memory would see
    "a raw file rewritten with the same records",
    "the label of an arm",
    "a new numeric column of one table",
    "an analysis dataset deleted",
)
"""Rows by which code, raw files, settings and results are told without that memory.

In that way of telling, by the records alone, all other rows of their kind are one.
"""


@pytest.mark.parametrize(
    "change",
    [pytest.param(c, marks=[] if c in SHORT else pytest.mark.slow) for c in CHANGES],
)
def test_a_change_redoes_exactly_what_it_asks_for(prepared: Path, change: str) -> None:
    assert make_and_analyse(prepared, CHANGES[change]) == CHANGES[change].redone


@pytest.mark.parametrize("changes", SHORT_AT_ONCE)
def test_changes_at_once_redo_what_each_of_them_asks_for(
    prepared: Path, changes: str
) -> None:
    change = SHORT_AT_ONCE[changes]
    assert make_and_analyse(prepared, change) == change.redone


@pytest.mark.slow
@pytest.mark.parametrize("change", ONE_OF_A_KIND)
def test_without_the_memory_of_snakemake_a_change_redoes_the_same(
    prepared: Path, change: str
) -> None:
    shutil.rmtree(prepared / "trial/.snakemake")
    assert make_and_analyse(prepared, CHANGES[change]) == CHANGES[change].redone


def test_without_that_memory_code_a_raw_file_and_settings_redo_the_same(
    prepared: Path,
) -> None:
    change = at_once(
        "logic of the module that draws one figure",
        "an adverse event renamed in a file with an older time",
        "two assumptions of the design swapped",
    )
    shutil.rmtree(prepared / "trial/.snakemake")
    assert make_and_analyse(prepared, change) == change.redone


@pytest.mark.slow
def test_a_change_is_seen_where_snakemake_remembers_a_part(prepared: Path) -> None:
    change = CHANGES["two assumptions of the design swapped"]
    metadata = prepared / "trial/.snakemake/metadata"
    for path in sorted(metadata.iterdir())[::2]:
        path.unlink()
    assert make_and_analyse(prepared, change) == change.redone


@pytest.mark.slow
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
