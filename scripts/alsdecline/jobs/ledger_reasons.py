"""Reasons for which jobs ran, by the ledger: what records said, or what was read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alsdecline.jobs.events import Event
from alsdecline.jobs.record_reasons import changed_inputs

FIRST = "first run"
UNKNOWN = "a result was absent, or older than an input, or asked for"
DEPENDS = ("code", "settings", "raw", "environment")


class RunReasons:
    """What is known of the runs of a ledger that bears on why their jobs ran.

    Parameters
    ----------
    lines : iterable of dict
        Of the ledger, in order; further ones by :meth:`add`.
    """

    def __init__(self, lines: Iterable[Mapping[str, Any]] = ()) -> None:
        self._before: dict[str, Mapping[str, Any]] = {}
        self._asked: dict[str, Mapping[str, Any]] = {}
        self._makers: dict[str, dict[str, str]] = {}
        for line in lines:
            self.add(line)

    def add(self, line: Mapping[str, Any]) -> None:
        """Take in the line of a run that began, or of a job that was done."""
        run = str(line.get("run", ""))
        if line.get("event") == "run" and isinstance(line.get("reasons"), dict):
            self._asked[run] = line["reasons"]
        elif line.get("event") == "job" and line.get("status") == "done":
            self._before[line["job"]] = line
            # the crate reads the records of others
            made = [*line["outputs"], *(line.get("record") or {})]
            self._makers.setdefault(run, {}).update(dict.fromkeys(made, line["job"]))

    def reasons_of(self, event: Event) -> list[str]:
        """Say why a job ran.

        Parameters
        ----------
        event : dict
            Of the job.

        Returns
        -------
        list of str
            What the records said before its run, and what it read otherwise than the
            time before; which jobs it follows, where it read the same.
        """
        run = str(event.get("run", ""))
        told = self._asked.get(run, {}).get(event["job"])
        asked = told if isinstance(told, list) else []  # a line may be forged
        before = self._before.get(event["job"])
        if before is None:
            return list(asked) or [FIRST]
        found = list(asked) or _depends(event["depends"], before["depends"])
        found += changed_inputs(before["inputs"], event["inputs"])
        if found:
            return list(dict.fromkeys(found))
        makers = self._makers.get(run, {})
        followed = sorted({makers[file] for file in event["inputs"] if file in makers})
        return [_follows(followed)] if followed else [UNKNOWN]


def _depends(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    return [f"{name} changed" for name in DEPENDS if now.get(name) != then.get(name)]


def _follows(jobs: Sequence[str]) -> str:
    return f"follows from {', '.join(jobs)}, which ran again to the same bytes"
