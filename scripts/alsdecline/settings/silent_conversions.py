"""Values that would pass as another than the one that is written.

Pydantic takes true for 1, 86400 for a date, and the texts '1_000' and 'nan' for
numbers; a person who writes them means something else.
"""

import datetime
import math
import re
from collections.abc import Iterator
from typing import Any

import pydantic

from alsdecline.plain_scalars import is_decimal
from alsdecline.plain_yaml import Location

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def silent_conversions(
    written: Any, taken: Any, at: Location = ()
) -> Iterator[tuple[Location, str]]:
    """Find values that a model took for something else.

    Parameters
    ----------
    written : object
        Mappings, lists and values as they were read.
    taken : object
        What a model made of them.
    at : Location
        Where they stand.

    Yields
    ------
    tuple of Location and str
        Where, and what is needed there.
    """
    if isinstance(written, dict):
        for key, part in written.items():
            model = isinstance(taken, pydantic.BaseModel)
            inner = getattr(taken, key) if model else taken[key]
            yield from silent_conversions(part, inner, (*at, key))
    elif isinstance(written, list):
        for i, (part, inner) in enumerate(zip(written, taken, strict=True)):
            yield from silent_conversions(part, inner, (*at, i))
    elif needed := _needed(written, taken):
        yield at, needed


def _needed(written: Any, taken: Any) -> str:
    """Say what is needed in place of a value; nothing if it was taken as it is."""
    if isinstance(taken, bool):
        return ""
    if isinstance(taken, int | float):
        number = is_decimal(written) if isinstance(written, str) else True
        number = number and not isinstance(written, bool) and math.isfinite(taken)
        return "" if number else "a number is needed here"
    means_it = isinstance(written, str) and _DATE.fullmatch(written)
    if isinstance(taken, datetime.date) and not means_it:
        return "a date is needed here, as YYYY-MM-DD"
    return ""
