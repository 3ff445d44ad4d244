"""Checks of the visit schedule: weeks, windows, and what tells when a visit was."""

import math
from collections.abc import Iterator

from alsdecline.settings.check_references import Location, Problem, listed_weeks
from alsdecline.settings.data import VisitWindow
from alsdecline.settings.data_planning import unblinded_data_plan
from alsdecline.settings.trial import Settings


def _schedule(settings: Settings) -> Iterator[Problem]:
    """Check that the visits are scheduled in one way, and rise."""
    visits = settings.visits
    if len(visits.given) != 1:
        message = "give the schedule once: `weeks`, `days`, `months` or `years`"
        yield ("visits",), message
        return
    name = visits.unit
    schedule = visits.schedule
    if len(schedule) < 2:
        yield ("visits", name), "two scheduled visits at least are needed"
    if schedule != sorted(set(schedule)):
        yield ("visits", name), f"{name} must rise, each once"
    if min(schedule) < 0:
        zero = f"{visits.time_zero:g}, time zero" if visits.time_zero else "0"
        yield ("visits", name), f"{name} start at {zero}; leave out those before it"
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
                "scheduled day; or give `windows`"
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
        yield ("visits", "windows"), f"one window for each week is needed: {weeks}"
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
            yield here, "`from_day` is later than `to_day`"
        if i and low <= last:
            yield here, "starts before the window above ends; windows must not overlap"
        if not low <= window.target_day <= high:
            yield (*here, "target_day"), "lies outside the window"
        last = high


def _dates(settings: Settings) -> Iterator[Problem]:
    """Check that dates are there where they are needed."""
    dated = settings.data.visits.time == "date"
    if dated == (settings.time_origin == "baseline"):
        message = (
            "visits have dates; count from 'randomisation' or 'first_dose'"
            if dated
            else "visits have no dates; count from 'baseline'"
        )
        yield ("time_origin",), message
    if dated:
        return
    for name in ("exposure", "events", "adverse_events", "measurements"):
        if getattr(settings.data, name) is not None:
            yield ("data", name), "needs visits with dates (`data: visits: time: date`)"


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
