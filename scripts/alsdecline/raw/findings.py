"""Findings on the raw data: what is wrong where, and what to do about it."""

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.plain_text import one_line
from alsdecline.raw.rules import Rule, Severity
from alsdecline.raw.severities import may_be_a_warning
from alsdecline.stable_files import with_formulas, without_formulas, write_text

_ORDER = {"fatal": 0, "warning": 1, "note": 2}

TOLD_ONE_BY_ONE = 3
"""Findings of one kind that are told in a line each; of more one line tells."""

EXAMPLES = 3
"""Places that the one line names."""

MOST_KINDS = 3
"""Kinds of messages that a rule has in a column; with more they are taken as one."""

_PARTICULAR = re.compile(r"'[^']*'|\S*\d\S*")
"""What a message says of one place alone: quoted texts, and words with digits."""


def _shortened(value: str, most: int = 80) -> str:
    return value if len(value) <= most else f"{value[:most]}..."


def further_rows(count: int) -> str:
    """Say of how many rows a finding names the first; nothing where it is the only."""
    return f"; the first of {count} such rows" if count > 1 else ""


_FURTHER_ROWS = re.compile(r"; the first of \d+ such rows")


def has_further_rows(message: str) -> bool:
    """Tell whether a message has :func:`further_rows`."""
    return bool(_FURTHER_ROWS.search(message))


@dataclasses.dataclass(frozen=True)
class Finding:
    """One finding on the raw data.

    Attributes
    ----------
    severity : {"fatal", "warning", "note"}
        A fatal one stops the run at ingest; a note says what was done, not what may be
        wrong.
    rule : Rule
        The rule that found it.
    file : str
        The file, as the configuration names it.
    row : int or None
        Line of a text file, row of a sheet as the spreadsheet has it, else the record.
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
        """Refuse what is no rule of the catalogue, and a severity that it cannot have.

        Any may be made fatal; of those that may be warnings `severities` says more.
        """
        rule = Rule(self.rule)
        if self.severity == "warning" and not may_be_a_warning(rule):
            raise ValueError(f"rule {rule} has no finding that is {self.severity}")

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

    @property
    def example(self) -> str:
        """The row and the value, as one of several examples."""
        value = f" {_shortened(self.value, 30)!r}" if self.value else ""
        return f"row {self.row}{value}"


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
    listed = list(findings)
    names = [field.name for field in dataclasses.fields(Finding)]
    columns = {name: [getattr(f, name) for f in listed] for name in names}
    return pd.DataFrame(columns, columns=names).astype({"row": "Int64"})


def write_findings(path: Path, findings: Iterable[Finding]) -> None:
    """Write findings as :func:`alsdecline.stable_files.write_csv` writes a table.

    Parameters
    ----------
    path : Path
        The file.
    findings : iterable of Finding
        They may be hundreds of thousands: of each text once it is seen to that no
        spreadsheet makes a formula of it.
    """
    frame = findings_frame(findings)
    for name in frame.columns.drop("row"):
        text_at, texts = pd.factorize(frame[name])
        safe = pd.Series([without_formulas(str(t)) for t in texts], dtype="object")
        frame[name] = safe.take(text_at).to_numpy()
    write_text(path, frame.to_csv(index=False, lineterminator="\n"))


def read_findings(path: Path) -> list[Finding]:
    """Read findings back that :func:`write_findings` wrote."""
    readers: dict[str, Callable[[str], Any]] = {
        "rule": Rule,
        "row": lambda text: int(text) if text else None,
    }
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    columns = []
    for field in dataclasses.fields(Finding):
        # far fewer texts than cells, so each is read once
        text_at, texts = pd.factorize(table[field.name])
        read = readers.get(field.name, with_formulas)
        values = [read(text) for text in texts]
        columns.append([values[at] for at in text_at])
    cells: Iterator[Any] = zip(*columns, strict=True)
    return [Finding(*of_finding) for of_finding in cells]


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


def _of_one_kind(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Put together findings of one rule and column whose messages differ in places."""

    def column(f: Finding) -> tuple[str, ...]:
        return f.severity, f.rule, f.file, f.column

    # by place in the list: to look up each finding costs more than all else here
    general = functools.cache(lambda message: _PARTICULAR.sub("", message))
    messages = [general(f.message) for f in findings]
    said: dict[tuple[str, ...], set[str]] = {}
    for f, message in zip(findings, messages, strict=True):
        said.setdefault(column(f), set()).add(message)
    kinds: dict[tuple[str, ...], list[Finding]] = {}
    for f, message in zip(findings, messages, strict=True):
        few = len(said[column(f)]) <= MOST_KINDS
        kinds.setdefault((*column(f), message if few else ""), []).append(f)
    return list(kinds.values())


def _told_together(alike: Sequence[Finding]) -> str:
    """Say in one line what findings of one kind have found, with a few examples."""
    first = alike[0]
    shown = ", ".join(finding.example for finding in alike[:EXAMPLES])
    place, what = f"{first.file}", "rows"
    if first.column:
        place, what = f"{place}, column {first.column}", "cells"
    same = all(finding.message == first.message for finding in alike)
    of_first = "" if same else f"row {first.row}: "
    return one_line(
        f"{first.severity}: {place}, {len(alike)} {what}, as {shown}: "
        f"{of_first}{first.message} [{first.rule}]"
    )


def told_lines(findings: Iterable[Finding]) -> list[str]:
    """Say findings in lines, many of one kind in one line.

    Parameters
    ----------
    findings : iterable of Finding
        In any order; repeats count once.

    Returns
    -------
    list of str
        Fatal ones first, then by file, row and column. More than
        :data:`TOLD_ONE_BY_ONE` of one rule in one column, whose messages differ in
        numbers, dates and quoted texts alone, are one line with their count and
        :data:`EXAMPLES`.
    """
    lines: dict[Finding, str] = {}
    for alike in _of_one_kind(sort_findings(findings)):
        # what has no row is of a whole file, of which each has its own remedy
        if len(alike) <= TOLD_ONE_BY_ONE or any(f.row is None for f in alike):
            lines |= {finding: str(finding) for finding in alike}
        else:
            lines[alike[0]] = _told_together(alike)
    return [lines[finding] for finding in sort_findings(lines)]


def refuse_fatal(findings: Iterable[Finding], where: str, most: int = 20) -> None:
    """Stop if any finding is fatal.

    Parameters
    ----------
    findings : iterable of Finding
        All findings.
    where : str
        The file that lists them all, for the message.
    most : int
        How many lines to print; the rest are counted.

    Raises
    ------
    DataError
        With the lines of :func:`told_lines`, and one that counts.
    """
    fatal = [f for f in sort_findings(findings) if f.severity == "fatal"]
    if not fatal:
        return
    told = told_lines(fatal)
    lines = told[:most]
    if len(told) > most:
        lines.append(f"... and {len(told) - most} lines more")
    lines.append(
        f"{len(fatal)} fatal finding{'s' * (len(fatal) > 1)} in the raw data, all in "
        f"{where}; correct the files and run again. Earlier results are as they were."
    )
    raise DataError("\n".join(lines))
