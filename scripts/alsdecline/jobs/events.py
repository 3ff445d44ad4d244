"""Event files, by which jobs tell the main process what to enter in the ledger."""

import datetime
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alsdecline.stable_files import write_json

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
    write_json(folder / EVENTS / f"{identity}.json", {**event, "id": identity})
