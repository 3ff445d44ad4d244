"""What runs after a change: a usual Snakemake workflow and this pipeline, measured.

Run by ``make reruns`` from a ready environment. The same changes are made to both, each
in a fresh copy of a finished run, and what ran is compared with what the change asks
for. Writes ``docs/reruns.md``.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests")]

from stock_workflow import ROWS, WORKFLOW, Row  # noqa: E402, known from here

from support.brief_trial import brief_trial  # noqa: E402
from support.job_runs import analyse  # noqa: E402
from support.rerun_changes import CHANGES, copy_project  # noqa: E402
from support.trial_folder import Edit  # noqa: E402

SNAKEMAKE = Path(sys.executable).with_name("snakemake")
PAGE = PROJECT / "docs" / "reruns.md"

HEAD = """\
# What runs after a change: stock Snakemake and this pipeline

Written by `make reruns`, which makes each change in a fresh copy of a finished run and
looks at which jobs run then.

- *Missed*: what should have run and did not; results are out of date or absent, and
  nothing says so.
- *For nothing*: what ran on inputs, code and settings that meant the same as before. In
  one run, Snakemake runs all that follows a job, even where its output is the same.

Where both are empty, exactly that ran which the change asks for. Stock is Snakemake
{version} with its own triggers, on a workflow in the usual form: scripts that import a
shared module, params taken from the configuration. Its jobs are `ingest` (raw file to a
table for each outcome), `fit` of limb and of bulbar, and `table`.
[results.md](results.md) says by which means this pipeline differs.
"""

HERE = """\
## What runs here

The like changes in a trial of four outcomes, which has {count} jobs.
"""


def run_stock(folder: Path) -> set[str]:
    """Run the usual workflow in its folder and return the jobs that ran."""
    (folder / "ran.txt").unlink(missing_ok=True)
    subprocess.run([SNAKEMAKE, "-c1", "--quiet", "all"], cwd=folder, check=True)
    ran = folder / "ran.txt"
    return set(ran.read_text("utf-8").splitlines()) if ran.exists() else set()


def _records(trial: Path) -> dict[str, str]:
    """Read the records of a trial's jobs whose outputs are all there."""
    found = {}
    for path in trial.glob("results/records/**/*.json"):
        text = path.read_text("utf-8")
        record = json.loads(text)
        if all((trial / output).is_file() for output in record["outputs"]):
            found[record["job"]] = text
    return found


def run_ours(folder: Path, asked: set[str]) -> tuple[set[str], set[str]]:
    """Run this pipeline on a folder's trial.

    Parameters
    ----------
    folder : Path
        It holds ``project`` and ``trial``.
    asked : set of str
        The jobs that a change asks for, with all that follows them.

    Returns
    -------
    ran, needed : set of str
        The jobs that ran, and those asked for but the ones that ran on the same inputs,
        code and settings as before, to the same outputs: their records are the same.
    """
    trial = folder / "trial"
    before = _records(trial)
    ran = analyse(trial, "--cores", "2", project=folder / "project")
    after = _records(trial)
    return ran, asked - {job for job in ran if before.get(job) == after[job]}


def _listed(jobs: Iterable[str]) -> str:
    return ", ".join(sorted(jobs))


def _amiss(ran: set[str], needed: set[str]) -> list[str]:
    """Return what was missed and what ran for nothing, as cells."""
    return [_listed(needed - ran), _listed(ran - needed)]


def _changed(base: Path, row: Row, edit: Edit, memory: str) -> Path:
    """Copy a finished run with its times, and make a change in the copy."""
    copy = base.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(base, copy)
    edit(copy)
    if row.forget:
        shutil.rmtree(copy / memory)
    return copy


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def measure(folder: Path) -> str:
    """Make every change in both workflows.

    Parameters
    ----------
    folder : Path
        An empty folder to work in.

    Returns
    -------
    str
        The page, Markdown.
    """
    stock, ours = folder / "stock" / "base", folder / "ours" / "base"
    for name, text in WORKFLOW.items():
        path = stock / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run_stock(stock)
    copy_project(ours / "project")
    brief_trial(ours / "trial")
    jobs, _ = run_ours(ours, set())
    version = subprocess.run(
        [SNAKEMAKE, "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    beside, here = [], {}
    for row in ROWS:
        theirs = run_stock(_changed(stock, row, row.edit, ".snakemake"))
        change = CHANGES[row.ours]
        copy = _changed(ours, row, change.edit, "trial/.snakemake")
        ran, needed = run_ours(copy, change.redone)
        beside.append([row.change, *_amiss(theirs, row.redone), *_amiss(ran, needed)])
        forgotten = "`.snakemake` deleted, and " if row.forget else ""
        here[forgotten + row.ours] = _listed(ran & needed)
        print(beside[-1], flush=True)
    amiss = ["missed", "for nothing"]
    return "\n".join(
        [
            HEAD.format(version=version),
            _table(
                [
                    "the change",
                    *[f"stock: {a}" for a in amiss],
                    *[f"here: {a}" for a in amiss],
                ],
                beside,
            ),
            HERE.format(count=len(jobs)),
            _table(["the change", "redone, as it asks for"], here.items()),
        ]
    )


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        page = measure(Path(folder))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
