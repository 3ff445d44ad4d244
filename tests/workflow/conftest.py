"""Trials for tests that run the pipeline itself."""

import shutil
from pathlib import Path

import pytest

from support.brief_trial import brief_trial
from support.job_runs import analyse
from support.once import Once
from support.trial_folder import ADSL, copy_bundled_trial, run_snakemake

WHOLE = {"brief_once", "reported_once"}
"""Fixtures that analyse a trial whole."""

TOLD = "told.txt"
"""What the first run of the trial of few and short fits told, in its folder."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-runs` whatever needs a trial that was analysed whole."""
    for item in items:
        if WHOLE & {*getattr(item, "fixturenames", ())}:
            item.add_marker("runs")


@pytest.fixture(scope="session")
def ingested_once(once: Once) -> Path:
    """Run the bundled trial, in a folder of its own, as far as ingest; to be copied."""

    def make(folder: Path) -> None:
        run = run_snakemake(copy_bundled_trial(folder), ADSL)
        assert run.returncode == 0, run.stderr

    return once("my trial", make)


@pytest.fixture
def ingested(ingested_once: Path, tmp_path: Path) -> Path:
    """Copy the bundled trial as it is after ingest, times included."""
    return Path(shutil.copytree(ingested_once, tmp_path / "my trial"))


@pytest.fixture(scope="session")
def analysed_once(once: Once) -> Path:
    """Analyse the bundled trial whole on two cores; to be copied, not used."""
    return once("analysed", lambda f: analyse(copy_bundled_trial(f), "--cores", "2"))


@pytest.fixture(scope="session")
def brief_once(once: Once) -> Path:
    """Analyse the trial of few and short fits on two cores; to be copied, not used."""

    def make(folder: Path) -> None:
        run = run_snakemake(brief_trial(folder), "--cores", "2", timeout=1200)
        assert run.returncode == 0, run.stderr
        (folder / TOLD).write_text(run.stderr, encoding="utf-8")

    return once("brief", make)


@pytest.fixture(
    scope="session",
    params=["brief_once", pytest.param("analysed_once", marks=pytest.mark.slow)],
)
def reported_once(request: pytest.FixtureRequest) -> Path:
    """Analyse the trial of few and short fits, and the bundled one where there is time.

    To be read, not changed.
    """
    return Path(request.getfixturevalue(request.param))
