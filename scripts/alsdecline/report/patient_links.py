"""Patients' names as links to their pages."""

from urllib.parse import quote

from markupsafe import Markup, escape

WITHIN = "#patient="
"""Address of a patient's page, but for the name, where the page itself has it."""


def linked(text: str, where: str = WITHIN) -> Markup:
    """Return a text as HTML, escaped, in which the patients that it names are links.

    Parameters
    ----------
    text : str
        A :class:`alsdecline.report.tables.Cell` says whom it names; any other names
        nobody.
    where : str
        What stands before a patient's name in the address of the patient's page.
    """
    parts: list[Markup] = []
    at = 0
    for patient in getattr(text, "patients", ()):
        found = text.find(patient, at)
        if found < 0 or not patient:
            continue
        parts.append(escape(str(text)[at:found]))
        parts.append(
            Markup('<a class="patient" href="{}">{}</a>').format(
                where + quote(patient, safe=""), patient
            )
        )
        at = found + len(patient)
    return Markup("").join([*parts, escape(str(text)[at:])])
