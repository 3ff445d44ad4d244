"""Which table holds the subjects, which the visits, which doses and events."""

import dataclasses

from alsdecline.new_trial.guesses import Given, Notebook
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
        table = tables[0]
        if table.one_row_a_patient and not is_wide(table):
            book.faults.append(_no_course(table))
            return None
        if not table.one_row_a_patient:
            evidence = (
                f"{len(table.patients)} rows of {table.patients.nunique()} patients"
            )
            book.guess("shape", "long", evidence, "sure", "data.visits.file")
        return Roles(table, table)
    supplements, rest = [], []
    for table in tables:
        found = supplement_of(table)
        if found:
            supplements.append(found)
        else:
            rest.append(table)
    visits = [t for t in rest if not t.one_row_a_patient or is_wide(t)]
    if given.time and len(visits) > 1:
        visits = [t for t in visits if given.time in t.columns] or visits
    subjects = [t for t in rest if t not in visits]
    if not visits:
        book.faults += [_no_course(table) for table in rest]
        return None
    if len(visits) > 1 or len(subjects) > 1:
        what, several = (
            ("visits", visits) if len(visits) > 1 else ("subjects", subjects)
        )
        names = ", ".join(table.name for table in several)
        book.faults.append(
            f"{len(several)} tables may hold the {what}: {names}; give one of them, or "
            "put them together"
        )
        return None
    of_subjects = subjects[0] if subjects else visits[0]
    book.guess(
        "visits", visits[0].name, "several values a patient", "sure", "data.visits.file"
    )
    told = "one row a patient" if subjects else "repeated in the visits' file"
    book.guess("subjects", of_subjects.name, told, "sure", "data.subjects.file")
    for supplement in supplements:
        book.guess(
            supplement.what.replace("_", " "),
            supplement.table.name,
            supplement.evidence,
            "likely",
            f"data.{supplement.what}",
        )
    return Roles(of_subjects, visits[0], tuple(supplements))
