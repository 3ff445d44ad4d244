"""Units of time: how many days each has."""

from typing import Literal

TimeUnit = Literal["days", "weeks", "months", "years"]

DAYS_PER: dict[TimeUnit, float] = {
    "days": 1.0,
    "weeks": 7.0,
    "months": 30.4375,
    "years": 365.25,
}
"""A year is 365.25 days, as the calendar has them on average, a month its twelfth."""

DAYS_PER_WEEK = DAYS_PER["weeks"]
DAYS_PER_MONTH = DAYS_PER["months"]

SAME_WEEK = 0.001
"""Weeks nearer to each other are the same: 30 days are 4.2857 weeks and more."""


def singular(unit: TimeUnit) -> str:
    """Return the name of one of a unit."""
    return unit[:-1]


def weeks_as(unit: TimeUnit, weeks: float = 1.0) -> float:
    """Return how many of a unit some weeks are."""
    return weeks * (DAYS_PER_WEEK / DAYS_PER[unit])
