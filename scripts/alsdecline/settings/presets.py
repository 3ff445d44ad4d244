"""What SDTM and ADaM call columns, and what their controlled terms stand for.

A preset fills in names, rows to keep and recodings of the tables that a configuration
names; which domain a table is of, its file's name tells (dm.xpt, qs.xpt.gz, adae.csv).
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from alsdecline.settings.filled_in import Filled

SEVERITY = {"MILD": "mild", "MODERATE": "moderate", "SEVERE": "severe"}

RELATED = {
    **dict.fromkeys(("PROBABLE", "POSSIBLE", "RELATED", "POSSIBLY RELATED"), "Y"),
    **dict.fromkeys(("REMOTE", "NONE", "NOT RELATED", "UNLIKELY RELATED"), "N"),
}

REASONS = (
    *("ADVERSE EVENT", "LACK OF EFFICACY", "LOST TO FOLLOW-UP", "PHYSICIAN DECISION"),
    *("PREGNANCY", "PROGRESSIVE DISEASE", "PROTOCOL DEVIATION", "PROTOCOL VIOLATION"),
    *("SITE TERMINATED BY SPONSOR", "STUDY TERMINATED BY SPONSOR", "OTHER"),
    *("TECHNICAL PROBLEMS", "WITHDRAWAL BY SUBJECT"),
)
"""Terms of CDISC's codelist of reasons of non-completion (C66727), without death."""

ENDS = {
    "event": {"COMPLETED": "completed", "DEATH": "died", "*": "withdrawn"},
    "reason": {
        "COMPLETED": "",
        "DEATH": "",
        **{reason: reason.capitalize() for reason in REASONS},
    },
}

_USUBJID = {"patient": "USUBJID"}
_AE = {
    **_USUBJID,
    "term": "AEDECOD",
    "severity": "AESEV",
    "serious": "AESER",
    "related": "AEREL",
}

SDTM: dict[str, dict[str, Any]] = {
    "subjects": {
        "columns": _USUBJID | {"arm": "ARMCD", "randomisation_date": "RFSTDTC"},
    },
    "visits": {
        "time": "date",
        "columns": _USUBJID | {"visit": "VISITNUM", "visit_date": "SVSTDTC"},
    },
    "measurements": {
        "columns": _USUBJID
        | {"visit": "VISITNUM", "parameter": "--TESTCD", "value": "--STRESN"}
        | {"date": "--DTC"},
    },
    "exposure": {
        "columns": _USUBJID
        | {"date": "EXSTDTC", "end_date": "EXENDTC", "dose": "EXDOSE"},
    },
    "events": {
        "where": {"DSCAT": ["DISPOSITION EVENT"]},
        "columns": _USUBJID
        | {"event": "DSDECOD", "date": "DSSTDTC", "reason": "DSDECOD"},
        "recode": ENDS,
    },
    "adverse_events": {
        "columns": _AE | {"start_date": "AESTDTC", "end_date": "AEENDTC"},
        "recode": {"severity": SEVERITY, "related": RELATED},
    },
}
"""Domains DM, SV, findings (QS, FT, RE, ...), EX, DS and AE."""

ADAM: dict[str, dict[str, Any]] = {
    "subjects": {
        "where": {"ITTFL": ["Y"]},
        "columns": _USUBJID | {"arm": "TRT01P", "randomisation_date": "RANDDT"},
    },
    "visits": {
        "time": "date",
        "columns": _USUBJID | {"visit": "AVISIT", "visit_date": "ADT"},
    },
    "measurements": {
        "where": {"DTYPE": [""]},  # none that was carried or derived
        "columns": _USUBJID
        | {"visit": "AVISIT", "parameter": "PARAMCD", "value": "AVAL", "date": "ADT"},
    },
    "exposure": {
        "columns": _USUBJID | {"date": "ASTDT", "end_date": "AENDT", "dose": "EXDOSE"},
    },
    "adverse_events": {
        "where": {"TRTEMFL": ["Y"]},
        "columns": _AE | {"start_date": "ASTDT", "end_date": "AENDT"},
        "recode": {"severity": SEVERITY, "related": RELATED},
    },
}
"""ADSL, BDS, ADEX and ADAE. ADSL tells no death among the ends, so events have none."""


def is_of_a_preset(column: str, key: str, meaning: str) -> bool:
    """Tell whether a preset says what a value of one of our columns stands for."""
    tables = [*SDTM.values(), *ADAM.values()]
    return any(t.get("recode", {}).get(column, {}).get(key) == meaning for t in tables)


def _domain(file: str) -> str:
    return PurePosixPath(file).name.split(".")[0].upper()


def preset_of(preset: str, table: str, file: str) -> dict[str, Any]:
    """Return what a preset says of a table.

    Parameters
    ----------
    preset : {"none", "sdtm", "adam"}
        The configuration's.
    table : str
        As subjects.
    file : str
        Its file, whose name begins with the domain; one of ADaM's names has ADaM's.

    Returns
    -------
    dict
        columns, where, recode and time, as far as there are any.
    """
    domain = _domain(file)
    of_adam = preset == "adam" or domain.startswith("AD")
    known = {} if preset == "none" else (ADAM if of_adam else SDTM).get(table, {})
    names = known.get("columns", {})
    # the prefix of a general observation class
    columns = {ours: name.replace("--", domain[:2]) for ours, name in names.items()}
    return known | {"columns": columns} if known else {}


def fill_preset(filled: Filled) -> None:
    """Fill in what the configuration's preset says of its tables."""
    preset = filled.at("data", "preset")
    if preset not in ("sdtm", "adam"):
        return
    for name, table in list((filled.at("data") or {}).items()):
        if isinstance(table, Mapping) and isinstance(table.get("file"), str):
            _fill_table(filled, preset, name, table["file"])


def _fill_table(filled: Filled, preset: str, name: str, file: str) -> None:
    known = preset_of(preset, name, file)
    origin = f"preset {preset}, {_domain(file)}"
    for part in ("columns", "recode"):
        for ours, meaning in known.get(part, {}).items():
            filled.fill(("data", name, part, ours), meaning, origin)
    for part in ("where", "time"):
        if part in known:
            filled.fill(("data", name, part), known[part], origin)
    table = filled.at("data", name)
    if name == "subjects" and table["columns"].get("arm") == "ARMCD":
        # screening failures have other codes, or none
        meanings = (table.get("recode") or {}).get("arm") or {}
        arms = [group["id"] for group in filled.at("arms", "groups") or []]
        codes = [code for code, arm in meanings.items() if arm in arms] or arms
        filled.fill(("data", name, "where"), {"ARMCD": codes}, f"{origin}: the arms")
