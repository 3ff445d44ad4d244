"""Faults that raw files may have, each with the place where it must be found."""

import dataclasses

from support.trial_folder import (
    Edit,
    added_row,
    cell,
    content,
    replaced,
    row_text,
    together,
    without_column,
    without_rows,
)

SUBJECTS = "data/subjects.csv"
VISITS = "data/visits.csv"
EXPOSURE = "data/exposure.csv"
EVENTS = "data/events.csv"
ADVERSE = "data/adverse_events.csv"


@dataclasses.dataclass(frozen=True)
class Fault:
    """A fault and the finding that must name it.

    Attributes
    ----------
    spoil : callable
        Puts the fault into a trial's folder.
    rule, file, row, column, value : str, or int or None of the row
        The finding; row and column are empty where there is none.
    says : str
        Part of the message, which tells what to do.
    fatal : bool
        Whether it stops the run.
    note : bool
        Whether it is but a note of what the configuration did.
    others : tuple of str
        Rules that find it too, in other words or places.
    """

    spoil: Edit
    rule: str
    file: str
    row: int | None
    column: str
    value: str
    says: str
    fatal: bool = True
    note: bool = False
    others: tuple[str, ...] = ()

    @property
    def severity(self) -> str:
        """How severe the finding is."""
        return "note" if self.note else "fatal" if self.fatal else "warning"


def _in_cell(
    file: str, row: int, column: str, value: str, rule: str, says: str
) -> Fault:
    return Fault(cell(file, row, column, value), rule, file, row, column, value, says)


