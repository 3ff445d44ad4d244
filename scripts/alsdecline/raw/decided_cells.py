"""Decisions applied to the cells of a raw file, whose rows may stand in any order."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd

from alsdecline.near_names import same_number_or_text
from alsdecline.raw.cells import ROW, Cells
from alsdecline.raw.column_names import listed
from alsdecline.raw.decisions import AppliedDecision, Decision, unfit
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.columns import column_specs
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.wide_columns import labels_of, wide_columns

MOST_TEXTS = 3
"""Cells that a decision does not fit which are named."""


class DoesNotFitError(Exception):
    """A decision fits no row, or several, of a raw file."""


@dataclasses.dataclass(frozen=True)
class _Roles:
    """What the columns of a raw file are, by their names there.

    Attributes
    ----------
    patients, times : list of str
        Columns that tell whose a row is, and of which visit or day, the surest first.
    parameter, value : str
        Of measurements one a row; else empty.
    parameters : dict of str to str
        What a text in the parameter's column stands for.
    used : set of str
        All columns that are read.
    of_patients : bool
        Whether rows repeat what is the patient's.
    """

    patients: list[str]
    times: list[str]
    parameter: str
    value: str
    parameters: dict[str, str]
    used: set[str]
    of_patients: bool


def _roles(plan: DataPlan, file: str, header: Collection[str]) -> _Roles:
    """Tell what the columns of a file are, of all raw tables that stand in it."""
    specs = column_specs(plan)
    times = ["visit", plan.planned_column, plan.time_column, "date", "start_date"]
    roles = _Roles([], [], "", "", {}, set(), False)
    for name, table in raw_tables(plan).items():
        if table.place != file:
            continue
        called = {ours: table.columns.get(ours, ours) for ours in specs[name]}
        patterns = wide_columns(called)
        roles.used.update(
            column
            for p in patterns.values()
            for column in labels_of(p, header).values()
        )
        roles.patients.append(called["patient"])
        roles.times.extend(called[t] for t in times if t in called)
        roles.used.update(called.values(), table.where)
        roles.used.update(*getattr(table, "one_of", {}).values())
        if name == "measurements":
            roles = dataclasses.replace(
                roles,
                parameter=called["parameter"],
                value=called["value"],
                parameters=table.recode.get("parameter", {}),
            )
    return dataclasses.replace(roles, of_patients=file == plan.data.subjects.place)


def same_text(texts: pd.Series, wanted: str) -> pd.Series:
    """Tell which cells have a text, or the same number written otherwise.

    Parameters
    ----------
    texts : Series of str
        Cells.
    wanted : str
        A text.

    Returns
    -------
    Series of bool
    """
    same = same_number_or_text(wanted)
    alike = {t: same_number_or_text(t) == same for t in texts.unique().tolist()}
    return texts.map(alike).astype(bool)


def _of_visit(rows: pd.DataFrame, decision: Decision, roles: _Roles) -> pd.DataFrame:
    """Return a patient's rows of the visit that a decision names."""
    for column in roles.times:
        if column in rows:
            hit = same_text(rows[column], decision.visit)
            if hit.any():
                return rows[hit]
    named = listed([t for t in roles.times if t in rows])
    raise DoesNotFitError(
        f"the patient has no row with {decision.visit!r} in {named or 'this file'}"
    )


def _place(
    rows: pd.DataFrame, decision: Decision, roles: _Roles
) -> tuple[pd.DataFrame, str]:
    """Return the rows and the column that a decision is about."""
    if rows.empty:
        raise DoesNotFitError("no row of the file is of this patient")
    if decision.visit:
        rows = _of_visit(rows, decision, roles)
    for name, text in decision.keys:
        if name not in roles.used or name not in rows:
            raise DoesNotFitError(f"no column {name!r} of the file is used")
        rows = rows[same_text(rows[name], text)]
        if rows.empty:
            raise DoesNotFitError(f"no such row has {text!r} in {name}")
    column = decision.column
    if not column or (column in rows and column in roles.used):
        return rows, column
    if roles.parameter in rows:
        meant = rows[roles.parameter].replace(roles.parameters)
        of_parameter = rows[(meant == column) | (rows[roles.parameter] == column)]
        if of_parameter.empty:
            raise DoesNotFitError(f"there is no row of the parameter {column!r}")
        return of_parameter, roles.value
    raise DoesNotFitError(f"no column {column!r} of the file is used")


