"""The result tables as the report prints them, each cell with its values' ids."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS, STANDARDISED
from alsdecline.report.cells import Cell, cell_of, ids_of
from alsdecline.report.words import KEEP, number, whole_percent
from alsdecline.time_units import SAME_WEEK
from alsdecline.value_ids import row_id


@dataclasses.dataclass(frozen=True)
class Footnote:
    """What a reader of a table needs to know under it.

    Attributes
    ----------
    text : str
        What it says.
    at : str
        The head, or the whole text of the cells, that it is about; a note of none that
        the table has is not printed. Empty where it is about the table.
    """

    text: str
    at: str = ""


@dataclasses.dataclass(frozen=True)
class PrintedTable:
    """A table as it is printed.

    Attributes
    ----------
    head : list of str
        Column heads.
    rows : list of list of str
        Cells; those that print values of a table are of
        :class:`alsdecline.report.cells.Cell` and have their ids.
    notes : tuple of Footnote
        What stands under it.
    """

    head: list[str]
    rows: list[list[str]]
    notes: tuple[Footnote, ...] = ()


def _arm_heads(arms: Mapping[str, str], counts: Mapping[str, int]) -> list[str]:
    return [
        Cell(
            f"{label} {f'(n = {counts[arm]})'.replace(' ', KEEP)}",
            [f"{row_id('baseline_characteristics', 'Patients', '', 'n', arm)}:value"],
        )
        for arm, label in arms.items()
    ]


def _plain(value: float) -> str:
    return number(value, 0) if float(value).is_integer() else number(value, 1)


_Statistics = Mapping[Any, Mapping[Any, Any]]
"""Rows of a table of statistics, by statistic."""


def _of_statistics(text: str, statistics: _Statistics, *names: str) -> Cell:
    """Return a cell that prints these statistics."""
    ids = [value_id for name in names for value_id in ids_of(statistics[name], "value")]
    return Cell(text, ids)


def _lines(statistics: _Statistics) -> list[str]:
    """Lines of a characteristic: mean (SD), then median [range]."""
    if "mean" not in statistics:
        return ["\N{EN DASH}", "\N{EN DASH}"]
    values = {name: row["value"] for name, row in statistics.items()}
    mean = f"{number(values['mean'], 1)}{KEEP}({number(values['sd'], 1)})"
    low, high = _plain(values["min"]), _plain(values["max"])
    median = f"{_plain(values['median'])} [{low} to {high}]".replace(" ", KEEP)
    return [
        _of_statistics(mean, statistics, "mean", "sd"),
        _of_statistics(median, statistics, "median", "min", "max"),
    ]


def _count(statistics: _Statistics) -> str:
    """Print a count, with its percent if it has one."""
    if "n" not in statistics:
        return _plain(0)
    text = _plain(statistics["n"]["value"])
    if "percent" not in statistics:
        return _of_statistics(text, statistics, "n")
    share = whole_percent(statistics["percent"]["value"]).replace(" ", KEEP)
    text += f"{KEEP}({share})"
    return _of_statistics(text, statistics, "n", "percent")


def _joined(names: Any) -> str:
    """Join the names of a row, leaving out what is missing."""
    return ": ".join(str(name) for name in names if pd.notna(name) and name != "")


def known(characteristics: pd.DataFrame) -> pd.DataFrame:
    """Return the characteristics of which anybody has a value."""
    described = ~characteristics["statistic"].isin(["n", STANDARDISED])
    anybody = described.groupby(characteristics["characteristic"]).transform("any")
    return characteristics[anybody]


def _compared_arms(table: pd.DataFrame, arms: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of arms that have standardised differences."""
    there = set(table.loc[table["statistic"] == STANDARDISED, "arm"])
    return {arm: label for arm, label in arms.items() if arm in there}


def _standardised(statistics: _Statistics) -> str:
    """Print a standardised difference; nothing where there is none."""
    if STANDARDISED not in statistics:
        return ""
    value = statistics[STANDARDISED]["value"]
    return _of_statistics(number(value), statistics, STANDARDISED)


