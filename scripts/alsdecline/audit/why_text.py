"""What ``why`` tells people."""

from collections.abc import Mapping, Sequence
from typing import Any

from alsdecline.audit.why import CHECKPOINT, LATER, NO

MOST = 4
"""Causes, or jobs that a job follows from, that are told one by one."""


def _some(causes: Sequence[str]) -> list[str]:
    more = len(causes) - MOST
    return [*causes[:MOST], f"and {more} more"] if more > 0 else list(causes)


def _chain(follows: Mapping[str, Any]) -> str:
    way = ", which follows from ".join(follows["jobs"])
    return f"follows from {way}: {'; '.join(_some(follows['causes']))}"


def _lines(result: Mapping[str, Any], key_of_causes: str) -> list[str]:
    chains = [_chain(follows) for follows in result["follows"]]
    return [f"    {line}" for line in [*_some(result[key_of_causes]), *_some(chains)]]


def _last(result: Mapping[str, Any]) -> list[str]:
    last = result["last"]
    if last is None:
        return ["  never ran, as the ledger has it"]
    done = last["status"] == "done"
    ended = f"done in {last['seconds']} s" if done else "failed"
    lines = [f"  ran last {last['utc']} ({ended}):", *_lines(last, "reason")]
    if not done:
        lines.append(f"    it failed: {' '.join(last['message'].split())}")
    return lines


def why_text(result: Mapping[str, Any]) -> str:
    """Tell people the result of :func:`alsdecline.audit.why.why`."""
    lines = [result["job"], *_last(result)]
    if result["runs"] == NO:
        lines.append("  would not run now: nothing that it depends on has changed")
    elif result["runs"] == LATER:
        lines.append(
            f"  would run now only if {CHECKPOINT} makes what it reads otherwise:"
        )
    else:
        lines.append("  would run now:")
    lines += _lines(result, "causes")
    lines += [
        f"  note: {file} is not what the job wrote; `audit.py repair` has it made again"
        for file in result["altered"]
    ]
    if not result["ledger_holds"]:
        lines.append("  note: the ledger's chain does not hold: see `audit.py verify`")
    return "\n".join(lines)
