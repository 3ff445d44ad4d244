"""Which columns are outcomes, where their baseline stands, and what scale they have."""

import dataclasses
import re

import numpy as np
import pandas as pd

from alsdecline.new_trial.baselines import (
    FEWEST,
    baseline_of,
    changes_from,
    guess_baseline,
    time_numbers,
)
from alsdecline.new_trial.checked_values import check_values
from alsdecline.new_trial.columns import Column
from alsdecline.new_trial.guesses import Given, Notebook, sureness
from alsdecline.new_trial.scales import (
    items_of_scale,
    limits,
    scale_of_name,
)
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import Times
from alsdecline.new_trial.words import (
    CHANGE,
    EVENT,
    NO_OUTCOME,
    VALUE,
    is_of,
    plain_name,
)
from alsdecline.plain_text import one_line
from alsdecline.settings.catalogue import catalogue


@dataclasses.dataclass(frozen=True)
class OutcomeGuess:
    """An outcome.

    Attributes
    ----------
    id : str
        Its id.
    column : str
        Its column; empty of a total of items.
    scale : str
        A scale of the catalogue; empty where it is none of these.
    items : tuple of str
        Columns of its items.
    baseline : str
        Column of its baseline, where that is no visit; None where there is none.
    minimum : float
        Of an unknown scale: the lowest possible value, as guessed.
    whole_points : bool
        Of an unknown scale: whether all values are whole.
    better : {"", "higher", "lower"}
        Of an unknown scale; empty where that is to be decided.
    """

    id: str
    column: str
    scale: str = ""
    items: tuple[str, ...] = ()
    baseline: str | None = ""
    minimum: float = 0
    whole_points: bool = False
    better: str = ""


def outcome_id(name: str, taken: set[str]) -> str:
    """Return an id of a column's name: small letters, digits and '_'."""
    plain = re.sub(r"[^a-z0-9_]+", "_", plain_name(name)).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"outcome_{plain}".strip("_")
    while plain in taken:
        plain += "_own"
    return plain


def _rises_with_time(table: Table, column: Column, times: pd.Series) -> bool:
    """Tell whether a number rises from visit to visit in each patient, as times do."""
    order = np.lexsort((times.to_numpy(), table.patients.to_numpy(dtype="str")))
    patients = table.patients.iloc[order]
    steps = column.numbers.iloc[order].groupby(patients.to_numpy()).diff().dropna()
    several = patients.iloc[1:].nunique()
    return len(steps) >= FEWEST and several >= FEWEST and bool((steps > 0).all())


def _candidates(table: Table, times: Times) -> list[str]:
    """Return the numbers that may be outcomes."""
    time = time_numbers(table, times)
    taken = {table.patient, times.column, times.planned, times.origin}
    found = []
    for name, column in table.columns.items():
        if name in taken or column.kind != "number" or column.different <= 2:
            continue
        if is_of(name, (*CHANGE, *NO_OUTCOME, *EVENT)) or table.is_constant(name):
            continue
        if not _rises_with_time(table, column, time):
            found.append(name)
    return found


def _scale(name: str, given: Given) -> str:
    if given.scale:
        return "" if given.scale == "none" else given.scale
    return scale_of_name(name)


def _measured(name: str, parameter: str) -> str:
    """Return what a column measures: the parameter, where it is one of values."""
    return parameter if parameter and is_of(name, VALUE) else name


def _chosen(table: Table, times: Times, given: Given, book: Notebook) -> list[str]:
    """Choose the outcomes among the columns that may be."""
    if given.outcomes:
        absent = [n for n in given.outcomes if n not in table.columns]
        for name in absent:
            book.faults.append(
                f"{table.name}: has no column {one_line(name)!r}, which --outcome says"
            )
        taken = {table.patient, times.column, times.planned, times.origin}
        for name in taken.intersection(given.outcomes):
            book.faults.append(
                f"{table.name}: {one_line(name)!r} is the patient or the time already, "
                "and no outcome"
            )
        return [n for n in given.outcomes if n not in {*absent, *taken}]
    candidates = _candidates(table, times)
    named = [n for n in candidates if scale_of_name(n)]
    if named:
        return named
    with_baseline = [n for n in candidates if baseline_of(table, table, n)[0]]
    if len(with_baseline) == 1:
        return with_baseline
    values = [n for n in candidates if is_of(n, VALUE)]
    if len(candidates) == 1 or len(values) == 1:
        return values if len(values) == 1 else candidates
    if not candidates:
        book.faults.append(
            f"{table.name}: no column holds numbers that differ from visit to visit; "
            "say which is the outcome by --outcome COLUMN"
        )
    else:
        names = one_line(", ".join(candidates))
        book.faults.append(
            f"{table.name}: {len(candidates)} columns may be the outcome: {names[:120]}"
            "; say which by --outcome COLUMN, once for each, the primary one first"
        )
    return []


