"""A table whose patients are known: who they are, and what is theirs."""

import dataclasses
import functools

import pandas as pd

from alsdecline.new_trial.columns import Column
from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.sources import MOST_SHOWN, Source, counted
from alsdecline.new_trial.words import PATIENT, rank
from alsdecline.plain_text import one_line


@dataclasses.dataclass(frozen=True, eq=False)
class Table:
    """A table of patients.

    Attributes
    ----------
    source : Source
        As it was read.
    columns : dict of str to Column
        What its columns hold.
    patient : str
        The column that tells the patient.
    """

    source: Source
    columns: dict[str, Column]
    patient: str

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self.source.name

    @functools.cached_property
    def patients(self) -> pd.Series:
        """The patient of each row."""
        return self.source.frame[self.patient]

    @functools.cached_property
    def one_row_a_patient(self) -> bool:
        """Tell whether no patient has two rows."""
        return not self.patients[self.patients != ""].duplicated().any()

    @functools.cached_property
    def _values_per_patient(self) -> pd.DataFrame:
        frame = self.source.frame
        filled = frame.where(frame != "")
        patients = self.patients.rename(None)
        return filled.groupby(patients.to_numpy(), sort=False).nunique()

    def differs_within(self, column: str) -> pd.Index:
        """Return the patients of whom a column has several values."""
        counts = self._values_per_patient[column]
        return counts.index[counts > 1]

    def is_constant(self, column: str) -> bool:
        """Tell whether a column is the patient's: one value in all rows of each."""
        return not len(self.differs_within(column))

    def rows_of(self, patients: pd.Index) -> str:
        """Name some patients with their first rows, for a message."""
        shown = []
        for patient in list(patients)[:MOST_SHOWN]:
            index = self.patients.index[self.patients == patient]
            rows = ", ".join(str(self.source.row(i)) for i in index[:MOST_SHOWN])
            shown.append(f"{one_line(str(patient))[:30]} (rows {rows})")
        more = len(patients) - len(shown)
        return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")

    def cells(self, column: str, index: pd.Index) -> str:
        """Name some cells of a column, for a message."""
        texts = self.source.frame[column]
        shown = [
            f"row {self.source.row(i)}: {one_line(texts.loc[i])[:30]!r}"
            for i in index[:MOST_SHOWN]
        ]
        more = len(index) - len(shown)
        return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _one_to_one(source: Source, a: str, b: str) -> bool:
    pairs = source.frame[[a, b]].drop_duplicates()
    return not pairs[a].duplicated().any() and not pairs[b].duplicated().any()


def patient_column(source: Source, given: Given, book: Notebook) -> str:
    """Find the column that tells the patient; empty where none can be taken."""
    names = [str(name) for name in source.frame]
    if given.patient in names:
        return given.patient
    if given.patient:
        book.faults.append(
            f"{source.name}: has no column {one_line(given.patient)!r}, which "
            f"--patient says; it has {one_line(', '.join(names))[:200]}"
        )
        return ""
    ranked = sorted(
        (r, i) for i, n in enumerate(names) if (r := rank(n, PATIENT)) is not None
    )
    filled = [names[i] for _, i in ranked if (source.frame[names[i]] != "").any()]
    if not filled:
        book.faults.append(
            f"{source.name}: no column's name says that it is the patient; say which "
            f"by --patient COLUMN, of {one_line(', '.join(names))[:200]}"
        )
        return ""
    first, *others = filled
    for other in others:
        if (
            not _one_to_one(source, first, other)
            and rank(other, PATIENT) != len(PATIENT) - 1
        ):
            book.faults.append(
                f"{source.name}: {one_line(first)!r} and {one_line(other)!r} may both "
                "be the patient, and do not tell the same patients apart; say which by "
                "--patient COLUMN"
            )
            return ""
    return first


def patients_told(tables: list[Table], given: Given, book: Notebook) -> None:
    """Enter which columns tell the patients, and rows of which none does."""
    for table in tables:
        blank = table.patients.index[table.patients == ""]
        if len(blank):
            book.faults.append(
                f"{table.name}: no patient in {counted(len(blank), 'row')} of column "
                f"{one_line(table.patient)!r} (row {table.source.row(blank[0])}); fill "
                "them in, or remove the rows"
            )
    names = list(dict.fromkeys(table.patient for table in tables))
    counts = "; ".join(
        f"{counted(t.patients.nunique(), 'patient')}, "
        f"{counted(len(t.patients), 'row')} in {t.name}"
        for t in tables
    )
    sure = sureness(given.patient, "sure")
    book.guess(
        "patient", ", ".join(names), counts, sure, "data.subjects.columns.patient"
    )
