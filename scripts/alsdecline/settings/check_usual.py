"""Checks of what is said to be usual: of numbers, the least before the most."""

from collections.abc import Iterator

from alsdecline.settings.check_references import Location, Problem
from alsdecline.settings.trial import Settings


def _told_of(settings: Settings) -> Iterator[tuple[Location, list[float]]]:
    """Return every range with where it is."""
    for i, outcome in enumerate(settings.outcomes):
        if outcome.usual is not None:
            yield ("outcomes", i, "usual"), outcome.usual
    here: Location = ("data", "subjects", "characteristics")
    for i, characteristic in enumerate(settings.data.subjects.characteristics):
        if characteristic.usual is not None:
            yield (*here, i, "usual"), characteristic.usual


def _orders(settings: Settings) -> Iterator[Problem]:
    """Find orders of what is no two numbers."""
    characteristics = settings.data.subjects.characteristics
    numbers = [c.column for c in characteristics if c.kind == "number"]
    for i, characteristic in enumerate(characteristics):
        other = characteristic.not_after
        if other is None:
            continue
        at = ("data", "subjects", "characteristics", i, "not_after")
        others = [name for name in numbers if name != characteristic.column]
        if characteristic.column not in numbers:
            yield at, "is of a number; leave it out of a category"
        elif other not in others:
            known = ", ".join(others) or "none"
            yield at, f"{other!r} is no other characteristic that is a number: {known}"


def usual_problems(settings: Settings) -> list[Problem]:
    """Find ranges that are none, or of what is no number.

    Parameters
    ----------
    settings : Settings
        The whole configuration.

    Returns
    -------
    list of (location, message)
        Empty where all is well.
    """
    problems: list[Problem] = [
        (at, f"[{low:g}, {high:g}] is no range; write the least, then the most")
        for at, (low, high) in _told_of(settings)
        if not low < high
    ]
    for i, characteristic in enumerate(settings.data.subjects.characteristics):
        if characteristic.usual is not None and characteristic.kind != "number":
            at = ("data", "subjects", "characteristics", i, "usual")
            problems.append((at, "is of a number; leave it out of a category"))
    problems += _orders(settings)
    for i, outcome in enumerate(settings.outcomes):
        if outcome.usual is not None and outcome.sum_of:
            message = "is of what is measured; write it to the parts of this sum"
            problems.append((("outcomes", i, "usual"), message))
    return problems
