"""What is installed is held to the lock, and to what each job ran with."""

import dataclasses
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit.checks import check_planned_jobs
from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_settings
from alsdecline.jobs.installed import (
    check_installed,
    installed_versions,
    locked_versions,
)
from alsdecline.jobs.planned import PlannedJob, changed_dependencies
from alsdecline.jobs.record_reasons import present, reasons_to_run
from alsdecline.project import PROJECT

HASH = f"    --hash=sha256:{'0' * 64}"
PYTHON = ".".join(platform.python_version_tuple()[:2])

JOB = PlannedJob(
    name="fit",
    record="results/records/fit.json",
    script="../scripts/fit.py",
    params={"code": "code:1", "env": "env:1"},
    inputs=[],
    outputs=[],
    benchmark="results/benchmarks/fit.tsv",
)

RECORD: dict[str, Any] = {
    "code": {"digest": "code:1", "files": {}},
    "settings": None,
    "raw": None,
    "environment": "env:1",
    "inputs": {},
    "outputs": {},
}

NOW = present({}, None)


def lock_of(folder: Path, *entries: str) -> Path:
    """Write a lock as `make lock` does."""
    path = folder / "envs" / "requirements.txt"
    path.parent.mkdir(exist_ok=True)
    lines = [f"{entry} \\\n{HASH} \\\n{HASH}\n    # via other" for entry in entries]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_projects_own_packages_are_those_that_it_pins() -> None:
    check_installed()
    assert installed_versions()["numpy"] == version("numpy")
    assert len(installed_versions()) > 90


def test_what_differs_is_told_in_a_line_with_the_command_that_mends_it(
    tmp_path: Path,
) -> None:
    lock = lock_of(tmp_path, "numpy==1.0.0", f"scipy=={version('scipy')}", "gone==2.0")
    with pytest.raises(DataError) as told:
        check_installed(lock)
    assert str(told.value) == (
        "envs/requirements.txt: other packages are installed than it pins: numpy "
        f"{version('numpy')} for 1.0.0, no gone for 2.0; run `make runtime` in the "
        "project's folder, and the programs of its .venv"
    )
    assert "make runtime" in (PROJECT / "README.md").read_text("utf-8")


def test_of_many_that_differ_the_first_are_named(tmp_path: Path) -> None:
    lock = lock_of(tmp_path, *[f"absent{i}==1" for i in range(9)])
    with pytest.raises(DataError, match="no absent2 for 1 and 6 more; run"):
        check_installed(lock)


@pytest.mark.parametrize(
    ("marker", "counts"),
    [
        ("sys_platform == 'no-such'", False),
        (f"python_version == '{PYTHON}'", True),
        ("python_version < '3'", False),
        (f"python_version < '3' or sys_platform == '{sys.platform}'", True),
    ],
)
def test_a_package_of_another_platform_or_python_does_not_count(
    tmp_path: Path, marker: str, counts: bool
) -> None:
    lock = lock_of(tmp_path, "numpy==1", f"absent==1 ; {marker}")
    assert ("absent" in locked_versions(lock)) is counts


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "pins no package"),
        (b"# only words\n", "pins no package"),
        (b"numpy>=1\n", ", line 1: neither name==version nor a hash"),
        (b"numpy==1\n-e ../elsewhere\n", ", line 2: neither"),
        (b"numpy @ https://example.org/numpy.whl\n", ", line 1: neither"),
        (b"--index-url https://example.org\n", ", line 1: neither"),
        (b"numpy==1 ; sys_platform = 'linux'\n", ", line 1: neither"),
        (b"numpy==1 ; no_such_name == 'x'\n", ", line 1: neither"),
        (b"numpy==1\xff\n", "cannot be read: not UTF-8"),
    ],
)
def test_what_is_no_lock_is_told_in_a_line(
    tmp_path: Path, content: bytes, says: str
) -> None:
    lock = lock_of(tmp_path)
    lock.write_bytes(content)
    with pytest.raises(DataError, match=f"^envs/requirements.txt.*{says}") as told:
        locked_versions(lock)
    assert "\n" not in str(told.value)


def test_an_absent_lock_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        locked_versions(tmp_path / "requirements.txt")


