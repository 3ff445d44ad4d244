"""A trial's folder runs no code and nothing is written behind a link that leads out."""

import os
import subprocess
from pathlib import Path

import pytest

from alsdecline.jobs.planned_of_trial import jobs_of_trial
from support.audit_command import PYTHON
from support.trial_folder import PROJECT, SNAKEMAKE, copy_bundled_trial, run_snakemake

pytestmark = pytest.mark.runs

FINDINGS = "results/validation/findings.csv"
MODULES = [
    *("csv", "json", "pickle", "pandas", "yaml", "snakemake", "alsdecline"),
    *("sitecustomize", "usercustomize", "argparse", "datetime"),
]


def test_modules_in_a_trials_folder_are_not_imported(tmp_path: Path) -> None:
    trial, ran = copy_bundled_trial(tmp_path / "trial"), tmp_path / "ran"
    code = f"open({str(ran)!r}, 'a').write(__file__ + '\\n')\nraise SystemExit(9)\n"
    for place in (".", ".snakemake/scripts", "scripts", "workflow"):
        (trial / place).mkdir(parents=True, exist_ok=True)
        for module in MODULES:
            (trial / place / f"{module}.py").write_text(code, encoding="utf-8")
    (trial / "workflow/Snakefile").write_text(code, encoding="utf-8")

    run = run_snakemake(trial, FINDINGS, from_nothing=True)
    audit = subprocess.run(
        [PYTHON, PROJECT / "scripts/audit.py", "verify"],
        cwd=trial,
        capture_output=True,
        text=True,
        check=False,
    )

    assert not ran.exists(), ran.read_text(encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert (trial / FINDINGS).is_file()
    assert "NOT verified" in audit.stdout  # it was answered


def test_reading_the_rules_leaves_the_environment_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that the same process starts finds its modules as before."""
    monkeypatch.setenv("PYTHONPATH", ":elsewhere")
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    before = dict(os.environ)
    assert jobs_of_trial(PROJECT, copy_bundled_trial(tmp_path / "trial"))
    assert dict(os.environ) == before


def test_modules_that_snakemake_would_add_to_ours_are_refused(tmp_path: Path) -> None:
    trial, ran = copy_bundled_trial(tmp_path / "trial"), tmp_path / "ran"
    deployed = trial / ".snakemake/pip-deployments"
    deployed.mkdir(parents=True)
    for module in ("numexpr", "bottleneck", "IPython", "snakemake_logger_plugin_x"):
        code = f"open({str(ran)!r}, 'a').write(__file__)"
        (deployed / f"{module}.py").write_text(code, encoding="utf-8")
    told = (
        f"{deployed.relative_to(trial)}: modules would be imported from it; remove it"
    )

    command = [SNAKEMAKE, "--directory", trial, "--cores", "1", FINDINGS]
    run = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert told in run.stderr.splitlines()

    audit = subprocess.run(
        [PYTHON, PROJECT / "scripts/audit.py", "verify"],
        cwd=trial,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (audit.returncode, audit.stderr) == (2, f"{told}\n")
    assert not ran.exists()


def test_a_run_is_refused_that_would_write_or_take_code_elsewhere(
    tmp_path: Path,
) -> None:
    trial, victim = copy_bundled_trial(tmp_path / "trial"), tmp_path / "victim"
    victim.mkdir()
    (trial / "results").symlink_to(victim)
    (trial / "matplotlibrc").write_text("lines.linewidth: 20\n", encoding="utf-8")

    run = run_snakemake(trial, FINDINGS)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "matplotlibrc: Matplotlib would take its settings from it" in run.stderr

    (trial / "matplotlibrc").unlink()
    run = run_snakemake(trial, FINDINGS)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "results: a link that leads out of the trial's folder" in run.stderr
    assert list(victim.iterdir()) == []


def test_raw_files_may_lie_behind_a_link_which_the_record_names(
    tmp_path: Path,
) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    (trial / "data").rename(tmp_path / "storage")
    (trial / "data").symlink_to(tmp_path / "storage")
    run = run_snakemake(trial, FINDINGS)
    assert run.returncode == 0, run.stderr
    record = (trial / "results/records/validate.json").read_text(encoding="utf-8")
    assert record.count('"link": "data"') == 6
    assert str(tmp_path) not in record
