"""Files with a value a row, and a column that says of what: one parameter is taken."""

import dataclasses

from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.scales import scale_of_name
from alsdecline.new_trial.sources import Source
from alsdecline.new_trial.words import PARAMETER, VALUE, is_of, rank
from alsdecline.plain_text import one_line

MOST_LISTED = 12
"""Parameters that a message lists."""


@dataclasses.dataclass(frozen=True)
class Selection:
    """The rows of a table that are taken, and the name of what they measure.

    Attributes
    ----------
    source : Source
        With these rows alone.
    where : dict of str to str
        The columns and the values by which they are taken; empty where all are.
    parameter : str
        What is measured, where a column tells it.
    """

    source: Source
    where: dict[str, str] = dataclasses.field(default_factory=dict)
    parameter: str = ""


def _taken(source: Source, column: str, value: str) -> Source:
    kept = source.frame[column] == value
    frame = source.frame[kept].reset_index(drop=True)
    rows = source.rows[kept].reset_index(drop=True)
    return dataclasses.replace(source, frame=frame, rows=rows)


ANALYSED: dict[str, tuple[str, str]] = {
    "ANL01FL": ("Y", "the rows that ADaM flags as analysed"),
    "DTYPE": ("", "without values that were carried forward or imputed"),
}
"""Columns of ADaM by which rows are taken: the value, and why."""


def _analysed(selection: Selection, book: Notebook) -> Selection:
    """Take the rows that are analysed, where some are not."""
    for column, (value, why) in ANALYSED.items():
        frame = selection.source.frame
        if column in frame and 0 < (frame[column] == value).sum() < len(frame):
            left = int((frame[column] != value).sum())
            evidence = f"{why}; {left} rows are left out"
            shown = f"{column} {value or 'empty'}"
            book.guess("rows", shown, evidence, "likely", "data.visits.where")
            source = _taken(selection.source, column, value)
            where = selection.where | {column: value}
            selection = Selection(source, where, selection.parameter)
    return selection


def select_parameter(source: Source, given: Given, book: Notebook) -> Selection:
    """Take the rows of one parameter, where a table holds several.

    Parameters
    ----------
    source : Source
        A table.
    given : Given
        What the user says.
    book : Notebook
        Where guesses and contradictions are entered.

    Returns
    -------
    Selection
        All rows where the table has no column of parameters beside one of values.
    """
    names = [str(name) for name in source.frame]
    ranked = [(r, n) for n in names if (r := rank(n, PARAMETER)) is not None]
    if not ranked or not any(is_of(name, VALUE) for name in names):
        return Selection(source)
    column = min(ranked)[1]
    values = sorted({text for text in source.frame[column] if text})
    if len(values) < 2:
        return _analysed(Selection(source, parameter="".join(values)), book)
    known = [value for value in values if scale_of_name(value)]
    chosen = [value for value in values if value == given.parameter] or known
    where = "data.visits.where"
    if len(chosen) == 1:
        said = (
            "as you say" if given.parameter else "by its name a scale of the catalogue"
        )
        evidence = f"{said}; one of {len(values)} in {column}"
        sure = sureness(given.parameter, "likely")
        book.guess("parameter", chosen[0], evidence, sure, where)
        rows = _taken(source, column, chosen[0])
        taken = Selection(rows, {column: chosen[0]}, chosen[0])
        return _analysed(taken, book)
    listed = one_line(", ".join(values[:MOST_LISTED]))
    more = f" and {len(values) - MOST_LISTED} more" if len(values) > MOST_LISTED else ""
    book.faults.append(
        f"{source.name}: column {one_line(column)!r} has {len(values)} parameters "
        f"({listed[:150]}{more}); say which by --parameter"
    )
    return Selection(_taken(source, column, values[0]), {column: values[0]})
