"""Where the pages' templates are read."""

import re

import jinja2
from markupsafe import Markup, escape

from alsdecline.project import TEMPLATES


def coded(text: str) -> Markup:
    """Return a text as HTML, escaped, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))


def template_environment() -> jinja2.Environment:
    """Return what reads templates; what is put in is escaped, and must be there."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["coded"] = coded
    return environment
