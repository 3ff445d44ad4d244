"""Checks of the visit schedule: weeks, windows, and what tells when a visit was."""

import math
from collections.abc import Iterator

from alsdecline.settings.check_references import Location, Problem, listed_weeks
from alsdecline.settings.data_planning import unblinded_data_plan
from alsdecline.settings.examples import example_at
from alsdecline.settings.trial import Settings
from alsdecline.settings.visits import VisitWindow


def _schedule(settings: Settings) -> Iterator[Problem]:
    """Check that the visits are scheduled in one way, and rise."""
    visits = settings.visits
    if len(visits.given) != 1:
        message = (
            "give the schedule once: `weeks`, `days`, `months` or `years`; for "
            f"example: `{example_at(('visits', 'weeks'))}`"
        )
        yield ("visits",), message
        return
    name = visits.unit
    schedule = visits.schedule
    if len(schedule) < 2:
        example = example_at(("visits", name))
        message = f"two scheduled visits at least are needed; for example: `{example}`"
        yield ("visits", name), message
    if schedule != sorted(set(schedule)):
        rising = listed_weeks(sorted(set(visits.given[name])))
        message = f"{name} must rise, each once; write `{name}: [{rising}]`"
        yield ("visits", name), message
    if min(schedule) < 0:
        zero = f"{visits.time_zero:g}, time zero" if visits.time_zero else "0"
        message = (
            f"{name} start at {zero}; leave out those before it. Screening visits "
            "are kept at their day without being scheduled, since `screening_days:`"
        )
        yield ("visits", name), message
    if visits.time_zero and settings.data.visits.time == "date":
        message = "dates have their time zero by `time_origin`; leave it out"
        yield ("visits", "time_zero"), message
    yield from _horizon(settings)
    yield from _windows(settings)


def _horizon(settings: Settings) -> Iterator[Problem]:
    """Check that the change is given at one time, after time zero."""
    summaries = settings.summaries
    if summaries.horizon is None:
        return
    if summaries.horizon_week is not None:
        yield ("summaries", "horizon"), "`horizon_week` is given; leave one of them out"
    elif settings.horizon_week <= 0:
        zero = settings.visits.time_zero
        yield ("summaries", "horizon"), f"must be later than {zero:g}, time zero"


def _windows(settings: Settings) -> Iterator[Problem]:
    """Check windows against the schedule and each other."""
    visits, time = settings.visits, settings.data.visits.time
    if not visits.windows:
        if visits.window_days is None and time == "date":
            message = (
                "`window_days` is missing: days that a visit may lie from its "
                "scheduled day; or give `windows`. If the file has no dates but weeks "
                "or months, it needs none: write `time: week` (or day, month, year) "
                "below `data: visits:`; else below `visits:`, for example: "
                f"`{example_at(('visits', 'window_days'))}`"
            )
            yield ("visits",), message
        if visits.days and time == "date":
            yield ("visits", "days"), "with dates it needs `windows`; or give `weeks`"
        planned = unblinded_data_plan(settings).planned_column
        if visits.window_days is not None and not (planned or time == "date"):
            message = "is of no use where visits have their planned time; leave it out"
            yield ("visits", "window_days"), message
        return
    if visits.window_days is not None:
        yield ("visits", "window_days"), "`windows` are given; leave one of them out"
    weeks_of = [visits.scheduled_week(window.week) for window in visits.windows]
    if weeks_of != visits.schedule:
        weeks = listed_weeks(visits.schedule)
        message = (
            f"one window for each week is needed: {weeks}; one is written, for "
            f"example: `{example_at(('visits', 'windows'))}`"
        )
        yield ("visits", "windows"), message
    yield from _window_bounds(visits.windows)


def _window_bounds(windows: list[VisitWindow]) -> Iterator[Problem]:
    """Check that windows rise without overlap, each with its target inside."""
    last = -math.inf
    for i, window in enumerate(windows):
        here: Location = ("visits", "windows", i)
        low = -math.inf if window.from_day is None else window.from_day
        high = math.inf if window.to_day is None else window.to_day
        for name in ("from_day", "to_day", "target_day"):
            if getattr(window, name) == 0:
                message = "there is no study day 0: the time origin is day 1, after -1"
                yield (*here, name), message
        if low > high:
            message = (
                "`from_day` is later than `to_day`; write "
                f"`from_day: {window.to_day}, to_day: {window.from_day}`"
            )
            yield here, message
        if i and low <= last:
            message = (
                "starts before the window above ends; windows must not overlap. Each "
                "begins a day after the last ends, which needs `to_day`"
            )
            yield here, message
        if not low <= window.target_day <= high:
            message = f"lies outside the window; write a day from {low:g} to {high:g}"
            yield (*here, "target_day"), message
        last = high


def _dates(settings: Settings) -> Iterator[Problem]:
    """Check that dates are there where they are needed."""
    dated = settings.data.visits.time == "date"
    if dated == (settings.time_origin == "baseline"):
        message = (
            "visits have dates; count from 'randomisation' or 'first_dose', for "
            "example: `time_origin: randomisation`. If the file has no dates but weeks "
            "or months, write `time: week` below `data: visits:` (or day, month, year)"
            if dated
            else "visits have no dates; count from 'baseline': `time_origin: baseline`"
        )
        yield ("time_origin",), message
    if dated:
        return
    for name in ("exposure", "events", "adverse_events"):
        table = getattr(settings.data, name)
        if table is not None and table.time == "date":
            message = (
                "has dates, and the visits have none; say what its times are by "
                "`time:` (day, study_day, week, month or year), or leave it out"
            )
            yield ("data", name), message


def schedule_problems(settings: Settings) -> list[Problem]:
    """Find contradictions between schedule, windows and dates.

    Parameters
    ----------
    settings : Settings
        Settings that are valid one by one.

    Returns
    -------
    list of (location, message)
        Empty where all is well.
    """
    return [*_schedule(settings), *_dates(settings)]
