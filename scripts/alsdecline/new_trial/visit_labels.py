"""Names of visits that say when they are, and what they tell of numbers beside them."""

from alsdecline.new_trial.columns import Column
from alsdecline.new_trial.schedules import MOST_TIMES
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import time_of_label
from alsdecline.plain_text import one_line
from alsdecline.time_units import TimeUnit


def different_texts(column: Column) -> list[str]:
    """Return the different texts of a column, without the missing."""
    return sorted(set(column.texts[column.filled]))


def _labels(column: Column) -> tuple[dict[str, float | None], TimeUnit | None]:
    """Return the time of each visit's name, and the one unit that they tell."""
    read = {text: time_of_label(text) for text in different_texts(column)}
    units = {found[1] for found in read.values() if found and found[1]}
    if len(units) != 1:
        return dict.fromkeys(read), None
    return {
        text: found[0] if found else None for text, found in read.items()
    }, units.pop()


def label_columns(table: Table) -> list[tuple[str, dict[str, float | None], TimeUnit]]:
    """Return the columns whose texts name visits by their time."""
    found = []
    for name, column in table.columns.items():
        if column.kind == "text" and 2 <= column.different <= MOST_TIMES:
            times, unit = _labels(column)
            told = [time for time in times.values() if time is not None]
            if unit and len(told) >= max(2, len(times) / 2):
                found.append((name, times, unit))
    return found


def unit_by_labels(table: Table, column: str) -> tuple[TimeUnit | None, str]:
    """Find the unit of a number from names of visits that say the same number."""
    numbers = table.columns[column].numbers
    for name, times, unit in label_columns(table):
        told = table.source.frame[name].map(times).astype("float64")
        both = told.notna() & numbers.notna()
        if both.sum() >= 2 and (told[both] == numbers[both]).all():
            shown = next(t for t, time in times.items() if time)
            return unit, f"{name} says {one_line(shown)!r} where it is {times[shown]:g}"
    return None, ""
