"""How the templates of the report's pages write numbers, tables and names."""

import functools

import jinja2

from alsdecline.report import templates
from alsdecline.report import words as text
from alsdecline.report.explained_terms import term_anchor
from alsdecline.report.foot import css_string
from alsdecline.report.patient_links import linked
from alsdecline.report.primary_rows import is_primary
from alsdecline.report.table_layout import laid_out


def template_environment(
    patients: str = "", primary: frozenset[str] = frozenset()
) -> jinja2.Environment:
    """Return where the pages' templates are read, with what they have in common.

    Parameters
    ----------
    patients : str
        The file of the patients' pages; empty where the page itself has them.
    primary : frozenset of str
        The ids of the primary estimate.
    """
    environment = templates.template_environment()
    filters = environment.filters
    filters["is_primary"] = functools.partial(is_primary, ids=primary)
    filters["linked"] = functools.partial(linked, file=patients)
    filters.update(number=text.number, two_digits=text.two_digits, laid_out=laid_out)
    filters.update(percent=text.percent, css_string=css_string, term_anchor=term_anchor)
    filters["exactly"] = lambda value: f"{value:g}".replace("-", text.MINUS)
    return environment
