"""Which visits were planned, as far as times and names of visits tell."""

import pandas as pd

from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import VISIT, is_of, unit_of_name
from alsdecline.plain_text import one_line
from alsdecline.table_files.cell_texts import number_text

MOST_TIMES = 60
"""Different times that a schedule may have."""

MOST_DAYS = 36_525
"""A visit after more is a slip; a century is enough for any trial."""


def schedule_of(numbers: pd.Series) -> tuple[float, ...]:
    """Return the times that are scheduled, as far as the data tell; else none."""
    times = numbers.dropna()
    counts = times.value_counts()
    if len(counts) > MOST_TIMES or (counts == 1).mean() > 0.5 or (times < 0).any():
        return ()
    return tuple(sorted(float(time) for time in counts.index))


def regular_schedule(table: Table, days: pd.Series) -> tuple[float, ...]:
    """Propose a schedule of actual days: steps of the median time between visits."""
    order = days.sort_values(kind="stable")
    steps = order.groupby(table.patients.loc[order.index]).diff()
    rising = steps[steps > 0]
    if rising.empty or days.max() > MOST_DAYS:
        return ()
    step = max(1.0, float(round(rising.median())))
    count = int(days.max() // step) + 1
    return tuple(i * step for i in range(count)) if 2 <= count <= MOST_TIMES else ()


def planned_visits(table: Table, column: str) -> tuple[str, dict[str, str], str]:
    """Find the visits that actual days belong to, each in weeks by its median day."""
    days = table.columns[column].numbers
    for name, other in table.columns.items():
        if name in (column, table.patient) or not is_of(name, VISIT):
            continue
        if unit_of_name(name) or not 2 <= other.different <= MOST_TIMES:
            continue
        medians = days.groupby(other.texts.where(other.filled)).median().dropna()
        weeks = (medians / 7).round()
        if weeks.duplicated().any() or len(weeks) < 2 or (weeks < 0).any():
            continue
        if ((medians - weeks * 7).abs() <= 2).all():
            recode = {str(t): number_text(w) for t, w in weeks.items()}
            ordered = medians.sort_values(kind="stable")
            told = ", ".join(f"{one_line(str(t))}: {d:g}" for t, d in ordered.items())
            return name, recode, f"medians of {column} at {name}: {told}"
    return "", {}, ""


def listed(times: tuple[float, ...]) -> str:
    """Return times for a message, the last of many after dots."""
    shown = ", ".join(f"{time:g}" for time in times[:8])
    return f"{shown}, ... {times[-1]:g}" if len(times) > 8 else shown
