"""Runs that are stopped on their way, held to what an undisturbed run came to."""

import bisect
import contextlib
import dataclasses
import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests")]

from alsdecline.jobs.events import EVENTS, read_event  # noqa: E402
from alsdecline.jobs.ledger import LEDGER, read_ledger  # noqa: E402
from support.audit_command import failures  # noqa: E402, known from here
from support.brief_trial import brief_trial  # noqa: E402
from support.interrupted_runs import kill_all, resume, start_run  # noqa: E402
from support.job_runs import TIMED, analyse, jobs_done, ledger_lines  # noqa: E402
from support.trial_folder import results_of  # noqa: E402

DISK = 256
"""Megabytes of the disk that is filled; a run of this trial takes a tenth."""

LONGEST = 600
"""Seconds after which a run that was to end hangs."""

Run = subprocess.Popen[bytes]
Stop = Callable[[Run, Path], None]


@dataclasses.dataclass(frozen=True)
class Undisturbed:
    """What every run must come to.

    Attributes
    ----------
    results : dict of str to bytes
        All files but those that carry times.
    jobs : set of str
        Which the ledger tells of.
    seconds : float
        Of the whole run.
    ended : list of float
        When its jobs ended, in order; seconds from its start.
    """

    results: dict[str, bytes]
    jobs: set[str]
    seconds: float
    ended: list[float]

    def place_of(self, moment: float) -> tuple[int, float]:
        """Say how far the run was at a moment, a part of its length.

        A run that is disturbed, or on a busier machine, is as far at another time.

        Returns
        -------
        int, float
            How many jobs had ended, and how many seconds before.
        """
        seconds = moment * self.seconds
        jobs = bisect.bisect(self.ended, seconds)
        return jobs, seconds - (self.ended[jobs - 1] if jobs else 0)


def analyse_undisturbed(folder: Path) -> Undisturbed:
    """Analyse the trial in a folder, and time it."""
    begun = datetime.datetime.now(datetime.UTC)
    analyse(brief_trial(folder), "--cores", "2")
    seconds = (datetime.datetime.now(datetime.UTC) - begun).total_seconds()
    lines = ledger_lines(folder)
    ended = [
        (datetime.datetime.fromisoformat(line["ended"]) - begun).total_seconds()
        for line in lines
        if line["event"] == "job"
    ]
    results = results_of(folder, *TIMED)
    return Undisturbed(results, jobs_done(lines), seconds, sorted(ended))


def interrupt(run: Run, _: Path) -> None:
    """Interrupt a run with all its jobs, as Ctrl-C in a terminal does."""
    os.killpg(run.pid, signal.SIGINT)


def terminate(run: Run, _: Path) -> None:
    """Terminate a run, which is left to end its jobs."""
    run.terminate()


def fill_disk(run: Run, folder: Path) -> None:
    """Leave no byte of the folder's disk until the run has ended; then free it."""
    filler = folder.parent / "filler"
    end = time.monotonic() + LONGEST
    with filler.open("ab", buffering=0) as stream:
        # what the run removes is taken too, as by whoever else fills the disk
        while run.poll() is None and time.monotonic() < end:
            for size in (2**20, 2**12, 1):
                with contextlib.suppress(OSError):
                    while stream.write(bytes(size)) == size:
                        pass
            time.sleep(0.02)
    filler.unlink()


