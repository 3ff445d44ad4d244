"""What the machine refuses to Snakemake itself, as a full disk does, told in a line.

Snakemake writes locks, what it remembers of jobs, and a log of its own. Where the disk
takes none of it, it would show a traceback for each, and for each line of its log.
"""

import errno
import logging
import sys
from collections.abc import Callable

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.jobs.machine_faults import machine_fault

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


def tell_faults_in_lines() -> None:
    """Have Snakemake tell in a line what the machine refuses to it."""
    logger.addFilter(FaultsOfMachine())
    for handler in logger.handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handleError = _told_once(handler)  # type: ignore[assignment]
