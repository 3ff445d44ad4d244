"""How a comparison is printed, and the records of patients that changed."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

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
    "ADY": "day",
    "ASTDT": "start",
    "AENDT": "end",
    "ADOSE": "dose",
    "AETERM": "term",
    "AESEV": "severity",
    "AESER": "serious",
    "AEREL": "related",
}
"""What columns of the analysis datasets are called; others keep their names."""

APART = frozenset({"AVISITN", "ADT", "ADY", "ASTDT", "AETERM"})
"""Columns of a whole record that the table shows by themselves."""


def _what(record: Mapping[str, Any]) -> str:
    """Say what a record is of."""
    kinds = {"adsl": "patient", "adex": "dose", "adae": "adverse event"}
    kind = kinds.get(record["dataset"], record["parameter"])
    return f"{kind}: {record['term']}" if record["term"] else str(kind)


def _fields(record: Mapping[str, Any], side: str) -> str:
    """Print the fields of one side of a record; a value alone without its name."""
    changed = record["change"] == "changed"
    told = {
        f["field"]: f[side]
        for f in record["fields"]
        if changed or f["field"] not in APART
    }
    if not changed and all(value is None for value in told.values()):
        return NONE
    if list(told) == ["AVAL"]:
        return cell(told["AVAL"])
    return "; ".join(f"{FIELDS.get(n, n)} {cell(v)}" for n, v in told.items())


def _record_table(changes: Sequence[Mapping[str, Any]]) -> PrintedTable:
    rows = [
        [
            record["patient"],
            _what(record),
            cell(record["visit"]),
            cell(record["date"]),
            record["change"],
            _fields(record, "old"),
            _fields(record, "new"),
        ]
        for record in changes
    ]
    head = ["Patient", "Parameter", "Week", "Date", "Change", "Before", "After"]
    return PrintedTable(head, rows)


def record_counts(changes: Sequence[Mapping[str, Any]]) -> str:
    """Count the records that changed, in a sentence."""
    if not changes:
        return "No record of a patient changed."
    counts = Counter(record["change"] for record in changes)
    kinds = [
        f"{counts[kind]} {kind}"
        for kind in ("added", "changed", "removed")
        if counts[kind]
    ]
    patients = len({record["patient"] for record in changes})
    return (
        f"{counted(len(changes), 'record')} of {counted(patients, 'patient')}: "
        f"{listed(kinds)}."
    )


def _followed(records: Mapping[str, Any]) -> list[str]:
    """Say what follows from the changes and is not listed."""
    sentences = []
    for derived in records["derived"]:
        kinds = ("added", "changed", "removed")
        counts = listed([f"{derived[k]} {k}" for k in kinds if derived[k]])
        sentences.append(
            f"{derived['dataset']}: of sums of outcomes and values carried forward, "
            f"{counts}."
        )
    by_dataset: dict[str, list[str]] = {}
    for followed in records["followed"]:
        text = f"{followed['column']} ({followed['rows']})"
        by_dataset.setdefault(followed["dataset"], []).append(text)
    sentences += [f"{d}: {', '.join(c)}." for d, c in by_dataset.items()]
    return sentences


def _one_sided(records: Mapping[str, Any]) -> list[str]:
    """Say which datasets and columns one run alone has."""
    return [
        f"The dataset {d['dataset']} was {d['change']}; its records are not listed."
        for d in records["datasets"]
    ] + [
        f"The column {c['column']} of {c['dataset']} was {c['change']}."
        for c in records["columns"]
    ]


def records_section(comparison: Mapping[str, Any]) -> Section:
    """Print the records of patients that changed, and count what follows."""
    records = comparison["records"]
    sentences = _one_sided(records)
    tables = {}
    if records["changes"]:
        table = shortened(_record_table(records["changes"]), sentences)
        tables["Records added, changed and removed, as measured or recorded"] = table
    followed = _followed(records)
    if followed:
        sentences.append(
            "What follows from them is counted and not listed (in brackets: records "
            "that both runs have and that differ in that column): " + " ".join(followed)
        )
    return Section("Records of patients", sentences, tables)
