"""Pseudonyms in the place of patients' identifiers, and texts without dates.

A pseudonym is ``P-`` and the first twelve hexadecimal digits, in capitals, of the
HMAC-SHA256 of the study and the identifier. Where two patients of a trial would have
the same, all have more digits, until each has its own.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from alsdecline.faults import DataError
from alsdecline.raw.cells import ROW
from alsdecline.raw.dated_levels import levels_without_dates, with_levels
from alsdecline.raw.findings import Finding
from alsdecline.raw.identifiers import are_own_numbers
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable
from alsdecline.raw.untold_patients import UntoldPatients
from alsdecline.settings.columns import ColumnSpec, column_specs
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.privacy import (
    KEY_VARIABLE,
    fingerprint,
    keyed_digest,
    pseudonym_key,
)

DIGITS = 12
"""Of a pseudonym; among 10,000 patients two are alike in one of 5 million trials."""

FREE = ("reason", "term")
"""Our columns of what people wrote; other texts are names of visits and levels."""


def the_same_key(plan: DataPlan) -> bytes:
    """Return the key whose fingerprint the plan has.

    Raises
    ------
    DataError
        If there is none, or another one, as where a job runs elsewhere than planned.
    """
    key = pseudonym_key()
    if fingerprint(key, plan.study) != plan.pseudonyms:
        raise DataError(
            f"the key in {KEY_VARIABLE} is not the one that this run was planned with; "
            "let jobs have the environment of the run"
        )
    return key


def pseudonyms(
    patients: Iterable[str], key: bytes, study: str, digits: int = DIGITS
) -> dict[str, str]:
    """Return the pseudonym of each patient.

    Parameters
    ----------
    patients : iterable of str
        All identifiers of a trial; empty ones are nobody's.
    key : bytes
        From :func:`alsdecline.settings.privacy.pseudonym_key`.
    study : str
        Study identifier: patients of two studies cannot be matched.
    digits : int
        Fewest hexadecimal digits.

    Returns
    -------
    dict of str to str
        All of one length; no two alike.
    """
    full = {
        patient: keyed_digest(key, "patient", study, patient).upper()
        for patient in set(patients) - {""}
    }
    while len({text[:digits] for text in full.values()}) < len(full):
        digits += 1
    return {patient: f"P-{text[:digits]}" for patient, text in full.items()}


def _each(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Change texts of which many are alike."""
    at, different = pd.factorize(texts)
    shown = pd.Series([change(text) for text in different], dtype="object")
    return shown.take(at).set_axis(texts.index).astype(texts.dtype)


def _patients_of(raws: Mapping[str, RawTable]) -> set[str]:
    columns = [
        frame["patient"]
        for raw in raws.values()
        for frame in (raw.frame, raw.left_out)
        if "patient" in frame
    ]
    return {patient for column in columns for patient in column.unique()}


def called_by_pseudonyms(
    plan: DataPlan, raws: Mapping[str, RawTable]
) -> tuple[dict[str, RawTable], list[Finding], dict[str, str]]:
    """Call the patients of a trial by pseudonyms, with the key of its plan.

    Parameters
    ----------
    plan : DataPlan
        With the key's fingerprint.
    raws : mapping of str to RawTable
        All tables of the trial.

    Returns
    -------
    dict of str to RawTable
    list of Finding
        As of :func:`pseudonymised`.
    dict of str to str
        The pseudonym of each patient.

    Raises
    ------
    DataError
        As :func:`the_same_key`.
    """
    key = the_same_key(plan)
    changed, found = pseudonymised(raws, column_specs(plan), key, plan.study)
    return changed, found, pseudonyms(_patients_of(raws), key, plan.study)


def pseudonymised(
    raws: Mapping[str, RawTable],
    specs: Mapping[str, Mapping[str, ColumnSpec]],
    key: bytes,
    study: str,
) -> tuple[dict[str, RawTable], list[Finding]]:
    """Put pseudonyms into all tables; take dates out of their texts.

    Parameters
    ----------
    raws : mapping of str to RawTable
        All tables of a trial.
    specs : mapping of str to mapping of str to ColumnSpec
        What their columns may hold.
    key : bytes
        The key.
    study : str
        Study identifier.

    Returns
    -------
    dict of str to RawTable
    list of Finding
        Names of files, columns and texts that tell an identifier nonetheless.
    """
    named = pseudonyms(_patients_of(raws), key, study)
    untold = UntoldPatients(named)
    texts = {
        name: [
            column
            for column, spec in specs[name].items()
            if spec.kind == "text" and not spec.permitted and column in raw.frame
        ]
        for name, raw in raws.items()
    }
    found = [
        finding
        for name, raw in raws.items()
        for finding in _telling(raw, texts[name], untold.tells)
    ]
    levels = levels_without_dates(
        [f for raw in raws.values() for f in (raw.frame, raw.left_out)],
        {c for name, raw in raws.items() for c in _levels(raw, texts[name])},
        key,
        study,
    )

    def told(frame: pd.DataFrame, column: str) -> pd.Series:
        if column == "patient":
            return frame[column].map(named).fillna("").astype(frame[column].dtype)
        if column in FREE:
            return _each(frame[column], untold.of_cell)
        return with_levels(frame, column, levels.get(column, {}))

    def changed(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
        return frame.assign(**{c: told(frame, c) for c in columns if c in frame})

    return {
        name: dataclasses.replace(
            raw,
            frame=changed(raw.frame, texts[name]),
            left_out=changed(raw.left_out, texts[name]),
        )
        for name, raw in raws.items()
    }, found


def _levels(raw: RawTable, texts: Iterable[str]) -> Iterator[str]:
    """Find the columns of names of visits and levels, in which dates are dates."""
    for column in texts:
        if column == "patient" or column in FREE:
            continue
        different = [text for text in raw.frame[column].unique() if text]
        name = raw.names.get(column, column)
        if column == "visit" or not are_own_numbers(name, different):
            yield column


def _telling(
    raw: RawTable, texts: Iterable[str], tells: Callable[[str], bool]
) -> list[Finding]:
    """Find identifiers of patients where no pseudonym takes their place."""

    def finding(row: int | None, column: str, where: str, remedy: str) -> Finding:
        message = f"{where} holds a patient's identifier, which results would show; "
        return raw.finding(Rule.IDENTIFIER, row, column, "", message + remedy)

    found = []
    if tells(raw.file.rsplit(".", 1)[0]):
        found.append(finding(None, "", "the name of the file", "rename it"))
    remedy = "take it out at its source"
    for column in texts:
        if column == "patient":
            continue
        at, different = pd.factorize(raw.frame[column])
        telling = [i for i, text in enumerate(different) if tells(text)]
        rows = raw.frame[ROW].to_numpy()[pd.Series(at).isin(telling).to_numpy()]
        if len(rows):
            where = f"the text, as {len(rows)} in this column,"
            found.append(finding(int(rows[0]), column, where, remedy))
    return found
