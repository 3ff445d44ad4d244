"""A folder for a run made again, in the trial's own; nothing is left of either."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from alsdecline.faults import DataError

CLEAN = Path(".replay")
"""Its name."""

PATIENCE = 30
"""Seconds that a run which is stopped gets to end by itself."""


@contextlib.contextmanager
def clean_folder(folder: Path) -> Iterator[Path]:
    """Make a folder in a trial's own, which is removed however its use ends.

    Raw data are copied there, so it lies where those lie, with the rights that the
    user's umask gives. What a killed replay left is removed by the next.

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Yields
    ------
    Path
        An empty folder.

    Raises
    ------
    DataError
        If a replay of the trial is under way, or what is there is no folder of one.
    """
    clean = folder / CLEAN
    if clean.is_symlink() or (clean.exists() and not clean.is_dir()):
        raise DataError(f"{CLEAN}: is no folder of a replay; remove or rename it")
    clean.mkdir(exist_ok=True)
    mine = os.open(clean, os.O_RDONLY)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(mine)
        raise DataError(f"{CLEAN}: a replay of this trial is under way") from None
    try:
        _remove_what_is_in(clean)
        with _ended_by_exceptions():
            yield clean
    finally:
        _remove_what_is_in(clean)
        clean.rmdir()
        os.close(mine)


def _remove_what_is_in(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextlib.contextmanager
def _ended_by_exceptions() -> Iterator[None]:
    """Let a signal that ends the process raise, so that what is left is removed."""

    def stop(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    signals = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_in_group(
    command: Sequence[str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, or end it with all that it started.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    folder : Path
        Where it runs.

    Returns
    -------
    subprocess.CompletedProcess
        With what it told.
    """
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="backslashreplace",
        start_new_session=True,
    ) as process:
        try:
            told, complaints = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, told, complaints)
