"""Settings of the visits: their schedule, windows, repeated and missing values."""

from typing import Literal

from pydantic import Field

from alsdecline.settings.section import Section
from alsdecline.time_units import DAYS_PER, DAYS_PER_WEEK, SAME_WEEK, TimeUnit, singular


class VisitWindow(Section):
    """The study days that belong to a scheduled visit; the time origin is day 1."""

    week: float = Field(ge=0, description="The scheduled week, from time zero.")
    from_day: int | None = Field(default=None, description="First study day; open.")
    to_day: int | None = Field(default=None, description="Last study day; open.")
    target_day: int = Field(
        description="Study day to be closest to, where there are several values."
    )


class Visits(Section):
    """The visit schedule."""

    weeks: list[float] = Field(
        default_factory=list,
        description="Scheduled visits in weeks from the time origin.",
    )
    days: list[float] = Field(
        default_factory=list,
        description="In place of weeks: scheduled visits in days from the time origin.",
    )
    months: list[float] = Field(
        default_factory=list, description="The same in months of 30.4375 days."
    )
    years: list[float] = Field(
        default_factory=list, description="The same in years of 365.25 days."
    )
    time_zero: float = Field(
        default=0,
        description="Which time of the schedule and of the file is time zero, where "
        "that is not 0, in the schedule's unit: of visits at ages 8, 10 and 12, 8.",
    )
    window_days: int | None = Field(
        default=None,
        ge=0,
        description="Days that a visit may lie from its scheduled day before a finding "
        "tells of it.",
    )
    windows: list[VisitWindow] = Field(
        default_factory=list,
        description="Study days by which values are assigned to the weeks, in place of "
        "the file's visit_week; of several in a window the closest to the target day "
        "is the analysis value, of equally close ones the earlier.",
    )
    screening_days: int = Field(
        default=90,
        ge=0,
        description="Days before time zero that screening may begin: visits since then "
        "are kept at their day, one that is earlier is told and stops the run. A first "
        "window that is open below begins there.",
    )
    repeats: Literal["refuse", "first", "last", "mean", "worst", "best"] = Field(
        default="refuse",
        description="Which of several values of a patient at one visit, or on one day, "
        "counts: 'first' or 'last' in time (else in the file), 'worst' or 'best' by "
        "the scale's direction, or their 'mean', at the day of the first; 'refuse' "
        "tells of them and stops. Items of a total, and parts of a sum, are taken of "
        "one measurement, a complete one if there is any.",
    )
    carry_forward: Literal["none", "post_baseline", "baseline"] = Field(
        default="none",
        description="Scheduled visits without a value get the last analysis value "
        "before (DTYPE LOCF): 'post_baseline' carries values after baseline alone, "
        "'baseline' the baseline too. Models never use them.",
    )
    carried_past_death: bool = Field(
        default=False,
        description="Whether values are carried to visits after death too, to "
        "replicate a published table; the report says so.",
    )

    @property
    def given(self) -> dict[TimeUnit, list[float]]:
        """Each schedule that is given, by its unit; there should be one."""
        schedules: dict[TimeUnit, list[float]] = {
            "weeks": self.weeks,
            "days": self.days,
            "months": self.months,
            "years": self.years,
        }
        return {unit: times for unit, times in schedules.items() if times}

    @property
    def unit(self) -> TimeUnit:
        """Unit of the schedule."""
        return next(iter(self.given), "weeks")

    @property
    def schedule(self) -> list[float]:
        """Scheduled visits in weeks from time zero, however they are given."""
        return [self.week_of(time) for time in self.given.get(self.unit, [])]

    @property
    def earliest_day(self) -> float:
        """Day from time zero before which no visit is believed."""
        first = self.windows[0].from_day if self.windows else None
        return min(-self.screening_days, first or 0)

    @property
    def zero_day(self) -> float:
        """The day that is time zero, as the file counts."""
        return self.time_zero * DAYS_PER[self.unit]

    def week_of(self, time: float) -> float:
        """Return weeks from time zero of a time, as the schedule counts."""
        return (time * DAYS_PER[self.unit] - self.zero_day) / DAYS_PER_WEEK

    def scheduled_week(self, week: float) -> float | None:
        """Return the scheduled week that one written to a few digits means."""
        near = (w for w in self.schedule if abs(w - week) < SAME_WEEK)
        return next(near, None)

    def visit_of(self, week: float) -> float:
        """Return the scheduled week that one means, else itself."""
        scheduled = self.scheduled_week(week)
        return week if scheduled is None else scheduled

    def name_of(self, week: float) -> str:
        """Return the name of a time, as the schedule counts, of weeks from zero."""
        at = self.time_zero + week * DAYS_PER_WEEK / DAYS_PER[self.unit]
        return f"{singular(self.unit)} {at:g}"

    def label(self, week: float) -> str:
        """Return the name of a visit."""
        if week in self.schedule or week < 0:
            return self.name_of(week).capitalize()
        return "Unscheduled" if week else "Time zero"
