"""How a comparison is printed, and the rows of patients' data that changed."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from alsdecline.changes.comparison import Comparison, PatientChanges, RowChange
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import MINUS, listed

MOST_LISTED = 200
"""Rows of a table that are printed; the JSON file has them all."""

NONE = "\N{EN DASH}"


@dataclasses.dataclass(frozen=True)
class Section:
    """A part of the page: sentences, then tables by caption.

    Those `folded` are for who looks for them.
    """

    title: str
    sentences: Sequence[str]
    tables: Mapping[str, PrintedTable]
    folded: Mapping[str, PrintedTable] = dataclasses.field(default_factory=dict)


def counted(n: int, noun: str) -> str:
    """Write a number with its noun, in the plural where there is not one."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


def cell(value: Any) -> str:
    """Print a value as it is, for a change in the last digit is a change."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        shown = str(int(value)) if value.is_integer() else repr(value)
        return shown.replace("-", MINUS)
    if isinstance(value, list):
        return ", ".join(map(cell, value)) or "(none)"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {cell(part)}" for name, part in value.items())
    return str(value) if value != "" else "(empty)"


def shortened(table: PrintedTable, sentences: list[str]) -> PrintedTable:
    """Print no more rows than a reader reads, and say how many are left out."""
    left = len(table.rows) - MOST_LISTED
    if left > 0:
        sentences.append(
            f"The first {MOST_LISTED} of {len(table.rows)} are listed; the other "
            f"{left} stand in the JSON form of this comparison."
        )
    return PrintedTable(table.head, table.rows[:MOST_LISTED])


FIELDS = {
    "AVAL": "value",
    "AVISITN": "week",
    "ADT": "date",
    "ARELTM": "day",
    "ASTDT": "start",
    "AENDT": "end",
    "ADOSE": "dose",
    "AETERM": "term",
    "AESEV": "severity",
    "AESER": "serious",
    "AEREL": "related",
}
"""What columns of the analysis datasets are called; others keep their names."""

APART = frozenset({"AVISITN", "ADT", "ARELTM", "ASTDT", "AETERM"})
"""Columns of a whole row that the table shows by themselves."""


def _parameter(change: RowChange) -> str:
    """Say what a row is of."""
    kinds = {"adsl": "patient", "adex": "dose", "adae": "adverse event"}
    kind = kinds.get(change["dataset"], change["parameter"])
    return f"{kind}: {change['term']}" if change["term"] else str(kind)


def _fields(change: RowChange, side: Literal["old", "new"]) -> str:
    """Print the fields of one side of a row; a value alone without its name."""
    changed = change["change"] == "changed"
    values = {
        f["field"]: f[side]
        for f in change["fields"]
        if changed or f["field"] not in APART
    }
    if not changed and all(value is None for value in values.values()):
        return NONE
    if list(values) == ["AVAL"]:
        return cell(values["AVAL"])
    return "; ".join(f"{FIELDS.get(n, n)} {cell(v)}" for n, v in values.items())


def _row_table(changes: Sequence[RowChange]) -> PrintedTable:
    rows = [
        [
            change["patient"],
            _parameter(change),
            cell(change["visit"]),
            cell(change["date"]),
            change["change"],
            _fields(change, "old"),
            _fields(change, "new"),
        ]
        for change in changes
    ]
    head = ["Patient", "Parameter", "Week", "Date", "Change", "Before", "After"]
    return PrintedTable(head, rows)


def _by_kind(counts: Mapping[str, int]) -> str:
    """Say how many rows were added, changed and removed, of the kinds there are."""
    kinds = ("added", "changed", "removed")
    return listed([f"{counts[kind]} {kind}" for kind in kinds if counts[kind]])


def row_counts(changes: Sequence[RowChange]) -> str:
    """Count the rows that changed, in a sentence."""
    if not changes:
        return "No record of a patient changed."
    counts = Counter[str](change["change"] for change in changes)
    patients = len({change["patient"] for change in changes})
    return (
        f"{counted(len(changes), 'record')} of {counted(patients, 'patient')}: "
        f"{_by_kind(counts)}."
    )


def _followed(patients: PatientChanges) -> list[str]:
    """Say what follows from the changes and is not listed."""
    sentences = []
    for derived in patients["derived"]:
        counts = {
            "added": derived["added"],
            "changed": derived["changed"],
            "removed": derived["removed"],
        }
        sentences.append(
            f"{derived['dataset']}: of sums of outcomes and values carried forward, "
            f"{_by_kind(counts)}."
        )
    by_dataset: dict[str, list[str]] = {}
    for followed in patients["followed"]:
        text = f"{followed['column']} ({followed['rows']})"
        by_dataset.setdefault(followed["dataset"], []).append(text)
    sentences += [f"{d}: {', '.join(c)}." for d, c in by_dataset.items()]
    return sentences


def _one_sided(patients: PatientChanges) -> list[str]:
    """Say which datasets and columns one run alone has."""
    return [
        f"The dataset {d['dataset']} was {d['change']}; its records are not listed."
        for d in patients["datasets"]
    ] + [
        f"The column {c['column']} of {c['dataset']} was {c['change']}."
        for c in patients["columns"]
    ]


def patients_section(comparison: Comparison) -> Section:
    """Print the rows of patients' data that changed, and count what follows."""
    patients = comparison["records"]
    sentences = _one_sided(patients)
    tables = {}
    if patients["changes"]:
        table = shortened(_row_table(patients["changes"]), sentences)
        tables["Records added, changed and removed, as measured or recorded"] = table
    followed = _followed(patients)
    if followed:
        sentences.append(
            "What follows from them is counted and not listed (in brackets: records "
            "that both runs have and that differ in that column): " + " ".join(followed)
        )
    return Section("Records of patients", sentences, tables)
