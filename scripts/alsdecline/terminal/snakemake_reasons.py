"""Reasons to run jobs, told in Snakemake's own lines about them.

What the records ask for is put among the files that Snakemake is forced to make, of
which it would tell `Forced execution`, or only that it follows from another job.
"""

import logging
from collections.abc import Mapping, Sequence

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

FORCED = "Forced execution"
SUMMARY = "Reasons:"
FORCED_IN_SUMMARY = "    forced:\n"
ASKED_IN_SUMMARY = "    asked for by the records, or forced:\n"


class RecordedReasons(logging.Filter):
    """Puts what the records say of a job before what Snakemake says of it.

    Parameters
    ----------
    reasons : mapping of str to sequence of str
        Why jobs run, by their records. What is added later is told too.
    """

    def __init__(self, reasons: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._reasons = reasons

    def filter(self, line: logging.LogRecord) -> bool:
        """Change the line where it is one of these; let all lines pass."""
        if getattr(line, "event", None) == LogEvent.JOB_INFO:
            for file in self._reasons.keys() & getattr(line, "output", []):
                reason = line.__dict__["reason"]
                words = "; ".join(self._reasons[file])
                # what is forced by a person too is no less asked for by its record
                reason = words if reason == FORCED else f"{words}; {reason}"
                line.__dict__["reason"] = reason
        elif self._reasons and str(line.msg).startswith(SUMMARY):
            line.msg = line.msg.replace(FORCED_IN_SUMMARY, ASKED_IN_SUMMARY)
        return True


def tell_reasons(reasons: Mapping[str, Sequence[str]]) -> None:
    """Have Snakemake tell why the records ask for jobs.

    Parameters
    ----------
    reasons : mapping of str to sequence of str
        As :class:`RecordedReasons` takes them.
    """
    logger.addFilter(RecordedReasons(reasons))