def guess_outcomes(
    table: Table,
    subjects: Table,
    times: Times,
    given: Given,
    book: Notebook,
    parameter: str = "",
) -> list[OutcomeGuess]:
    """Find the outcomes.

    Parameters
    ----------
    table : Table
        That of the visits.
    subjects : Table
        That of the subjects, which may be the same.
    times : Times
        What tells when visits were.
    given : Given
        What the user says.
    book : Notebook
        Where guesses and contradictions are entered.
    parameter : str
        What is measured, where the table has the rows of one parameter.

    Returns
    -------
    list of OutcomeGuess
        The primary one first; empty where none can be taken, which is a fault then.
    """
    items = None if given.outcomes else items_of_scale(table)
    if items:
        return _total_of_items(table, *items, book)
    found: list[OutcomeGuess] = []
    names = _chosen(table, times, given, book)
    candidates = _candidates(table, times) if names else []
    others = one_line(", ".join(n for n in candidates if n not in names))[:60]
    for name in names:
        measured = _measured(name, parameter)
        scale_name = _scale(measured, given)
        known = catalogue().scales.get(scale_name)
        what = f"an outcome of {known.name}" if known else "an outcome"
        check_values(table, name, known, book, what)
        derived = [c for c, (value, _) in changes_from(table).items() if value == name]
        by = f"; {one_line(derived[0])} is the change of it" if derived else ""
        also = f"; not used: {others}" if others else ""
        evidence = f"numbers that differ by visit{by}{also}"
        sure = sureness(given.outcomes, "likely")
        book.guess("outcome", name, evidence, sure, "outcomes")
        base = guess_baseline(table, subjects, times, name, given, book)
        numbers = [table.columns[name].numbers]
        if base:
            check_values(subjects, base, known, book, "a baseline")
            numbers.append(subjects.columns[base].numbers)
        taken = {outcome.id for outcome in found}
        taken |= set() if scale_name else {*catalogue().scales}
        own = outcome_id(measured, taken)
        made = OutcomeGuess(own, name, scale_name, baseline=base)
        found.append(_with_scale(made, pd.concat(numbers), given, book))
    return found


def _with_scale(
    made: OutcomeGuess, values: pd.Series, given: Given, book: Notebook
) -> OutcomeGuess:
    """Tell what is taken of the scale, and what of an unknown one is to be decided."""
    if made.scale:
        scale = catalogue().scales[made.scale]
        sure = sureness(given.scale, "likely")
        evidence = f"{scale.name}, {limits(scale)}, {scale.better} is better; its name"
        book.guess(f"scale of {made.id}", made.scale, evidence, sure, "outcomes.scale")
        return made
    low, high = float(values.min()), float(values.max())
    minimum = 0.0 if low >= 0 else low
    whole = bool((values.dropna() % 1 == 0).all())
    points = "whole points" if whole else "points with decimals"
    where = f"scales.{made.id}"
    evidence = (
        f"none of the catalogue by its name; values {low:g} to {high:g}, {points}"
    )
    value = f"from {minimum:g}, {points}"
    book.guess(f"scale of {made.id}", value, evidence, "unsure", where)
    if given.better:
        book.guess(f"better {made.id}", given.better, "as you say", "given", where)
    else:
        book.guess(
            f"better {made.id}",
            "higher | lower",
            "no data tell which direction is better for the patient",
            "decide",
            f"{where}.better",
        )
    return dataclasses.replace(
        made, minimum=minimum, whole_points=whole, better=given.better
    )


def _total_of_items(
    table: Table, scale_name: str, items: list[str], book: Notebook
) -> list[OutcomeGuess]:
    """Take a scale's items as its total."""
    scale = catalogue().scales[scale_name]
    for name, most in zip(items, scale.item_maxima, strict=True):
        item = scale.model_copy(
            update={"name": f"item of {scale.name}", "minimum": 0, "maximum": most}
        )
        check_values(table, name, item, book, f"an item of {scale.name}")
    totals = [
        n for n in table.columns if n not in items and scale_of_name(n) == scale_name
    ]
    evidence = f"{len(items)} columns side by side with the limits of its items"
    shown = f"{one_line(items[0])} ... {one_line(items[-1])}"
    book.guess(
        "outcome", scale_name, f"the total of {shown}", "likely", "outcomes.items"
    )
    book.guess(
        f"scale of {scale_name}", scale_name, evidence, "likely", "outcomes.scale"
    )
    column = totals[0] if len(totals) == 1 else ""
    return [OutcomeGuess(scale_name, column, scale_name, tuple(items))]
