"""Times of day behind dates: which there are, and which day they are of."""

import re

_TIME = re.compile(
    r"T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(?:Z|[+-](\d\d)(?::?(\d\d))?)?", re.ASCII
)
_LARGEST = (23, 59, 59, 14, 59)
"""Hour, minute, second, and hours and minutes of a zone."""


_ZONE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d(?::?\d\d)?)", re.ASCII)


def has_zone(text: str) -> bool:
    """Tell whether a date has a time with a zone."""
    return "T" in text and bool(_ZONE.fullmatch(text))


def time_fault(time: str, day: str) -> str:
    """Say what is wrong with the time of a day, in ISO 8601.

    Parameters
    ----------
    time : str
        From its T on, with a zone or without; the day is the one where it was written
        down, whatever the zone.
    day : str
        The day.

    Returns
    -------
    str
        Empty if there is such a time.
    """
    parts = _TIME.fullmatch(time)
    if parts is None:  # never, for the form of the whole date has been seen
        return "no such time; correct it"
    numbers = [int(part or 0) for part in parts.groups()]
    if numbers[0] == 24 and not any(numbers[1:3]):
        return (
            "24:00 is the end of this day and the start of the next; write the one "
            "that the source has, as a date alone or with 00:00"
        )
    if all(n <= most for n, most in zip(numbers, _LARGEST, strict=True)):
        return ""
    return f"no such time of day; correct it, or write {day} alone if the day is right"
