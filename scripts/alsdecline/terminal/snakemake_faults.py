"""What the machine refuses to Snakemake itself, as a full disk does, told in a line.

Snakemake writes locks, what it remembers of jobs, and a log of its own. Where the disk
takes none of it, it would show a traceback for each, and for each line of its log. So
it would where a pipe is closed, and wait for ever.
"""

import errno
import logging
import sys
from collections.abc import Callable
from typing import TextIO

from snakemake.exceptions import WorkflowError
from snakemake.logging import ColorizingTextHandler, logger
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.jobs.machine_faults import machine_fault
from alsdecline.terminal.closed_pipe import end_unread_run

FULL = (errno.ENOSPC, errno.EDQUOT)


def _refused(error: BaseException | None) -> OSError | None:
    """Return what the machine refused, where an error tells of nothing else.

    Of a full disk Snakemake tells to see to permissions.
    """
    if isinstance(error, WorkflowError):
        cause = error.__cause__ or error.__context__
        full = isinstance(cause, OSError) and cause.errno in FULL
        error = cause if full else None
    return error if isinstance(error, OSError) else None


class FaultsOfMachine(logging.Filter):
    """Puts a line in place of the traceback that Snakemake tells a fault by."""

    def filter(self, line: logging.LogRecord) -> bool:
        """Change the line where it is one of these; let all lines pass."""
        error = _refused(sys.exc_info()[1])
        if error and getattr(line, "event", None) == LogEvent.ERROR:
            line.msg, line.args = machine_fault(error), ()
        return True


def _told_once(handler: logging.Handler) -> Callable[[logging.LogRecord], None]:
    """Return what a handler is to do with a line that it cannot write."""
    otherwise = handler.handleError
    told = False

    def handle(line: logging.LogRecord) -> None:
        nonlocal told
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            otherwise(line)
        elif not told:
            told = True
            name = getattr(handler, "baseFilename", "")
            where = f"{name}: " if name else ""
            print(f"{where}{machine_fault(error)}", file=sys.stderr)

    return handle


def _ends_unread_run(
    handler: logging.StreamHandler[TextIO],
) -> Callable[[logging.LogRecord], None]:
    """Return what a handler is to do with each line, where its reader may be gone."""
    otherwise = handler.emit

    def emit(line: logging.LogRecord) -> None:
        try:
            otherwise(line)
        except BrokenPipeError:
            end_unread_run(handler.stream)

    return emit


def tell_faults_in_lines() -> None:
    """Have Snakemake tell in a line what the machine refuses to it.

    A run that nobody reads any more is ended, which Snakemake would not be able to.
    """
    logger.addFilter(FaultsOfMachine())
    for handler in logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handleError = _told_once(handler)  # type: ignore[assignment]
        elif isinstance(handler, ColorizingTextHandler):
            handler.emit = _ends_unread_run(handler)
