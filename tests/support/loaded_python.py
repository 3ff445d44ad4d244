"""Programs of the project, run as forks of a Python that has its libraries loaded.

What a fork cannot show (how a process starts, what it may import, signals to all of a
run) is tested by programs that are started from nothing.
"""

import atexit
import contextlib
import functools
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from support.fork_request import status_of

HERE = Path(__file__).parent
VENV = HERE.parents[1] / ".venv" / "bin"

INTERPRETER = """\
#!{python} -IS
import sys
sys.path.insert(0, {here!r})
from fork_request import run_job
run_job({address!r}, {python!r})
"""


def users_environment() -> dict[str, str]:
    """Return the variables as a user's shell has them, where Python keeps byte code."""
    not_a_users = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    return {k: v for k, v in os.environ.items() if k not in not_a_users}


@functools.cache
def _address() -> str:
    """Start the process that forks, once for this one, with which it ends."""
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    folder = kept.enter_context(tempfile.TemporaryDirectory(prefix="loaded-python-"))
    address, interpreter = (Path(folder) / name for name in ("socket", "python"))
    python = str(VENV / "python")
    interpreter.write_text(
        INTERPRETER.format(python=python, here=str(HERE), address=str(address)),
        encoding="utf-8",
    )
    interpreter.chmod(0o755)
    server = kept.enter_context(
        subprocess.Popen(
            [python, HERE / "fork_server.py", address, interpreter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=users_environment(),
            text=True,
        )
    )
    assert server.stdout
    assert server.stdout.readline() == "ready\n"
    return str(address)


def run_loaded(
    command: Sequence[str | Path], folder: Path, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a Python program, its file and arguments, in a folder, as a user would."""
    arguments = [str(part) for part in command]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as err,
        Path(os.devnull).open() as nothing,
    ):
        files = [nothing.fileno(), out.fileno(), err.fileno()]
        status = status_of(
            _address(), arguments, str(folder), users_environment(), files, timeout
        )
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, status, out.read(), err.read())
