"""The result tables as the report prints them: rows of text under column heads."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from alsdecline.descriptions import ALL_ARMS
from alsdecline.report_text import KEEP, number


@dataclasses.dataclass(frozen=True)
class PrintedTable:
    """A table as it is printed.

    Attributes
    ----------
    head : list of str
        Column heads.
    rows : list of list of str
        Cells.
    """

    head: list[str]
    rows: list[list[str]]


def _arm_heads(arms: Mapping[str, str], counts: Mapping[str, int]) -> list[str]:
    return [
        f"{label} {f'(n = {counts[arm]})'.replace(' ', KEEP)}"
        for arm, label in arms.items()
    ]


def _plain(value: float) -> str:
    return number(value, 0) if float(value).is_integer() else number(value, 1)


def _cell(statistics: Mapping[str, float]) -> list[str]:
    """Lines of a characteristic: mean (SD), then median [range]."""
    if "mean" not in statistics:
        return ["\N{EN DASH}", "\N{EN DASH}"]
    mean = f"{number(statistics['mean'], 1)}{KEEP}({number(statistics['sd'], 1)})"
    low, high = _plain(statistics["min"]), _plain(statistics["max"])
    median = f"{_plain(statistics['median'])} [{low} to {high}]"
    return [mean, median.replace(" ", KEEP)]


def _joined(names: Any) -> str:
    """Join the names of a row, leaving out what is missing."""
    return ": ".join(str(name) for name in names if pd.notna(name) and name != "")


def known(characteristics: pd.DataFrame) -> pd.DataFrame:
    """Return the characteristics of which anybody has a value."""
    described = characteristics["statistic"].ne("n")
    anybody = described.groupby(characteristics["characteristic"]).transform("any")
    return characteristics[anybody]


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
        Counts with percent where there are any; else mean (SD) and median [range].
    """
    rows: list[list[str]] = []
    for names, part in table.groupby(list(keys), sort=False, dropna=False):
        name = _joined(names)
        by_arm = {
            arm: dict(zip(mine["statistic"], mine["value"], strict=True))
            for arm, mine in part.groupby("arm", sort=False)
        }
        present = [by_arm.get(arm, {}) for arm in arms]
        if any("mean" in s for s in present):
            cells = [_cell(s) for s in present]
            rows.append([f"{name}, mean (SD)", *[c[0] for c in cells]])
            rows.append([f"{name}, median [range]", *[c[1] for c in cells]])
        else:
            rows.append(
                [
                    name,
                    *[
                        _plain(s.get("n", 0))
                        + (f"{KEEP}({s['percent']:.0f}%)" if "percent" in s else "")
                        for s in present
                    ],
                ]
            )
    return PrintedTable(["", *_arm_heads(arms, counts)], rows)


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
        `name_of`, arm, `n`, percent and, if there, events.
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
            record = by_arm.loc[arm]
            cell = f"{record[n]:.0f} ({record['percent']:.0f}%)"
            if "events" in record:
                cell += f", {record['events']:.0f}"
            cells.append(cell.replace(" ", KEEP))
        rows.append([_joined(names), *cells])
    return PrintedTable(["", *_arm_heads(arms, counts)], rows)


def printed_frame(frame: pd.DataFrame, heads: Mapping[str, str]) -> PrintedTable:
    """Print chosen columns of a table; floats to 3 digits, from 100 to none."""
    rows = [
        [
            number(cell, 0 if abs(cell) >= 100 else 3)
            if isinstance(cell, float) and not math.isnan(cell)
            else ("" if pd.isna(cell) else str(cell))
            for cell in record
        ]
        for record in frame[list(heads)].itertuples(index=False)
    ]
    return PrintedTable(list(heads.values()), rows)


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
            number(row["n"], 0),
            f"{number(row['mean'])} ({number(row['sd'])})",
            number(row["median"]),
        ]
        for _, row in changes.iterrows()
        if row["variable"] == "CHG" and row["week"] == week
    ]
    return PrintedTable(["Outcome", "Arm", "Patients", "Mean (SD)", "Median"], rows)


def arm_labels(arms: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Labels by arm id in display order, all arms last."""
    return {**dict(arms), ALL_ARMS: "All"}
