"""Tables with a column for each visit, made long: a row for each patient and visit."""

import dataclasses
import re

import pandas as pd

from alsdecline.new_trial.columns import Column, readable
from alsdecline.new_trial.guesses import Notebook
from alsdecline.new_trial.scales import items_of_scale
from alsdecline.new_trial.sources import Source
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import time_of_label
from alsdecline.plain_text import one_line
from alsdecline.table_files.cell_texts import number_text
from alsdecline.time_units import singular

_NUMBERED = re.compile(r"(.*?[^\W\d_])[\W_]*(\d+)")
_BASE = re.compile(r"(.*[^\W_])[\W_]*(?:bl|base|baseline)", re.IGNORECASE)
_WORD_FIRST = re.compile(r"(.*[^\W_])[\W_]+([A-Za-z]+[\W_]*\d+)")
_GLUED = re.compile(
    r"(.*[A-Za-z])[\W_]*?((?:week|wk|month|day|year)[\W_]*\d+)", re.IGNORECASE
)


@dataclasses.dataclass(frozen=True)
class Repeated:
    """Columns of one measurement at several times.

    Attributes
    ----------
    stem : str
        What their names share.
    columns : dict of str to str
        By the column: its time, a number.
    unit : str
        The unit that the names tell; empty where they tell none.
    """

    stem: str
    columns: dict[str, str]
    unit: str


def _place(name: str) -> tuple[str, str, str] | None:
    """Return stem, time and unit of a column's name."""
    for pattern in (_WORD_FIRST, _GLUED):
        if (found := pattern.fullmatch(name)) and (time := time_of_label(found[2])):
            return found[1].rstrip("_. -"), number_text(time[0]), time[1] or ""
    if found := _NUMBERED.fullmatch(name):
        return found[1].rstrip("_. -"), str(int(found[2])), ""
    if found := _BASE.fullmatch(name):
        return found[1].rstrip("_. -"), "0", "?"
    return None


def repeated_columns(columns: dict[str, Column]) -> list[Repeated]:
    """Find the columns that are one measurement at several times.

    One that is empty, as of a visit that nobody has reached, is one of them.
    """
    stems: dict[str, dict[str, tuple[str, str]]] = {}
    for name, column in columns.items():
        numbers = column.kind in ("number", "empty")
        if numbers and (place := _place(name)):
            stems.setdefault(place[0], {})[name] = place[1:]
    found = []
    for stem, places in stems.items():
        units = {unit for _, unit in places.values()} - {"?"}
        times = [time for time, _ in places.values()]
        numbered = [unit for _, unit in places.values() if unit != "?"]
        if len(numbered) < 2 or len(units) > 1 or len(set(times)) < len(times):
            continue
        found.append(
            Repeated(stem, {n: time for n, (time, _) in places.items()}, units.pop())
        )
    return found


def is_wide(table: Table) -> list[Repeated]:
    """Return what a table with one row a patient repeats; items are no visits."""
    if not table.one_row_a_patient:
        return []
    items = items_of_scale(table)
    taken = set(items[1]) if items else set()
    return [r for r in repeated_columns(table.columns) if not taken & set(r.columns)]


def made_long(table: Table, repeated: list[Repeated], book: Notebook) -> Source:
    """Make a table long.

    Parameters
    ----------
    table : Table
        One row a patient.
    repeated : list of Repeated
        Not empty; what is repeated most decides on the unit.
    book : Notebook
        Where the guess is entered.

    Returns
    -------
    Source
        The patient's own columns, the time, and a column for each measurement; rows
        without any value are left out. The rows are those of the wide file.
    """
    most = max(len(r.columns) for r in repeated)
    unit = next((r.unit for r in repeated if r.unit), "")
    used = [
        r for r in repeated if (r.unit == unit or not r.unit) and len(r.columns) > 1
    ]
    wide = {name for r in used for name in r.columns}
    own = [name for name in table.columns if name not in wide]
    time_name = f"visit_{singular(unit)}" if unit else "time"  # type: ignore[arg-type]
    while time_name in own:
        time_name += "_"
    long = _stacked(table, used, own, time_name)
    rows = table.source.rows.loc[long.index.get_level_values(1)]
    told = "; ".join(f"{r.stem}: {', '.join(map(one_line, r.columns))}" for r in used)
    evidence = f"a column for each of {most} visits: {told[:90]}"
    book.guess("shape", "wide", evidence, "likely", "data.visits.file")
    change = "a column for each visit made a row for each"
    return dataclasses.replace(
        table.source,
        frame=long.reset_index(drop=True),
        rows=rows.reset_index(drop=True),
        changes=(*table.source.changes, change),
    )


def _stacked(
    table: Table, repeated: list[Repeated], own: list[str], time_name: str
) -> pd.DataFrame:
    """Put the visits of each patient below each other.

    Who has no value at all stays, as a patient without values.
    """
    texts = {name: readable(column) for name, column in table.columns.items()}
    times = sorted({t for r in repeated for t in r.columns.values()}, key=float)
    parts = []
    for time in times:
        part = pd.DataFrame({name: texts[name] for name in own}, dtype="object")
        part[time_name] = time
        for r in repeated:
            column = next((n for n, t in r.columns.items() if t == time), None)
            part[_free(r.stem, own)] = texts[column] if column else ""
        parts.append(part)
    long = pd.concat(parts, keys=range(len(parts)))
    long = long.sort_index(level=1, kind="stable", sort_remaining=True)
    filled = (long[[_free(r.stem, own) for r in repeated]] != "").any(axis=1)
    nobody = ~filled.groupby(level=1).transform("any")
    return long[filled | (nobody & (long[time_name] == times[0]))]


def _free(stem: str, own: list[str]) -> str:
    return f"{stem}_" if stem in own else stem
