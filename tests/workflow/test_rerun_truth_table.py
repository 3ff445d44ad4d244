"""What runs after which change: each row against real Snakemake, by the ledger.

One prepared run is copied with its times for each row. With Snakemake's memory deleted
as well, at least the jobs of the row run.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Set
from pathlib import Path

import pytest
import yaml

from support.brief_trial import brief_trial
from support.configurations import Change, changed
from support.job_runs import TIMED, jobs_done, ledger_lines
from support.trial_folder import PROJECT, SNAKEMAKE, content, results_of

VISITS = "data/visits.csv"

DATA = {"validate", "accept", "ingest"}
TELLS = {"report", "crate"}
"""Follow nearly everything: the page, and the description of the run."""
FITS = {"fit_joint", "fit_single/limb"}
LEVEL = {f"patient_level/{name}" for name in ("limb", "bulbar", "total")}
TABLES = {
    "diagnose",
    "gate",
    "tabulate_rates",
    "tabulate_parameters",
    "tabulate_influence",
}
FIGURES = {
    "figure_trajectories",
    "figure_patient_slopes",
    "figure_decline",
    "figure_effects/high",
    "figure_predictive_checks",
}
AFTER_FITS = TABLES | FIGURES | TELLS
"""In one invocation all figures follow the gate, which follows the primary fit."""
ALL = DATA | FITS | LEVEL | AFTER_FITS | {"describe", "tabulate_design"}


class Place:
    """A trial, and a project of its own that a test may edit."""

    def __init__(self, folder: Path) -> None:
        self.trial, self.project = folder / "trial", folder / "project"

    def analyse(self) -> set[str]:
        """Run the pipeline; return the jobs that ran."""
        before = len(ledger_lines(self.trial))
        done = self.snakemake()
        assert done.returncode == 0, done.stdout + done.stderr
        return jobs_done(ledger_lines(self.trial)[before:])

    def snakemake(self) -> subprocess.CompletedProcess[str]:
        command = [SNAKEMAKE, "--snakefile", self.project / "Snakefile", "-c2"]
        return subprocess.run(
            [*command, "--directory", self.trial],
            cwd=self.trial,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("prepared"))
    brief_trial(place.trial)
    for name in ("rules", "scripts", "envs", "profiles"):
        shutil.copytree(PROJECT / name, place.project / name)
    shutil.copy2(PROJECT / "Snakefile", place.project)
    assert place.analyse() == ALL
    return place


@pytest.fixture
def place(prepared: Place, tmp_path: Path) -> Place:
    mine = Place(tmp_path)
    shutil.copytree(prepared.trial, mine.trial)
    shutil.copytree(prepared.project, mine.project)
    return mine


Edit = Callable[[Place], None]


def settings(*changes: Change) -> Edit:
    def edit(place: Place) -> None:
        path = place.trial / "config.yaml"
        value = changed(yaml.safe_load(path.read_text("utf-8")), *changes)
        path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")

    return edit


def code(file: str, old: str, new: str) -> Edit:
    def edit(place: Place) -> None:
        path = place.project / file
        text = path.read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def touch_everything(place: Place) -> None:
    now = time.time() + 10
    for path in [
        *place.project.rglob("*.py"),
        *place.project.rglob("*.smk"),
        *(place.trial / "data").iterdir(),
        place.trial / "config.yaml",
    ]:
        os.utime(path, (now, now))


def keys_in_another_order(place: Place) -> None:
    path = place.trial / "config.yaml"
    value = yaml.safe_load(path.read_text("utf-8"))
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=True)
    assert text != path.read_text("utf-8") or list(value) == sorted(value)
    reverse = dict(reversed(value.items()))
    path.write_text(
        yaml.safe_dump(reverse, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )


def rewritten(place: Place) -> None:
    """Rows in reverse, every cell quoted, CRLF, and a blank line at the end."""

    def make(data: bytes) -> bytes:
        header, *rows = data.decode().splitlines()
        lines = [header, *reversed(rows)]
        quoted = [",".join(f'"{c}"' for c in line.split(",")) for line in lines]
        return ("\r\n".join(quoted) + "\r\n\r\n").encode()

    content(VISITS, make)(place.trial)


def older_bytes(place: Place) -> None:
    rewritten(place)
    os.utime(place.trial / VISITS, (1e9, 1e9))


def one_value(place: Place) -> None:
    """Take a point off a vital capacity, which no model of this trial takes."""
    path = place.trial / VISITS
    header, first, *rows = path.read_text("utf-8").splitlines()
    cells = first.split(",")
    at = header.split(",").index("fvc_percent")
    cells[at] = str(int(cells[at]) - 1)
    lines = [header, ",".join(cells), *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def swapped(place: Place) -> None:
    path = place.trial / "config.yaml"
    value = yaml.safe_load(path.read_text("utf-8"))
    prior = value["priors"]["outcomes"]["limb"]
    prior["sd_slope"], prior["sd_residual"] = prior["sd_residual"], prior["sd_slope"]
    path.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def deleted(*files: str) -> Edit:
    def edit(place: Place) -> None:
        for file in files:
            (place.trial / file).unlink()

    return edit


def newer_lock(place: Place) -> None:
    path = place.project / "envs/requirements.txt"
    path.write_text(path.read_text("utf-8") + "# another\n", encoding="utf-8")


ROWS: dict[str, tuple[Edit, Set[str]]] = {
    "nothing": (lambda _: None, set()),
    "touch of scripts, settings and raw files": (touch_everything, set()),
    "a comment and layout in code": (
        code("scripts/alsdecline/estimates.py", '"""', '# a comment\n\n\n"""'),
        set(),
    ),
    "key order in the settings": (keys_in_another_order, set()),
    "logic of a module that one script imports": (
        code("scripts/alsdecline/parameter_summaries.py", "ddof=1", "ddof=0"),
        {"tabulate_parameters", "crate"},
    ),
    "the prior of one model": (
        settings(("priors.outcomes.bulbar.sd_residual", 2.3)),
        {"fit_joint"} | AFTER_FITS,
    ),
    "an assumption of the design": (
        settings(("design.effect", 1.2)),
        {"tabulate_design"} | TELLS,
    ),
    "the setting of figures": (settings(("figures.dpi", 151)), FIGURES | TELLS),
    "raw bytes with an older time": (older_bytes, DATA | TELLS),
    "the same records in another file": (rewritten, DATA | TELLS),
    "one value of an outcome without a model": (
        one_value,
        DATA | {"describe", "diagnose", "gate"} | AFTER_FITS,
    ),
    "two values of a prior swapped": (swapped, FITS | AFTER_FITS),
    "an intermediate result deleted": (
        deleted("results/fits/single/limb/posterior.parquet"),
        {"fit_single/limb"} | AFTER_FITS,
    ),
    "a final result deleted": (
        deleted("results/tables/design.csv"),
        {"tabulate_design"} | TELLS,
    ),
    "the lock": (newer_lock, ALL),
}

