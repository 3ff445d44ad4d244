"""Which column is the arm, which arms there are, and which is the reference."""

import dataclasses
import re

from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.sources import counted
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import ARM, rank
from alsdecline.plain_text import one_line

MOST_ARMS = 8
"""More values are no arms, but perhaps sites or sequences."""

ONE_ARM = "all_patients"
"""Id of the one arm where no column tells any."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_CONTROL = re.compile(
    r"placebo|pbo|plb|control|ctrl|sham|vehicle|usual.care|soc|プラセボ|対照|偽薬",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True)
class ArmId:
    """An arm: its text in the file, and its id."""

    text: str
    id: str


@dataclasses.dataclass(frozen=True)
class Arms:
    """The arms of a trial.

    Attributes
    ----------
    table : Table or None
        Where they stand; None where there is one arm alone.
    column : str
        The column.
    arms : tuple of ArmId
        In the order of the texts.
    reference : str
        Id of the reference; empty where that is to be decided.
    likely : str
        Id of the arm whose name is a control's, if one is.
    """

    table: Table | None
    column: str
    arms: tuple[ArmId, ...]
    reference: str
    likely: str = ""


def _ids(texts: list[str]) -> tuple[ArmId, ...]:
    """Give each arm an id that file names can have, its text where that can be one."""
    taken: set[str] = set()
    arms = []
    for i, text in enumerate(texts, 1):
        plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", text).strip("_.-")
        usable = _ID.fullmatch(text) and text.casefold() != "all"
        chosen = text if usable else plain
        if not chosen or chosen.casefold() == "all":
            chosen = f"arm_{i}"
        while chosen.casefold() in taken:
            chosen += f"_{i}"
        taken.add(chosen.casefold())
        arms.append(ArmId(text, chosen))
    return tuple(arms)


def _candidates(tables: list[Table], given: Given) -> list[tuple[Table, str]]:
    if given.arm:
        return [(t, given.arm) for t in tables if given.arm in t.columns]
    ranked = [
        (r, not table.one_row_a_patient, i, j, table, name)
        for i, table in enumerate(tables)
        for j, name in enumerate(table.columns)
        if (r := rank(name, ARM)) is not None and name != table.patient
    ]
    found = [(table, name) for *_, table, name in sorted(ranked, key=lambda x: x[:4])]
    several = [(t, n) for t, n in found if t.columns[n].different > 1]
    return several or found[:1]


def _contradictions(table: Table, column: str, where: str) -> list[str]:
    """Say why a column is no arm: it varies, is blank, or has too many values."""
    texts = table.source.frame[column]
    name = f"{table.name}, column {one_line(column)!r}, taken as the arm{where}"
    faults = []
    differing = table.differs_within(column)
    if len(differing):
        faults.append(
            f"{name}: differs within {counted(len(differing), 'patient')}: "
            f"{table.rows_of(differing)}; a patient has one arm. Correct it, or name "
            "another column by --arm"
        )
    blank = texts.index[texts == ""]
    if table.one_row_a_patient and len(blank):
        faults.append(
            f"{name}: is empty in {counted(len(blank), 'row')} (row "
            f"{table.source.row(blank[0])}); fill them in, or remove patients "
            "who were not randomised"
        )
    elif len(blank):
        faults.append(
            f"{name}: is empty in {counted(len(blank), 'row')} where others have it "
            f"(row {table.source.row(blank[0])}); fill them in, or give a file with a "
            "row a patient too, as of the first visit's rows"
        )
    patients = texts.groupby(table.patients, sort=False).first()
    sizes = patients[patients != ""].value_counts()
    if len(sizes) > MOST_ARMS:
        faults.append(
            f"{name}: has {len(sizes)} values, more than the {MOST_ARMS} arms that a "
            "trial may have here; name another column by --arm"
        )
    elif len(sizes) > 1 and (alone := sorted(map(str, sizes.index[sizes == 1]))):
        faults.append(
            f"{name}: {one_line(', '.join(alone))[:60]!r} has one patient alone; a "
            "slip in writing? correct it, or name another column by --arm"
        )
    return faults


def guess_arms(tables: list[Table], given: Given, book: Notebook) -> Arms:
    """Find the arms.

    Parameters
    ----------
    tables : list of Table
        The trial's tables.
    given : Given
        What the user says.
    book : Notebook
        Where guesses and contradictions are entered.

    Returns
    -------
    Arms
        Of one arm where no column tells any.
    """
    candidates = _candidates(tables, given)
    if given.arm and not candidates:
        book.faults.append(f"--arm {one_line(given.arm)!r}: no file has such a column")
        return Arms(None, "", (), "")
    where = "data.subjects.columns.arm"
    if not candidates:
        names = "no column is called arm, treatment, group or the like"
        book.guess("arm", "one arm alone", f"{names}; else say --arm", "likely", "arms")
        return Arms(None, "", _ids([ONE_ARM]), ONE_ARM)
    possible = [c for c in candidates if not _contradictions(*c, "")]
    table, column = (possible or candidates)[0]
    book.faults += _contradictions(table, column, "" if given.arm else " by its name")
    texts = sorted({text for text in table.source.frame[column] if text})
    first = table.source.frame[column].groupby(table.patients, sort=False).first()
    sizes = [f"{one_line(t)[:30]} {int((first == t).sum())}" for t in texts[:MOST_ARMS]]
    others = [n for t, n in candidates if (t, n) != (table, column)]
    also = f"; not {', '.join(map(one_line, others))}" if others else ""
    evidence = f"name, one value a patient: {', '.join(sizes)} patients{also}"
    book.guess("arm", column, evidence, sureness(given.arm, "likely"), where)
    arms = _ids(texts)
    if len(arms) == 1:
        return Arms(table, column, arms, arms[0].id)
    return _with_reference(Arms(table, column, arms, ""), given, book)


def _with_reference(found: Arms, given: Given, book: Notebook) -> Arms:
    ids = [arm.id for arm in found.arms]
    controls = [arm.id for arm in found.arms if _CONTROL.search(arm.text)]
    likely = controls[0] if len(controls) == 1 else ""
    chosen = [
        a.id
        for a in found.arms
        if given.reference and given.reference in (a.text, a.id)
    ]
    if chosen:
        book.guess("reference arm", chosen[0], "as you say", "given", "arms.reference")
        return dataclasses.replace(found, reference=chosen[0])
    if given.reference:
        book.faults.append(
            f"--reference {one_line(given.reference)!r}: is no arm; the arms are "
            f"{one_line(', '.join(a.text for a in found.arms))}"
        )
    why = f"; {likely} by its name" if likely else ""
    evidence = f"no data tell which arm the others are compared with{why}"
    book.guess("reference arm", " | ".join(ids), evidence, "decide", "arms.reference")
    return dataclasses.replace(found, likely=likely)
