"""Which column of a raw file is probably meant by one that it lacks."""

import re
from collections.abc import Collection, Iterable

from alsdecline.near_names import nearest

KNOWN_AS: dict[str, tuple[str, ...]] = {
    "patient": (
        *("USUBJID", "SUBJID", "subject", "subject_id", "patient_id", "participant"),
        *("patid", "ptid", "pid", "id"),
    ),
    "arm": ("treatment", "trt", "TRT01P", "ARMCD", "group", "treat", "allocation"),
    "randomisation_date": ("RANDDT", "randomization_date", "rand_date", "RFSTDTC"),
    "visit_date": ("date", "VISITDT", "SVSTDTC", "visit_dt", "assessment_date", "ADT"),
    "visit_week": ("week", "AVISITN", "VISITNUM", "wk", "visit", "time"),
    "visit_day": ("day", "ADY", "VISITDY", "study_day", "time"),
    "visit_month": ("month", "AVISITN", "visit", "time"),
    "visit_year": ("year", "AVISITN", "visit", "time"),
    "visit": ("AVISIT", "VISITNUM", "visit_name"),
    "parameter": ("PARAMCD", "test", "measure", "item", "variable"),
    "value": ("AVAL", "result", "score"),
    "date": ("dose_date", "event_date", "EXSTDTC", "DSSTDTC", "start_date"),
    "dose": ("EXDOSE", "amount"),
    "event": ("DSDECOD", "status", "disposition"),
    "term": ("AETERM", "AEDECOD", "adverse_event"),
    "severity": ("AESEV", "grade"),
    "serious": ("AESER", "sae"),
}
"""What the columns that we name are called elsewhere."""

MOST_LISTED = 40
"""Names of a header that are listed."""

_NO_LETTER = re.compile(r"[\W_]+")


def _folded(name: str) -> str:
    return _NO_LETTER.sub("", name).casefold()


def known_as(ours: str, header: Iterable[str]) -> str:
    """Return the column that has a name by which ours is known, or our letters."""
    by_letters = {_folded(name): name for name in reversed(list(header))}
    known = (ours, *KNOWN_AS.get(ours, ()))
    return next((by_letters[n] for n in map(_folded, known) if n in by_letters), "")


def column_meant(ours: str, theirs: str, free: Collection[str]) -> str:
    """Find the column of a file that is probably meant.

    Parameters
    ----------
    ours : str
        Our name of the column.
    theirs : str
        What the configuration says that the file calls it.
    free : collection of str
        The columns of the file that are not used yet.

    Returns
    -------
    str
        Empty where none is like it.
    """
    return nearest(theirs, free) or known_as(ours, free) or nearest(ours, free)


def is_like_a_header(cells: Collection[str], columns: Iterable[str]) -> bool:
    """Tell whether a row names columns, by other names than are looked for."""
    return any(known_as(name, cells) for name in columns)


def listed(header: Collection[str]) -> str:
    """List a file's columns."""
    names = list(header)
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
