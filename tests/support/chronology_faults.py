"""Faults of the order of dates, each put into a copy of the bundled trial."""

from pathlib import Path

from support.configured_faults import CONFIG, periods
from support.data_faults import ADVERSE, EVENTS, EXPOSURE, SUBJECTS, VISITS, Fault
from support.trial_folder import (
    added_row,
    cell,
    content,
    replaced,
    together,
    without_rows,
)

WIDE = replaced(CONFIG, "  window_days: 6", "  window_days: 400")


def open_windows(folder: Path) -> None:
    """Let two windows that are open at both ends place the visits by their dates."""
    text = (folder / CONFIG).read_text("utf-8")
    weeks = next(line for line in text.split("\n") if line.startswith("  weeks: [0, 2"))
    windows = (
        "  weeks: [0, 40]\n  windows:\n"
        "    - {week: 0, to_day: 1, target_day: 1}\n"
        "    - {week: 40, from_day: 2, target_day: 281}"
    )
    text = text.replace(weeks, windows)
    (folder / CONFIG).write_text(text.replace("  window_days: 6", "  #"), "utf-8")


def consented(folder: Path) -> None:
    """Have the day of consent in the subjects file: that of randomisation."""
    replaced(
        CONFIG,
        "    file: data/subjects.csv\n    columns: {patient: subject_id}",
        "    file: data/subjects.csv\n"
        "    columns: {patient: subject_id, consent_date: consented}",
    )(folder)
    header, *rows = (folder / SUBJECTS).read_text("utf-8").splitlines()
    lines = [f"{header},consented", *(f"{row},{row.split(',')[2]}" for row in rows)]
    (folder / SUBJECTS).write_text("\n".join(lines) + "\n", "utf-8")


