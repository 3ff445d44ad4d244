"""Several values of a patient at one visit or on one day: which of them counts.

What is measured together is chosen together: the items of a total, and the parts of a
sum, are of one row. Rows that are not chosen stay, without these values, so that each
outcome keeps the day on which it was measured.
"""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.raw.cells import ROW
from alsdecline.raw.findings import further_rows
from alsdecline.raw.long_files import row_of
from alsdecline.raw.same_visits import ORDER, same_visit
from alsdecline.settings.data import Outcome
from alsdecline.settings.data_plan import DataPlan

AVERAGED = ["column", "row", "also"]


@dataclasses.dataclass(frozen=True)
class Chosen:
    """What was chosen of repeated values of an outcome.

    Attributes
    ----------
    outcome : Outcome
        Whose values they are; of a sum and its parts the sum.
    column : str
        The first column that has them.
    patient : str
        The first patient who has several.
    rows : tuple of int
        The raw rows of the first of them.
    taken : tuple of int
        The rows of what is used in their place.
    count : int
        Visits at which there were several.
    """

    outcome: Outcome
    column: str
    patient: str
    rows: tuple[int, ...]
    taken: tuple[int, ...]
    count: int


@dataclasses.dataclass(frozen=True)
class Together:
    """Columns whose values are of one measurement.

    Attributes
    ----------
    outcome : Outcome
        By whose scale worst and best are told; of a sum and its parts the sum.
    needed : list of str
        Columns without which the measurement is incomplete.
    columns : list of str
        All of them, a recorded total too.
    """

    outcome: Outcome
    needed: list[str]
    columns: list[str]


def measured_together(plan: DataPlan) -> list[Together]:
    """Return the groups of columns whose values belong to one measurement.

    Parameters
    ----------
    plan : DataPlan
        With the outcomes.

    Returns
    -------
    list of Together
        Each column is in one of them.
    """
    known = {outcome.id: outcome for outcome in plan.outcomes}

    def needed(outcome: Outcome) -> list[str]:
        parts = [known[part] for part in outcome.sum_of]
        return [c for part in parts for c in needed(part)] or outcome.source_columns

    def recorded(outcome: Outcome) -> list[str]:
        own = [outcome.column] if outcome.column else []
        return own + [c for p in outcome.sum_of for c in recorded(known[p])]

    found: list[Together] = []
    # sums first, for their parts are measured with them
    for outcome in sorted(plan.outcomes, key=lambda o: not o.sum_of):
        all_ = list(dict.fromkeys([*needed(outcome), *recorded(outcome)]))
        same = next((t for t in found if set(t.columns) & set(all_)), None)
        if same is None:
            found.append(Together(outcome, needed(outcome), all_))
            continue
        for column in all_:
            if column not in same.columns:
                same.columns.append(column)
    return found


def _better_low(plan: DataPlan, outcome: Outcome) -> bool:
    return plan.scales[outcome.scale].better == "lower"