SAME_BYTES = {"an intermediate result deleted", "a final result deleted"}


@pytest.mark.parametrize("row", ROWS)
def test_exactly_what_depends_on_a_change_runs(place: Place, row: str) -> None:
    edit, expected = ROWS[row]
    before = results_of(place.trial, *TIMED)
    edit(place)
    assert place.analyse() == expected
    if row in SAME_BYTES or not expected:
        assert results_of(place.trial, *TIMED) == before
    assert place.analyse() == set()


WITHOUT_MEMORY = [
    "nothing",
    "logic of a module that one script imports",
    "the prior of one model",
    "raw bytes with an older time",
    "a final result deleted",
    "the lock",
]


@pytest.mark.parametrize("row", WITHOUT_MEMORY)
def test_without_what_snakemake_remembers_at_least_that_runs(
    place: Place, row: str
) -> None:
    edit, expected = ROWS[row]
    edit(place)
    shutil.rmtree(place.trial / ".snakemake")
    assert place.analyse() >= expected


def test_an_absent_raw_file_is_told_before_anything_runs(place: Place) -> None:
    before = results_of(place.trial)
    (place.trial / VISITS).unlink()
    done = place.snakemake()
    assert done.returncode == 1
    assert f"{VISITS}: no such raw file; put it there" in done.stderr
    assert "Traceback" not in done.stderr
    assert results_of(place.trial) == before
