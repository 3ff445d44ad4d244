"""What Snakemake's users do with a workflow, done with this one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.job_runs import analyse, jobs_done, ledger_lines
from support.trial_folder import (
    ADSL,
    PROJECT,
    SNAKEMAKE,
    copy_bundled_trial,
    run_snakemake,
)

OTHER_WORKFLOW = f"""
onstart:
    print("theirs begins")


module decline:
    snakefile:
        "{PROJECT}/Snakefile"


use rule * from decline as decline_*


onsuccess:
    print("theirs is done")


rule all:
    default_target: True
    input:
        "size.txt",


rule size:
    input:
        "{ADSL}",
    output:
        record="size.txt",
    shell:
        "wc -c {{input}} > {{output.record}}"
"""


@pytest.mark.runs
def test_another_workflow_uses_all_rules_under_other_names(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    other = tmp_path / "other/Snakefile"
    other.parent.mkdir()
    other.write_text(OTHER_WORKFLOW, encoding="utf-8")

    run = run_snakemake(trial, "--snakefile", str(other))

    assert run.returncode == 0, run.stderr
    assert "theirs begins" in run.stdout
    assert "theirs is done" in run.stdout
    lines = ledger_lines(trial)
    runs = [line["status"] for line in lines if line["event"] == "run"]
    assert runs == ["started", "done"]
    assert jobs_done(lines) == {"validate", "accept", "ingest"}
    # our own Snakefile takes the jobs for done, and the other sees what was altered
    assert analyse(trial, ADSL) == set()
    with (trial / ADSL).open("ab") as stream:
        stream.write(b"more")
    again = run_snakemake(trial, "--snakefile", str(other))
    assert again.returncode == 0, again.stderr
    assert ADSL in again.stderr
    assert "ingest" in jobs_done(ledger_lines(trial)[len(lines) :])


def test_the_catalogues_snakefile_is_the_same_workflow(ingested: Path) -> None:
    snakefile = str(PROJECT / "workflow/Snakefile")
    run = run_snakemake(ingested, "--snakefile", snakefile, "-n", ADSL)
    assert run.returncode == 0, run.stderr
    assert "Nothing to be done" in run.stdout + run.stderr


def test_other_resources_redo_nothing(ingested: Path) -> None:
    more = ("--set-resources", "ingest:mem_mb=9000", "ingest:runtime=999")
    assert analyse(ingested, ADSL, *more, "--set-threads", "ingest=2") == set()


def test_the_report_of_snakemake_shows_results_with_captions(
    brief_once: Path, tmp_path: Path
) -> None:
    trial = Path(shutil.copytree(brief_once, tmp_path / "trial"))
    run = run_snakemake(trial, "--report", str(tmp_path / "r.html"))
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "r.html").read_text("utf-8")
    for category in ("Report", "Figures", "Tables", "Diagnostics", "Data"):
        assert f'"{category}"' in page
    for label in ("Mean decline", "Rates of decline", "Tests of slopes, fvc"):
        assert label in page
    assert "as the primary model estimates it" in page
    assert "{{" not in "".join(re.findall(r"<p>.*?</p>", page))


WITHOUT_PACKAGES = """
import importlib.metadata, sys
HIDDEN = {"numpy", "pandas", "pymc", "scipy"}
found = importlib.metadata.distributions
importlib.metadata.distributions = lambda **of: (
    [] if of.get("name") in HIDDEN else found(**of)
)
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""


def test_an_own_snakemake_is_told_what_to_install(tmp_path: Path) -> None:
    """It has no package of ours, and meets the library while the rules are read."""
    trial = copy_bundled_trial(tmp_path / "trial")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(WITHOUT_PACKAGES, encoding="utf-8")
    run = subprocess.run(
        [SNAKEMAKE, "-s", PROJECT / "Snakefile", "-d", trial, "-n"],
        env={**os.environ, "PYTHONPATH": str(hidden)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    told = [line for line in run.stderr.splitlines() if "profile" not in line]
    (line,) = told
    assert line.startswith("envs/requirements.txt: other packages are installed")
    assert "no numpy for " in line
    assert "`make runtime`" in line
