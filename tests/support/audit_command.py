"""The audit of a trial as a user runs it."""

import json
import subprocess
from pathlib import Path

from support.loaded_python import run_loaded
from support.trial_folder import PROJECT

PYTHON = PROJECT / ".venv/bin/python"


def audit(
    folder: Path, *arguments: str, project: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """Run a command of the audit on a trial's folder, to be told in JSON."""
    command = [project / "scripts/audit.py", "--directory", folder, "--json"]
    return run_loaded([*command, *arguments], Path.cwd())


def traced(folder: Path, value: str) -> str:
    """Return what the audit of a trial tells of a value, in words, on one line."""
    done = run_loaded([PROJECT / "scripts/audit.py", "trace", value], folder)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def failures(folder: Path, project: Path = PROJECT) -> set[str]:
    """Files that a whole ``verify`` names as failures."""
    done = audit(folder, "verify", project=project)
    found = json.loads(done.stdout)
    named = {f["path"] for f in found["findings"] if f["failure"]}
    assert done.returncode == (1 if named else 0), done.stderr
    return named
