"""Findings without what they would tell of who a patient is."""

import dataclasses
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from alsdecline.raw.calendar_dates import A_DATE, DATE
from alsdecline.raw.findings import Finding
from alsdecline.raw.identifier_names import kind_by_name
from alsdecline.raw.identifier_texts import identifying_texts
from alsdecline.raw.pseudonyms import DIGITS
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import column_specs
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables

NOT_SHOWN = (
    "what is wrong is not shown, for it tells who a patient is; look at the row in the "
    "file, and mend what `identifier` finds first"
)


def without_unused_values(
    plan: DataPlan, raws: Mapping[str, RawTable], findings: list[Finding]
) -> list[Finding]:
    """Empty the values of findings on whole rows and on columns that are not used.

    Who a patient is may stand there, or, while the trial is blinded, the arm.

    Parameters
    ----------
    plan : DataPlan
        Which columns are used.
    raws : mapping of str to RawTable
        With the columns of visits in files that have one for each.
    findings : list of Finding
        Any.

    Returns
    -------
    list of Finding
    """
    specs = column_specs(plan)
    used = {
        (table.place, column)
        for name, table in raw_tables(plan).items()
        for column in (
            *(table.columns.get(ours, ours) for ours in specs[name]),
            *table.where,
            *(n for names in getattr(table, "one_of", {}).values() for n in names),
            *(n for names in raws[name].visits.values() for n in names.values()),
        )
    }
    return [
        f if (f.file, f.column) in used else dataclasses.replace(f, value="")
        for f in findings
    ]


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
    findings = list(findings)
    # of a file that cannot be read, nobody has looked into the columns
    values = sorted({f.value for f in findings if f.value})
    telling = identifying_texts(values, is_label=True).values()
    texts = {text for text in identities if text}
    texts |= {values[at] for places in telling for at in places}

    def shown(finding: Finding) -> Finding:
        if finding.rule == Rule.IDENTIFIER:
            return finding
        if finding.rule == Rule.ENCODING and kind_by_name(finding.column):
            return dataclasses.replace(finding, value="")
        said = f"{finding.value}\n{finding.message}"
        if not any(text in said for text in texts):
            return finding
        return dataclasses.replace(finding, value="", message=NOT_SHOWN)

    return [shown(finding) for finding in findings]


ALIKE = (
    "what is wrong is seen in identifiers of patients, which are not shown; look at "
    "the row in the file"
)
DECIDED = (
    "what is wrong is not shown, for decisions name patients; look at the row in the "
    "file"
)
HIDDEN = "(not shown)"

_SHORT_NUMBER = re.compile(r"[-+]?\d{1,4}(?:[.,]\d{1,3})?")
_PSEUDONYM = re.compile(rf"P-[0-9A-F]{{{DIGITS},}}")
_QUOTED = re.compile(r"(?<!\w)'(?:\\.|[^\\])*?'(?!\w)|\"(?:\\.|[^\\\"])*\"")
_SETTING = re.compile(r"`(?:recode|missing|where): ([\[{].*?[\]}])`")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^][{},:"\s][^][{},:"]*')
_PLACEHOLDERS = {"MEANING", "NAME", "*", HIDDEN}


def _words_of(value: Any) -> Iterator[str]:
    """Return all texts of a plan, which the configuration has anyway."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield str(key)
            yield from _words_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words_of(part)
    elif isinstance(value, str):
        yield value


def with_pseudonyms(
    plan: DataPlan, findings: Iterable[Finding], bare: Iterable[Finding]
) -> list[Finding]:
    """Leave out of findings what pseudonyms and days are there to hide.

    Parameters
    ----------
    plan : DataPlan
        What is written there may be shown.
    findings : iterable of Finding
        Of tables with pseudonyms.
    bare : iterable of Finding
        Of the same tables without them: of these, only places are taken.

    Returns
    -------
    list of Finding
        Values and quoted texts are short numbers, pseudonyms or words of the plan;
        dates are left out. What identifiers alone show has its rule and place.
    """
    words = {*_words_of(plan.model_dump(mode="json")), *_PLACEHOLDERS}
    for specs in column_specs(plan).values():
        words |= {*specs, *(text for s in specs.values() for text in s.permitted)}

    def may_be_shown(text: str) -> bool:
        return (
            text in words
            or bool(_SHORT_NUMBER.fullmatch(text))
            or bool(_PSEUDONYM.fullmatch(text))
        )

    def quoted(match: re.Match[str]) -> str:
        return match[0] if may_be_shown(match[0][1:-1]) else HIDDEN

    def scalar(match: re.Match[str]) -> str:
        return match[0] if may_be_shown(match[0].strip('"')) else HIDDEN

    def setting(match: re.Match[str]) -> str:
        # a remedy has other cells than the one at fault, and what is long cut short
        return match[0].replace(match[1], _SCALAR.sub(scalar, match[1]))

    tables = raw_tables(plan).values()
    of_patients = {(t.place, t.columns.get("patient", "patient")) for t in tables}

    def hidden(finding: Finding) -> Finding:
        if finding.file == plan.data.decisions:
            return dataclasses.replace(finding, value="", message=DECIDED)
        value, message = finding.value, finding.message
        is_patient = (finding.file, finding.column) in of_patients
        # of a file that cannot be read, identifiers are as they stand there
        bare = is_patient and not _PSEUDONYM.fullmatch(value)
        if bare or not may_be_shown(value):
            message = message.replace(value, HIDDEN) if value else message
            value = ""
        message = _QUOTED.sub(quoted, _SETTING.sub(setting, message))
        message = DATE.sub(A_DATE, message)
        return dataclasses.replace(finding, value=value, message=message)

    def place(finding: Finding) -> tuple[object, ...]:
        return finding.rule, finding.file, finding.row, finding.column

    shown = [hidden(finding) for finding in findings]
    there = {place(finding) for finding in shown}
    return shown + [
        dataclasses.replace(finding, value="", message=ALIKE)
        for finding in bare
        if finding.rule != Rule.IDENTIFIER and place(finding) not in there
    ]
