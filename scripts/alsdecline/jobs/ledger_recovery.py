"""The line by which a ledger tells for ever that it was cut, changed or lost.

It holds what was wrong, the head as it was, and the SHA-256 of all that stands before
it, so that what comes later is trusted, and what came before cannot be changed further.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from alsdecline.jobs.events import Event


def recovery_event(faults: Sequence[str], content: bytes, head: bytes | None) -> Event:
    """Make the event of a ledger that goes on although it does not hold.

    Parameters
    ----------
    faults : sequence of str
        What is wrong.
    content : bytes
        All whole lines of the ledger as they are.
    head : bytes or None
        The head as it is; None where it is absent.

    Returns
    -------
    dict
    """
    return {
        "event": "recovery",
        "faults": list(faults),
        "head": None if head is None else _shown(head),
        "content_sha256": hashlib.sha256(content).hexdigest(),
    }


def _shown(head: bytes) -> str:
    """Return a head in a line, as far as it can be one."""
    return " ".join(head[:200].decode("utf-8", "backslashreplace").split())


def is_recovery(event: Mapping[str, Any]) -> bool:
    """Tell whether a line is a recovery from more than a torn line."""
    return event.get("event") == "recovery" and "content_sha256" in event


def recovery_text(at: str, event: Mapping[str, Any]) -> str:
    """Say for people what a recovery tells.

    Parameters
    ----------
    at : str
        File and line.
    event : mapping
        From :func:`recovery_event`, as the ledger has it.

    Returns
    -------
    str
    """
    faults, head = event.get("faults"), event.get("head")
    wrong = "; ".join(map(str, faults)) if isinstance(faults, list) else str(faults)
    counted = "" if head is None else f"; the head was {head}"
    return (
        f"{at}: tells that the ledger did not hold at {event.get('time')}: {wrong}"
        f"{counted}. What stood there is lost. Put both files back as they were, or "
        "begin anew without results/"
    )
