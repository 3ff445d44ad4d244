"""How severe the findings of a rule are where the configuration says it, and why."""

import dataclasses
from collections.abc import Iterator

from alsdecline.near_names import did_you_mean
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.raw.severities import MAY_BE_LOWERED
from alsdecline.settings.data_plan import DataPlan

CONFIG = "config.yaml"

OWN = (Rule.SEVERITY, Rule.DECISION_FORM, Rule.DECISION_UNFIT, Rule.DECISION_REPEATED)
"""Rules on what people say of the data, which nobody overrules."""


def _unusable(plan: DataPlan) -> Iterator[Finding]:
    """Find severities of no rule, and those that a rule cannot have."""
    rules = [str(rule) for rule in Rule]
    for name, overruled in plan.data.severities.items():
        if name not in rules:
            fault = f"no such rule; {did_you_mean(name, rules)}correct it"
        elif Rule(name) in OWN:
            fault = "nobody overrules this rule; take it out"
        elif overruled.severity == "fatal" or Rule(name).severities[0] == "warning":
            continue
        elif Rule(name) not in MAY_BE_LOWERED:
            may = ", ".join(sorted(MAY_BE_LOWERED))
            fault = (
                "cannot be a warning, for with its findings nothing can be analysed; "
                f"take it out. These can: {may}"
            )
        else:
            continue
        message = f"`data: severities: {name}:` {fault}"
        yield Finding.by_rule(Rule.SEVERITY, CONFIG, None, "", "", message)


def with_overruled(plan: DataPlan, findings: list[Finding]) -> list[Finding]:
    """Give findings the severities that the configuration says, with its reasons.

    Parameters
    ----------
    plan : DataPlan
        With the severities.
    findings : list of Finding
        All that was found.

    Returns
    -------
    list of Finding
        What of the severities cannot be used is found too.
    """
    if not plan.data.severities:
        return findings
    unusable = list(_unusable(plan))
    result = []
    for finding in findings:
        overruled = plan.data.severities.get(str(finding.rule))
        if (
            overruled is None
            or overruled.severity == finding.severity
            or finding.rule in OWN
            or (overruled.severity == "warning" and finding.rule not in MAY_BE_LOWERED)
        ):
            result.append(finding)
            continue
        made = f"{finding.severity} by its rule, {overruled.severity} by {CONFIG}"
        message = f"{finding.message} ({made}: {overruled.reason})"
        changed = dataclasses.replace(
            finding, severity=overruled.severity, message=message
        )
        result.append(changed)
    return result + unusable
