"""Checks of labels that figures draw: their fonts must have every character.

Arabic and Hebrew, and marks above or below letters, are laid out as they are read.
"""

import unicodedata
from collections.abc import Iterator

from alsdecline.drawn_characters import undrawn
from alsdecline.settings.catalogue import scale_found
from alsdecline.settings.check_references import Location, Problem
from alsdecline.settings.trial import Settings

MOST_NAMED = 5


def _named(character: str) -> str:
    """Name a character by itself, where it can be seen, and by its number."""
    number = f"U+{ord(character):04X}"
    seen = unicodedata.category(character)[0] not in "CZM"
    return f"{character} ({number})" if seen else number


def _labels(settings: Settings) -> Iterator[tuple[Location, str]]:
    """Return what figures draw of a configuration, with where it is."""
    for i, outcome in enumerate(settings.outcomes):
        yield ("outcomes", i, "label"), outcome.label
        scale = scale_found(outcome.scale, settings.scales)
        if scale is not None and outcome.scale in settings.scales:
            yield ("scales", outcome.scale, "unit"), scale.unit
    for i, arm in enumerate(settings.arms.groups):
        yield ("arms", "groups", i, "label"), arm.label


def glyph_problems(settings: Settings) -> list[Problem]:
    """Find labels that figures would draw as boxes, or turned round.

    Parameters
    ----------
    settings : Settings
        A configuration.

    Returns
    -------
    list of (location, message)
        Empty where all can be drawn.
    """
    problems = []
    for at, label in dict(_labels(settings)).items():
        if missing := undrawn(label):
            named = ", ".join(_named(c) for c in missing[:MOST_NAMED])
            more = len(missing) - MOST_NAMED
            others = f" and {more} more" if more > 0 else ""
            message = (
                f"figures cannot draw {named}{others}, which their fonts do not have; "
                "write a label in letters that they have: Latin, Greek, Cyrillic, "
                "Arabic, Hebrew, Japanese and others"
            )
            problems.append((at, message))
    return problems