class _Choice:
    """Chooses among the rows of a group of columns, by the plan's rule."""

    def __init__(self, plan: DataPlan, together: Together, rows: pd.DataFrame) -> None:
        self.rule = plan.visits.repeats
        self.together = together
        # what is better with low values is worst where it is highest
        low_first = (self.rule == "worst") != _better_low(plan, together.outcome)
        self.by_value = self.rule in ("worst", "best")
        self.ascending = low_first
        self.rows = rows

    def ordered(self, rows: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
        """Put the row that the rule takes before the others of its visit."""
        if self.by_value:
            rows = rows.assign(_by=by).sort_values(
                ["_by", ORDER], ascending=[self.ascending, True], na_position="last"
            )
            return rows.drop(columns="_by")
        return rows.sort_values(ORDER, ascending=self.rule != "last")


def chosen_values(
    plan: DataPlan, visits: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[Chosen]]:
    """Choose among several values of a visit, as the plan's rule says.

    Parameters
    ----------
    plan : DataPlan
        Its ``visits.repeats`` is not ``refuse``.
    visits : DataFrame
        Typed rows with values, the rows of their cells (:func:`row_of`) and
        :data:`ORDER`.

    Returns
    -------
    DataFrame
        The same rows; a value that is not chosen is missing. One without a planned
        time on the day of a planned visit has that visit's.
    DataFrame
        Columns :data:`AVERAGED`: the mean of a column whose row is ``row`` was made of
        row ``also`` too.
    list of Chosen
        What there is to tell, for each group of columns that has repeats.
    """
    visits = visits.sort_values(ORDER)
    number = same_visit(plan, visits)
    if plan.planned_column:
        # a repeat without a plan is of the planned visit of its day
        planned = visits[plan.planned_column]
        of_visit = planned.groupby(number).transform("first").where(number >= 0)
        visits = visits.assign(**{plan.planned_column: planned.fillna(of_visit)})
    several = visits[(number >= 0) & number.duplicated(keep=False)]
    parts, told = [pd.DataFrame(columns=AVERAGED)], []
    for together in measured_together(plan):
        choice = _Choice(plan, together, several.assign(_visit=number))
        settled, also, chosen = _settled(choice)
        names = [*together.columns, *map(row_of, together.columns)]
        visits.loc[settled.index, names] = settled[names].astype("float64")
        parts.append(also)
        told += chosen
    averaged = pd.concat(parts, ignore_index=True)
    return visits.sort_index(), averaged, told


def _settled(choice: _Choice) -> tuple[pd.DataFrame, pd.DataFrame, list[Chosen]]:
    """Settle the columns of one measurement in all rows of repeated visits."""
    together, rows = choice.together, choice.rows
    columns = together.columns
    names = [*columns, *map(row_of, columns)]
    values = rows[columns]
    rows = rows[values.notna().any(axis=1)]
    rows = rows[rows["_visit"].duplicated(keep=False)]
    if rows.empty:
        return rows, pd.DataFrame(columns=AVERAGED), []
    of_cells = {row_of(c): rows[row_of(c)].where(rows[c].notna()) for c in columns}
    rows = rows.assign(**of_cells)
    total = rows[together.needed].sum(axis=1, skipna=False)
    whole = total.notna()
    has_whole = whole.groupby(rows["_visit"]).transform("any")
    possible = rows[whole | ~has_whole]
    best = choice.ordered(possible, total.reindex(possible.index))
    main = best.drop_duplicates("_visit").set_index("_visit")
    at = best.drop_duplicates("_visit").index
    also: list[tuple[str, float, float]] = []
    by_column = choice.rule == "mean" or not has_whole.all()
    if by_column:
        main, also = _column_by_column(choice, possible, main, has_whole)
    settled = rows.copy()
    settled[names] = float("nan")
    settled.loc[at, names] = main.loc[settled.loc[at, "_visit"], names].to_numpy()
    chosen = _told(choice, rows, main, also)
    return settled, pd.DataFrame(also, columns=AVERAGED), [chosen]


def _column_by_column(
    choice: _Choice, possible: pd.DataFrame, main: pd.DataFrame, has_whole: pd.Series
) -> tuple[pd.DataFrame, list[tuple[str, float, float]]]:
    """Take means, and, of measurements that are all incomplete, each value alone."""
    also: list[tuple[str, float, float]] = []
    mean = choice.rule == "mean"
    of_these = possible if mean else possible[~has_whole.reindex(possible.index)]
    for column in choice.together.columns:
        there = of_these[of_these[column].notna()]
        first = choice.ordered(there, there[column]).drop_duplicates("_visit")
        first = first.set_index("_visit")
        value = there.groupby("_visit")[column].mean() if mean else first[column]
        main.loc[first.index, column] = value.reindex(first.index)
        main.loc[first.index, row_of(column)] = first[row_of(column)]
        if mean:
            rows_of_first = there["_visit"].map(first[row_of(column)])
            others = there[there[row_of(column)] != rows_of_first]
            also += zip(
                [column] * len(others),
                rows_of_first[others.index],
                others[row_of(column)],
                strict=True,
            )
    return main, also


def _rows_there(rows: pd.DataFrame, columns: list[str]) -> tuple[int, ...]:
    cells = rows[[row_of(c) for c in columns]].to_numpy(dtype=float).ravel()
    return tuple(sorted({int(cell) for cell in cells[~np.isnan(cells)]}))


def _told(
    choice: _Choice,
    rows: pd.DataFrame,
    main: pd.DataFrame,
    also: list[tuple[str, float, float]],
) -> Chosen:
    """Say what was chosen at the first visit in the file that has several values."""
    together = choice.together
    first = rows.sort_values(ROW).iloc[0]
    here = rows[rows["_visit"] == first["_visit"]]
    taken = _rows_there(main.loc[[first["_visit"]]], together.columns)
    more = {int(other) for _, row, other in also if int(row) in taken}
    return Chosen(
        together.outcome,
        together.needed[0],
        str(first["patient"]),
        _rows_there(here, together.columns),
        tuple(sorted({*taken, *more})),
        rows["_visit"].nunique(),
    )


def told_choice(chosen: Chosen, rule: str) -> str:
    """Say what a rule made of several values.

    Parameters
    ----------
    chosen : Chosen
        What was chosen.
    rule : str
        The plan's ``repeats``.

    Returns
    -------
    str
    """
    rows = " and ".join(map(str, chosen.rows))
    taken = " and ".join(map(str, chosen.taken))
    used = f"the mean of rows {taken}" if rule == "mean" else f"row {taken}"
    return (
        f"patient {chosen.patient} has several values of {chosen.outcome.label} at one "
        f"visit (rows {rows}); used is {used}, by `repeats: {rule}`. Check that the "
        f"protocol has this rule{further_rows(chosen.count)}"
    )
