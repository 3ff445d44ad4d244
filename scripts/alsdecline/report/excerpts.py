"""Long tables as the report prints them: what is shown, and what is left out."""

import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS
from alsdecline.analyses.row_names import ANY_TERMS, NAMES_APART
from alsdecline.fits.check_statistics import PATIENTS_AT_MOST
from alsdecline.report.cells import Cell
from alsdecline.report.tables import PrintedTable, printed_frame

MOST_TERMS = 25
COMMON_PERCENT = 5.0

MOST_FINDINGS = 12
EXAMPLES = 3

MOST_NAMES = 12

ALL_EVENTS = "results/tables/adverse_events.csv"


def common_events(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Choose the adverse events that are printed, the most frequent first.

    Parameters
    ----------
    table : DataFrame
        term, severity, arm, patients, percent, events; all arms together are one.

    Returns
    -------
    shown : DataFrame
        The counts of every kind, then the terms by patients of all arms: all of them
        up to :data:`MOST_TERMS`, else those that :data:`COMMON_PERCENT` of the
        patients of an arm had at least.
    left_out : int
        How many terms are not.
    """
    of_every_kind = table["term"].isin(ANY_TERMS)
    terms = table[~of_every_kind]
    together = terms[terms["arm"] == ALL_ARMS].sort_values(
        ["patients", "events", "term"], ascending=[False, False, True]
    )
    names = list(together["term"])
    if len(names) > MOST_TERMS:
        by_arm = terms[terms["arm"] != ALL_ARMS]
        common = set(by_arm.loc[by_arm["percent"] >= COMMON_PERCENT, "term"])
        names = [name for name in names if name in common]
    place = {name: i for i, name in enumerate(names)}
    chosen = terms[terms["term"].isin(names)]
    chosen = chosen.sort_values("term", key=lambda t: t.map(place), kind="stable")
    shown = pd.concat([table[of_every_kind], chosen], ignore_index=True)
    return shown, len(together) - len(names)


def terms_left_out(number: int) -> str:
    """Say how many terms a table of adverse events lacks; nothing where none."""
    if not number:
        return ""
    terms = "1 further term stands" if number == 1 else f"{number} further terms stand"
    return (
        f"Most frequent first. {terms} in {ALL_EVENTS}: of fewer than "
        f"{COMMON_PERCENT:g}% of the patients of any arm."
    )


FINDING_HEADS = {
    "file": "File",
    "row": "Row",
    "column": "Column",
    "value": "Value",
    "message": "Finding",
}


def printed_findings(findings: pd.DataFrame) -> PrintedTable:
    """Print findings on the raw data; where they are many, the first of each rule.

    Parameters
    ----------
    findings : DataFrame
        severity, rule, file, row, column, value, message.

    Returns
    -------
    PrintedTable
        Up to :data:`MOST_FINDINGS` as they are. Else by severity, rule and file with
        their number, :data:`EXAMPLES` of each.
    """
    findings = findings.astype({"row": "Int64"})
    if len(findings) <= MOST_FINDINGS:
        return printed_frame(findings, {"severity": "Severity", **FINDING_HEADS})
    rows: list[list[str]] = []
    for (severity, rule, file), same in findings.groupby(
        ["severity", "rule", "file"], sort=False
    ):
        # a line that says "and 1 more" could as well be that one
        shown = same if len(same) <= EXAMPLES + 1 else same.head(EXAMPLES)
        group = [str(severity), str(rule).replace("_", " ")]
        cells = printed_frame(shown, FINDING_HEADS).rows
        rows += [
            [*group, "" if i else str(len(same)), *cell] for i, cell in enumerate(cells)
        ]
        if len(shown) < len(same):
            more = f"and {len(same) - len(shown)} more"
            rows.append([*group, "", str(file), "", "", "", more])
    return PrintedTable(["Severity", "Rule", "Number", *FINDING_HEADS.values()], rows)


def findings_left_out(findings: pd.DataFrame) -> str:
    """Say that a table of findings has but examples; nothing where it has all."""
    if len(findings) <= MOST_FINDINGS:
        return ""
    return (
        f"{len(findings)} findings; of many by the same rule the first {EXAMPLES} are "
        "shown. All are in results/validation/findings.csv."
    )


def patients_left_out(analysed: pd.DataFrame) -> str:
    """Say that model checks are of a part of the patients; nothing where of all.

    Parameters
    ----------
    analysed : DataFrame
        The table ``numbers_analysed``: ``outcome`` and ``patients``, by arm.

    Returns
    -------
    str
    """
    most = analysed.groupby("outcome")["patients"].sum().max()
    if not most > PATIENTS_AT_MOST:
        return ""
    return (
        f"The checks are of {PATIENTS_AT_MOST} patients of an outcome, evenly spaced "
        f"in the order of their identifiers, where it has more (at most {most}); the "
        "fits are of all."
    )


def few_names(names: str | float, number: int) -> str:
    """Shorten a list of patients, apart by :data:`NAMES_APART`, where they are many."""
    if not isinstance(names, str):
        return ""
    shown = names.split(NAMES_APART)
    if number <= MOST_NAMES:
        return Cell(names, patients=shown)
    del shown[MOST_NAMES:]
    more = f" and {number - MOST_NAMES} more"
    return Cell(NAMES_APART.join(shown) + more, patients=shown)
