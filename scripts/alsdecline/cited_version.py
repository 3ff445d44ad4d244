"""The version of the project, as it is to be cited."""

import re

from alsdecline.project import PROJECT

CITATION = PROJECT / "CITATION.cff"


def cited_version() -> str:
    """Return the version that stands in the file of citation."""
    found = re.search(r"^version: (\S+)$", CITATION.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else "of unknown version"
