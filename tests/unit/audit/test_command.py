"""The command line of the audit."""

import subprocess
from pathlib import Path

from support.audit_command import PYTHON
from support.trial_folder import PROJECT, copy_bundled_trial


def told(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [PYTHON, PROJECT / "scripts/audit.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_folder_stands_before_the_verb_or_after_it(tmp_path: Path) -> None:
    folder = str(copy_bundled_trial(tmp_path / "trial"))
    asked = ("why", "results/report.html")
    before = told("--directory", folder, "--json", *asked)
    assert before[1].startswith("{")
    assert told(*asked, "--json", "--directory", folder) == before
    # the later of two is meant, as in other commands
    twice = told("--directory", str(tmp_path), *asked, "--json", "--directory", folder)
    assert twice == before
