"""The edge of every script: logging, and a user's faults told without traceback."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from alsdecline.faults import DataError


class Progress:
    """Tells a person and the job's log what is going on, a line at a time."""

    def __init__(self, log: Path, rule: str) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log.open("w", encoding="utf-8")
        self._rule = rule

    def __call__(self, message: str) -> None:
        """Write a message to the log and to standard error."""
        for line in message.splitlines():
            print(line, file=self._log, flush=True)
            print(f"[{self._rule}] {line}", file=sys.stderr, flush=True)


def _stop(progress: Progress, message: str) -> NoReturn:
    progress(message)
    raise SystemExit(1)


def paths(files: str | Sequence[str]) -> list[Path]:
    """Return the files of a named input or output, which may be one or several."""
    return [Path(file) for file in ([files] if isinstance(files, str) else files)]


def run(main: Callable[[Any, Progress], None]) -> None:
    """Run a script's main function as a Snakemake job.

    Parameters
    ----------
    main : callable
        Takes the job (inputs, outputs, params, log), which Snakemake puts into the
        script as ``snakemake``, and a :class:`Progress`.

    Raises
    ------
    SystemExit
        With status 1 where the data or the results do not permit to go on; what is
        wrong has been told then.
    """
    job = sys.modules["__main__"].snakemake
    progress = Progress(Path(job.log[0]), job.rule)
    try:
        main(job, progress)
    except DataError as error:
        _stop(progress, str(error))
