"""What the data say against the guesses taken together."""

from alsdecline.new_trial.guesses import Notebook
from alsdecline.new_trial.outcomes import OutcomeGuess
from alsdecline.new_trial.roles import Roles
from alsdecline.new_trial.sources import MOST_SHOWN, counted
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import Times
from alsdecline.plain_text import one_line


def patients_of_no_subject(roles: Roles, book: Notebook) -> None:
    """Enter patients of other tables whom the subjects' table does not have."""
    known = set(roles.subjects.patients)
    if not roles.subjects.one_row_a_patient and roles.subjects is not roles.visits:
        twice = roles.subjects.patients[roles.subjects.patients.duplicated()]
        name = one_line(twice.iloc[0])
        book.faults.append(f"{roles.subjects.name}: patient {name} has several rows")
    for table in (roles.visits, *(s.table for s in roles.supplements)):
        strange = table.patients[~table.patients.isin(known) & (table.patients != "")]
        if len(strange):
            names = strange.drop_duplicates()
            many = counted(len(names), "patient")
            book.faults.append(
                f"{table.name}: {many} not in {roles.subjects.name} "
                f"({table.cells(table.patient, names.index)}); correct them, or say "
                "--patient if another column is the patient"
            )


def repeated_visits(
    table: Table, times: Times, outcomes: list[OutcomeGuess], book: Notebook
) -> None:
    """Enter patients of whom two rows have a value at the same visit."""
    key = times.planned or times.column
    for outcome in outcomes:
        columns = list(outcome.items) or [outcome.column]
        filled = (table.source.frame[columns] != "").any(axis=1)
        rows = table.source.frame[filled]
        twice = rows[rows.duplicated([table.patient, key], keep=False)]
        twice = twice[twice[table.patient] != ""]
        if twice.empty:
            continue
        pairs = twice.groupby([table.patient, key], sort=False)
        shown = []
        for index in list(pairs.groups.values())[:MOST_SHOWN]:
            lines = ", ".join(str(table.source.row(i)) for i in index[:MOST_SHOWN])
            patient, visit = (str(twice.loc[index[0], c]) for c in (table.patient, key))
            shown.append(
                f"patient {one_line(patient)[:30]} at {one_line(visit)[:20]} "
                f"in rows {lines}"
            )
        more = (
            f"; and {pairs.ngroups - len(shown)} more"
            if pairs.ngroups > len(shown)
            else ""
        )
        book.faults.append(
            f"{table.name}: {outcome.id} has two values for one patient and "
            f"{one_line(key)}: {'; '.join(shown)}{more}; keep one, or say --time, "
            "--patient or --parameter if one of them is another column"
        )


def unclear_columns(roles: Roles, times: Times, book: Notebook) -> None:
    """Enter cells of the time that are empty or unclear."""
    table = roles.visits
    for name in filter(None, (times.column, times.planned)):
        column = table.columns[name]
        shown = f"{table.name}, column {one_line(name)!r}, taken as the time"
        if column.ambiguous:
            book.faults.append(f"{shown}: {column.ambiguous}")
        empty = column.texts.index[~column.filled & (table.patients != "")]
        if len(empty):
            book.faults.append(
                f"{shown}: is empty in {counted(len(empty), 'row')} (row "
                f"{table.source.row(empty[0])}); fill them in, or remove these rows"
            )
        wrong = column.not_numbers() if column.kind == "number" else column.texts[:0]
        if len(wrong):
            book.faults.append(
                f"{shown}: no number in {counted(len(wrong), 'cell')} "
                f"({table.cells(name, wrong.index)}); correct them"
            )
    if times.origin and times.origin in roles.subjects.columns:
        column = roles.subjects.columns[times.origin]
        if column.ambiguous:
            book.faults.append(
                f"{roles.subjects.name}, column {one_line(times.origin)!r}: "
                f"{column.ambiguous}"
            )
