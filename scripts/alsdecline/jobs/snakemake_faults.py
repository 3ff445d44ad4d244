"""What the machine refuses to Snakemake itself, as a full disk does, told in a line.

Snakemake writes locks, what it remembers of jobs, and a log of its own. Where the disk
takes none of it, it would show a traceback for each, and for each line of its log.
"""

import logging
import sys
from collections.abc import Callable

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from alsdecline.jobs.machine_faults import machine_fault


class FaultsOfMachine(logging.Filter):
    """Puts a line in place of the traceback that Snakemake tells a fault by."""

    def filter(self, line: logging.LogRecord) -> bool:
        """Change the line where it is one of these; let all lines pass."""
        error = sys.exc_info()[1]
        told = getattr(line, "event", None) == LogEvent.ERROR
        if told and isinstance(error, OSError):
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
