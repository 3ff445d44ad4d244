"""Folders that are made once, by whichever process of the tests comes first."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

Once = Callable[[str, Callable[[Path], object]], Path]
"""Returns the folder of a name, which the function makes where there is none yet."""


def once_in(shared: Path) -> Once:
    """Return what makes folders once, in a folder that the processes share.

    What it returns is to be read or copied, not changed.
    """

    def folder_of(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = shared / f"once-{name}", shared / f"{name}.made"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # where making it failed
                make(folder)
                made.touch()
        return folder

    return folder_of
