"""Findings without what they would tell of who a patient is."""

import dataclasses
from collections.abc import Collection, Iterable

from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule

NOT_SHOWN = (
    "what is wrong is not shown, for it tells who a patient is; look at the row in the "
    "file, and mend what `identifier` finds first"
)


def without_identities(
    findings: Iterable[Finding], identities: Collection[str]
) -> list[Finding]:
    """Leave out values and messages that hold what tells who a patient is.

    Parameters
    ----------
    findings : iterable of Finding
        Any; those of the rule ``identifier`` show none.
    identities : collection of str
        Texts of cells by which a patient can be known.

    Returns
    -------
    list of Finding
        Each with its rule, file, row and column.
    """
    texts = [text for text in identities if text]

    def shown(finding: Finding) -> Finding:
        if finding.rule == Rule.IDENTIFIER:
            return finding
        said = f"{finding.value}\n{finding.message}"
        if not any(text in said for text in texts):
            return finding
        return dataclasses.replace(finding, value="", message=NOT_SHOWN)

    return [shown(finding) for finding in findings] if texts else list(findings)
