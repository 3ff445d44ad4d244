"""Faults of raw files that are possible each by itself, and do not fit the rest."""

import csv
from collections.abc import Callable
from pathlib import Path

from support.data_faults import SUBJECTS, VISITS, Fault
from support.trial_folder import Edit, added_row, cell, replaced, together

CONFIG = "config.yaml"
Row = dict[str, str]


def _rows_changed(file: str, change: Callable[[list[Row]], None]) -> Edit:
    """Change the rows of a file; columns may be added."""

    def edit(folder: Path) -> None:
        with (folder / file).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        change(rows)
        lines = [",".join(row.values()) for row in rows]
        text = "\n".join([",".join(rows[0]), *lines, ""])
        (folder / file).write_text(text, encoding="utf-8")

    return edit


def _from_week(patient: str, week: int, column: str, make: Callable[[float], float]):
    """Change a patient's values of an outcome from a visit on."""

    def change(rows: list[Row]) -> None:
        for row in rows:
            later = int(row["visit_week"]) >= week
            if row["subject_id"] == patient and later and row[column]:
                row[column] = f"{make(float(row[column])):g}"
                if column == "norris_limb" and row["norris_total"]:
                    total = float(row["norris_limb"]) + float(row["norris_bulbar"])
                    row["norris_total"] = f"{total:g}"

    return _rows_changed(VISITS, change)


def _copied(rows: list[Row]) -> None:
    """Give IGF-003 the values that IGF-002 has at weeks 0 to 8."""
    at = {(row["subject_id"], row["visit_week"]): row for row in rows}
    for week in ("0", "2", "4", "6", "8"):
        for column in ("norris_limb", "norris_bulbar", "norris_total", "fvc_percent"):
            at["IGF-003", week][column] = at["IGF-002", week][column]


def _exchanged(rows: list[Row]) -> None:
    """Exchange the columns of the limb and the bulbar score."""
    for row in rows:
        limb = row["norris_limb"]
        row["norris_limb"], row["norris_bulbar"] = row["norris_bulbar"], limb


def _of_three_items(folder: Path) -> None:
    """Make the vital capacity the total of three items, which fall as it does."""
    scale = (
        "scales:\n  three: {name: three, unit: points, minimum: 0, maximum: 45, "
        "whole_points: true, better: higher, item_maxima: [15, 15, 15], source: own}\n"
    )

    def itemised(rows: list[Row]) -> None:
        for row in rows:
            value = row["fvc_percent"]
            item = f"{min(float(value) // 10, 15):g}" if value else ""
            row |= dict.fromkeys(("first", "second", "third"), item)

    together(
        replaced(CONFIG, "arms:\n", f"{scale}\narms:\n"),
        replaced(CONFIG, "scale: fvc_percent", "scale: three"),
        replaced(CONFIG, "column: fvc_percent", "items: [first, second, third]"),
        _rows_changed(VISITS, itemised),
    )(folder)


def _either_of_two(folder: Path) -> None:
    """Have the first of the three items in one of two columns."""

    def beside(rows: list[Row]) -> None:
        for row in rows:
            row["first_b"] = ""

    together(
        _of_three_items,
        replaced(CONFIG, "items: [first, second", "items: [item, second"),
        replaced(
            CONFIG,
            "    file: data/visits.csv\n",
            "    file: data/visits.csv\n    one_of: {item: [first, first_b]}\n",
        ),
        _rows_changed(VISITS, beside),
    )(folder)


def _two_items_never(rows: list[Row]) -> None:
    """Leave two items of IGF-002 out at all visits."""
    for row in rows:
        if row["subject_id"] == "IGF-002":
            row["second"] = row["third"] = ""


def _third_reversed(rows: list[Row]) -> None:
    for row in rows:
        row["third"] = f"{15 - float(row['third']):g}" if row["third"] else ""


PRORATED = replaced(
    CONFIG,
    "items: [first, second, third]",
    "items: [first, second, third]\n    missing_items: prorate",
)

