"""What rows of descriptive tables are called, so that no two are called the same.

Labels are for reading: two things may have one, and one of them that of a row that is
always there. What a label stands for is kept beside it here, and whoever looks a name
up asks this module again, so that a name is of one thing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from alsdecline.settings.tables import Characteristic

NAMES_APART = "; "
"""What stands between patients' names in a cell of a result table: they have blanks."""

PATIENTS = "Patients"
"""The row of how many patients there are."""

ANY = "any"
ANY_SERIOUS = "any serious"
ANY_RELATED = "any related"
ANY_TERMS = (ANY, ANY_SERIOUS, ANY_RELATED)
"""Rows of adverse events of any term."""


class Described(NamedTuple):
    """What a row at baseline is about: a column of the subjects, or an outcome."""

    kind: Literal["characteristic", "outcome"]
    id: str


def unique_names(
    labels: Mapping[str, str], taken: Iterable[str] = ()
) -> dict[str, str]:
    """Give each thing a name that nothing else has.

    Parameters
    ----------
    labels : mapping of str to str
        Labels by id; ids differ.
    taken : iterable of str
        Names that others have already.

    Returns
    -------
    dict of str to str
        By id: the label or, where another has it before, with the id in brackets.
    """
    used = set(taken)
    names: dict[str, str] = {}
    for key, label in labels.items():
        name = label
        while name in used:
            name = f"{name} ({key})"
        used.add(name)
        names[key] = name
    return names


def baseline_names(
    characteristics: Sequence[Characteristic], outcomes: Mapping[str, str]
) -> dict[Described, str]:
    """Name the rows of baseline characteristics, in their order.

    Parameters
    ----------
    characteristics : sequence of Characteristic
        Columns of the subjects, with their labels.
    outcomes : mapping of str to str
        Labels of outcomes by id.

    Returns
    -------
    dict of Described to str
        None is called as another, or as :data:`PATIENTS`. An outcome keeps its name,
        whatever a characteristic is called.
    """
    at_baseline = {o: f"{label} at baseline" for o, label in outcomes.items()}
    of_outcomes = unique_names(at_baseline, [PATIENTS])
    labels = {c.column: c.label for c in characteristics}
    of_columns = unique_names(labels, [PATIENTS, *of_outcomes.values()])
    return {Described("characteristic", c): n for c, n in of_columns.items()} | {
        Described("outcome", o): name for o, name in of_outcomes.items()
    }


def term_names(terms: Iterable[str]) -> dict[str, str]:
    """Name the rows of adverse events by their terms, in alphabetical order.

    A term that is called as one of :data:`ANY_TERMS` gets "(term)" behind it.
    """
    names: dict[str, str] = {}
    used = set(ANY_TERMS) | set(terms)
    for term in sorted(set(terms)):
        name = term
        if term in ANY_TERMS:
            while name in used:
                name += " (term)"
            used.add(name)
        names[term] = name
    return names
