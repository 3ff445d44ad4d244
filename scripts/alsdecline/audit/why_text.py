"""What ``why`` tells people."""

from collections.abc import Sequence

from alsdecline.audit.answers import Followed, LastRun, WhyAnswer
from alsdecline.audit.why import CHECKPOINT, LATER, NO
from alsdecline.plain_text import one_line

MOST = 4
"""Reasons, or jobs that a job follows from, that are told one by one."""


def _some(reasons: Sequence[str]) -> list[str]:
    more = len(reasons) - MOST
    return [*reasons[:MOST], f"and {more} more"] if more > 0 else list(reasons)


def _chain(followed: Followed) -> str:
    way = ", which follows from ".join(followed["jobs"])
    return f"follows from {way}: {'; '.join(_some(followed['causes']))}"


def _lines(reasons: Sequence[str], follows: Sequence[Followed]) -> list[str]:
    chains = [_chain(followed) for followed in follows]
    return [f"    {line}" for line in [*_some(reasons), *_some(chains)]]


def _last(last: LastRun | None) -> list[str]:
    if last is None:
        return ["  never ran, as the ledger has it"]
    done = last["status"] == "done"
    ended = f"done in {last['seconds']} s" if done else "failed"
    lines = [
        f"  ran last {last['utc']} ({ended}):",
        *_lines(last["reason"], last["follows"]),
    ]
    if not done:
        lines.append(f"    it failed: {' '.join(last['message'].split())}")
    return lines


def why_text(result: WhyAnswer) -> str:
    """Tell people the result of :func:`alsdecline.audit.why.why`."""
    lines = [result["job"], *_last(result["last"])]
    if result["runs"] == NO:
        lines.append("  would not run now: nothing that it depends on has changed")
    elif result["runs"] == LATER:
        lines.append(
            f"  would run now only if {CHECKPOINT} makes what it reads otherwise:"
        )
    else:
        lines.append("  would run now:")
    lines += _lines(result["causes"], result["follows"])
    if not result["ledger_holds"]:
        lines.append("  note: the ledger's chain does not hold: see `audit.py verify`")
    return "\n".join(map(one_line, lines))
