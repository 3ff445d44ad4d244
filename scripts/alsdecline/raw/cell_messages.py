"""What is told of cells that break a rule of their column, and of columns not there."""

from collections.abc import Callable, Collection

from alsdecline.near_names import nearest, value_meant
from alsdecline.raw.cell_values import UNKNOWN, missing_said, recoded, says_no_value
from alsdecline.raw.column_names import column_meant, listed
from alsdecline.raw.rules import Rule
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import ColumnSpec
from alsdecline.settings.examples import in_one_line

MEANING = "MEANING"
"""Stands in a remedy for a value that a person must choose."""


def absent_column(
    raw: RawTable, name: str, spec: ColumnSpec, present: Collection[str]
) -> str:
    """Say that a file lacks a column, which it has instead, and what else to do.

    Parameters
    ----------
    raw : RawTable
        The file.
    name : str
        Our name of the column.
    spec : ColumnSpec
        What it may hold.
    present : collection of str
        Our names of those that are there.

    Returns
    -------
    str
    """
    theirs = raw.names.get(name, name)
    used = {raw.names.get(ours, ours) for ours in present}
    free = [column for column in raw.header if column not in used]
    meant = column_meant(name, theirs, free)
    there = f"the column is missing; the file has {listed(raw.header)}"
    called = in_one_line({name: meant or "NAME"})
    asked = f"Is it {meant!r}? " if meant else ""
    otherwise = f"; or, {spec.absent}" if spec.absent else ""
    return (
        f"{there}. {asked}Say under `columns:` in config.yaml what it is called, as "
        f"`columns: {called}`{otherwise}"
    )


def _limits(column: str, value: str, spec: ColumnSpec) -> str:
    low = "" if spec.minimum is None else f"{spec.minimum:g}"
    high = "" if spec.maximum is None else f"{spec.maximum:g}"
    if spec.without_zero:
        return (
            "there is no study day 0: the day of time zero is 1, the one before it -1; "
            "if the file counts from 0, write `time: day`"
        )
    whose = f" of {spec.about}" if spec.about else ""
    if low and high:
        said = f"outside {low} to {high}, the range{whose}"
    else:
        said = f"below {low}{whose}" if low else f"above {high}{whose}"
    if spec.beyond:
        return f"{said}; {spec.beyond}"
    if not spec.about:
        return f"{said}; correct it"
    return (
        f"{said}; correct it if it is wrong. If it stands for a missing value, write "
        f"{recoded(column, value, '')} under its file in config.yaml; if the scale has "
        "other limits, name or define that one under `scale:`"
    )


def _whole(column: str, value: str, spec: ColumnSpec) -> str:
    del column, value
    points = f"{spec.about} has whole points only" if spec.about else "not whole"
    return (
        f"{points}; correct it if it is wrong. If half points are right, as of a "
        "prorated total, define a scale without `whole_points` under `scales:`"
    )


def _late(column: str, value: str, spec: ColumnSpec) -> str:
    del column, value
    return (
        f"later than the data cutoff {spec.latest}; correct the date if it is wrong, "
        "or `cutoff:` in config.yaml if data up to then are analysed"
    )


def _not_permitted(column: str, value: str, spec: ColumnSpec) -> str:
    if says_no_value(value) and spec.blank:
        return (
            f"not one of {', '.join(spec.permitted)}: it says that there is none; "
            f"write {missing_said(value)} under its file in config.yaml, or leave the "
            "cell empty"
        )
    near, in_form_alone = value_meant(value, spec.permitted)
    near = near if in_form_alone else nearest(value, spec.permitted)
    asked = f"did you mean {near!r}? " if near else ""
    meant = near or MEANING  # which of them is nothing to guess
    else_ = f"; or, {spec.beyond}" if spec.beyond else ""
    return (
        f"not one of {', '.join(spec.permitted)}; {asked}correct it, or say under "
        "`recode:` in config.yaml what it stands for, as "
        f"{recoded(column, value, meant)}{else_}"
    )


def _unfilled(column: str, value: str, spec: ColumnSpec) -> str:
    del column, value
    return f"the cell is empty; {spec.unfilled or UNKNOWN}"


_BY_RULE: dict[Rule, Callable[[str, str, ColumnSpec], str]] = {
    Rule.RANGE: _limits,
    Rule.WHOLE_POINTS: _whole,
    Rule.DATE_AFTER_CUTOFF: _late,
    Rule.NOT_PERMITTED: _not_permitted,
    Rule.REQUIRED: _unfilled,
}


def broken_rule(rule: Rule, column: str, value: str, spec: ColumnSpec) -> str:
    """Say what is wrong with a cell by a rule, and what to do.

    Parameters
    ----------
    rule : Rule
        One on single cells.
    column : str
        Our name of the column.
    value : str
        The cell.
    spec : ColumnSpec
        What the column may hold.

    Returns
    -------
    str
    """
    return _BY_RULE[rule](column, value, spec)
