"""A fork of a Python with its libraries loaded is the program that it stands for."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.loaded_python import run_loaded, users_environment

PROGRAM = """\
import atexit, os, pathlib, sys
import helper_beside
atexit.register(print, "at the end")
print(sys.argv, __name__, os.getcwd(), sorted(os.environ), helper_beside.NAME)
print([name for name in sys.modules if name.startswith("alsdecline")])
sys.stderr.write("told \\u00b5")
{end}
"""
ENDS = {
    "done": "",
    "status": "sys.exit(3)",
    "message": "sys.exit('no')",
    "error": "raise ValueError('no')",
    "killed": "import signal; os.kill(os.getpid(), signal.SIGKILL)",
}


def written(folder: Path, end: str) -> Path:
    program = folder / "program.py"
    program.write_text(PROGRAM.format(end=end), encoding="utf-8")
    (folder / "helper_beside.py").write_text("NAME = 'helper'", encoding="utf-8")
    return program


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_and_prints_as_one_that_is_started(tmp_path: Path, end: str) -> None:
    command = [written(tmp_path, ENDS[end]), "--one", "two three"]
    started = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=users_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    forked = run_loaded(command, tmp_path)
    assert forked.returncode == started.returncode
    assert forked.stdout == started.stdout
    assert forked.stderr.splitlines()[-1:] == started.stderr.splitlines()[-1:]


def test_one_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    end = (
        "pathlib.Path('pid').write_text(str(os.getpid())); import time; time.sleep(60)"
    )
    with pytest.raises(TimeoutError):
        run_loaded([written(tmp_path, end)], tmp_path, timeout=3)
    process = Path("/proc", (tmp_path / "pid").read_text("utf-8"))
    soon = time.monotonic() + 20  # it would sleep three times as long
    while process.exists() and time.monotonic() < soon:
        time.sleep(0.1)
    assert not process.exists()
