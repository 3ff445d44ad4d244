"""Let something run that may neither hang, nor start programs, nor leave a folder."""

import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

LONGEST = 5
"""Seconds that it may take."""

STARTS = {"subprocess.Popen", "os.system", "os.exec", "socket.connect"}
CHANGES = {
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink"),
    *("os.truncate", "os.chmod", "os.utime", "shutil.rmtree"),
}
"""Events of which Python tells before they happen."""
OF_NAMES = CHANGES - {"os.truncate", "os.chmod", "os.utime"}
"""Those that change a name in its folder, and not what a link of that name leads to."""


class Hang(BaseException):
    """It took too long."""


class Outside(BaseException):
    """It was to write outside the folder, or to start a program."""


def _took_too_long(*_: object) -> NoReturn:
    raise Hang(f"more than {LONGEST} s")


class Guard:
    """A context in which what leaves a folder is stopped; made once a process.

    Parameters
    ----------
    folder : Path
        Where may be written.
    """

    def __init__(self, folder: Path) -> None:
        self._on = False
        self._folder = folder
        sys.addaudithook(self._see)
        signal.signal(signal.SIGALRM, _took_too_long)

    def __enter__(self) -> None:
        """Begin to watch, and to count the time."""
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        self._on = True

    def __exit__(self, *_: object) -> None:
        """Watch no more."""
        self._on = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at what Python is about to do."""
        if not self._on:
            return
        if event in STARTS:
            raise Outside(f"{event}: {arguments}")
        if event in CHANGES or (event == "open" and _writes(*arguments[1:3])):
            # what a link leads to is no name that changes
            first, last = int(event == "os.symlink"), 1 if event == "open" else None
            for path in arguments[first:last]:
                named = isinstance(path, str | bytes | os.PathLike)
                if named and not self._inside(Path(os.fsdecode(path)), event):
                    raise Outside(f"{event}: {path!r}")

    def _inside(self, path: Path, event: str) -> bool:
        of_name = event in OF_NAMES and path.name not in {"", ".."}
        changed = path.parent.resolve() / path.name if of_name else path.resolve()
        return changed.is_relative_to(self._folder) or path == Path(os.devnull)


def _writes(mode: Any, flags: Any) -> bool:
    """Tell whether a file is opened to be written."""
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
