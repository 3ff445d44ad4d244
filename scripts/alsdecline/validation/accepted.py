"""Findings that somebody accepted by a decision: they stop nothing, and say who did."""

import dataclasses
from collections.abc import Iterator, Sequence

import pandas as pd

from alsdecline.raw.calendar_dates import A_DATE, without_dates
from alsdecline.raw.decided_cells import same_text
from alsdecline.raw.decisions import AppliedDecision, unfit
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding, has_further_rows
from alsdecline.raw.rules import Rule
from alsdecline.raw.severities import MAY_BE_LOWERED
from alsdecline.raw.trial_decisions import PseudonymousDecision
from alsdecline.settings.data_plan import DataPlan


def _is_of(finding: Finding, accepted: AppliedDecision) -> bool:
    """Tell whether a finding is at the place and of the value of a decision."""
    decision = accepted.decision
    if (finding.rule, finding.file) != (decision.rule, decision.file):
        return False
    if accepted.column and finding.column != accepted.column:
        return False
    told_once = has_further_rows(finding.message)
    if not told_once and finding.row not in (accepted.rows or (None,)):
        return False
    value = pd.Series([finding.value])
    if isinstance(accepted, PseudonymousDecision):
        # tables have pseudonyms and texts without dates by now, but days as they are
        if same_text(value, accepted.written).all():
            return True
        if without_dates(accepted.written) == A_DATE:
            return False
    return bool(same_text(value, decision.value).all())


def _with(finding: Finding, accepted: AppliedDecision) -> Finding:
    message = f"{finding.message} (accepted by {accepted.decision.signed})"
    return dataclasses.replace(finding, severity="warning", message=message)


def _unaccepted(
    plan: DataPlan,
    accepted: Sequence[AppliedDecision],
    found: set[int],
    refused: set[int],
    shared: set[int],
) -> Iterator[Finding]:
    """Find decisions that accept what is not found, or cannot be accepted."""
    for of in accepted:
        decision = of.decision
        rule = Rule(decision.rule)
        if decision.row in refused:
            fault = f"a fatal finding of {rule} cannot be accepted: with it there is"
            yield unfit(plan, decision, f"{fault} nothing to analyse")
        elif decision.row in shared:
            fault = f"{rule} is told once of several rows; leave `patient` and `visit`"
            yield unfit(plan, decision, f"{fault} empty to accept it of all of them")
        elif decision.row not in found:
            value = f", value {decision.value!r}," if decision.value else ""
            stale = unfit(
                plan, decision, f"{rule}{value} is not found there, or no more"
            )
            yield dataclasses.replace(stale, severity="warning")


def with_accepted(
    plan: DataPlan, files: TrialFiles, findings: list[Finding]
) -> list[Finding]:
    """Lower the severity of the findings that were accepted.

    Parameters
    ----------
    plan : DataPlan
        With the decisions file.
    files : TrialFiles
        With its decisions.
    findings : list of Finding
        All that was found.

    Returns
    -------
    list of Finding
        Those accepted are warnings that say by whom, when and why; decisions that
        accept nothing are found too.
    """
    accepted = [a for a in files.decisions if a.decision.kind == "accepted"]
    if not accepted:
        return findings
    found: set[int] = set()
    refused: set[int] = set()
    shared: set[int] = set()
    result = []
    for finding in findings:
        told_once = has_further_rows(finding.message)
        of = [a for a in accepted if _is_of(finding, a)]
        by = next((a for a in of if not (told_once and a.rows)), None)
        if by is None:
            shared |= {a.decision.row for a in of}
            result.append(finding)
        elif finding.severity == "fatal" and finding.rule not in MAY_BE_LOWERED:
            refused.add(by.decision.row)
            result.append(finding)
        else:
            found.add(by.decision.row)
            result.append(_with(finding, by))
    return [*result, *_unaccepted(plan, accepted, found, refused, shared - found)]