STOPS: dict[str, Stop] = {
    "kill -9": lambda run, _: kill_all(run),
    "SIGINT": interrupt,
    "SIGTERM": terminate,
    "full disk": fill_disk,
}


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Let a folder be a small file system of its own.

    Raises
    ------
    CalledProcessError
        Where that is not permitted.
    """
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs"]
    subprocess.run(["mount", *options, folder], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@dataclasses.dataclass
class Stopped:
    """A trial's folder in which runs are stopped, and what was seen.

    Attributes
    ----------
    folder : Path
        Of the trial.
    printed : Path
        Folder for what runs print, on another disk.
    undisturbed : Undisturbed
        What it must come to.
    rows : list of dict
        A row of the table for each stop.
    events : set of str
        Ids of all events that were there at a stop.
    ledger : bytes
        Its whole lines at the last stop.
    """

    folder: Path
    printed: Path
    undisturbed: Undisturbed
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    events: set[str] = dataclasses.field(default_factory=set)
    ledger: bytes = b""

    def _start(self, told: Path) -> Run:
        with told.open("w", encoding="utf-8") as stream:
            return start_run(self.folder, stream)

    def _records(self) -> int:
        return len(list((self.folder / "results/records").rglob("[!.]*.json")))

    def _wait(self, runs: Sequence[Run], moment: float) -> None:
        """Wait until one of runs is as far as the undisturbed one was at a moment."""
        jobs, seconds = self.undisturbed.place_of(moment)
        end = time.monotonic() + LONGEST
        reached = None
        while any(run.poll() is None for run in runs) and time.monotonic() < end:
            if reached is None and self._records() >= jobs:
                reached = time.monotonic()
            if reached is not None and time.monotonic() >= reached + seconds:
                return
            time.sleep(0.05)

    def stop(self, how: str, moment: float) -> None:
        """Start or resume a run, and stop it on its way.

        Parameters
        ----------
        how : str
            One of :data:`STOPS`.
        moment : float
            Where; as a part of the undisturbed run.
        """
        told = self.printed / f"{self.folder.name}.{len(self.rows)}"
        run = self._start(told)
        self._wait([run], moment)
        faults = []
        if run.returncode is None:
            STOPS[how](run, self.folder)
            try:
                run.wait(LONGEST)
            except subprocess.TimeoutExpired:
                kill_all(run)
                faults.append(f"went on for {LONGEST} s")
        else:
            how = f"{how}, too late: the run had ended"
            faults += [f"the run failed: {run.returncode}"] if run.returncode else []
        self.look(how, moment, [told], faults)

    def run_at_once(self, moment: float) -> None:
        """Start two runs together, and a third while the one of them is at work."""
        told = [self.printed / f"{self.folder.name}.{number}" for number in range(3)]
        runs = [self._start(told[0]), self._start(told[1])]
        self._wait(runs, moment)
        runs.append(self._start(told[2]))
        ended = [run.wait(LONGEST) for run in runs]
        faults = [] if ended.count(0) == 1 else [f"ended with {ended}, not with one 0"]
        refused = [path for path, status in zip(told, ended, strict=True) if status]
        self.look("two runs at once", moment, refused, faults)

    def look(
        self, how: str, moment: float, told: Sequence[Path], faults: list[str]
    ) -> None:
        """Look at what a stop left, and add its row.

        Parameters
        ----------
        how : str
            One of :data:`STOPS`, or what it came to.
        moment : float
            Where; as a part of the undisturbed run.
        told : sequence of Path
            What was printed to the user who is to be told.
        faults : list of str
            What is known to be amiss.
        """
        there = results_of(self.folder, *TIMED)
        whole = self.undisturbed.results
        faults += [
            f"{name}: not the bytes of the undisturbed run"
            for name, content in there.items()
            if not name.endswith(".partial") and whole.get(name) != content
        ]
        files = sorted((self.folder / EVENTS).glob("*.json"))
        self.events |= {event["id"] for path in files if (event := read_event(path))}
        path = self.folder / LEDGER
        content = path.read_bytes() if path.exists() else b""
        if not content.startswith(self.ledger):
            faults.append(f"{LEDGER}: a line that was there is gone")
        self.ledger = content[: content.rfind(b"\n") + 1]
        lines = [path.read_text("utf-8", errors="replace") for path in told]
        if how != "kill -9" and any("Traceback (most" in text for text in lines):
            faults.append("showed a traceback")
        last = [line for text in lines for line in text.splitlines() if line][-8:]
        row = {"stop": how, "moment": round(moment, 3), "records": self._records()}
        self.rows.append(row | {"told": last, "faults": faults})
        print(*row.values(), *faults, sep="; ", flush=True)

    def finish(self) -> None:
        """Resume as documented, and add to the rows what does not hold then."""
        try:
            resume(self.folder)
        except AssertionError as error:
            self._add([f"does not go on: {str(error)[-2000:]}"])
            return
        there, whole = results_of(self.folder, *TIMED), self.undisturbed.results
        names = there.keys() ^ whole.keys() | {
            name for name in there.keys() & whole.keys() if there[name] != whole[name]
        }
        faults = [f"{name}: other bytes in the end" for name in sorted(names)]
        faults += [f"{name}: not verified" for name in sorted(failures(self.folder))]
        chain = read_ledger(self.folder)
        faults += [*chain.faults, *chain.notes, *chain.recovered]
        if not (self.folder / LEDGER).read_bytes().startswith(self.ledger):
            faults.append(f"{LEDGER}: a line that was there is gone")
        known = {line.get("id") for line in chain.lines}
        faults += [f"lost event {name}" for name in sorted(self.events - known)]
        absent = self.undisturbed.jobs - jobs_done(chain.lines)
        faults += [f"{job}: the ledger does not tell of it" for job in sorted(absent)]
        self._add(faults)

    def _add(self, faults: list[str]) -> None:
        for row in self.rows:
            row["faults"] += faults
        print(f"finished; {faults or 'all holds'}", flush=True)
