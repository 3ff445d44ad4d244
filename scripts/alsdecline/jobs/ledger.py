"""The ledger: what happened, a line each, every line chained to the one before.

A line is canonical JSON. ``previous`` holds the SHA-256 of the line before it, so that
an edit, a removal or a change of order is found at that line; ``head.json`` beside the
ledger holds the number of lines and the hash of the last, so that a cut tail is found.
Whoever rewrites both from the start is found only against a head kept elsewhere.
Where they disagree, or one is gone, the next line is a recovery that says so for ever.

Jobs do not write here: each leaves an event file, and the one main process chains them.
An event file is removed after its line is on disk, and has an id, so that a process
killed at any moment neither loses an event nor enters it twice.
"""

import contextlib
import dataclasses
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from alsdecline.digests import canonical_json, sha256_of_file
from alsdecline.jobs.events import (
    EVENTS,
    FOLDER,
    Event,
    is_job_event,
    parsed,
    read_event,
    utc_now,
)
from alsdecline.jobs.ledger_reasons import RunReasons
from alsdecline.jobs.ledger_recovery import (
    is_recovery,
    recovery_event,
    recovery_text,
)
from alsdecline.jobs.records import FOLDER as RECORDS
from alsdecline.plain_json import whole_characters
from alsdecline.stable_files import json_text, write_whole

LEDGER = FOLDER / "ledger.jsonl"
HEAD = FOLDER / "head.json"
BEGINNING = "0" * 64
"""What stands for the hash of the line before the first."""


@dataclasses.dataclass(frozen=True)
class Chain:
    """A ledger as it was read.

    Attributes
    ----------
    lines : list of dict
        Those that are JSON objects, in order.
    faults : list of str
        What is wrong with the chain, each naming a line; empty where it holds.
    notes : list of str
        What an interruption left, which the next run puts right.
    hashes : list of str
        Of all lines, in order, behind :data:`BEGINNING`.
    recovered : list of str
        What was wrong once, as a recovery tells: lines that are lost or were changed.
    """

    lines: list[Event]
    faults: list[str]
    notes: list[str]
    hashes: list[str]
    recovered: list[str] = dataclasses.field(default_factory=list)

    @property
    def head(self) -> str:
        """Hash of the last line; :data:`BEGINNING` where there is none."""
        return self.hashes[-1]

    @property
    def last_of_jobs(self) -> dict[str, Event]:
        """The last line of each job that was done, by its name."""
        return {
            line["job"]: line
            for line in self.lines
            if line.get("event") == "job" and line.get("status") == "done"
        }


def _line_hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def read_ledger(folder: Path) -> Chain:
    """Read a trial's ledger and check its chain.

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Returns
    -------
    Chain
        Empty, without a fault, where there is no ledger, no head and no record of a
        job either.
    """
    path = folder / LEDGER
    content = path.read_bytes() if path.is_file() else b""
    *complete, torn = content.split(b"\n")
    lines: list[Event] = []
    faults: list[str] = []
    recovered: list[str] = []
    hashes = [BEGINNING]
    before = hashlib.sha256()
    for number, line in enumerate(complete, start=1):
        event, at = parsed(line), f"{LEDGER}, line {number}"
        if event is None:
            faults.append(f"{at}: is no JSON object")
        elif event.get("event") == "job" and not is_job_event(event):
            faults.append(f"{at}: lacks what a job's line has")
        else:
            lines.append(event)
            if is_recovery(event) and before.hexdigest() == event["content_sha256"]:
                # the lines before are those that it tells of, and no others
                recovered.append(recovery_text(at, event))
                faults = []
            if event.get("previous") != hashes[-1]:
                faults.append(
                    f"{at}: does not continue the line before; that line was changed, "
                    "or lines were removed or put in another order"
                )
        hashes.append(_line_hash(line))
        before.update(line + b"\n")
    notes = [f"{LEDGER}: ends in a torn line of {len(torn)} bytes"] if torn else []
    _check_head(folder, hashes, faults, notes)
    return Chain(lines, faults, notes, hashes, recovered)


