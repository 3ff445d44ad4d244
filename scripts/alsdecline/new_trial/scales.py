"""Which scale of the catalogue a column, or a set of items, is of."""

import functools
import re

import pandas as pd

from alsdecline.new_trial.columns import Column
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import plain_name
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.scales import Scale

_NAMES = {
    "alsfrs_r": r"als_?frs(_?r)?(_?(total|score|sum|tot))?(_score)?",
    "norris_limb": r"norris_?limb(_.*)?|limb_?norris",
    "norris_bulbar": r"norris_?bulbar(_.*)?|bulbar_?norris",
    "norris_total": r"norris(_?(total|sum|score))?|total_?norris",
    "fvc_percent": r"fvc(_?(percent|pct|pp|pred(icted)?|perc))+|(percent|pct)_?fvc",
    "adas_cog_11": r"adas_?(cog)?(_?11)?(_?(total|score|tot))?|actot(11)?",
}
"""What each scale's column is called, in small letters, words parted by '_'."""

_ITEM = re.compile(r"(.*?)[\W_]*\d+[a-z]?", re.IGNORECASE)


def scale_of_name(name: str) -> str:
    """Return the scale of the catalogue that a column's name tells; else nothing."""
    plain = plain_name(name.replace("%", "percent"))
    found = (scale for scale, p in _NAMES.items() if re.fullmatch(p, plain))
    return next(found, "")


def outside(scale: Scale, numbers: pd.Series) -> pd.Series:
    """Return the values that a scale cannot have."""
    values = numbers.dropna()
    wrong = values < scale.minimum
    if scale.maximum is not None:
        wrong |= values > scale.maximum
    if scale.whole_points:
        wrong |= values % 1 != 0
    return values[wrong]


def limits(scale: Scale) -> str:
    """Say what values a scale has."""
    top = "" if scale.maximum is None else f" to {scale.maximum:g}"
    whole = ", whole points" if scale.whole_points else ""
    return f"{scale.minimum:g}{top or ' and above'}{whole}"


def _may_be_item(column: Column, most: float) -> bool:
    if not column.is_whole or not _ITEM.fullmatch(column.name):
        return False
    values = column.numbers.dropna()
    return bool(values.between(0, most).mean() >= 0.9) and values.max() <= 2 * most + 1


def items_of_scale(table: Table) -> tuple[str, list[str]] | None:
    """Find the items of a scale: as many numbered columns side by side as it has.

    A few values may be outside an item's limits, which is told as a fault then.

    Returns
    -------
    tuple of str and list of str, or None
        The scale and the columns.
    """
    names = list(table.columns)

    @functools.cache
    def fits(name: str, most: float) -> bool:
        return _may_be_item(table.columns[name], most)

    for scale_name, scale in catalogue().scales.items():
        maxima = scale.item_maxima
        for start in range(len(names) - len(maxima) + 1 if maxima else 0):
            run = names[start : start + len(maxima)]
            if not all(fits(n, most) for n, most in zip(run, maxima, strict=True)):
                continue
            beside = names[start - 1 : start] + names[start + len(maxima) :][:1]
            longer = any(fits(n, maxima[-1]) for n in beside)
            if not longer:
                return scale_name, run
    return None
