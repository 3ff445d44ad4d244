"""The edge of every script: log, record, event, and faults told without traceback."""

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

import pyarrow as pa

from alsdecline.digests import read_spec, spec_digest
from alsdecline.faults import DataError
from alsdecline.jobs.events import leave_event, utc_now
from alsdecline.jobs.job_log import QUIET_VARIABLE, write_stop
from alsdecline.jobs.machine_faults import machine_fault
from alsdecline.jobs.records import (
    FOLDER,
    FileDigest,
    JobIdentity,
    file_digest,
    file_digests,
    hashes,
    job_record,
)
from alsdecline.jobs.surroundings import RUN_VARIABLE, surroundings
from alsdecline.plain_text import one_line, printable_lines
from alsdecline.stable_files import write_json
from alsdecline.trial_paths import file_to_write

Facts = Mapping[str, Mapping[str, Any]]
"""What a script tells for the record: ``seeds`` and ``gates``, by task."""


class RefusedError(DataError):
    """The data do not permit to go on, and of that the ledger is told in other words.

    Parameters
    ----------
    message : str
        For people; a line for each fault.
    counts : str
        For the ledger, which keeps what it has: how many faults by which rules, and no
        value of any patient.
    """

    def __init__(self, message: str, counts: str) -> None:
        super().__init__(message)
        self.counts = counts


class Progress:
    """Tells a person and the job's log what is going on, a line at a time."""

    def __init__(self, log: TextIO, rule: str) -> None:
        self._log = log
        self._rule = rule

    def __call__(self, message: str) -> None:
        """Write a message to the log and, unless the run tells people, to them."""
        print(printable_lines(message), file=self._log, flush=True)
        self._tell(message)

    def stop(self, message: str) -> NoReturn:
        """Tell why the job stops, and exit."""
        write_stop(self._log, message)
        self._tell(message)
        raise SystemExit(1)

    def fault_of_program(self, error: Exception, *, private: bool) -> None:
        """Write to the log what only we can mend, with all that helps us to it.

        Where patients have pseudonyms, that is what happened where, without the
        message, which may hold what stands in a cell.
        """
        if private:
            name = type(error).__name__
            write_stop(self._log, f"a fault of the program, not of your data: {name}")
            traceback.print_tb(error.__traceback__, file=self._log)
            return
        called = f"{type(error).__name__}: {error}" if str(error) else repr(error)
        write_stop(self._log, f"a fault of the program, not of your data: {called}")
        traceback.print_exception(error, file=self._log)

    def _tell(self, message: str) -> None:
        if not _quiet():
            for line in printable_lines(message).split("\n"):
                print(f"[{self._rule}] {line}", file=sys.stderr, flush=True)


def _quiet() -> bool:
    return QUIET_VARIABLE in os.environ


@contextlib.contextmanager
def _noise_in(log: TextIO) -> Iterator[None]:
    """Have what libraries write to standard error in the log, where a run is quiet."""
    if not _quiet():
        yield
        return
    before = os.dup(2)
    os.dup2(log.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _tell_machine_fault(job: Any, error: OSError) -> None:
    """Tell what the machine refused: by the log, where that is told and takes it."""
    message = machine_fault(error)
    if _quiet():
        with (
            contextlib.suppress(OSError),
            Path(job.log[0]).open("a", encoding="utf-8") as log,
        ):
            write_stop(log, message)
            return
    print(f"[{job.rule}] {message}", file=sys.stderr)


def _for_ledger(error: BaseException, log: str) -> str:
    """Say that a job failed without what its message may hold of patients."""
    if isinstance(error, RefusedError):
        return error.counts
    if isinstance(error, DataError):
        return f"refused, as {log} tells"
    reason = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__


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


def _has_pseudonyms(params: Any) -> bool:
    """Tell whether a job reads raw files whose patients have pseudonyms."""
    given = params.get("spec")
    plan = (read_spec(given) if given else {}).get("plan")
    return isinstance(plan, dict) and bool(plan.get("pseudonyms"))


class _Ledgered:
    """A job that leaves an event for the ledger, however it ends."""

    def __init__(self, job: Any) -> None:
        # another workflow may have given our rule another name
        rule = Path(Path(job.output.record).relative_to(FOLDER).parts[0]).stem
        self.identity = JobIdentity(rule, dict(job.wildcards.items()))
        self._params = {k: v for k, v in job.params.items() if isinstance(v, str)}
        self._started = utc_now()
        self._clock = time.perf_counter()
        benchmark = Path(job.log[0]).as_posix().replace("/logs/", "/benchmarks/", 1)
        self._timed = [str(job.log[0]), f"{benchmark.removesuffix('.log')}.tsv"]
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

    def failed(self, error: BaseException) -> None:
        """Leave the event that it failed, if the disk takes it."""
        with contextlib.suppress(OSError):
            self._leave("failed", {}, message=_for_ledger(error, self._timed[0]))

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
        With status 1 where the data or the results do not permit to go on, and as a
        shell has it where the job is interrupted; that has been told then.
    """
    job = sys.modules["__main__"].snakemake
    # Arrow's own allocator gives memory back and asks for it anew at each step, which
    # takes a sixth of the time of reading a large trial
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        for file in [*job.log, *job.output]:
            file_to_write(Path(), str(file))
        log = Path(job.log[0])
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as stream, _noise_in(stream):
            _run(main, job, Progress(stream, job.rule))
    except OSError as error:
        _tell_machine_fault(job, error)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        if not _quiet():
            print(f"[{job.rule}] interrupted; run again to go on", file=sys.stderr)
        raise SystemExit(128 + signal.SIGINT) from None
    except DataError as error:  # before there was a log
        print(f"[{job.rule}] {one_line(str(error))}", file=sys.stderr)
        raise SystemExit(1) from None


def _run(
    main: Callable[[Any, Progress], Facts | None], job: Any, progress: Progress
) -> None:
    ledgered = _Ledgered(job)
    try:
        facts = main(job, progress) or {}
        ledgered.done(facts)
    except DataError as error:
        ledgered.failed(error)
        progress.stop(str(error))
    except BaseException as error:
        ledgered.failed(error)
        if isinstance(error, Exception) and not isinstance(error, OSError):
            private = _has_pseudonyms(job.params)
            progress.fault_of_program(error, private=private)
            if _quiet() or private:
                raise SystemExit(1) from None
        raise
