"""The end of a run: the answer, warnings, what ran and why, how long, where it is."""

import csv
import dataclasses
import html.parser
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from alsdecline.jobs.events import Event
from alsdecline.plain_text import one_line
from alsdecline.terminal import lines
from alsdecline.terminal.time_left import duration

REPORT = Path("results/report.html")
FINDINGS = Path("results/validation/findings.csv")

COUNTED_HERE = "on the raw data, none fatal"
"""What ends the caution of the report that findings are told by their rules instead."""

FEW = 4
"""Reasons that are told one by one."""


class _Answer(html.parser.HTMLParser):
    """Finds the answer and the cautions on the page of the report."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: list[str] = []
        self.cautions: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the sentence, the list of cautions or one of these."""
        of_class = dict(attrs).get("class")
        if (tag, of_class) == ("p", "sentence"):
            self._in = "sentence"
        elif (tag, of_class) == ("details", "cautions"):
            self._in = "cautions"
        elif tag == "li" and self._in in {"cautions", "caution"}:
            self._in = "caution"
            self.cautions.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave them."""
        if (tag, self._in) == ("p", "sentence") or tag == "details":
            self._in = ""
        elif tag == "li" and self._in:
            self._in = "cautions"

    def handle_data(self, data: str) -> None:
        """Take in what stands there."""
        if self._in == "sentence":
            self.answer.append(data)
        elif self._in == "caution":
            self.cautions[-1] += data


@dataclasses.dataclass(frozen=True)
class Reported:
    """What the report says first.

    Attributes
    ----------
    answer : str
        The primary result in a sentence; empty where it has none, as while blinded.
    cautions : list of str
        What its reader is warned of, each with how many.
    """

    answer: str
    cautions: list[str]


def reported(page: Path = REPORT) -> Reported:
    """Return what the report says first.

    Parameters
    ----------
    page : Path
        Of the report; one that is absent says nothing.

    Returns
    -------
    Reported
    """
    found = _Answer()
    if page.is_file():
        found.feed(page.read_text(encoding="utf-8"))
    words = (
        " ".join(text.split()) for text in ("".join(found.answer), *found.cautions)
    )
    answer, *cautions = map(one_line, words)
    return Reported(answer, [c for c in cautions if c and COUNTED_HERE not in c])


def warnings_by_rule(findings: Path = FINDINGS) -> dict[str, int]:
    """Return how many warnings on the raw data there are by each rule.

    Parameters
    ----------
    findings : Path
        The table of findings; one that is absent has none.

    Returns
    -------
    dict of str to int
        By rule, the most frequent first.
    """
    if not findings.is_file():
        return {}
    with findings.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    counts = Counter(one_line(r["rule"]) for r in rows if r["severity"] == "warning")
    return dict(counts.most_common())


def told_warnings(by_rule: Mapping[str, int], cautions: Sequence[str]) -> str:
    """Say what there is to be warned of, by kind.

    Parameters
    ----------
    by_rule : mapping of str to int
        Warnings on the raw data.
    cautions : sequence of str
        Of the report.

    Returns
    -------
    str
    """
    kinds = [f"{rule.replace('_', ' ')} {count}" for rule, count in by_rule.items()]
    parts = [f"on the raw data {sum(by_rule.values())} ({', '.join(kinds)})"] * bool(
        kinds
    )
    parts += cautions
    return "; ".join(parts) or "none"


def told_reasons(events: Sequence[Event]) -> str:
    """Say how many jobs ran, and for which reasons.

    Parameters
    ----------
    events : sequence of dict
        Lines of the ledger, of the jobs of one run.

    Returns
    -------
    str
    """
    gathered = lines.by_reason(
        (event["job"], lines.ran_reason(event.get("reason") or ())) for event in events
    )
    many = lines.jobs(len(events))
    if len(gathered) == 1:
        return f"{many}: {next(iter(gathered))}"
    own = [reason for reason in gathered if reason != lines.FOLLOWS]
    told = [f"{len(gathered[reason])}: {reason}" for reason in own[:FEW]]
    if rest := own[FEW:]:
        others = sum(len(gathered[reason]) for reason in rest)
        told.append(f"{others}: {len(rest)} more reasons, as `audit.py why` tells")
    if lines.FOLLOWS in gathered:
        told.append(f"{len(gathered[lines.FOLLOWS])}: follow from others")
    return f"{many} ({'; '.join(told)})" if told else many


def end_of_run(
    events: Sequence[Event], seconds: float, *, report: bool
) -> list[tuple[str, str]]:
    """Return what is told at the end of a run.

    Parameters
    ----------
    events : sequence of dict
        Lines of the ledger, of the jobs that it did.
    seconds : float
        How long it took.
    report : bool
        Whether the report was asked for, and so is of now.

    Returns
    -------
    list of (str, str)
        Labels with their texts.
    """
    said = reported() if report else Reported("", [])
    parts = [("Answer", said.answer)] if said.answer else []
    parts += [
        ("Warnings", told_warnings(warnings_by_rule(), said.cautions)),
        ("Ran", told_reasons(events)),
        ("Took", duration(seconds)),
    ]
    if report:
        parts.append(("Report", str(REPORT.resolve())))
    return parts
