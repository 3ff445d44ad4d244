"""The ledger: what happened, a line each, every line chained to the one before.

A line is canonical JSON. ``previous`` holds the SHA-256 of the line before it, so that
an edit, a removal or a change of order is found at that line; ``head.json`` beside the
ledger holds the number of lines and the hash of the last, so that a cut tail is found.
Whoever rewrites both from the start is found only against a head kept elsewhere.

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
from alsdecline.jobs.events import EVENTS, FOLDER, Event, utc_now
from alsdecline.jobs.ledger_reasons import RunReasons
from alsdecline.plain_json import parse_json
from alsdecline.stable_files import json_text, write_json
from alsdecline.trial_paths import fault_of_name

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
    """

    lines: list[Event]
    faults: list[str]
    notes: list[str]
    hashes: list[str]

    @property
    def head(self) -> str:
        """Hash of the last line; :data:`BEGINNING` where there is none."""
        return self.hashes[-1]


def _line_hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _parsed(line: bytes) -> Event | None:
    try:
        value = parse_json(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def is_job_event(event: Event | None) -> bool:
    """Tell whether an event has all that readers of jobs' events use."""
    kinds: dict[str, type] = dict.fromkeys(("job", "status", "ended"), str)
    kinds |= dict.fromkeys(("depends", "inputs", "outputs"), dict)
    return (
        event is not None
        and all(isinstance(event.get(key), kind) for key, kind in kinds.items())
        and isinstance(event.get("timed"), list | dict)
        # what stands there is hashed, and told to be the trial's
        and not any(
            fault_of_name(str(name))
            for key in ("inputs", "outputs", "timed")
            for name in event[key]
        )
    )


def read_event(path: Path) -> Event | None:
    """Read the event file of a job; None where it is none."""
    # a link that leads nowhere, or a folder, may have such a name too
    event = _parsed(path.read_bytes()) if path.is_file() else None
    return event if is_job_event(event) else None


def read_ledger(folder: Path) -> Chain:
    """Read a trial's ledger and check its chain.

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Returns
    -------
    Chain
        Empty, without a fault, where there is no ledger and no head.
    """
    path = folder / LEDGER
    content = path.read_bytes() if path.is_file() else b""
    *complete, torn = content.split(b"\n")
    lines, faults, notes = [], [], []
    hashes = [BEGINNING]
    for number, line in enumerate(complete, start=1):
        event = _parsed(line)
        if event is None:
            faults.append(f"{LEDGER}, line {number}: is no JSON object")
        elif event.get("event") == "job" and not is_job_event(event):
            faults.append(f"{LEDGER}, line {number}: lacks what a job's line has")
        else:
            lines.append(event)
            if event.get("previous") != hashes[-1]:
                faults.append(
                    f"{LEDGER}, line {number}: does not continue the line before; that "
                    "line was changed, or lines were removed or put in another order"
                )
        hashes.append(_line_hash(line))
    if torn:
        notes.append(f"{LEDGER}: ends in a torn line of {len(torn)} bytes")
    _check_head(folder, hashes, faults, notes)
    return Chain(lines, faults, notes, hashes)


def _check_head(
    folder: Path, hashes: list[str], faults: list[str], notes: list[str]
) -> None:
    path = folder / HEAD
    if not path.is_file():
        if len(hashes) > 1:
            faults.append(f"{HEAD}: is absent, so a cut tail cannot be found")
        return
    head = _parsed(path.read_bytes()) or {}
    count, last = head.get("lines"), head.get("sha256")
    if path.read_bytes() != json_text(head).encode() or not isinstance(count, int):
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


def _cut_torn_line(stream: BinaryIO) -> Event | None:
    """Cut what was never a whole line, and tell so; the event itself is still there."""
    stream.seek(0)
    content = stream.read()
    torn = content[content.rfind(b"\n") + 1 :]
    if not torn:
        return None
    stream.truncate(len(content) - len(torn))
    return {"event": "recovery", "torn_bytes": len(torn), "sha256": _line_hash(torn)}


def append(folder: Path, events: Iterable[Mapping[str, Any]]) -> str:
    """Chain events to a trial's ledger.

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
        recovery = _cut_torn_line(stream)
        stream.seek(0)
        *lines, _ = stream.read().split(b"\n")
        known = {(_parsed(line) or {}).get("id") for line in lines} - {None}
        head = _line_hash(lines[-1]) if lines else BEGINNING
        count = len(lines)
        for event in [*([recovery] if recovery else []), *events]:
            if event.get("id") in known:
                continue
            count += 1
            entry = {"time": utc_now()} | dict(event)
            entry |= {"line": count, "previous": head}
            line = canonical_json(entry).encode()
            stream.write(line + b"\n")
            head = _line_hash(line)
        _on_disk(stream)
        write_json(folder / HEAD, {"lines": count, "sha256": head})
    return head


def last_of_jobs(chain: Chain) -> dict[str, Event]:
    """Return the last line of each job that was done.

    Parameters
    ----------
    chain : Chain
        A ledger.

    Returns
    -------
    dict of str to dict
        By the job's name.
    """
    return {
        line["job"]: line
        for line in chain.lines
        if line.get("event") == "job" and line.get("status") == "done"
    }


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
        path.unlink()
    return head