def with_late_days_as_texts(folder: Path) -> None:
    """Write the days after the 12th on which adverse events start as DD/MM/YYYY."""
    replaced(
        CONFIG,
        "    file: data/adverse_events.csv\n",
        "    file: data/adverse_events.csv\n    date_format: DD/MM/YYYY\n",
    )(folder)
    header, *rows = (folder / ADVERSE).read_text("utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    for row in cells:
        year, month, day = row[2].split("-")
        row[2] = f"{day}/{month}/{year}" if int(day) > 12 else row[2]
    lines = [header, *(",".join(row) for row in cells)]
    (folder / ADVERSE).write_text("\n".join(lines) + "\n", "utf-8")


# rows 2 to 4 of the visits are IGF-001 at weeks 0, 2, 4 from 2003-03-17 on, row 21 his
# last, of week 38; IGF-004 was last seen and dosed on 2003-10-25, in row 72
CHRONOLOGY_FAULTS: dict[str, Fault] = {
    "year of a visit one too late": Fault(
        together(WIDE, cell(VISITS, 4, "visit_date", "2004-04-13")),
        "year_slip",
        VISITS,
        4,
        "visit_date",
        "2004-04-13",
        "day 393, +365 days from week 4 as planned; 2003-04-13 is near it",
    ),
    "number above another that it is never above": Fault(
        together(
            replaced(
                CONFIG,
                'label: "Time since onset, months", kind: number',
                'label: "Time since onset, months", kind: number, not_after: age',
            ),
            cell(SUBJECTS, 2, "months_since_onset", "81.5"),
        ),
        "history_order",
        SUBJECTS,
        2,
        "months_since_onset",
        "81.5",
        "more than Age, years (age), 80; look up both",
        fatal=False,
    ),
    "year of a randomisation one too early": Fault(
        together(
            replaced(CONFIG, "  window_days: 6", "  window_days: 500"),
            cell(SUBJECTS, 2, "randomisation_date", "2002-03-17"),
        ),
        "year_slip",
        SUBJECTS,
        2,
        "randomisation_date",
        "2002-03-17",
        "visits are 364 days off their plan; with 2003 they are not",
    ),
    "visit dated before the one planned before it": Fault(
        together(WIDE, cell(VISITS, 4, "visit_date", "2003-03-27")),
        "visit_order",
        VISITS,
        4,
        "visit_date",
        "2003-03-27",
        "day 10, though it is planned after the visit in row 3, day 14; check both",
        fatal=False,
    ),
    "visit long behind the last window's target": Fault(
        together(
            open_windows,
            cell(VISITS, 21, "visit_date", "2004-12-09"),
            cell(EVENTS, 2, "event_date", "2004-12-24"),
        ),
        "far_visit",
        VISITS,
        21,
        "visit_date",
        "2004-12-09",
        "day 633, 353 days after the last scheduled visit",
        fatal=False,
    ),
    "adverse event that ends after death": Fault(
        together(
            cell(EVENTS, 2, "event", "died"),
            cell(ADVERSE, 2, "end_date", "2003-12-25"),
        ),
        "after_death",
        ADVERSE,
        2,
        "end_date",
        "2003-12-25",
        "after the death on 2003-12-24; look up both",
        fatal=False,
    ),
    "period of dosing that runs past the end": Fault(
        together(
            replaced(CONFIG, "date: dose_date,", "date: dose_date, end_date: until,"),
            periods,
            cell(EXPOSURE, 21, "until", "2003-12-25"),
        ),
        "after_end",
        EXPOSURE,
        21,
        "until",
        "2003-12-25",
        "after the end of participation (completed on 2003-12-24)",
        fatal=False,
    ),
    "dose after the end": Fault(
        added_row(EXPOSURE, "IGF-001,2003-12-25,3"),
        "after_end",
        EXPOSURE,
        166,
        "dose_date",
        "2003-12-25",
        "after the end of participation (completed on 2003-12-24)",
        fatal=False,
    ),
    "visit after withdrawal": Fault(
        cell(EVENTS, 5, "event_date", "2003-10-24"),
        "after_end",
        VISITS,
        72,
        "visit_date",
        "2003-10-25",
        "after the end of participation (withdrawn on 2003-10-24); followed up",
        fatal=False,
        note=True,
    ),
    "randomised before consent": Fault(
        together(
            consented,
            cell(SUBJECTS, 10, "consented", "2003-11-22"),
            without_rows(EXPOSURE, "IGF-009,2003-11-21"),
        ),
        "before_consent",
        SUBJECTS,
        10,
        "randomisation_date",
        "2003-11-21",
        "before the consent on 2003-11-22",
    ),
    "consent of the year before": Fault(
        together(consented, cell(SUBJECTS, 10, "consented", "2002-11-22")),
        "early_consent",
        SUBJECTS,
        10,
        "consented",
        "2002-11-22",
        "364 days before the randomisation on 2003-11-21; look up the year",
        fatal=False,
    ),
    "day and month of a randomisation exchanged": Fault(
        together(
            replaced(
                CONFIG,
                "  window_days: 6",
                "  window_days: 400\n  screening_days: 200",
            ),
            cell(SUBJECTS, 2, "randomisation_date", "2003-10-03"),
        ),
        "mostly_before",
        SUBJECTS,
        2,
        "randomisation_date",
        "2003-10-03",
        "15 of 20 visits of patient IGF-001 are before the randomisation; look up its "
        "date; with day and month exchanged it is 2003-03-10",
        fatal=False,
        others=("before_randomisation", "early_event", "completion_day"),
    ),
    "withdrawn because he died": Fault(
        cell(EVENTS, 5, "reason", "Death"),
        "death_not_told",
        EVENTS,
        5,
        "reason",
        "Death",
        "no death of patient IGF-004 is recorded; if this is one, let the end",
        fatal=False,
    ),
    "death among the adverse events alone": Fault(
        cell(ADVERSE, 3, "term", "Sudden cardiac death"),
        "death_not_told",
        ADVERSE,
        3,
        "term",
        "Sudden cardiac death",
        "no death of patient IGF-001 is recorded",
        fatal=False,
    ),
    "completed in the midst of the trial": Fault(
        cell(EVENTS, 5, "event", "completed"),
        "completion_day",
        EVENTS,
        5,
        "event_date",
        "2003-11-03",
        "completed more than 45 days before week 40, the last scheduled visit; check",
        fatal=False,
    ),
    "completed a year late": Fault(
        cell(EVENTS, 10, "event_date", "2005-08-29"),
        "completion_day",
        EVENTS,
        10,
        "event_date",
        "2005-08-29",
        "completed more than 180 days after week 40, the last scheduled visit, and the "
        "last one made",
        fatal=False,
    ),
    "end of an adverse event years later": Fault(
        together(
            replaced(CONFIG, "cutoff: 2005-12-31", "cutoff: 2015-12-31"),
            cell(ADVERSE, 2, "end_date", "2013-05-29"),
        ),
        "distant_date",
        ADVERSE,
        2,
        "end_date",
        "2013-05-29",
        "years after the last visit of the trial; look it up, and correct the",
        fatal=False,
    ),
    "adverse event without severity": Fault(
        cell(ADVERSE, 3, "severity", ""),
        "no_severity",
        ADVERSE,
        3,
        "severity",
        "",
        "counted among all adverse events, and as none of mild, moderate or severe",
        fatal=False,
    ),
    "adverse event before consent": Fault(
        together(consented, added_row(ADVERSE, "IGF-001,Fall,2003-03-16,,mild,N,N")),
        "before_consent",
        ADVERSE,
        27,
        "start_date",
        "2003-03-16",
        "before the consent on 2003-03-17",
        fatal=False,
    ),
    "year of an adverse event one too early": Fault(
        together(
            cell(ADVERSE, 2, "start_date", "2002-05-09"),
            cell(ADVERSE, 2, "end_date", ""),
        ),
        "early_event",
        ADVERSE,
        2,
        "start_date",
        "2002-05-09",
        "before the randomisation on 2003-03-17; look up the date",
        fatal=False,
    ),
    "day and month taken for each other": Fault(
        with_late_days_as_texts,
        "day_and_month",
        ADVERSE,
        2,
        "start_date",
        "2003-05-09",
        "a spreadsheet took day and month for each other; look them up",
        fatal=False,
    ),
    "times with a zone": Fault(
        cell(VISITS, 4, "visit_date", "2003-04-14T23:30:00Z"),
        "time_zone",
        VISITS,
        4,
        "visit_date",
        "2003-04-14T23:30:00Z",
        "its day is taken as it is written",
        fatal=False,
    ),
    "the header again among the rows": Fault(
        content(VISITS, lambda old: old + old.partition(b"\n")[0] + b"\n"),
        "header_again",
        VISITS,
        171,
        "",
        "",
        "the header stands again",
        fatal=False,
    ),
}
