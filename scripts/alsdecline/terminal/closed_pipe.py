"""The end of a run that nobody reads any more, as of ``snakemake | head``."""

import contextlib
import os
import signal
import threading
from typing import TextIO

import psutil


def _to_nowhere(stream: TextIO) -> None:
    """Let what is still written to a stream, and to its copies, be lost."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        closed = os.fstat(stream.fileno())
        for number in {1, 2, stream.fileno()}:
            with contextlib.suppress(OSError):
                found = os.fstat(number)
                if (found.st_dev, found.st_ino) == (closed.st_dev, closed.st_ino):
                    os.dup2(nowhere, number)
    os.close(nowhere)


def end_unread_run(stream: TextIO) -> None:
    """End this run as Ctrl-C does: its jobs first, then the run itself.

    Where a pipe is closed, Snakemake gets an exception in the thread that tells of a
    failed job; it is lost there, the job stays among those that run, and the run waits
    for ever.

    Parameters
    ----------
    stream : text stream
        What was written to, whose reader is gone.
    """
    _to_nowhere(stream)
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.send_signal(signal.SIGINT)
    # of this process, only the main thread is interrupted
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