# row 28 of the visits is IGF-002 at week 12, with limb 36 between 39 and 39
IMPLAUSIBLE_FAULTS: dict[str, Fault] = {
    "age that is not usual": Fault(
        together(
            replaced(
                CONFIG,
                '"Age, years", kind: number',
                '"Age, years", kind: number, usual: [18, 90]',
            ),
            cell(SUBJECTS, 3, "age", "610"),
        ),
        "unusual",
        SUBJECTS,
        3,
        "age",
        "610",
        "outside 18 to 90, what is usual",
        fatal=False,
    ),
    "digit that is missing": Fault(
        together(
            cell(VISITS, 28, "norris_limb", "3"), cell(VISITS, 28, "norris_total", "27")
        ),
        "outlier",
        VISITS,
        28,
        "norris_limb",
        "3",
        "far from 39 and 39 beside it of patient IGF-002, by which about 39",
        fatal=False,
    ),
    "digits exchanged": Fault(
        together(
            cell(VISITS, 28, "norris_limb", "63"),
            cell(VISITS, 28, "norris_total", "87"),
        ),
        "outlier",
        VISITS,
        28,
        "norris_limb",
        "63",
        "as by two digits exchanged; check it against its source",
        fatal=False,
    ),
    "points that nobody gains": Fault(
        _from_week("IGF-002", 28, "norris_limb", lambda limb: limb + 30),
        "gain",
        VISITS,
        35,
        "norris_limb",
        "52",
        "patient IGF-002 is better from here on",
        fatal=False,
    ),
    "unit that changes within a patient": Fault(
        _from_week("IGF-002", 12, "fvc_percent", lambda fvc: round(fvc / 25, 1)),
        "unit_changed",
        VISITS,
        28,
        "fvc_percent",
        "2.9",
        "values of patient IGF-002",
        fatal=False,
    ),
    "patient in another unit": Fault(
        _from_week("IGF-002", 0, "fvc_percent", lambda fvc: round(fvc / 25, 1)),
        "unit_differs",
        VISITS,
        22,
        "fvc_percent",
        "3.2",
        "all values of patient IGF-002 are about 1/",
        fatal=False,
        others=("unusual",),
    ),
    "columns exchanged": Fault(
        _rows_changed(VISITS, _exchanged),
        "columns_exchanged",
        VISITS,
        None,
        "norris_bulbar",
        "",
        "the columns of 'bulbar' and 'limb' may be exchanged",
        fatal=False,
        others=("range",),
    ),
    "visits of another patient": Fault(
        _rows_changed(VISITS, _copied),
        "copied_visits",
        VISITS,
        41,
        "subject_id",
        "IGF-003",
        "as patient IGF-002 from week 0 (row 22) to week 8",
        fatal=False,
    ),
    "patient entered twice": Fault(
        added_row(SUBJECTS, "IGF-010,high,2003-03-17,M,80,bulbar,39.1,N"),
        "patients_alike",
        SUBJECTS,
        11,
        "subject_id",
        "IGF-010",
        "as patient IGF-001 in row 2",
        fatal=False,
        others=("no_visits",),
    ),
    "item that is missing": Fault(
        together(_of_three_items, cell(VISITS, 28, "second", "")),
        "items_missing",
        VISITS,
        28,
        "second",
        "",
        "patient IGF-002 lacks second here, so Forced vital capacity has no total",
        fatal=False,
    ),
    "items of a shorter version": Fault(
        together(_of_three_items, PRORATED, _rows_changed(VISITS, _two_items_never)),
        "scale_version",
        VISITS,
        22,
        "",
        "",
        "second, third of Forced vital capacity lack visit after visit from here on",
        fatal=False,
    ),
    "both of two columns of which a row has one": Fault(
        together(_either_of_two, cell(VISITS, 28, "first_b", "1")),
        "either_item",
        VISITS,
        28,
        "first_b",
        "1",
        "first_b '1' are filled in, of which a row has one",
    ),
    "both of two columns of which a row has one, and equal": Fault(
        together(
            _either_of_two,
            cell(VISITS, 28, "first", "7"),
            cell(VISITS, 28, "first_b", "7"),
        ),
        "either_item",
        VISITS,
        28,
        "first_b",
        "7",
        "they agree, and the value is used",
        fatal=False,
    ),
    "item that counts the other way round": Fault(
        together(_of_three_items, _rows_changed(VISITS, _third_reversed)),
        "item_reversed",
        VISITS,
        None,
        "third",
        "",
        "as if it counted the other way round",
        fatal=False,
    ),
}
