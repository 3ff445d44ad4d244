"""Rows of totals, means and notes that stand among those of patients."""

import re
from collections.abc import Collection

import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable

_WORDS = (
    r"(?:(?:grand |sub-?)?totals?|mean|average|median|minimum|maximum|count|overall|"
    r"summe|gesamt|mittelwert|durchschnitt|standardabweichung|anzahl|moyenne|promedio)"
)
_SHORT = r"(?:sum|std|sd|min|max|n)"
_SUMMARY = re.compile(
    rf"{_WORDS}(?: ?[:(=±].*| [^\W\d][^\d]*)?|"
    rf"{_SHORT}(?: ?[:(=±].*| (?:of )?[^\W\d]{{3,}}[^\d]*)?|"
    rf".*\w {_WORDS}|n ?= ?\d+|(?:notes?|source)(?: ?:.*| [^\d]*)?|"
    r"(?:notes?|source|produced by) .*[^\W\d]{3,}.*|\*[^\d]*[^\W\d]{3,} .*",
    re.IGNORECASE,
)
"""What stands in the place of a patient: Total, Mean (SD), SD active, P01 Total, notes;
not SUM-01, of a site, nor Total-7."""

_INITIALS = re.compile(r"[^\W\d]{1,3}")


def is_summary(patient: str, others: Collection[str] = ()) -> bool:
    """Tell whether an identifier is of a row of totals, or a note.

    Parameters
    ----------
    patient : str
        The identifier.
    others : collection of str
        All of them; where some have no number, SD may be one of a patient.
    """
    if not _SUMMARY.fullmatch(patient):
        return False
    if not _INITIALS.fullmatch(patient):
        return True
    rest = (other for other in others if not _SUMMARY.fullmatch(other))
    return all(re.search(r"\d", other) for other in rest)


def summary_rows(subjects: pd.DataFrame, raw: RawTable) -> list[Finding]:
    """Find subjects that are rows of totals or notes, as a file of all visits has.

    Parameters
    ----------
    subjects : DataFrame
        Typed.
    raw : RawTable
        Their file, for messages.

    Returns
    -------
    list of Finding
    """
    named = subjects.dropna(subset=["patient"])
    patients = named["patient"].unique().tolist()
    found = []
    for patient in (text for text in patients if is_summary(text, patients)):
        rows = named.loc[named["patient"] == patient, ROW]
        message = (
            "a row of totals or a note, as it seems, and no patient; take it out of "
            "the file, or leave it out by `where:`. A patient who is called so gets "
            f"another identifier by `recode:`{further_rows(len(rows))}"
        )
        rule = Rule.UNKNOWN_PATIENT
        found.append(raw.finding(rule, int(rows.min()), "patient", patient, message))
    return found
