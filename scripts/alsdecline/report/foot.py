"""The foot of each page: of which study, software, plan and data it is."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from alsdecline.report.plan import DescribedPlan

DIGITS = 12
"""So many digits of a digest tell versions apart."""

Provenance = Mapping[str, Any]
"""Digests of files, versions of software, and what else a page says of its origin."""


def css_string(text: str) -> Markup:
    """Return a text as a string of a style sheet, of letters and escapes alone."""
    escaped = (
        character
        if character.isascii() and character.isalnum()
        else f"\\{ord(character):x} "
        for character in text
    )
    return Markup(f'"{"".join(escaped)}"')


def foot_of(plan: DescribedPlan, provenance: Provenance) -> str:
    """Say of which study, software, plan and data a page is.

    Parameters
    ----------
    plan : DescribedPlan
        With the study's id, and the digest of the analysis plan if it is locked.
    provenance : mapping
        ``version`` of the project and ``cut``, the digest of all raw files together;
        while the trial is blinded without it, for that would depend on the allocation.

    Returns
    -------
    str
    """
    named = [f"Study {plan.trial.id}", f"als-decline {provenance['version']}"]
    if digest := plan.analysis_plan.digest:
        named.append(f"plan {digest.rpartition(':')[2][:DIGITS]}")
    if cut := provenance.get("cut"):
        named.append(f"data {cut[:DIGITS]}")
    return ", ".join(named)
