"""The decisions file: what people decided on single cells, visits and patients.

Raw files are never edited. Who corrects a value, leaves something out or accepts a
finding says so in a row of this file, with who, when and why.
"""

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, cast

from alsdecline.plain_text import control_character
from alsdecline.raw.cells import ROW
from alsdecline.raw.column_names import listed
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import read_raw
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.tables import Table

Kind = Literal["correction", "exclusion", "accepted"]
KINDS = ("correction", "exclusion", "accepted")

NEEDED = ("kind", "patient", "who", "when", "why")
"""Columns that a decisions file must have."""

OTHERS = ("file", "visit", "column", "value", "new_value", "rule")
"""Columns that it may have; any further one is a key, by its name in the raw file."""


@dataclasses.dataclass(frozen=True)
class Decision:
    """A row of the decisions file.

    Attributes
    ----------
    row : int
        Its row there.
    kind : {"correction", "exclusion", "accepted"}
        What was decided.
    file, patient, visit, column : str
        What it is about, by the names of the raw file; ``visit`` is the visit's name,
        time or date there. Without file, visit, column and keys it is about the
        patient.
    value, new_value : str
        The cell as it stands, and what it is corrected to.
    rule : str
        Of the finding that is accepted.
    keys : tuple of tuple of str
        Further columns of the raw file, and what the row has in them.
    who, when, why : str
        Who decided, on which day, for which reason.
    """

    row: int
    kind: Kind
    file: str
    patient: str
    visit: str
    column: str
    value: str
    new_value: str
    rule: str
    keys: tuple[tuple[str, str], ...]
    who: str
    when: str
    why: str

    @property
    def of_patient(self) -> bool:
        """Whether it leaves out a patient as a whole, by what is filled in alone."""
        beside = self.file, self.visit, self.column, self.keys
        return self.kind == "exclusion" and not any(beside)

    @property
    def place(self) -> str:
        """What it is about, in words."""
        parts = [self.file, f"patient {self.patient}" if self.patient else ""]
        parts += [f"visit {self.visit}" if self.visit else ""]
        parts += [f"{name} {text}" for name, text in self.keys]
        parts += [f"column {self.column}" if self.column else ""]
        return ", ".join(part for part in parts if part)

    @property
    def signed(self) -> str:
        """Who decided it, when and why."""
        return f"{self.who}, {self.when}: {self.why}"


@dataclasses.dataclass(frozen=True)
class AppliedDecision:
    """A decision, and what of the raw file it is about.

    Attributes
    ----------
    decision : Decision
        The decision.
    rows : tuple of int
        Rows of its file; none where it is about a patient or a file as a whole.
    column : str
        Column there; of a parameter that of the values.
    arm : str
        Of a patient who is left out.
    """

    decision: Decision
    rows: tuple[int, ...]
    column: str = ""
    arm: str = ""


def unfit(plan: DataPlan, decision: Decision, fault: str) -> Finding:
    """Find that a decision does not fit the raw files.

    Parameters
    ----------
    plan : DataPlan
        With the decisions file.
    decision : Decision
        The decision.
    fault : str
        What it does not fit.

    Returns
    -------
    Finding
    """
    message = (
        f"{decision.kind} of {decision.place}: {fault}; correct the decision, or take "
        "it out if it is settled"
    )
    file = str(plan.data.decisions)
    return Finding.by_rule(Rule.DECISION_UNFIT, file, decision.row, "", "", message)


def _unsigned(decision: Decision) -> Iterator[tuple[str, str]]:
    """Say what of who, when and why is missing, each with its column."""
    for name in ("who", "why"):
        if not getattr(decision, name):
            yield name, "every decision says who made it, when and why; fill it in"
    try:
        datetime.date.fromisoformat(decision.when)
    except ValueError:
        yield "when", "the day of the decision is missing; write it as YYYY-MM-DD"
    for name in ("who", "why", "value", "new_value"):
        if character := control_character(getattr(decision, name)):
            yield name, f"has the control character {character}; remove it"


def _unplaced(plan: DataPlan, decision: Decision) -> Iterator[tuple[str, str]]:
    """Say what of the place is missing, each with its column."""
    files = {table.place for table in raw_tables(plan).values()}
    if not decision.of_patient and decision.file not in files:
        yield "file", f"a raw file of config.yaml is needed: {listed(sorted(files))}"
    if not decision.patient and decision.kind != "accepted":
        yield "patient", "whose it is is missing; fill it in"


