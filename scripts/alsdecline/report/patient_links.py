"""Patients' names as links to their pages."""

from urllib.parse import quote

from markupsafe import Markup, escape


def linked(text: str, file: str = "") -> Markup:
    """Return a text as HTML, escaped, in which the patients that it names are links.

    Parameters
    ----------
    text : str
        A :class:`alsdecline.report.cells.Cell` says whom it names; any other names
        nobody.
    file : str
        Where patients' pages are; empty where the page itself has them.
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
                f"{file}#patient=" + quote(patient, safe=""), patient
            )
        )
        at = found + len(patient)
    return Markup("").join([*parts, escape(str(text)[at:])])
