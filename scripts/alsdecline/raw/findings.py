"""Findings on the raw data: what is wrong where, and what to do about it."""

import dataclasses
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.plain_text import one_line
from alsdecline.raw.rules import Rule, Severity
from alsdecline.stable_files import read_csv

_ORDER = {"fatal": 0, "warning": 1}


def _shortened(value: str, most: int = 80) -> str:
    return value if len(value) <= most else f"{value[:most]}..."


def further_rows(count: int) -> str:
    """Say of how many rows a finding names the first; nothing where it is the only."""
    return f"; the first of {count} such rows" if count > 1 else ""


@dataclasses.dataclass(frozen=True)
class Finding:
    """One finding on the raw data.

    Attributes
    ----------
    severity : {"fatal", "warning"}
        A fatal one stops the run at ingest.
    rule : Rule
        The rule that found it.
    file : str
        The file, as the configuration names it.
    row : int or None
        Line of the file, the header being line 1.
    column : str
        Column, by its name in the file; empty where it is about a whole row.
    value : str
        The value as it stands in the file.
    message : str
        What is wrong, and the remedy.
    """

    severity: Severity
    rule: Rule
    file: str
    row: int | None
    column: str
    value: str
    message: str

    def __post_init__(self) -> None:
        """Refuse what is no rule of the catalogue, and a severity that it has not."""
        if self.severity not in Rule(self.rule).severities:
            raise ValueError(f"rule {self.rule} has no finding that is {self.severity}")

    @classmethod
    def by_rule(
        cls,
        rule: Rule,
        file: str,
        row: int | None,
        column: str,
        value: str,
        message: str,
        severity: Severity | None = None,
    ) -> Self:
        """Make a finding; without a severity it has the first of its rule."""
        chosen = severity or rule.severities[0]
        return cls(chosen, rule, file, row, column, value, message)

    def __str__(self) -> str:
        """Return the finding as one line for a person."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        if self.value:
            place += f", value {_shortened(self.value)!r}"
        return one_line(f"{self.severity}: {place}: {self.message} [{self.rule}]")


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Put fatal findings first, then by file, row and column; drop repeats."""
    return sorted(
        set(findings),
        key=lambda f: (
            _ORDER[f.severity],
            f.file,
            f.row or 0,
            f.column,
            f.rule,
            f.value,
            f.message,
        ),
    )


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Tabulate findings, one row each; the columns are there even without any."""
    names = [field.name for field in dataclasses.fields(Finding)]
    frame = pd.DataFrame([dataclasses.astuple(f) for f in findings], columns=names)
    return frame.astype({"row": "Int64"})


def read_findings(path: Path) -> list[Finding]:
    """Read findings back from the table that :func:`findings_frame` gives."""
    records: list[dict[Any, Any]] = read_csv(path).to_dict("records")
    return [
        Finding(
            **record
            | {
                "rule": Rule(record["rule"]),
                "row": int(record["row"]) if record["row"] else None,
            }
        )
        for record in records
    ]


def counts_by_rule(findings: Iterable[Finding]) -> str:
    """Say how many fatal findings there are by each rule, and no value of any.

    Parameters
    ----------
    findings : iterable of Finding
        All findings.

    Returns
    -------
    str
        As ``3 fatal findings: range 2, sum 1``.
    """
    counts = Counter(str(f.rule) for f in set(findings) if f.severity == "fatal")
    rules = ", ".join(f"{rule} {count}" for rule, count in sorted(counts.items()))
    total = counts.total()
    return f"{total} fatal finding{'s' * (total != 1)}: {rules}"


def refuse_fatal(findings: Iterable[Finding], where: str, most: int = 20) -> None:
    """Stop if any finding is fatal.

    Parameters
    ----------
    findings : iterable of Finding
        All findings.
    where : str
        The file that lists them all, for the message.
    most : int
        How many to print; the rest are counted.

    Raises
    ------
    DataError
        With a line for each fatal finding.
    """
    fatal = [f for f in sort_findings(findings) if f.severity == "fatal"]
    if not fatal:
        return
    lines = [str(f) for f in fatal[:most]]
    if len(fatal) > most:
        lines.append(f"... and {len(fatal) - most} more")
    lines.append(
        f"{len(fatal)} fatal finding{'s' * (len(fatal) > 1)} in the raw data, all in "
        f"{where}; correct the files and run again. Earlier results are as they were."
    )
    raise DataError("\n".join(lines))
