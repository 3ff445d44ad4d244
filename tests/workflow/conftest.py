"""Trials for tests that run the pipeline itself."""

import shutil
from pathlib import Path

import pytest

from support.job_runs import analyse
from support.trial_folder import ADSL, copy_bundled_trial, run_snakemake


@pytest.fixture(scope="session")
def ingested_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the bundled trial, in a folder of its own, as far as ingest; to be copied."""
    folder = copy_bundled_trial(tmp_path_factory.mktemp("ingested") / "my trial")
    run = run_snakemake(folder, ADSL)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def ingested(ingested_once: Path, tmp_path: Path) -> Path:
    """Copy the bundled trial as it is after ingest, times included."""
    return Path(shutil.copytree(ingested_once, tmp_path / "my trial"))


@pytest.fixture(scope="session")
def analysed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Analyse the bundled trial whole on two cores; to be copied, not used."""
    folder = copy_bundled_trial(tmp_path_factory.mktemp("analysed") / "trial")
    analyse(folder, "--cores", "2")
    return folder


@pytest.fixture
def analysed(analysed_once: Path, tmp_path: Path) -> Path:
    """Copy the bundled trial after a whole run, times included."""
    return Path(shutil.copytree(analysed_once, tmp_path / "trial"))
