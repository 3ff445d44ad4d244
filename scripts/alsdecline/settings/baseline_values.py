"""Baseline values of the outcomes as planning reads them, of all arms together.

Nothing that was measured after baseline is looked at, and no arm.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.settings.filled_in import Filled
from alsdecline.settings.planning_cells import (
    NoCellsError,
    PlanningTable,
    number,
    planning_table,
)
from alsdecline.settings.scales import Scale
from alsdecline.settings.scheduled_times import UNITS

VISITS = ("data", "visits")


def baseline_values(
    filled: Filled, folder: Path, outcome: Mapping[str, Any], scale: Scale
) -> list[float]:
    """Read an outcome's baseline values.

    Parameters
    ----------
    filled : Filled
        The configuration, its files and times filled in.
    folder : Path
        The trial's folder.
    outcome : mapping
        The outcome as it is written.
    scale : Scale
        Its scale; values beyond its limits are passed over.

    Returns
    -------
    list of float
        One a patient, sorted: the last up to time zero. Where visits have dates, that
        of the visit that is planned at time zero.

    Raises
    ------
    NoCellsError
        If a file cannot be read, or lacks a column.
    """
    found: dict[str, float] = {}
    if recorded := outcome.get("baseline"):
        table = planning_table(filled, folder, "subjects")
        for patient, text in table.cells("patient", str(recorded["column"])):
            if (value := table.number(text)) is not None:
                found[patient] = value
    found |= _measured(filled, folder, outcome)
    top = scale.maximum
    return sorted(
        value
        for patient, value in found.items()
        if patient and value >= scale.minimum and (top is None or value <= top)
    )


def unread_baseline(filled: Filled, folder: Path, outcome: Mapping[str, Any]) -> str:
    """Say why baseline values are not read, to go on with; empty where nothing tells.

    Parameters
    ----------
    filled, folder, outcome
        As of :func:`baseline_values`.

    Returns
    -------
    str
        No visit is at time zero, or the first cell there that is no number.
    """
    if filled.at("data", "measurements"):
        return ""
    table, columns = planning_table(filled, folder, "visits"), _columns(filled, outcome)
    time = _time_column(filled, table)
    visits = _visits(filled, folder, columns)
    if not visits:
        texts = [text for (text,) in table.cells(time) if text]
        if not texts:
            return ""
        strange = next((t for t in texts if table.number(t) is None), None)
        shown = repr(strange or min(texts, key=lambda t: table.number(t) or 0.0))
        why = "is the first; say by `visits: time_zero:` when time zero is"
        if strange:
            why = "is no number; say by `recode:` what it stands for"
        return (
            f" (no visit is at time zero by column {table.name(time)!r} of "
            f"{table.file}, in which {shown} {why})"
        )
    for _, _, cells in visits:
        for column, text in zip(columns, cells, strict=True):
            if text and number(text) is None:
                return (
                    f" ({text!r} in column {table.name(column)!r} of {table.file} is "
                    "not a number; correct that, or say what it stands for)"
                )
    return ""


def _measured(
    filled: Filled, folder: Path, outcome: Mapping[str, Any]
) -> dict[str, float]:
    """Return each patient's last value up to time zero, if there is one."""
    columns = _columns(filled, outcome)
    last: dict[str, tuple[float, float]] = {}
    for patient, time, texts in _visits(filled, folder, columns):
        values = [number(text) for text in texts]
        if any(value is None for value in values):
            continue
        total = sum(value for value in values if value is not None)
        if patient not in last or (time, total) > last[patient]:
            last[patient] = (time, total)
    return {patient: value for patient, (_, value) in last.items()}


def _columns(filled: Filled, outcome: Mapping[str, Any]) -> list[str]:
    """Return the columns or parameters whose sum an outcome is."""
    parts = outcome.get("sum_of") or []
    if parts:
        outcomes = {o["id"]: o for o in filled.at("outcomes")}
        known = [outcomes[part] for part in parts if part in outcomes]
        return [column for part in known for column in _columns(filled, part)]
    return list(outcome.get("items") or [str(outcome.get("column"))])


def _time_column(filled: Filled, table: PlanningTable) -> str:
    """Return our column that tells which visits are at time zero."""
    time = filled.at(*VISITS, "time") or "date"
    if time != "date":
        return f"visit_{time}"
    schedule = filled.at("visits") or {}
    planned = [f"visit_{t}" for t, unit in UNITS.items() if schedule.get(unit)]
    if schedule.get("windows") or not planned or not table.has(planned[0]):
        raise NoCellsError(
            f"{table.file}: without a column visit_week it cannot be told before a run "
            "which visits are at baseline"
        )
    return planned[0]


def _visits(
    filled: Filled, folder: Path, columns: Sequence[str]
) -> list[tuple[str, float, tuple[str, ...]]]:
    """Return patient, time and cells of each visit up to time zero."""
    table = planning_table(filled, folder, "visits")
    column = _time_column(filled, table)
    zero = float((filled.at("visits") or {}).get("time_zero") or 0)
    if filled.at(*VISITS, "time") == "study_day":
        zero = 1.0  # the study day of time zero
    if filled.at("data", "measurements"):
        return _measurements(filled, folder, columns, (column, zero))
    return [
        (patient, at - zero, tuple(map(table.plain, texts)))
        for patient, text, *texts in table.cells("patient", column, *columns)
        if (at := table.number(text)) is not None and at <= zero
    ]


def _measurements(
    filled: Filled, folder: Path, columns: Sequence[str], clock: tuple[str, float]
) -> list[tuple[str, float, tuple[str, ...]]]:
    """Return the same where values stand one a row in a file of their own."""
    column, zero = clock
    of_visits, of_values = filled.at(*VISITS), filled.at("data", "measurements")
    visits, visit = planning_table(filled, folder, "visits"), "visit"
    if all(of_values.get(key) == of_visits.get(key) for key in ("file", "sheet")):
        # where one file has both, a visit may have no name but its time
        names = (of_visits.get("columns") or {}) | (of_values.get("columns") or {})
        of_values = of_values | {"columns": names}
        visit = "visit" if visits.has("visit") else column
    times = {
        (patient, which): at - zero
        for patient, which, text in visits.cells("patient", visit, column)
        if (at := visits.number(text)) is not None and at <= zero
    }
    values: dict[tuple[str, str], dict[str, str]] = {}
    measured = PlanningTable(folder, of_values, filled.at("data", "missing"))
    for patient, which, name, value in measured.cells(
        "patient", visit, "parameter", "value"
    ):
        if name in columns and (patient, which) in times:
            values.setdefault((patient, which), {})[name] = measured.plain(value)
    return [
        (key[0], times[key], tuple(cells.get(name, "") for name in columns))
        for key, cells in values.items()
    ]
