"""The result tables as the report prints them: rows of text under column heads."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from alsdecline.descriptions import ALL_ARMS
from alsdecline.report_text import digits_for, interval, number, p_value, percent


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
    return [f"{label} (n = {counts[arm]})" for arm, label in arms.items()]


def _plain(value: float) -> str:
    return number(value, 0) if float(value).is_integer() else number(value, 1)


def _cell(statistics: Mapping[str, float]) -> list[str]:
    """Lines of a characteristic: mean (SD), then median [range]."""
    if "mean" not in statistics:
        return ["\N{EN DASH}", "\N{EN DASH}"]
    mean = f"{number(statistics['mean'], 1)} ({number(statistics['sd'], 1)})"
    low, high = _plain(statistics["min"]), _plain(statistics["max"])
    return [mean, f"{_plain(statistics['median'])} [{low} to {high}]"]


def _joined(names: Any) -> str:
    """Join the names of a row, leaving out what is missing."""
    return ": ".join(str(name) for name in names if pd.notna(name) and name != "")


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
                        + (f" ({s['percent']:.0f}%)" if "percent" in s else "")
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
            cells.append(cell)
        rows.append([_joined(names), *cells])
    return PrintedTable(["", *_arm_heads(arms, counts)], rows)


QUANTITIES = {
    "mean_slope": "Mean slope, per month",
    "slope_difference": "Difference in mean slope, per month (> 0: slower)",
    "decline_ratio": "Ratio of mean slopes (< 1: slower)",
    "change_at_horizon": (
        "Change from time zero to week {week:g} by the model (hypothetical past death)"
    ),
    "fraction_slowed_difference": "Difference in the fraction slowed",
}
STATEMENTS = {
    "mean_slope": "worsens",
    "slope_difference": "slower",
    "decline_ratio": "slower",
    "change_at_horizon": "worsens",
    "fraction_slowed_difference": "larger in the first",
}


def _interval(row: pd.Series) -> str:
    digits = digits_for(row["lower"], row["upper"])
    return interval(row["lower"], row["upper"], digits)


GATES_MISSED = " (computation missed its gates)"


def _threshold_statements(rates: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Probabilities of ratios below thresholds, by outcome and arm."""
    statements: dict[tuple[str, str], str] = {}
    for _, row in rates.iterrows():
        name = str(row["quantity"])
        threshold = name.removeprefix("decline_ratio_below_")
        if threshold != name:
            key = (row["outcome"], row["arm"])
            text = f"; below {threshold}: {percent(row['probability'])}"
            statements[key] = statements.get(key, "") + text
    return statements


def printed_rates(
    rates: pd.DataFrame,
    outcomes: Mapping[str, str],
    arms: Mapping[str, str],
    horizon_week: float,
    level: float,
) -> PrintedTable:
    """Print the rates of decline of one model.

    Parameters
    ----------
    rates : DataFrame
        Rows of the table of rates of decline.
    outcomes, arms : mapping of str to str
        Labels by id.
    horizon_week : float
        Week of the change from baseline.
    level : float
        Probability of the intervals.

    Returns
    -------
    PrintedTable
    """
    rows = []
    places = list(outcomes)
    order = rates["outcome"].map(
        lambda o: places.index(o) if o in places else len(places)
    )
    thresholds = _threshold_statements(rates)
    for _, row in rates.loc[order.sort_values(kind="stable").index].iterrows():
        if row["quantity"] not in QUANTITIES:
            continue
        names = [outcomes.get(o, o) for o in str(row["outcome"]).split("-")]
        label = QUANTITIES[row["quantity"]].format(week=horizon_week)
        given = pd.notna(row["estimate"])
        statement = f"{STATEMENTS[row['quantity']]}: {percent(row['probability'])}"
        if row["quantity"] == "decline_ratio":
            statement += thresholds.get((row["outcome"], row["arm"]), "")
        rows.append(
            [
                " against ".join(names) + GATES_MISSED * (not row["passed"]),
                label,
                arms.get(row["arm"], row["arm"]),
                number(row["estimate"], digits_for(row["lower"], row["upper"])),
                _interval(row) if given else "not given",
                statement if given else "",
            ]
        )
    head = ["Outcome", "Quantity", "Arm", "Estimate", f"{100 * level:g}% interval"]
    return PrintedTable([*head, "Probability"], rows)


def printed_effects(
    sensitivity: pd.DataFrame,
    tests: pd.DataFrame,
    outcomes: Mapping[str, str],
    arms: Mapping[str, str],
    level: float,
) -> PrintedTable:
    """Print effects by model and prior, and the permutation tests beside them."""
    rows = []
    for _, row in sensitivity.iterrows():
        rows.append(
            [
                outcomes.get(row["outcome"], row["outcome"]),
                arms.get(row["arm"], row["arm"]),
                f"{row['model']} model, {row['prior']} prior"
                + GATES_MISSED * (not row["passed"]),
                number(row["estimate"], digits_for(row["lower"], row["upper"])),
                _interval(row),
                f"slower: {percent(row['probability'])}",
            ]
        )
    for _, row in tests.iterrows():
        given = pd.notna(row["estimate"])
        rows.append(
            [
                outcomes.get(row["outcome"], row["outcome"]),
                arms.get(row["arm"], row["arm"]),
                row["method"],
                number(row["estimate"], digits_for(row["lower"], row["upper"])),
                _interval(row) if given else "not given",
                test_statement(row) if given else "",
            ]
        )
    order = list(outcomes.values())
    rows.sort(key=lambda r: order.index(r[0]) if r[0] in order else len(order))
    head = ["Outcome", "Arm", "Analysis", "Estimate", f"{100 * level:g}% interval", ""]
    return PrintedTable(head, rows)


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


def test_statement(test: pd.Series) -> str:
    """Say a permutation test's p-value and what it rests on."""
    n = f"{test['n_treated']:.0f} against {test['n_reference']:.0f} patients"
    how = "all" if test["exact"] else "random"
    said = f"{p_value(test['p_value'])}, {n}, {test['n_allocations']:.0f} {how} "
    said += "allocations"
    if not math.isfinite(test["upper"] - test["lower"]):
        said += f"; the smallest possible is {p_value(test['smallest_attainable_p'])}"
    return said


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