def printed_statistics(
    table: pd.DataFrame,
    keys: Sequence[str],
    arms: Mapping[str, str],
    counts: Mapping[str, int],
) -> PrintedTable:
    """Print a table of statistics by arm, a column an arm.

    Parameters
    ----------
    table : DataFrame
        `keys`, statistic, arm, value.
    keys : sequence of str
        Columns that name a row; the second, if any, is a level of the first.
    arms : mapping of str to str
        Labels by id in display order, all arms last.
    counts : mapping of str to int
        Patients by arm.

    Returns
    -------
    PrintedTable
        Counts with percent where there are any; else mean (SD) and median [range]. A
        column more for each arm that has standardised differences.
    """
    rows: list[list[str]] = []
    compared = _compared_arms(table, arms)
    for names, part in table.groupby(list(keys), sort=False, dropna=False):
        name = _joined(names)
        by_arm = {
            arm: {row["statistic"]: row for row in of_arm.to_dict("records")}
            for arm, of_arm in part.groupby("arm", sort=False)
        }
        present = [by_arm.get(arm, {}) for arm in arms]
        if any("mean" in s for s in present):
            cells = [_lines(s) for s in present]
            apart = [_standardised(by_arm[arm]) for arm in compared]
            rows.append([f"{name}, mean (SD)", *[c[0] for c in cells], *apart])
            none = [""] * len(compared)
            rows.append([f"{name}, median [range]", *[c[1] for c in cells], *none])
        else:
            apart = [_standardised(by_arm[arm]) for arm in compared]
            rows.append([name, *[_count(s) for s in present], *apart])
    heads = [
        "Standardised difference" + (f", {label}" if len(compared) > 1 else "")
        for label in compared.values()
    ]
    return PrintedTable(["", *_arm_heads(arms, counts), *heads], rows)


def _rate(rate: float) -> str:
    """Print a rate with one decimal; some is not none."""
    return "< 0.1" if 0 < rate < 0.05 else number(rate, 1)


def printed_counts(
    table: pd.DataFrame,
    name_of: Sequence[str],
    n: str,
    arms: Mapping[str, str],
    counts: Mapping[str, int],
) -> PrintedTable:
    """Print counts with percent by arm; `n` names the column of counts.

    Parameters
    ----------
    table : DataFrame
        `name_of`, arm, `n`, percent and, if there, events with their rate.
    name_of : sequence of str
        Columns that name a row.
    n : str
        Column of counts of patients.
    arms : mapping of str to str
        Labels by id in display order.
    counts : mapping of str to int
        Patients by arm.

    Returns
    -------
    PrintedTable
    """
    rows = []
    for names, part in table.groupby(list(name_of), sort=False, dropna=False):
        by_arm = part.set_index("arm")
        cells = []
        for arm in arms:
            record: Any = by_arm.loc[arm]
            text, columns = (
                f"{record[n]:.0f} ({whole_percent(record['percent'])})",
                [n, "percent"],
            )
            if "events" in record:
                text += f", {record['events']:.0f} ({_rate(record['rate'])})"
                columns += ["events", "rate"]
            cells.append(cell_of(text.replace(" ", KEEP), record, *columns))
        rows.append([_joined(names), *cells])
    return PrintedTable(["", *_arm_heads(arms, counts)], rows)


def printed_frame(frame: pd.DataFrame, heads: Mapping[str, str]) -> PrintedTable:
    """Print chosen columns of a table; floats to 3 digits, from 100 to none."""
    cells = frame[list(heads)].itertuples(index=False)
    rows = [
        [_printed(value, row, name) for name, value in zip(heads, record, strict=True)]
        for record, row in zip(cells, frame.to_dict("records"), strict=True)
    ]
    return PrintedTable(list(heads.values()), rows)


def _printed(value: Any, row: Mapping[Any, Any], column: str) -> str:
    """Print a cell of a table as it is; numbers have their ids."""
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return cell_of(number(value, 0 if abs(value) >= 100 else 3), row, column)
    text = str(value)
    return cell_of(text, row, column) if isinstance(value, int | np.integer) else text


def printed_changes(
    changes: pd.DataFrame,
    outcomes: Mapping[str, str],
    arms: Mapping[str, str],
    week: float,
) -> PrintedTable:
    """Print the observed changes from baseline at one week."""
    rows = [
        [
            outcomes[row["outcome"]],
            arms[row["arm"]],
            cell_of(number(row["n"], 0), row, "n"),
            cell_of(f"{number(row['mean'])} ({number(row['sd'])})", row, "mean", "sd"),
            cell_of(number(row["median"]), row, "median"),
        ]
        for _, row in changes[(changes["week"] - week).abs() < SAME_WEEK].iterrows()
        if row["variable"] == "CHG"
    ]
    return PrintedTable(["Outcome", "Arm", "Patients", "Mean (SD)", "Median"], rows)


def arm_labels(arms: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Labels by arm id in display order, all arms last."""
    return {**dict(arms), ALL_ARMS: "All"}
