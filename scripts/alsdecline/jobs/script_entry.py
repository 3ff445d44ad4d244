"""The edge of every script: log, record, event, and faults told without traceback."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from alsdecline.digests import read_spec, spec_digest
from alsdecline.faults import DataError
from alsdecline.jobs.events import leave_event, utc_now
from alsdecline.jobs.records import (
    FileDigest,
    JobIdentity,
    file_digest,
    file_digests,
    hashes,
    job_record,
)
from alsdecline.jobs.surroundings import RUN_VARIABLE, surroundings
from alsdecline.stable_files import write_json
from alsdecline.trial_paths import file_to_write

Facts = Mapping[str, Mapping[str, Any]]
"""What a script tells for the record: ``seeds`` and ``gates``, by task."""


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


def _depends(params: Mapping[str, str]) -> dict[str, str]:
    """Digests of what a job depends on but for its inputs, as the ledger has them."""
    names = {"code": "code", "spec": "settings", "raw": "raw", "env": "environment"}
    return {
        name: spec_digest(read_spec(value)) if key == "spec" else value
        for key, name in names.items()
        if (value := params.get(key)) is not None
    }


class _Ledgered:
    """A job that leaves an event for the ledger, however it ends."""

    def __init__(self, job: Any) -> None:
        self.identity = JobIdentity(job.rule, dict(job.wildcards.items()))
        self._params = {k: v for k, v in job.params.items() if isinstance(v, str)}
        self._started = utc_now()
        self._clock = time.perf_counter()
        benchmark = Path(job.log[0]).as_posix().replace("/logs/", "/benchmarks/", 1)
        self._timed = [str(job.log[0]), f"{benchmark.removesuffix('.log')}.tsv"]
        for file in [*job.log, *job.output]:
            file_to_write(Path(), str(file))
        self._record = str(job.output.record)
        self._outputs = [str(file) for file in job.output if file != self._record]
        self._inputs = file_digests(map(str, job.input))

    def done(self, facts: Facts) -> None:
        """Write the record, and leave the event that it was done."""
        outputs = file_digests(self._outputs)
        script = Path(sys.modules["__main__"].__file__ or "")
        record = job_record(
            self.identity, script, self._params, self._inputs, outputs, facts
        )
        write_json(Path(self._record), record)
        self._leave("done", outputs)

    def failed(self, message: str) -> None:
        """Leave the event that it failed."""
        self._leave("failed", {}, message=message)

    def _leave(
        self, status: str, outputs: Mapping[str, FileDigest], **more: str
    ) -> None:
        record = Path(self._record)
        event = {
            "event": "job",
            "status": status,
            "job": self.identity.name,
            "run": os.environ.get(RUN_VARIABLE, ""),
            "started": self._started,
            "ended": utc_now(),
            "seconds": round(time.perf_counter() - self._clock, 3),
            "depends": _depends(self._params),
            "inputs": hashes(self._inputs),
            "outputs": hashes(outputs),
            "timed": self._timed,
            **surroundings(),
            **more,
        }
        if status == "done":
            event["record"] = {self._record: file_digest(record)["sha256"]}
        leave_event(Path(), event)


def run(main: Callable[[Any, Progress], Facts | None]) -> None:
    """Run a script's main function as a Snakemake job.

    Parameters
    ----------
    main : callable
        Takes the job (inputs, outputs, params, log), which Snakemake puts into the
        script as ``snakemake``, and a :class:`Progress`; may return facts for the
        record.

    Raises
    ------
    SystemExit
        With status 1 where the data or the results do not permit to go on; what is
        wrong has been told then.
    """
    job = sys.modules["__main__"].snakemake
    progress = Progress(Path(job.log[0]), job.rule)
    ledgered = _Ledgered(job)
    try:
        facts = main(job, progress) or {}
    except DataError as error:
        ledgered.failed(str(error))
        _stop(progress, str(error))
    except BaseException as error:
        ledgered.failed(f"{type(error).__name__}: {error}")
        raise
    ledgered.done(facts)
