"""Runs in a terminal of 80 columns, and what stays on its screen."""

import fcntl
import os
import pty
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path

from support.trial_folder import PROJECT, SNAKEMAKE

CTRL_C = b"\x03"


def shown(written: str) -> list[str]:
    """Return the lines that stay, of what was written to a terminal."""
    lines = written.replace("\r\n", "\n").split("\n")
    return [line.split("\x1b[K")[-1] for line in lines]


def run_in_terminal(
    folder: Path,
    *arguments: str,
    interrupt: Callable[[str], bool] = lambda _: False,
    timeout: float = 120,
) -> tuple[int, list[str]]:
    """Run the pipeline in a terminal, and press Ctrl-C once at a moment.

    Parameters
    ----------
    folder : Path
        The trial's.
    arguments : str
        Of Snakemake.
    interrupt : callable
        Tells by all that was written so far whether it is the moment.
    timeout : float
        Seconds.

    Returns
    -------
    (int, list of str)
        Exit status, and the lines that stay.
    """
    child, screen = pty.fork()
    if child == 0:
        # a shell has what it starts in the background ignore Ctrl-C, tests too
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.environ["TERM"] = "xterm"
        os.chdir(folder)
        command = [SNAKEMAKE, "--snakefile", PROJECT / "Snakefile", *arguments]
        os.execv(SNAKEMAKE, [str(part) for part in command])
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
    written, pressed = "", False
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            written += os.read(screen, 65536).decode()
        except OSError:  # all that had it open have ended
            break
        if not pressed and interrupt(written):
            pressed = True
            os.write(screen, CTRL_C)
    _, status = os.waitpid(child, 0)
    os.close(screen)
    return os.waitstatus_to_exitcode(status), shown(written)
