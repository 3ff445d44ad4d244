"""Rules on whole patients, groups and columns whose values are of another kind."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from alsdecline.datasets.totals import outcome_values
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.courses import MAD_OF_NORMAL, Course

APART_ALONE = 5.0
FAR = 6.0
"""How many times most others' values those of one patient must be, and how many of the
spreads of their logarithms away."""

APART = 3.0
"""How many times the nearest of all others' the values of a group must be."""

GROUP = 3
OTHERS = 4
"""Patients that a group has at least, and others without whom nothing is said."""

SHARE_BEYOND = 0.2
"""Share of a column's values beyond their scale from which on another column's values
are looked for in it; at least :data:`VALUES_BEYOND`."""
VALUES_BEYOND = 3


def groups_of_patients(
    plan: DataPlan, files: TrialFiles
) -> dict[str, dict[str, set[str]]]:
    """Return groups of patients by column and what the column has of them.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    files : TrialFiles
        The typed tables.

    Returns
    -------
    dict of str to dict of str to set of str
        Arms too, unless the trial is blinded.
    """
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    named = [c.column for c in plan.data.subjects.characteristics if c.kind != "number"]
    named += [pooling.of for pooling in plan.data.subjects.pooled]
    if not plan.blinded and len(plan.arms.groups) > 1:
        named.append("arm")
    return {
        column: {
            str(name): set(patients)
            for name, patients in subjects.groupby(column)["patient"]
        }
        for column in dict.fromkeys(named)
        if column in subjects
    }


def _strange_group(levels: pd.DataFrame, group: set[str]) -> bool:
    """Return whether all values of a group are a multiple of all others', or less.

    Values that fall for a long time come near any others, so where they are low it is
    patients' highest values that are compared.
    """
    inside = levels.index.isin(group)
    own, others = levels[inside], levels[~inside]
    if len(own) < GROUP or len(others) < OTHERS:
        return False
    low = others["max"].min() >= APART * own["max"].max()
    return bool(low or own["min"].min() >= APART * others["max"].max())


def _strange_patients(levels: pd.DataFrame) -> list[str]:
    """Return the patients of whom all values are a multiple of most others'."""
    if len(levels) <= OTHERS:
        return []
    middle = float(np.log(levels["max"]).median())
    spread = MAD_OF_NORMAL * float((np.log(levels["max"]) - middle).abs().median())
    away = max(np.log(APART_ALONE), FAR * spread)
    strange = np.log(levels["max"]) < middle - away
    strange |= np.log(levels["min"]) > middle + away
    return [str(name) for name in levels.index[strange]]


def strange_groups(
    course: Course, groupings: Mapping[str, Mapping[str, set[str]]]
) -> Iterator[tuple[str, set[str]]]:
    """Find groups, then patients outside them, of other levels than the rest.

    Parameters
    ----------
    course : Course
        Of an outcome.
    groupings : mapping of str to mapping of str to set of str
        From :func:`groups_of_patients`.

    Yields
    ------
    str
        Whose values they are.
    set of str
        The patients. None of points, which have no unit to be mistaken.
    """
    if course.scale.maximum is not None or course.scale.whole_points:
        return
    values = course.rows[course.rows["value"] > 0]
    levels = values.groupby("patient")["value"].agg(["min", "max"])
    # Arrow's texts, which pandas makes of names, are slower to be looked up
    levels.index = levels.index.astype("object")
    for column, groups in groupings.items():
        # of two groups the smaller is the strange one
        for name, group in sorted(groups.items(), key=lambda item: len(item[1])):
            if _strange_group(levels, group):
                yield f"patients with {column} {name}", group
                levels = levels[~levels.index.isin(group)]
    for patient in _strange_patients(levels):
        yield f"patient {patient}", {patient}


def differing_units(
    files: TrialFiles, course: Course, groups: Iterable[tuple[str, set[str]]]
) -> Iterator[Finding]:
    """Tell of patients, arms or sites whose values seem to be in another unit.

    Parameters
    ----------
    files : TrialFiles
        The typed tables.
    course : Course
        Of an outcome.
    groups : iterable of (str, set of str)
        From :func:`strange_groups`.

    Yields
    ------
    Finding
    """
    for whose, group in groups:
        theirs = course.rows["patient"].isin(group)
        at = int(course.rows.index[theirs][0])
        by_group = course.rows["value"].groupby(theirs).median()
        times = float(by_group[True] / by_group[False])
        factor = f"{times:.3g} times" if times >= 1 else f"1/{1 / times:.3g} of"
        message = (
            f"all values of {whose} are about {factor} the others', as if in another "
            f"unit than {course.scale.unit}; check them against their source, and give "
            "all in one unit"
        )
        yield course.finding(files, Rule.UNIT_DIFFERS, at, message)


def exchanged_columns(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find outcomes whose columns seem to be each other's, by what scales permit."""
    visits = files.tables["visits"]
    bounded = [
        outcome
        for outcome in plan.outcomes
        if not outcome.sum_of
        and not outcome.items
        and plan.scales[outcome.scale].maximum is not None
    ]
    values = {o.id: outcome_values(plan, visits, o).dropna() for o in bounded}
    for outcome in bounded:
        most = plan.scales[outcome.scale].maximum
        beyond = values[outcome.id] > most
        if beyond.sum() < max(VALUES_BEYOND, SHARE_BEYOND * len(beyond)):
            continue
        for other in bounded:
            theirs = plan.scales[other.scale].maximum
            fits = other is not outcome and not values[other.id].empty
            fits = fits and bool((values[other.id] <= most).all())
            if not fits or not (values[outcome.id] <= theirs).all():
                continue
            message = (
                f"{beyond.sum()} of {len(beyond)} values are beyond {most:g}, and all "
                f"of {files.value_cells(str(other.column))[1]} within it: the columns "
                f"of {outcome.id!r} and {other.id!r} may be exchanged. Check `column:` "
                "of both, and the file"
            )
            table, name = files.value_cells(str(outcome.column))
            yield Finding.by_rule(
                Rule.COLUMNS_EXCHANGED,
                files.sources[table].place,
                None,
                name,
                "",
                message,
            )
