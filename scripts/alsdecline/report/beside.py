"""Files beside the report: every patient's page, and what is behind each number."""

import dataclasses
from typing import Any
from urllib.parse import quote

from alsdecline.report.lineage import PageLineage, with_data
from alsdecline.report.page_templates import template_environment
from alsdecline.report.patients import PatientPages
from alsdecline.report.plan import DescribedPlan

MOST_PATIENTS = 500
"""Patients up to whom the report itself holds what these files do."""

TEMPLATE = "report/beside.html.j2"
PATIENTS_FILE = "patients.html"
LINEAGE_FILE = "lineage.html"


@dataclasses.dataclass(frozen=True)
class Beside:
    """Files that a report of many patients leads to, as it names them."""

    patients: str = f"report_files/{PATIENTS_FILE}"
    lineage: str = f"report_files/{LINEAGE_FILE}"
    most_patients: int = MOST_PATIENTS


def _rendered(plan: DescribedPlan, file: str, **told: Any) -> str:
    environment = template_environment()
    environment.filters["address"] = lambda name: quote(name, safe="")
    return environment.get_template(TEMPLATE).render(
        plan=plan, file=file, patients_file=PATIENTS_FILE, **told
    )


def patients_file(plan: DescribedPlan, pages: PatientPages) -> str:
    """Render the file of all patients' pages.

    Parameters
    ----------
    plan : DescribedPlan
        What a page states of the settings.
    pages : PatientPages
        What is known of each patient.

    Returns
    -------
    str
        HTML that needs no other file; ``#patient=<id>`` opens a patient's page.
    """
    page = _rendered(
        plan,
        PATIENTS_FILE,
        title="Patients",
        told="A name opens all that the datasets hold of the patient.",
        kind="patient",
        column="9rem",
        names=list(pages["patients"]),
    )
    return with_data(page, "patient-pages", pages)


def lineage_file(plan: DescribedPlan, lineage: PageLineage) -> str:
    """Render the file of what is behind each number of the report.

    Parameters
    ----------
    plan : DescribedPlan
        What a page states of the settings.
    lineage : PageLineage
        From :func:`alsdecline.report.lineage.page_lineage`.

    Returns
    -------
    str
        HTML that needs no other file but, for patients' pages, the one of these;
        ``#trace=<id>`` opens a number's.
    """
    page = _rendered(
        plan,
        LINEAGE_FILE,
        title="Where the numbers come from",
        told="An id opens what is behind the number that has it in the report.",
        kind="trace",
        column="24rem",
        names=list(lineage["values"]),
    )
    return with_data(page, "lineage", lineage)
