"""Rules on ends of participation and adverse events: deaths, odd days, severities."""

import re
from collections.abc import Iterator

import pandas as pd

from alsdecline.datasets.of_patients import of_patients
from alsdecline.datasets.visit_times import visit_days
from alsdecline.raw.cell_values import says_no_value
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.near_meanings import WORDS
from alsdecline.raw.partial_dates import FROM, TO, day_known
from alsdecline.raw.relative_times import ANCHOR
from alsdecline.raw.rules import Rule
from alsdecline.settings.columns import DEATH_MARKS
from alsdecline.settings.data_plan import DataPlan
from alsdecline.time_units import DAYS_PER_WEEK
from alsdecline.validation.dates import dates_beyond, dates_of, records_beyond

EARLY = 45
"""Days before the last scheduled visit by which a completion is early."""

LATE = 180
"""Days after it, and after the patient's last visit, by which a completion is late."""

MOST = 0.5
"""Share of completions; if more are early, that is how the trial ends."""

DISTANT_YEARS = 5
"""Years after the last visit of the trial by which a date is doubtful."""

DISTANT_DEATH_YEARS = 15
"""The same of deaths, for patients are followed long after a trial."""

# Japanese has no blanks between words
_DEATH = re.compile(rf"\b({'|'.join(sorted(WORDS['died']))})\b|死亡", re.IGNORECASE)
_NO_DEATH = re.compile(
    r"\b(famil\w*|relatives?|spouse|wife|husband|partner|mother|father|parents?|"
    r"brother|sister|siblings?|son|daughter|child|friend|fo?etal|cell|brain|apparent|"
    r"fear|thoughts?|non|not|no|near)\b",
    re.IGNORECASE,
)
"""Words beside which it is not the patient's death."""


FATAL = {
    "AEOUT": {"fatal"},
    "AETOXGR": {"5", "5.0"},
    "DTHFL": WORDS["Y"],
    "AESDTH": WORDS["Y"],
}
"""What columns of the standards have, in small letters, where the patient died."""

MAY_TELL_OF_DEATH = (
    ("events", "reason"),
    ("adverse_events", "term"),
    *((table, column) for table, marks in DEATH_MARKS.items() for column in marks),
)


def _is_death(text: object) -> bool:
    words = str(text)
    return bool(_DEATH.search(words)) and not _NO_DEATH.search(words)


def _tells_of_death(column: str, text: object) -> bool:
    """Tell whether a cell of a column says that its patient died."""
    if column in ("reason", "term"):
        return _is_death(text)
    words = FATAL.get(column)
    # a date of death is one, whichever it is
    if words is None:
        return not says_no_value(str(text))
    return str(text).casefold() in words


def deaths_not_told(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find what says that a patient died of whom no end by death is recorded."""
    del plan
    ends = files.tables.get("events", pd.DataFrame(columns=["patient", "event"]))
    recorded = {*ends.loc[ends["event"] == "died", "patient"]}
    completed = ends.loc[ends["event"] == "completed", "patient"]
    for table, column in MAY_TELL_OF_DEATH:
        frame = files.tables.get(table)
        if frame is None or column not in frame:
            continue
        texts = frame[column].dropna().unique()
        deadly = [text for text in texts if _tells_of_death(column, text)]
        if not deadly:
            continue
        told = frame[frame[column].isin(deadly) & ~frame["patient"].isin(recorded)]
        if table == "subjects":  # a death of one who completed is no end of the trial
            told = told[~told["patient"].isin(completed)]
        told = told.dropna(subset=["patient"]).drop_duplicates("patient")
        recorded |= {*told["patient"]}
        for record in told.to_dict("records"):
            message = (
                f"no death of patient {record['patient']} is recorded; if this is one, "
                "let the end of participation (`data: events:`) be `died`, with its "
                "date"
            )
            yield files.finding(
                table,
                Rule.DEATH_NOT_TOLD,
                record[ROW],
                column,
                record[column],
                message,
            )


def completions_off_schedule(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find completions long before or after the last scheduled visit."""
    if "events" not in files.tables or not plan.visits.schedule:
        return
    events = files.tables["events"].dropna(subset=["patient", "date"])
    completed = events[events["event"] == "completed"]
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    subjects = subjects.drop_duplicates("patient").set_index("patient")
    zero = dates_of(completed["patient"], subjects["randomisation_date"].to_dict())
    if plan.file_unit is not None:
        zero = pd.Series(ANCHOR, completed.index)
    week = max(plan.visits.schedule)
    last_day = visit_days(plan, files).groupby(files.tables["visits"]["patient"]).max()
    seen = of_patients(completed["patient"], last_day).astype("float64")
    seen = seen.fillna(0).clip(lower=DAYS_PER_WEEK * week)
    last = zero + pd.to_timedelta(seen, unit="D")
    planned = zero + pd.Timedelta(days=DAYS_PER_WEEK * week)
    first = planned - pd.Timedelta(days=EARLY)
    early = day_known(completed, "date", TO) < first
    limits = [(last + pd.Timedelta(days=LATE), True, f"more than {LATE} days after")]
    if early.mean() <= MOST:
        limits.append((first, False, f"more than {EARLY} days before"))
    for limit, later, how in limits:
        for record, _ in records_beyond(completed, "date", limit, later):
            message = (
                f"completed {how} {plan.visits.name_of(week)}, the last scheduled "
                f"visit{', and the last one made' if later else ''}; check the date, "
                "and whether the participation ended so"
            )
            yield files.finding(
                "events",
                Rule.COMPLETION_DAY,
                record[ROW],
                "date",
                record["date"],
                message,
            )


def distant_dates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find doses, ends and adverse events years after the last visit of the trial."""
    if plan.file_unit is not None:
        return
    last = files.tables["visits"]["visit_date"].max()
    if pd.isna(last):
        return
    first = last + pd.DateOffset(years=DISTANT_YEARS)
    message = (
        "after {}, years after the last visit of the trial; look it up, and correct "
        "the date if it is wrong"
    )
    for table, column in (
        ("exposure", "date"),
        ("exposure", "end_date"),
        ("events", "date"),
        ("adverse_events", "start_date"),
        ("adverse_events", "end_date"),
    ):
        frame = files.tables.get(table, pd.DataFrame())
        # of most trials no date is, which one look tells
        if column in frame and day_known(frame, column, FROM).max() > first:
            limits = pd.Series(first, frame.index)
            if table == "events":
                died = frame["event"] == "died"
                limits[died] = last + pd.DateOffset(years=DISTANT_DEATH_YEARS)
            yield from dates_beyond(
                files, table, column, limits, True, Rule.DISTANT_DATE, message, plan
            )


def events_without_severity(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Tell of adverse events whose severity is not known."""
    del plan
    if "adverse_events" not in files.tables:
        return
    events = files.tables["adverse_events"]
    unknown = events[events["severity"].isna()]
    if len(unknown):
        message = (
            "no severity; counted among all adverse events, and as none of mild, "
            f"moderate or severe{further_rows(len(unknown))}"
        )
        if len(unknown) == len(events):
            message += (
                ". If another column has it, name that by `columns: {severity: NAME}`"
            )
        yield files.finding(
            "adverse_events",
            Rule.NO_SEVERITY,
            unknown[ROW].min(),
            "severity",
            None,
            message,
        )
