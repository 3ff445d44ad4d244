"""All guesses about a trial's files, and what contradicts them."""

import dataclasses
from collections.abc import Sequence

from alsdecline.new_trial.arms import Arms, guess_arms
from alsdecline.new_trial.columns import columns_of
from alsdecline.new_trial.contradictions import (
    patients_of_no_subject,
    repeated_visits,
    unclear_columns,
)
from alsdecline.new_trial.derived_days import with_days
from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.outcomes import OutcomeGuess, guess_outcomes
from alsdecline.new_trial.parameters import Selection, select_parameter
from alsdecline.new_trial.roles import Roles, roles_of
from alsdecline.new_trial.sources import Source, counted
from alsdecline.new_trial.tables import Table, patient_column, patients_told
from alsdecline.new_trial.times import Times, guess_times
from alsdecline.new_trial.wide import is_wide, made_long
from alsdecline.new_trial.words import EVENT, is_of
from alsdecline.plain_text import one_line


@dataclasses.dataclass(frozen=True)
class Proposal:
    """What a trial's config.yaml is made of.

    Attributes
    ----------
    roles : Roles
        The tables by what they hold.
    arms, times, outcomes : Arms, Times, list of OutcomeGuess
        What is guessed of them.
    where : dict of str to str
        Rows that are taken of the visits' table.
    """

    roles: Roles
    arms: Arms
    times: Times
    outcomes: list[OutcomeGuess]
    where: dict[str, str]


def _tables(selected: Sequence[Selection], given: Given, book: Notebook) -> list[Table]:
    tables = []
    anywhere = any(given.patient in selection.source.frame for selection in selected)
    for selection in selected:
        elsewhere = anywhere and given.patient not in selection.source.frame
        said = dataclasses.replace(given, patient="") if elsewhere else given
        patient = patient_column(selection.source, said, book)
        if patient:
            columns = columns_of(selection.source, given.dates)
            tables.append(Table(selection.source, columns, patient))
    return tables


def _left_out(sources: Sequence[Source], tables: list[Table], book: Notebook) -> None:
    """Tell which patients have none of the rows that are taken."""
    for source, table in zip(sources, tables, strict=True):
        whole = set(source.frame[table.patient])
        lost = sorted(whole - set(table.patients))
        if lost:
            names = one_line(", ".join(lost))[:60]
            book.guess(
                "left out",
                counted(len(lost), "patient"),
                f"they have no such row: {names}",
                "unsure",
                "data.visits.where",
            )


def _long(roles: Roles, given: Given, book: Notebook) -> Roles:
    """Make a wide visits' table long."""
    repeated = is_wide(roles.visits)
    if not repeated:
        return roles
    source = made_long(roles.visits, repeated, book)
    long = Table(source, columns_of(source, given.dates), roles.visits.patient)
    subjects = long if roles.subjects is roles.visits else roles.subjects
    return dataclasses.replace(roles, visits=long, subjects=subjects)


def propose(sources: Sequence[Source], given: Given, book: Notebook) -> Proposal | None:
    """Guess what a trial's files hold.

    Parameters
    ----------
    sources : sequence of Source
        The tables, as read.
    given : Given
        What the user says.
    book : Notebook
        Where guesses, and what contradicts them, are entered.

    Returns
    -------
    Proposal or None
        None where something is lacking, which is a fault in the book then. It is of no
        use where the book has any fault.
    """
    selected = [select_parameter(source, given, book) for source in sources]
    tables = _tables(selected, given, book)
    if len(tables) < len(sources):
        return None
    _left_out(sources, tables, book)
    patients_told(tables, given, book)
    roles = roles_of(tables, given, book)
    if roles is None:
        return None
    taken = next(s for s in selected if s.source is roles.visits.source)
    roles = _long(roles, given, book)
    roles = with_days(roles, given, book)
    both = list({id(t): t for t in (roles.subjects, roles.visits)}.values())
    arms = guess_arms(both, given, book)
    times = guess_times(both, roles.visits, given, book)
    if times is None:
        return None
    outcomes = guess_outcomes(
        roles.visits, roles.subjects, times, given, book, taken.parameter
    )
    patients_of_no_subject(roles, book)
    repeated_visits(roles.visits, times, outcomes, book)
    unclear_columns(roles, times, book)
    _events(roles, book)
    _still_to_say(given, book)
    return Proposal(roles, arms, times, outcomes, taken.where)


def _events(roles: Roles, book: Notebook) -> None:
    """Tell of columns of deaths and other events, which are not used as they stand."""
    tables = dict.fromkeys((roles.subjects, roles.visits))
    names = [n for t in tables for n in t.columns if is_of(n, EVENT) and n != t.patient]
    if names:
        shown = one_line(", ".join(dict.fromkeys(names)))[:60]
        evidence = f"{shown}: events are taken with dates, from a file of their own"
        book.guess("events", "not used", evidence, "unsure", "data.events")


def _still_to_say(given: Given, book: Notebook) -> None:
    """Enter what no data can tell."""
    if given.data_kind:
        book.guess("data", given.data_kind, "as you say", "given", "trial.data_kind")
    else:
        evidence = "no data tell whether patients or a simulation gave them"
        book.guess("data", "real | synthetic", evidence, "decide", "trial.data_kind")
    if given.disease:
        book.guess("disease", given.disease, "as you say", "given", "trial.disease")
    else:
        book.guess(
            "disease",
            "not stated",
            "no data tell it; the report prints it",
            "unsure",
            "trial.disease",
        )