def test_a_run_is_refused_before_its_settings_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = lock_of(tmp_path, "numpy==1.0.0")
    monkeypatch.setattr(check_installed, "__defaults__", (lock,))
    with pytest.raises(DataError, match=r"numpy .* for 1\.0\.0; run `make runtime`"):
        load_settings({}, tmp_path)


NOT_THE_SAME = {
    "another version": {"python": "3.13", "numpy": "2.5.4"},
    "another Python": {"python": "3.12", "numpy": "2.5.5"},
    "one package less": {"python": "3.13"},
    "nothing recorded": {},
}


@pytest.mark.parametrize("then", NOT_THE_SAME)
def test_a_job_that_ran_with_other_packages_runs_again(then: str) -> None:
    job = dataclasses.replace(JOB, installed={"python": "3.13", "numpy": "2.5.5"})
    same = RECORD | {"installed": dict(job.installed)}
    assert changed_dependencies(job, same) == []
    assert changed_dependencies(job, RECORD | {"installed": NOT_THE_SAME[then]}) == [
        "installed"
    ]


def test_the_reason_names_the_packages_of_which_the_version_moved() -> None:
    job = dataclasses.replace(JOB, installed={"numpy": "2.5.5", "rich": "15"})
    record = RECORD | {"installed": {"numpy": "2.5.5", "rich": "14", "yte": "1"}}
    assert reasons_to_run(job, record, NOW) == [
        "installed packages: rich 14 -> 15, yte 1 -> none"
    ]
    many = RECORD | {"installed": {f"p{i:02}": "1" for i in range(20)}}
    (reason,) = reasons_to_run(job, many, NOW)
    assert reason.endswith("p06 1 -> none and 14 more")
    assert reasons_to_run(job, RECORD, NOW) == [
        "the packages that it ran with are not recorded"
    ]


def test_an_audit_tells_of_another_installation_once() -> None:
    job = dataclasses.replace(JOB, installed={"numpy": "2.5.5"})
    record = RECORD | {"installed": {"numpy": "2.5.4"}}
    (finding,) = check_planned_jobs([job], {job.name: record}, "", ())
    assert finding.path == "envs/requirements.txt"
    assert finding.message.startswith("other packages are installed than the jobs ran")
    assert finding.failure


OWN = ".venv/lib/python3.13/site-packages/alsdecline.pth"
"""By which programs of .venv find what is the project's own."""


@pytest.fixture
def set_up(tmp_path: Path) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
    """Call set_up.sh in a project that is set up, with a lock as given."""
    scripts = tmp_path / "scripts"
    (scripts / "alsdecline" / "jobs").mkdir(parents=True)
    names = ["set_up.sh", "check_installed.py"]
    names += [
        f"alsdecline/{n}.py"
        for n in ("__init__", "faults", "project", "jobs/__init__", "jobs/installed")
    ]
    for name in names:
        (scripts / name).write_bytes((PROJECT / "scripts" / name).read_bytes())
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    python = programs / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / OWN).parent.mkdir(parents=True)
    tools = tmp_path / "tools"  # no Python to make a .venv of is among them
    tools.mkdir()
    for tool in ("sh", "cat", "cmp", "dirname"):
        (tools / tool).symlink_to(str(shutil.which(tool)))

    def call(entry: str) -> "subprocess.CompletedProcess[str]":
        lock = lock_of(tmp_path, entry)
        stamp = f"{tmp_path.resolve()}\n{lock.read_text('utf-8')}"
        (tmp_path / ".venv" / "runtime.done").write_text(stamp, encoding="utf-8")
        return subprocess.run(
            [tools / "sh", scripts / "set_up.sh"],
            env={"PATH": str(tools), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def test_the_command_begins_anew_where_something_else_is_installed(
    set_up: Callable[[str], "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    done = set_up(f"numpy=={version('numpy')}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / OWN).read_text("utf-8") == (
        f"{tmp_path.resolve()}/scripts/plugins\nimport untold_interruptions\n"
    )
    begun = set_up("numpy==1.0.0")
    assert begun.stderr.startswith("Setting up .venv (runtime)")