def _undecided(decision: Decision) -> Iterator[tuple[str, str]]:
    """Say what of the decision itself is missing or too much, each with its column."""
    correction, accepted = decision.kind == "correction", decision.kind == "accepted"
    if correction and not decision.column:
        yield "column", "which column is corrected is missing; fill it in"
    if correction and not decision.new_value:
        yield "new_value", "to leave a value out, write the kind `exclusion`"
    elif correction and decision.value == decision.new_value:
        yield "new_value", "is the value as it stands; say what it is corrected to"
    if decision.new_value and not correction:
        yield "new_value", f"of the kind {decision.kind} there is none; leave it empty"
    if accepted != bool(decision.rule):
        yield "rule", "a finding that is accepted has its rule here, nothing else has"
    elif accepted and decision.rule not in set(Rule):
        yield "rule", "no such rule; findings name theirs"


def _faults(plan: DataPlan, decision: Decision) -> Iterator[tuple[str, str]]:
    """Say what is missing or wrong in a row, each with its column."""
    if decision.kind not in KINDS:
        yield "kind", f"the kind is one of {', '.join(KINDS)}"
        return
    yield from _unsigned(decision)
    yield from _unplaced(plan, decision)
    yield from _undecided(decision)


def _decisions(
    plan: DataPlan, texts: list[dict[str, str]], rows: list[int], keys: list[str]
) -> Iterator[Decision]:
    """Make the decisions; one that leaves a row of the subjects out is of a patient."""
    for row, of_row in zip(rows, texts, strict=True):
        known = {name: of_row.get(name, "") for name in (*NEEDED, *OTHERS)}
        kind = cast("Kind", known.pop("kind"))
        further = tuple((name, of_row[name]) for name in keys if of_row[name])
        decision = Decision(row=row, kind=kind, keys=further, **known)
        patient_alone = dataclasses.replace(decision, file="")
        of_subjects = decision.file == plan.data.subjects.place
        yield patient_alone if of_subjects and patient_alone.of_patient else decision


def _of_our_form(finding: Finding) -> Finding:
    """Return a finding on how the file is written, whose form is not declared."""
    if finding.rule not in (Rule.SEPARATOR, Rule.ENCODING):
        return finding
    fault, _, _ = finding.message.partition("; say ")
    message = f"{fault}; save the file as CSV in UTF-8, with commas between columns"
    return dataclasses.replace(finding, message=message)


def _rows(plan: DataPlan, folder: Path) -> tuple[list[Decision], list[Finding]]:
    """Read the rows of the decisions file as they stand there."""
    file = str(plan.data.decisions)
    table, names = Table(file=file), (*NEEDED, *OTHERS)
    read, found = read_raw(folder / file, table, names)
    # it names who decided, who is no patient
    found = [_of_our_form(f) for f in found if f.rule != Rule.IDENTIFIER]
    if any(f.rule in (Rule.NO_ROWS, Rule.FILE_EMPTY) for f in found):
        return [], []  # that nothing was decided yet is no fault
    absent = [name for name in NEEDED if name not in read.header]
    if read.header and absent:
        message = f"lacks {listed(absent)}; it has {listed(read.header)}"
        found.append(Finding.by_rule(Rule.DECISION_FORM, file, 1, "", "", message))
    if absent:
        return [], found
    raw, _ = read_raw(folder / file, table, read.header)
    keys = [name for name in read.header if name not in names]
    texts = raw.frame[list(read.header)].to_dict("records")
    rows = [int(row) for row in raw.frame[ROW]]
    of_rows = cast("list[dict[str, str]]", texts)
    return list(_decisions(plan, of_rows, rows, keys)), found


def read_decisions(
    plan: DataPlan, folder: Path
) -> tuple[list[Decision], list[Finding]]:
    """Read a trial's decisions file.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    folder : Path
        The trial's folder.

    Returns
    -------
    list of Decision
        Those that are complete, in the file's order; none where there is no file. Of
        files that are not read while the trial is blinded none is among them.
    list of Finding
        What is wrong in the file.
    """
    if plan.data.decisions is None:
        return [], []
    of_rows, found = _rows(plan, folder)

    def tell(rule: Rule, decision: Decision, column: str, message: str) -> None:
        file = str(plan.data.decisions)
        found.append(Finding.by_rule(rule, file, decision.row, column, "", message))

    decisions: list[Decision] = []
    said: dict[Decision, int] = {}
    files = {"", *(table.place for table in raw_tables(plan).values())}
    for decision in of_rows:
        if plan.blinded and decision.file not in files:
            continue  # nothing of it may be known
        faults = list(_faults(plan, decision))
        for name, message in faults:
            tell(Rule.DECISION_FORM, decision, name, message)
        same = dataclasses.replace(decision, row=0, who="", when="", why="")
        if same in said:
            message = f"decides what row {said[same]} decides too; keep one"
            tell(Rule.DECISION_REPEATED, decision, "", message)
        elif not faults:
            said[same] = decision.row
            decisions.append(decision)
    return decisions, found
