"""The command line of the audit."""

import subprocess
from pathlib import Path

from support.audit_command import PYTHON
from support.loaded_python import run_loaded
from support.trial_folder import PROJECT, copy_bundled_trial


def told(*arguments: str) -> tuple[int, str]:
    done = run_loaded([PROJECT / "scripts/audit.py", *arguments], Path.cwd())
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


def test_a_reader_that_has_seen_enough_gets_no_traceback(tmp_path: Path) -> None:
    folder = copy_bundled_trial(tmp_path / "trial")
    command = [PYTHON, PROJECT / "scripts/audit.py", "--directory", folder]
    asked = [*command, "why", "results/report.html"]
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as going:
        assert going.stdout
        assert going.stderr
        going.stdout.close()
        assert going.stderr.read() == ""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1
