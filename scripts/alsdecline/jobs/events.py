"""Event files, by which jobs tell the main process what to enter in the ledger."""

import contextlib
import datetime
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alsdecline.plain_json import parse_json, whole_characters
from alsdecline.stable_files import json_text, write_text
from alsdecline.trial_paths import fault_of_name

FOLDER = Path("results/ledger")
EVENTS = FOLDER / "events"

Event = dict[str, Any]


def utc_now() -> str:
    """Return the present time, ISO 8601 in UTC, to the millisecond."""
    now = datetime.datetime.now(datetime.UTC)
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def leave_event(folder: Path, event: Mapping[str, Any]) -> None:
    """Write an event file for the main process to chain.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    event : mapping
        Without an id; it gets one, which names its file.
    """
    identity = uuid.uuid4().hex
    # a message may name a file whose bytes are no UTF-8
    text = whole_characters(json_text({**event, "id": identity}))
    write_text(folder / EVENTS / f"{identity}.json", text)


def parsed(line: bytes) -> Event | None:
    """Read a JSON object; None where it is none."""
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
        and isinstance(event.get("record", {}), dict)
        and all(
            isinstance(sha256, str)
            for key in ("inputs", "outputs", "record")
            for sha256 in event.get(key, {}).values()
        )
        # what stands there is hashed, and told to be the trial's
        and all(
            isinstance(name, str) and not fault_of_name(name)
            for key in ("inputs", "outputs", "timed")
            for name in event[key]
        )
    )


def read_event(path: Path) -> Event | None:
    """Read the event file of a job; None where it is none."""
    event = None
    # a link that leads nowhere, or a folder, may have such a name too
    if path.is_file():
        # another run that starts now may have entered it since
        with contextlib.suppress(FileNotFoundError):
            event = parsed(path.read_bytes())
    named = event is not None and isinstance(event.get("id"), str)
    return event if named and is_job_event(event) else None
