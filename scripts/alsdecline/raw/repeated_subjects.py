"""Subjects in many rows: what is the patient's must be the same in all of them."""

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable


def one_row_a_patient(
    subjects: pd.DataFrame, raw: RawTable
) -> tuple[pd.DataFrame, list[Finding]]:
    """Keep the first row of each patient, if the others agree with it.

    Parameters
    ----------
    subjects : DataFrame
        Typed, many rows a patient.
    raw : RawTable
        The file, for messages.

    Returns
    -------
    DataFrame
        One row a patient, the first in the file.
    list of Finding
        Rows that differ from the first of their patient.
    """
    found: list[Finding] = []
    named = subjects.dropna(subset=["patient"])
    if named.empty:  # the file could not be read, which is told
        return subjects, found
    first = named.drop_duplicates("patient").set_index("patient")
    rows = first[ROW].to_dict()
    texts = raw.frame.loc[named.index]
    for column in named.columns.drop(["patient", ROW]).intersection(texts.columns):
        here, before = named[column], named["patient"].map(first[column])
        unreadable = here.isna() & (texts[column] != "")
        other = (here != before) & ~(here.isna() & before.isna()) & ~unreadable
        for patient, records in named[other].groupby("patient", sort=True):
            at, row = records.index[0], rows[str(patient)]
            earlier = raw.frame.loc[raw.frame[ROW] == row, column].item()
            value, here_row = texts.loc[at, column], int(records.loc[at, ROW])
            remedy = (
                "Correct it if it is wrong; what changes from visit to visit is no "
                "column of the subjects: take it out there"
            )
            if "" in (value, earlier):
                remedy = (
                    "Fill it in, or, if one row of each patient has what is the "
                    "patient's, as that of the first visit, select these rows by "
                    "`where:` below `data: subjects:`"
                )
            message = (
                f"patient {patient} has {earlier!r} in row {row}; what is the "
                f"patient's must be the same in all rows. {remedy}"
                f"{further_rows(len(records))}"
            )
            found.append(
                raw.finding(Rule.SUBJECT_DIFFERS, here_row, column, value, message)
            )
    return subjects.drop_duplicates("patient", ignore_index=True), found
