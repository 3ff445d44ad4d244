"""All that the datasets hold of each patient, as the patient's page shows it."""

import dataclasses
from collections.abc import Iterable
from typing import TypedDict

import pandas as pd

from alsdecline.datasets.variables import LABELS
from alsdecline.report.decisions import DECISION_HEADS, decision_cells
from alsdecline.report.patient_values import RowsOfFiles, cells_of, values_table
from alsdecline.report.plan import DescribedPlan

_NOT_SHOWN = ("STUDYID", "USUBJID", "TRT01PN")
_OF_ARMS = ("ARMCD",)


@dataclasses.dataclass(frozen=True)
class PatientData:
    """The datasets, and which rows of the raw files they were made of.

    Attributes
    ----------
    subjects, doses, adverse_events : DataFrame
        ADSL, ADEX and ADAE.
    of_outcomes : dict of str to DataFrame
        The BDS of each outcome, by its id.
    of_values, of_patients : DataFrame
        File and row of each value, and of the patients' other records.
    decisions : DataFrame
        Decisions on the data, as text.
    """

    subjects: pd.DataFrame
    doses: pd.DataFrame
    adverse_events: pd.DataFrame
    of_outcomes: dict[str, pd.DataFrame]
    of_values: pd.DataFrame
    of_patients: pd.DataFrame
    decisions: pd.DataFrame


class TableOfPatients(TypedDict):
    """What a table that every patient's page has is called, and its columns."""

    caption: str
    head: list[str]


class PatientPages(TypedDict):
    """The pages of all patients.

    ``patients`` has, by id, the cells of ``facts`` and then the rows of each table.
    What no patient has anything of is not among them.
    """

    facts: list[str]
    tables: list[TableOfPatients]
    patients: dict[str, list[list[str] | list[list[str]]]]


_Rows = dict[str, list[list[str]]]


def _said(column: pd.Series) -> list[str]:
    """Return a column as text; flags as words."""
    cells = cells_of(column)
    if str(column.name).endswith("FL"):
        return [{"Y": "yes", "N": "no"}.get(cell, cell) for cell in cells]
    return cells


def _by_patient(frame: pd.DataFrame, columns: Iterable[list[str]]) -> _Rows:
    rows: _Rows = {}
    for patient, *cells in zip(cells_of(frame["USUBJID"]), *columns, strict=True):
        rows.setdefault(patient, []).append(cells)
    return rows


def _records_table(
    frame: pd.DataFrame, domain: str, lineage: pd.DataFrame
) -> tuple[list[str], _Rows]:
    """Lay out records of which a patient has any number: columns that say something."""
    rows_of = RowsOfFiles.of_records(lineage, [domain])
    shown = frame.drop(columns=["STUDYID", "USUBJID"], errors="ignore")
    columns = {str(name): _said(shown[name]) for name in shown}
    told = {name: cells for name, cells in columns.items() if any(cells)}
    places = frame.groupby("USUBJID").cumcount() + 1
    raw = [
        rows_of.told([(domain, patient, place)])
        for patient, place in zip(
            cells_of(frame["USUBJID"]), places.tolist(), strict=True
        )
    ]
    head = [*(LABELS.get(name, name) for name in told), rows_of.head]
    return head, _by_patient(frame, [*told.values(), raw])


def _facts(plan: DescribedPlan, data: PatientData) -> dict[str, list[str]]:
    """Return what ADSL has of each patient, by label, and the baselines."""
    subjects = data.subjects
    own = {c.upper(): label for c, label in plan.covariate_labels.items()}
    left_out = _NOT_SHOWN + (_OF_ARMS if plan.trial.blinded else ())
    facts: dict[str, list[str]] = {}
    for name in subjects.columns.drop([*left_out], errors="ignore"):
        cells = _said(subjects[name])
        if name == "ARMCD":
            cells = [plan.arm_labels.get(arm, arm) for arm in cells]
        label = "Arm" if name == "ARMCD" else own.get(name, LABELS.get(name, name))
        facts[label if label not in facts else f"{label} ({name})"] = cells
    for outcome in plan.outcomes:
        known = data.of_outcomes[outcome.id].dropna(subset=["BASE"])
        base = known.drop_duplicates("USUBJID").set_index("USUBJID")["BASE"]
        at_baseline = subjects["USUBJID"].map(base.to_dict())
        facts[f"{outcome.label} at baseline"] = cells_of(at_baseline)
    return {label: cells for label, cells in facts.items() if any(cells)}


def _raw_rows_of_patients(data: PatientData) -> list[str]:
    """Return file and row of what ADSL was made of."""
    found: dict[str, list[str]] = {}
    for domain in ("SUBJECTS", "EVENTS"):
        rows_of = RowsOfFiles.of_records(data.of_patients, [domain])
        for (_, patient, _), (file, row) in rows_of.places.items():
            found.setdefault(patient, []).append(f"{file} {row}")
    return [", ".join(found.get(str(p), [])) for p in data.subjects["USUBJID"]]


def _decisions(decisions: pd.DataFrame) -> _Rows:
    rows: _Rows = {}
    for decision in decisions.to_dict("records"):
        if decision["patient"]:
            rows.setdefault(decision["patient"], []).append(decision_cells(decision))
    return rows


def patient_pages(plan: DescribedPlan, data: PatientData) -> PatientPages:
    """Gather what is known of each patient.

    Parameters
    ----------
    plan : DescribedPlan
        What a page states of the settings; while blinded, no arm and no dose is told.
    data : PatientData
        The datasets.

    Returns
    -------
    PatientPages
        Patients in the order of ADSL.
    """
    facts = _facts(plan, data)
    facts["Rows of raw files"] = _raw_rows_of_patients(data)
    outcomes = {o.id: o.label for o in plan.outcomes}
    tables: dict[str, tuple[list[str], _Rows]] = {
        "Measured and carried values": values_table(
            outcomes, data.of_outcomes, data.of_values
        ),
    }
    if not plan.trial.blinded:
        tables["Doses"] = _records_table(data.doses, "EXPOSURE", data.of_patients)
    tables["Adverse events"] = _records_table(
        data.adverse_events, "ADVERSE_EVENTS", data.of_patients
    )
    tables["Decisions on the data"] = DECISION_HEADS[1:], _decisions(data.decisions)
    there = {caption: table for caption, table in tables.items() if table[1]}
    return {
        "facts": list(facts),
        "tables": [
            {"caption": caption, "head": head} for caption, (head, _) in there.items()
        ],
        "patients": {
            str(patient): [
                list(cells),
                *(rows.get(str(patient), []) for _, rows in there.values()),
            ]
            for patient, *cells in zip(
                data.subjects["USUBJID"], *facts.values(), strict=True
            )
        },
    }