def _cell(rows: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    """Return those of the rows whose cell is as a decision has it."""
    fitting = rows[same_text(rows[column], value)]
    if fitting.empty:
        there = [repr(text) for text in dict.fromkeys(rows[column])]
        raise DoesNotFitError(
            f"the cell is {', '.join(there[:MOST_TEXTS])} and not {value!r}, as the "
            "decision has it"
        )
    return fitting


def _row_numbers(rows: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(row) for row in rows[ROW])


def _decided(
    rows: pd.DataFrame, decision: Decision, roles: _Roles
) -> tuple[pd.DataFrame, str]:
    """Return the rows that a decision changes or is about, and the column there."""
    rows, column = _place(rows, decision, roles)
    if decision.kind == "accepted":
        return rows, column
    if column:
        rows = _cell(rows, column, decision.value)
    repeated = roles.of_patients and bool(column) and not decision.visit
    if len(rows) > 1 and not repeated:
        numbers = ", ".join(map(str, _row_numbers(rows)[:MOST_TEXTS]))
        raise DoesNotFitError(
            f"{len(rows)} rows fit it ({numbers}); name the visit, or add a column to "
            "the decisions file that is called as one here and tells them apart"
        )
    return rows, column


@dataclasses.dataclass(frozen=True)
class DecidedCells:
    """A raw file's cells as decided, which decisions were applied, and which not."""

    cells: Cells
    applied: list[AppliedDecision]
    findings: list[Finding]


def _told_twice(plan: DataPlan, decision: Decision, earlier: Decision) -> Finding:
    message = (
        f"{decision.kind} of {decision.place}: row {earlier.row} decides of it too "
        f"({earlier.kind}); keep one"
    )
    file = str(plan.data.decisions)
    rule = Rule.DECISION_REPEATED
    return Finding.by_rule(rule, file, decision.row, "", "", message)


def decide_cells(
    plan: DataPlan, file: str, cells: Cells, decisions: Iterable[Decision]
) -> DecidedCells:
    """Apply decisions to the cells of a raw file, before anything is made of them.

    Each decision is held to the cells as they stand in the file, and all are applied
    at once, so that their order does not count, nor that of the rows.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    file : str
        The file, as the configuration names it.
    cells : Cells
        Its cells.
    decisions : iterable of Decision
        All of the trial; those on other files are passed over.

    Returns
    -------
    DecidedCells
    """
    of_file = [d for d in decisions if d.file == file]
    roles = _roles(plan, file, cells.header)
    named = [name for name in dict.fromkeys(roles.patients) if name in cells.header]
    if not of_file or not named:  # that no column names the patient is told
        return DecidedCells(cells, [], [])
    frame = cells.frame.copy()
    applied: list[AppliedDecision] = []
    found: list[Finding] = []
    taken: dict[tuple[int, str], Decision] = {}
    excluded: list[int] = []
    groups = [frame.groupby(name).indices for name in named]
    for decision in of_file:
        at = [group[decision.patient] for group in groups if decision.patient in group]
        rows = cells.frame.iloc[np.unique(np.concatenate(at))] if at else frame.iloc[:0]
        if not decision.patient:  # accepted of a file or column as a whole
            rows = cells.frame.iloc[:0]
        try:
            rows, column = (
                _decided(rows, decision, roles)
                if decision.patient
                else (rows, decision.column)
            )
        except DoesNotFitError as error:
            if not (plan.blinded and decision.column not in roles.used):
                found.append(unfit(plan, decision, str(error)))
            continue
        numbers = _row_numbers(rows)
        if decision.kind != "accepted":
            earlier = _earlier(taken, numbers, column)
            if earlier is not None:
                found.append(_told_twice(plan, decision, earlier))
                continue
            taken |= {(number, column): decision for number in numbers}
            if column:
                frame.loc[rows.index, column] = decision.new_value
            else:
                excluded += rows.index.tolist()
        applied.append(AppliedDecision(decision, numbers, column))
    kept = dataclasses.replace(cells, frame=frame.drop(index=excluded))
    return DecidedCells(kept, applied, found)


def _earlier(
    taken: dict[tuple[int, str], Decision], rows: Sequence[int], column: str
) -> Decision | None:
    """Return the decision that was made of a cell, or of a row of it, before."""
    for (row, of), decision in taken.items():
        if row in rows and (of == column or "" in (of, column)):
            return decision
    return None