def _check_head(
    folder: Path, hashes: list[str], faults: list[str], notes: list[str]
) -> None:
    path = folder / HEAD
    if not path.is_file():
        if len(hashes) > 1:
            faults.append(f"{HEAD}: is absent, so a cut tail cannot be found")
        elif records := sum(1 for _ in (folder / RECORDS).rglob("*.json")):
            faults.append(
                f"{LEDGER}: is absent, and {HEAD} too, though {RECORDS} has records of "
                f"{records} jobs"
            )
        return
    head = parsed(path.read_bytes()) or {}
    count, last = head.get("lines"), head.get("sha256")
    if not isinstance(count, int) or path.read_bytes() != _head_bytes(count, last):
        faults.append(f"{HEAD}: is no head of a ledger")
    elif not 0 <= count < len(hashes):
        faults.append(
            f"{LEDGER}: has {len(hashes) - 1} lines where {HEAD} counts {count}; its "
            "tail was cut"
        )
    elif hashes[count] != last:
        faults.append(f"{LEDGER}, line {count}: is not the line that {HEAD} has")
    elif count + 1 < len(hashes):
        behind = len(hashes) - 1 - count
        notes.append(f"{HEAD}: is {behind} line{'s' * (behind > 1)} behind {LEDGER}")


def _head_bytes(lines: int, sha256: Any) -> bytes:
    return json_text({"lines": lines, "sha256": str(sha256)}).encode(errors="replace")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[BinaryIO]:
    """Open the ledger for this process alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream


def _on_disk(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _write_head(path: Path, content: bytes) -> None:
    """Write the head to the disk itself: a lost one is told for ever."""

    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:
            stream.write(content)
            _on_disk(stream)

    write_whole(path, write)


def _cut_torn_line(stream: BinaryIO) -> Event | None:
    """Cut what was never a whole line, and tell so; the event itself is still there."""
    stream.seek(0)
    content = stream.read()
    torn = content[content.rfind(b"\n") + 1 :]
    if not torn:
        return None
    stream.truncate(len(content) - len(torn))
    return {"event": "recovery", "torn_bytes": len(torn), "sha256": _line_hash(torn)}


def _recoveries(folder: Path, stream: BinaryIO) -> list[Event]:
    """Cut a torn line, check the chain and its head, and tell what was wrong."""
    torn = _cut_torn_line(stream)
    found = [torn] if torn else []
    if faults := read_ledger(folder).faults:
        stream.seek(0)
        path = folder / HEAD
        head = path.read_bytes() if path.is_file() else None
        # first, for it is believed of what stands before it and of nothing else
        found.insert(0, recovery_event(faults, stream.read(), head))
    return found


def append(folder: Path, events: Iterable[Mapping[str, Any]]) -> str:
    """Chain events to a trial's ledger.

    A ledger that does not hold gets a recovery first (:mod:`ledger_recovery`).

    Parameters
    ----------
    folder : Path
        The trial's folder.
    events : iterable of mapping
        In order. One whose id the ledger has already is not entered again.

    Returns
    -------
    str
        The new head.
    """
    with _locked(folder / LEDGER) as stream:
        recoveries = _recoveries(folder, stream)
        stream.seek(0)
        *lines, _ = stream.read().split(b"\n")
        known = {(parsed(line) or {}).get("id") for line in lines} - {None}
        head = _line_hash(lines[-1]) if lines else BEGINNING
        count = len(lines)
        for event in [*recoveries, *events]:
            if event.get("id") in known:
                continue
            count += 1
            entry = {"time": utc_now()} | dict(event)
            entry |= {"line": count, "previous": head}
            # a name of a file may have bytes that are no UTF-8
            line = whole_characters(canonical_json(entry)).encode()
            stream.write(line + b"\n")
            head = _line_hash(line)
        _on_disk(stream)
        _write_head(folder / HEAD, _head_bytes(count, head))
    return head


def _with_files(folder: Path, event: Event) -> Event:
    """Add digests of the log and the benchmark, which end after the job's script."""
    files = {
        name: sha256_of_file(folder / name)
        for name in event["timed"]
        if (folder / name).is_file()
    }
    return event | {"timed": files}


def chain_events(folder: Path, more: Iterable[Mapping[str, Any]] = ()) -> str:
    """Chain all event files to a trial's ledger, then further events.

    Parameters
    ----------
    folder : Path
        The trial's folder. Called by its main process alone.
    more : iterable of mapping
        Events that have no file.

    Returns
    -------
    str
        The new head.
    """
    files = sorted((folder / EVENTS).glob("*.json"))
    reasons = RunReasons(read_ledger(folder).lines if files else [])
    found = {path: event for path in files if (event := read_event(path))}
    events = []
    for event in sorted(found.values(), key=lambda e: (e["ended"], str(e.get("id")))):
        events.append(
            _with_files(folder, event) | {"reason": reasons.reasons_of(event)}
        )
        reasons.add(event)
    head = append(folder, [*events, *more])
    # a process killed while it wrote an event leaves a partial file
    for path in [*found, *(folder / EVENTS).glob(".*.partial")]:
        path.unlink(missing_ok=True)  # another run that starts now enters them too
    return head
