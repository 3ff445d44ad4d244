"""Variables of the datasets as submissions describe them: names, labels and kinds.

Labels are those of CDISC's ADaM Implementation Guide 1.3 and SDTM where these have the
variable.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

NAME_LENGTH = 8
"""Characters of a variable's name, of which transport files hold no more."""

LABEL_LENGTH = 40
"""Bytes of a label, of which transport files hold no more."""

LABELS = {
    "STUDYID": "Study Identifier",
    "USUBJID": "Unique Subject Identifier",
    "ARMCD": "Planned Arm Code",
    "TRT01P": "Planned Treatment for Period 01",
    "TRT01PN": "Planned Treatment for Period 01 (N)",
    "TRTP": "Planned Treatment",
    "RANDDT": "Date of Randomization",
    "TRTSDT": "Date of First Exposure to Treatment",
    "TRTEDT": "Date of Last Exposure to Treatment",
    "TRTSDY": "Relative Day of First Exposure",
    "TRTEDY": "Relative Day of Last Exposure",
    "ZERODT": "Date of Time Zero",
    "ITTFL": "Intent-To-Treat Population Flag",
    "SAFFL": "Safety Population Flag",
    "EOSSTT": "End of Study Status",
    "EOSDT": "End of Study Date",
    "EOSDY": "Relative Day of End of Study",
    "DCSREAS": "Reason for Discontinuation from Study",
    "EOSDTF": "End of Study Date Imputation Flag",
    "DTHDT": "Date of Death",
    "DTHDTF": "Date of Death Imputation Flag",
    "ONSETDT": "Date of Onset of Disease",
    "ONSETDTC": "Date of Onset, as Far as Known",
    "DIAGDT": "Date of Diagnosis of Disease",
    "DIAGDTC": "Date of Diagnosis, as Far as Known",
    "DTHDY": "Relative Day of Death",
    "PARAMCD": "Parameter Code",
    "PARAM": "Parameter",
    "PARAMTYP": "Parameter Type",
    "AVISIT": "Analysis Visit",
    "AVISITN": "Analysis Visit (N)",
    "ADT": "Analysis Date",
    "ADY": "Analysis Relative Day",
    "ARELTM": "Analysis Relative Time, Days",
    "AVAL": "Analysis Value",
    "BASE": "Baseline Value",
    "CHG": "Change from Baseline",
    "PCHG": "Percent Change from Baseline",
    "ABLFL": "Baseline Record Flag",
    "ANL01FL": "Analysis Flag 01",
    "DTYPE": "Derivation Type",
    "SRCDOM": "Source Data",
    "SRCVAR": "Source Variable",
    "SRCSEQ": "Source Sequence Number",
    "ASTDT": "Analysis Start Date",
    "ASTDTF": "Analysis Start Date Imputation Flag",
    "ASTDY": "Analysis Start Relative Day",
    "AENDT": "Analysis End Date",
    "AENDTF": "Analysis End Date Imputation Flag",
    "AENDY": "Analysis End Relative Day",
    "ADOSE": "Analysis Dose",
    "GIVENFL": "Dose Given Flag",
    "AETERM": "Reported Term for the Adverse Event",
    "AESTDTC": "Start Date/Time of Adverse Event",
    "AEENDTC": "End Date/Time of Adverse Event",
    "AESEV": "Severity/Intensity",
    "AESER": "Serious Event",
    "AEREL": "Causality",
}
"""Label of each variable that every trial has."""

Kind = Literal["text", "number", "integer", "date"]


@dataclasses.dataclass(frozen=True)
class Variable:
    """A variable of a dataset.

    Attributes
    ----------
    column : str
        Its column in the dataset that the pipeline keeps.
    name : str
        Capitals, digits and ``_``, at most :data:`NAME_LENGTH`.
    label : str
        At most :data:`LABEL_LENGTH` bytes of UTF-8.
    kind : {"text", "number", "integer", "date"}
        What its values are.
    """

    column: str
    name: str
    label: str
    kind: Kind


def cut_to_bytes(text: str, most: int) -> str:
    """Return as much of a text's beginning as a number of UTF-8 bytes holds."""
    return text.encode()[:most].decode(errors="ignore")


def short_names(columns: Iterable[str]) -> dict[str, str]:
    """Name columns as transport files can.

    Parameters
    ----------
    columns : iterable of str
        Each once.

    Returns
    -------
    dict of str to str
        By column, in order: its Latin letters without accents, digits and ``_`` as
        capitals, the first of them; ``X`` before a digit. Where columns would share a
        name, those that keep theirs come first, then the last characters are a number.
    """
    plain = {}
    for column in columns:
        letters = unicodedata.normalize("NFKD", column).upper()
        plain[column] = re.sub(r"[^A-Z0-9_]", "", letters) or "X"
        if plain[column][0].isdigit():
            plain[column] = f"X{plain[column]}"
    whole = [c for c, name in plain.items() if name == c and len(c) <= NAME_LENGTH]
    names = {column: column for column in whole}
    for column, name in plain.items():
        if column in names:
            continue
        short, number = name[:NAME_LENGTH], 1
        while short in names.values():
            number += 1
            short = f"{name[: NAME_LENGTH - len(str(number))]}{number}"
        names[column] = short
    return {column: names[column] for column in plain}


def _kind(values: pd.Series) -> Kind:
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(values) else "text"


def variables_of(frame: pd.DataFrame, labels: Mapping[str, str]) -> list[Variable]:
    """Describe the columns of a dataset.

    Parameters
    ----------
    frame : DataFrame
        The dataset.
    labels : mapping of str to str
        Labels of the columns that are this trial's own.

    Returns
    -------
    list of Variable
        In the order of the columns. What has no label is called by its name.
    """
    known = {**labels, **LABELS}
    return [
        Variable(
            column,
            name,
            cut_to_bytes(" ".join(known.get(column, column).split()), LABEL_LENGTH),
            _kind(frame[column]),
        )
        for column, name in short_names(frame.columns).items()
    ]
