"""Which table holds the subjects, which the visits, which doses and events."""

import dataclasses

from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.sources import counted
from alsdecline.new_trial.supplements import Supplement, supplement_of
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.wide import is_wide


@dataclasses.dataclass(frozen=True)
class Roles:
    """The tables of a trial by what they hold; subjects and visits may be one."""

    subjects: Table
    visits: Table
    supplements: tuple[Supplement, ...] = ()


def _no_course(table: Table) -> str:
    return (
        f"{table.name}: has one row for each patient and no column that is repeated "
        "for each visit, so no course over time; give a file with the visits"
    )


def roles_of(tables: list[Table], given: Given, book: Notebook) -> Roles | None:
    """Tell the tables apart.

    Parameters
    ----------
    tables : list of Table
        All that were given.
    given : Given
        What the user says.
    book : Notebook
        Where guesses and contradictions are entered.

    Returns
    -------
    Roles or None
        None where no table, or more than one, holds visits, which is a fault then.
    """
    if len(tables) == 1:
        return _of_one_table(tables[0], book)
    found = [(table, supplement_of(table)) for table in tables]
    supplements = tuple(supplement for _, supplement in found if supplement)
    rest = [table for table, supplement in found if supplement is None]
    visits = [t for t in rest if not t.one_row_a_patient or is_wide(t)]
    if given.time and len(visits) > 1:
        visits = [t for t in visits if given.time in t.columns] or visits
    subjects = [t for t in rest if t not in visits]
    if not visits:
        book.faults += [_no_course(table) for table in rest]
        return None
    for what, several in (("visits", visits), ("subjects", subjects)):
        if len(several) > 1:
            names = ", ".join(table.name for table in several)
            book.faults.append(
                f"{len(several)} tables may hold the {what}: {names}; give one of "
                "them, or put them together"
            )
            return None
    made = Roles((subjects or visits)[0], visits[0], supplements)
    _enter(made, book)
    return made


def _of_one_table(table: Table, book: Notebook) -> Roles | None:
    """Take a table as that of subjects and visits."""
    if table.one_row_a_patient and not is_wide(table):
        book.faults.append(_no_course(table))
        return None
    if not table.one_row_a_patient:
        patients = table.patients.nunique()
        evidence = f"{len(table.patients)} rows of {counted(patients, 'patient')}"
        book.guess("shape", "long", evidence, "sure", "data.visits.file")
    return Roles(table, table)


def _enter(made: Roles, book: Notebook) -> None:
    """Enter which table is which."""
    name, where = made.visits.name, "data.visits.file"
    book.guess("visits", name, "several values a patient", "sure", where)
    apart = made.subjects is not made.visits
    told = "one row a patient" if apart else "repeated in the visits' file"
    book.guess("subjects", made.subjects.name, told, "sure", "data.subjects.file")
    for supplement in made.supplements:
        what, name = supplement.what.replace("_", " "), supplement.table.name
        where = f"data.{supplement.what}"
        book.guess(what, name, supplement.evidence, "likely", where)
