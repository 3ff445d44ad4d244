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
    for i, outcome in enumerate(settings.outcomes):
        if outcome.usual is not None and outcome.sum_of:
            message = "is of what is measured; write it to the parts of this sum"
            problems.append((("outcomes", i, "usual"), message))
    return problems