# rows 2 to 4 of the visits are IGF-001 at weeks 0, 2, 4 with limb 55, 55, 58
FAULTS: dict[str, Fault] = {
    "telephone number in a text": Fault(
        cell(ADVERSE, 3, "term", "Fall (wife's phone +49 30 1234567)"),
        "identifier",
        ADVERSE,
        3,
        "term",
        "",
        "telephone numbers (in 1 cell)",
    ),
    "missing column": Fault(
        without_column(VISITS, "visit_date"),
        "column_missing",
        VISITS,
        1,
        "visit_date",
        "",
        "the file has subject_id, visit_week, norris_limb",
    ),
    "missing column of a characteristic": Fault(
        without_column(SUBJECTS, "age"),
        "column_missing",
        SUBJECTS,
        1,
        "age",
        "",
        "under `columns:`",
    ),
    "missing column of an outcome": Fault(
        without_column(VISITS, "fvc_percent"),
        "column_missing",
        VISITS,
        1,
        "fvc_percent",
        "",
        "the file has subject_id, visit_week, visit_date",
    ),
    "outcome without a value": Fault(
        together(
            without_column(VISITS, "fvc_percent"),
            content(
                VISITS,
                lambda old: old.replace(b"\n", b",\n").replace(
                    b"total,\n", b"total,fvc_percent\n"
                ),
            ),
        ),
        "column_empty",
        VISITS,
        None,
        "fvc_percent",
        "",
        "no cell is filled in",
    ),
    "text in a number": _in_cell(
        VISITS, 3, "norris_limb", "5x5", "not_a_number", "not a number"
    ),
    "score over its range": Fault(
        together(
            cell(VISITS, 3, "norris_limb", "64"), cell(VISITS, 3, "norris_total", "91")
        ),
        "range",
        VISITS,
        3,
        "norris_limb",
        "64",
        "outside 0 to 63, the range of modified Norris, limb",
    ),
    "negative score": _in_cell(
        VISITS, 2, "fvc_percent", "-3", "range", "below 0 of forced vital capacity"
    ),
    "half points": Fault(
        together(
            cell(VISITS, 3, "norris_limb", "55.5"),
            cell(VISITS, 3, "norris_total", ""),
        ),
        "whole_points",
        VISITS,
        3,
        "norris_limb",
        "55.5",
        "whole points only",
    ),
    "unknown arm": _in_cell(
        SUBJECTS, 3, "arm", "medium", "not_permitted", "not one of low, high"
    ),
    "arm in other capitals": _in_cell(
        SUBJECTS, 3, "arm", "Low", "not_permitted", "not one of low, high"
    ),
    "duplicated visit": Fault(
        added_row(VISITS, "IGF-001,2,2003-03-31,55,27,82,104"),
        "duplicate_visit",
        VISITS,
        171,
        "visit_week",
        "2",
        "same subject_id and visit_week as row 3; if the visit was repeated, say below",
    ),
    "two visits on a day": Fault(
        cell(VISITS, 4, "visit_date", "2003-03-31"),
        "duplicate_visit",
        VISITS,
        4,
        "visit_date",
        "2003-03-31",
        "same subject_id and visit_date as row 3; if a measurement was repeated, or",
    ),
    "duplicated patient": Fault(
        added_row(SUBJECTS, "IGF-001,high,2003-03-17,M,80,bulbar,39.1,N"),
        "duplicate_patient",
        SUBJECTS,
        11,
        "subject_id",
        "IGF-001",
        "write `one_row_a_patient: false` below `data: subjects:`; else one that was",
    ),
    "two ends of a patient": Fault(
        added_row(EVENTS, "IGF-009,died,2004-08-29,"),
        "duplicate_event",
        EVENTS,
        11,
        "subject_id",
        "IGF-009",
        "same subject_id as row 10; if both are true, as a withdrawal and a later",
    ),
    "no baseline": Fault(
        cell(VISITS, 2, "fvc_percent", ""),
        "no_baseline",
        VISITS,
        2,
        "fvc_percent",
        "",
        "patient IGF-001 has no baseline",
        fatal=False,
    ),
    "no value after time zero": Fault(
        together(
            *(without_rows(VISITS, f"IGF-009,{week},") for week in range(2, 41, 2))
        ),
        "no_follow_up",
        VISITS,
        150,
        "subject_id",
        "IGF-009",
        "patient IGF-009 has no value after time zero",
        fatal=False,
    ),
    "no value after time zero of one who withdrew": Fault(
        together(
            *(without_rows(VISITS, f"IGF-009,{week},") for week in range(2, 41, 2)),
            cell(EVENTS, 10, "event", "withdrawn"),
        ),
        "no_follow_up",
        VISITS,
        150,
        "subject_id",
        "IGF-009",
        "patient IGF-009 has no value after time zero, and says nothing of a slope",
        fatal=False,
        note=True,
    ),
    "patient without visits": Fault(
        without_rows(VISITS, "IGF-009"),
        "no_visits",
        SUBJECTS,
        10,
        "subject_id",
        "IGF-009",
        "no visit at all",
        fatal=False,
    ),
    "empty file": Fault(
        content(VISITS, lambda _: b""), "file_empty", VISITS, None, "", "", "is empty"
    ),
    "header alone": Fault(
        content(VISITS, lambda old: old.split(b"\n")[0] + b"\n"),
        "no_rows",
        VISITS,
        None,
        "",
        "",
        "a header but no rows",
    ),
    "latin-1 micro sign": Fault(
        content(
            ADVERSE,
            lambda old: old.replace(b"Back pain", "5 µg pain".encode("cp1252"), 1),
        ),
        "encoding",
        ADVERSE,
        2,
        "term",
        "5 µg pain",
        "byte 0xb5 is not UTF-8; say `encoding: cp1252` under its file in config.yaml",
    ),
    "latin-1 accent behind a comma in quotes": Fault(
        content(
            ADVERSE,
            lambda old: old.replace(
                b"IGF-001,Fall,", '"IGF-001","Chute, déjà",'.encode("latin-1"), 1
            ),
        ),
        "encoding",
        ADVERSE,
        3,
        "term",
        "Chute, déjà",
        "byte 0xe9 is not UTF-8",
    ),
    "latin-1 with old line ends": Fault(
        content(
            ADVERSE,
            lambda old: old.replace(b"Nausea", "Nausée".encode("latin-1")).replace(
                b"\n", b"\r"
            ),
        ),
        "encoding",
        ADVERSE,
        24,
        "term",
        "Nausée",
        "save the file as UTF-8",
    ),
    "Excel workbook": Fault(
        content(VISITS, lambda _: b"PK\x03\x04\x14\0xl/workbook.xml"),
        "foreign_format",
        VISITS,
        None,
        "",
        "",
        "is an Excel workbook; let its name end in .xlsx",
    ),
    "UTF-16 without its mark": Fault(
        content(VISITS, lambda old: old.decode().encode("utf-16-le")),
        "encoding",
        VISITS,
        1,
        "",
        "",
        "zero byte",
    ),
    "zero byte": Fault(
        content(VISITS, lambda old: old.replace(b",60,,,", b",60,\0,,")),
        "encoding",
        VISITS,
        15,
        "",
        "",
        "zero byte",
    ),
    "decimal comma in quotes": Fault(
        cell(VISITS, 3, "fvc_percent", '"104,5"'),
        "not_a_number",
        VISITS,
        3,
        "fvc_percent",
        "104,5",
        "write 104.5",
    ),
    "decimal comma without quotes": Fault(
        cell(VISITS, 3, "fvc_percent", "104,5"),
        "row_cells",
        VISITS,
        3,
        "",
        "",
        "8 cells where the header has 7",
    ),
    "semicolons": Fault(
        content(VISITS, lambda old: old.replace(b",", b";")),
        "separator",
        VISITS,
        1,
        "",
        "",
        "export the file with commas between columns and points in numbers",
    ),
    "date after the cutoff": _in_cell(
        VISITS, 3, "visit_date", "2030-03-31", "date_after_cutoff", "cutoff 2005-12-31"
    ),
    "date that does not exist": _in_cell(
        VISITS, 3, "visit_date", "2003-02-30", "not_a_date", "no such day"
    ),
    "date with slashes": _in_cell(
        VISITS, 3, "visit_date", "31/03/2003", "not_a_date", "write 2003-03-31"
    ),
    "date in an early century": _in_cell(
        SUBJECTS, 2, "randomisation_date", "1003-03-17", "not_a_date", "before 1900"
    ),
    "date in the year 0": _in_cell(
        VISITS, 3, "visit_date", "0000-03-31", "not_a_date", "no such day"
    ),
    "total other than the sum": _in_cell(
        VISITS,
        3,
        "norris_total",
        "83",
        "sum",
        "norris_limb 55 + norris_bulbar 27 is 82",
    ),
    "unknown patient": Fault(
        added_row(VISITS, "IGF-010,0,2003-03-31,55,27,82,104"),
        "unknown_patient",
        VISITS,
        171,
        "subject_id",
        "IGF-010",
        "no such patient in data/subjects.csv",
    ),
    "dose of the other arm": _in_cell(
        EXPOSURE, 2, "dose_ug_per_kg", "0.5", "dose_of_arm", "the dose of arm 'low'"
    ),
    "dose before randomisation": _in_cell(
        EXPOSURE,
        2,
        "dose_date",
        "2003-03-16",
        "before_randomisation",
        "before randomisation on 2003-03-17",
    ),
    "adverse event that ends before it starts": _in_cell(
        ADVERSE,
        2,
        "end_date",
        "2003-05-08",
        "end_before_start",
        "before its start on 2003-05-09",
    ),
    "visit after death": Fault(
        together(
            row_text(EVENTS, 8, "IGF-007,died,2004-05-20,"),
            without_rows(EXPOSURE, "IGF-007,2004-05-25"),
        ),
        "after_death",
        VISITS,
        131,
        "visit_date",
        "2004-05-25",
        "after the death on 2004-05-20",
    ),
    "adverse event after death": Fault(
        together(
            row_text(EVENTS, 6, "IGF-005,died,2004-03-19,"),
            added_row(ADVERSE, "IGF-005,Fall,2004-03-20,,mild,N,N"),
        ),
        "after_death",
        ADVERSE,
        27,
        "start_date",
        "2004-03-20",
        "after the death on 2004-03-19",
    ),
    "escape of a terminal": _in_cell(
        ADVERSE,
        3,
        "term",
        "Fall\x1b[2J",
        "control_character",
        "the control character U+001B; remove it",
    ),
    "unknown event": _in_cell(
        EVENTS, 3, "event", "finished", "not_permitted", "completed, withdrawn, died"
    ),
    "ragged row": Fault(
        row_text(VISITS, 3, "IGF-001,2,2003-03-31,55,27"),
        "row_cells",
        VISITS,
        3,
        "",
        "",
        "5 cells where the header has 7",
    ),
    "column twice in the header": Fault(
        replaced(VISITS, "norris_limb,norris_bulbar", "norris_limb,norris_limb"),
        "header_repeated",
        VISITS,
        1,
        "norris_limb",
        "norris_limb",
        "2 times; keep one",
    ),
    "column without a name": Fault(
        replaced(VISITS, "norris_total,fvc_percent", "norris_total,fvc_percent,"),
        "header_unnamed",
        VISITS,
        1,
        "",
        "",
        "column 8 of the header has no name",
    ),
    "column with a name used inside": Fault(
        replaced(SUBJECTS, "riluzole", "_row"),
        "header_reserved",
        SUBJECTS,
        1,
        "_row",
        "",
        "rename the column",
    ),
    "unclosed quote": Fault(
        cell(EVENTS, 5, "reason", "\"patient's decision"),
        "quotes",
        EVENTS,
        5,
        "",
        "",
        "check the quotes in this row",
    ),
    "cell of 200,000 characters": Fault(
        cell(EVENTS, 5, "reason", "x" * 200_000),
        "quotes",
        EVENTS,
        5,
        "",
        "",
        "field larger than field limit",
    ),
    "blank patient": Fault(
        cell(VISITS, 3, "subject_id", " "),
        "required",
        VISITS,
        3,
        "subject_id",
        "",
        "the cell is empty",
    ),
    "visit out of its window": Fault(
        cell(VISITS, 3, "visit_date", "2003-04-07"),
        "visit_window",
        VISITS,
        3,
        "visit_date",
        "2003-04-07",
        "day 21, outside 6 days around week 2",
        fatal=False,
    ),
    "week that is not scheduled": Fault(
        cell(VISITS, 3, "visit_week", "2.5"),
        "unscheduled_visit",
        VISITS,
        3,
        "visit_week",
        "2.5",
        "week 2.5 is not in the schedule; kept at its day 14",
        fatal=False,
    ),
    "planned before time zero, and after it": Fault(
        cell(VISITS, 4, "visit_week", "-4"),
        "visit_window",
        VISITS,
        4,
        "visit_date",
        "2003-04-13",
        "day 27, planned before time zero (week -4); kept at its day. Check the date",
        fatal=False,
        others=("visit_order",),
    ),
    "visit without a planned time": Fault(
        cell(VISITS, 3, "visit_week", ""),
        "unscheduled_visit",
        VISITS,
        3,
        "visit_week",
        "",
        "without a planned time; kept at its day 14, as unscheduled",
        fatal=False,
    ),
    "year typed one off": Fault(
        cell(VISITS, 4, "visit_date", "2002-04-14"),
        "year_slip",
        VISITS,
        4,
        "visit_date",
        "2002-04-14",
        "day -337, -365 days from week 4 as planned; 2003-04-14 is near it",
    ),
    "visit long before screening": Fault(
        cell(VISITS, 4, "visit_date", "2002-10-14"),
        "before_screening",
        VISITS,
        4,
        "visit_date",
        "2002-10-14",
        "154 days before time zero, and screening begins 90 days before it. Ask where",
    ),
    "patients that differ by capitals": Fault(
        together(
            added_row(SUBJECTS, "igf-001,high,2003-03-17,M,80,bulbar,39.1,N"),
            added_row(VISITS, "igf-001,0,2003-03-17,55,26,81,103"),
            added_row(VISITS, "igf-001,2,2003-03-31,55,27,82,104"),
        ),
        "alike_patients",
        SUBJECTS,
        11,
        "subject_id",
        "igf-001",
        "differs from 'IGF-001' in row 2 by capitals alone",
        fatal=False,
        others=("patients_alike",),
    ),
    "dose entered twice": Fault(
        added_row(EXPOSURE, "IGF-001,2003-03-17,3"),
        "duplicate_record",
        EXPOSURE,
        166,
        "dose_date",
        "2003-03-17",
        "same subject_id and dose_date as row 2; both are counted",
        fatal=False,
    ),
    **{
        f"number written {value!r}": _in_cell(
            VISITS, 3, "fvc_percent", value, "not_a_number", "number"
        )
        for value in ("NaN", "inf", "-inf", "1e400", "1_000", "٣٤", "1 000", "0x10")
    },
}
