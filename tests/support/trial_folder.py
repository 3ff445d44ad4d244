"""A trial of one's own: the bundled one in a folder that a test may spoil."""

import functools
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from alsdecline.raw.findings import Finding
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.data_planning import keyed_plan
from alsdecline.settings.file import parse_settings
from alsdecline.validation.consistency import check_trial
from support.loaded_python import run_loaded, users_environment

PROJECT = Path(__file__).parents[2]
SNAKEMAKE = PROJECT / ".venv" / "bin" / "snakemake"
ADSL = "results/data/adsl.parquet"

Edit = Callable[[Path], None]
"""Changes a file of the trial whose folder it is given."""


def copy_bundled_trial(folder: Path) -> Path:
    """Put the bundled trial's configuration and raw files into a folder of its own."""
    folder.mkdir(parents=True)
    shutil.copy2(PROJECT / "config.yaml", folder)
    shutil.copytree(PROJECT / "data", folder / "data")
    return folder


def keep_weeks(folder: Path, weeks: Sequence[int]) -> None:
    """Plan these visits alone, and leave all others out of the bundled trial's file."""
    config, visits = folder / "config.yaml", folder / "data/visits.csv"
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["visits"]["weeks"] = list(weeks)
    config.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    header, *rows = _lines(visits)
    kept = [row for row in rows if int(row.split(",")[1]) in weeks]
    _write_lines(visits, [header, *kept])


def run_snakemake(
    folder: Path,
    *arguments: str,
    timeout: float = 300,
    project: Path = PROJECT,
    from_nothing: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a project's pipeline on a trial's folder as a user would, with one core.

    Snakemake and each job are processes of their own, which have their libraries loaded
    or are started from nothing.
    """
    command = [SNAKEMAKE, "--snakefile", project / "Snakefile", "--directory", folder]
    command += ["--cores", "1", *arguments]
    if not from_nothing:
        return run_loaded(command, folder, timeout)
    return subprocess.run(
        command,
        cwd=folder,
        env=users_environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def results_of(folder: Path, *without: str) -> dict[str, bytes]:
    """Read every file under results/ but those named, or in the folders named."""
    results = folder / "results"
    left_out = {results / name for name in without}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file() and left_out.isdisjoint([path, *path.parents])
    }


@functools.cache
def _plan(configuration: str) -> DataPlan:
    return keyed_plan(parse_settings(configuration, "config.yaml"))


def findings_of(folder: Path) -> list[Finding]:
    """Check a trial's raw files as the pipeline does, without Snakemake."""
    plan = _plan((folder / "config.yaml").read_text(encoding="utf-8"))
    return check_trial(plan, folder)[1]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def cell(file: str, row: int, column: str, value: str) -> Edit:
    """Set a cell; rows count as in findings, the header being row 1."""

    def edit(folder: Path) -> None:
        lines = _lines(folder / file)
        cells = lines[row - 1].split(",")
        cells[lines[0].split(",").index(column)] = value
        lines[row - 1] = ",".join(cells)
        _write_lines(folder / file, lines)

    return edit


def row_text(file: str, row: int, text: str) -> Edit:
    """Replace a row as a whole."""

    def edit(folder: Path) -> None:
        lines = _lines(folder / file)
        lines[row - 1] = text
        _write_lines(folder / file, lines)

    return edit


def added_row(file: str, text: str) -> Edit:
    """Put a row at the end."""

    def edit(folder: Path) -> None:
        _write_lines(folder / file, [*_lines(folder / file), text])

    return edit


def without_rows(file: str, start: str) -> Edit:
    """Leave out the rows that start so."""

    def edit(folder: Path) -> None:
        lines = _lines(folder / file)
        kept = [line for line in lines if not line.startswith(start)]
        assert kept != lines
        _write_lines(folder / file, kept)

    return edit


def without_column(file: str, column: str) -> Edit:
    """Leave out a column."""

    def edit(folder: Path) -> None:
        rows = [line.split(",") for line in _lines(folder / file)]
        at = rows[0].index(column)
        _write_lines(folder / file, [",".join(r[:at] + r[at + 1 :]) for r in rows])

    return edit


def replaced(file: str, old: str, new: str) -> Edit:
    """Replace a text that stands in the file exactly once."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def content(file: str, make: Callable[[bytes], bytes]) -> Edit:
    """Make a file's bytes anew from those it has."""

    def edit(folder: Path) -> None:
        (folder / file).write_bytes(make((folder / file).read_bytes()))

    return edit


def removed(file: str) -> Edit:
    """Remove a file."""
    return lambda folder: (folder / file).unlink()


def together(*edits: Edit) -> Edit:
    """Make several edits, in order."""

    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit
