"""Checks of the column names in the settings: each must mean one thing alone."""

from collections.abc import Iterable, Iterator, Mapping

from alsdecline.settings.catalogue import scale_named
from alsdecline.settings.check_references import Location, Problem, repeated
from alsdecline.settings.columns import (
    ColumnSpec,
    column_specs,
    fixed_columns,
    raw_tables,
)
from alsdecline.settings.data import Table
from alsdecline.settings.data_planning import unblinded_data_plan
from alsdecline.settings.trial import Settings

ADSL_COLUMNS = (
    "STUDYID",
    "USUBJID",
    "ARMCD",
    "TRT01P",
    "TRT01PN",
    "RANDDT",
    "TRTSDT",
    "TRTEDT",
    "ZERODT",
    "ITTFL",
    "SAFFL",
    "EOSSTT",
    "EOSDT",
    "DCSREAS",
    "DTHDT",
)
"""Columns of the subject-level dataset that no characteristic may replace."""


def _tables(settings: Settings) -> Iterator[Problem]:
    """Check the files and what `columns:` maps."""
    plan = unblinded_data_plan(settings)
    tables = raw_tables(plan)
    used = column_specs(plan)
    # a long file may hold the subjects and their visits
    shared = () if plan.data.subjects.one_row_a_patient else ("subjects",)
    apart = {name: t for name, t in tables.items() if name not in shared}
    yield from repeated(("data",), [t.file for t in apart.values()], "file", apart)
    for name, table in tables.items():
        here: Location = ("data", name, "columns")
        if any(mark in table.file for mark in "{}"):
            yield (
                ("data", name, "file"),
                "braces are not possible here; rename the file",
            )
        for ours in table.columns:
            if ours not in used[name]:
                names = ", ".join(used[name])
                yield (*here, ours), f"{ours!r} is not one of our columns: {names}"
        for theirs, values in table.where.items():
            if not values:
                location: Location = ("data", name, "where", theirs)
                yield location, "names no value; name those of the rows to keep"
        # what two of our columns make of one only differs where it is translated
        plain = {o: t for o, t in table.columns.items() if o not in table.recode}
        yield from repeated(here, list(plain.values()), "column", plain)
        yield from _recodes(name, table, used[name])


def _recodes(
    name: str, table: Table, used: Mapping[str, ColumnSpec]
) -> Iterator[Problem]:
    """Check that what values stand for is permitted in our columns."""
    for ours, meanings in table.recode.items():
        here: Location = ("data", name, "recode", ours)
        if ours not in used:
            yield here, f"{ours!r} is not one of our columns: {', '.join(used)}"
            continue
        permitted = used[ours].permitted
        for theirs, meaning in meanings.items():
            if permitted and meaning not in ("", *permitted):
                message = f"{meaning!r} is not one of {', '.join(permitted)}"
                yield (*here, theirs), message


def _taken(
    location: Location, name: str, taken: Iterable[str], what: str
) -> Iterator[Problem]:
    if name in taken:
        yield location, f"{name!r} is {what} already; use another column"


def _characteristics(settings: Settings) -> Iterator[Problem]:
    here: Location = ("data", "subjects", "characteristics")
    characteristics = settings.data.subjects.characteristics
    fixed = fixed_columns(unblinded_data_plan(settings))["subjects"]
    for i, one in enumerate(characteristics):
        at: Location = (*here, i, "column")
        yield from _taken(at, one.column, fixed, "a column with a meaning of its own")
        yield from _taken(
            at, one.column.upper(), ADSL_COLUMNS, "a column of the analysis dataset"
        )
    yield from repeated(here, [c.column.upper() for c in characteristics], "column")
    yield from repeated(here, [c.label for c in characteristics], "label")


def _outcomes(settings: Settings) -> Iterator[Problem]:
    fixed = fixed_columns(unblinded_data_plan(settings))["visits"]
    for i, outcome in enumerate(settings.outcomes):
        yield from _taken(
            ("outcomes", i, "column"),
            outcome.column or "",
            fixed,
            "a column with a meaning of its own",
        )
        for j, item in enumerate(outcome.items):
            yield from _taken(
                ("outcomes", i, "items", j),
                item,
                fixed,
                "a column with a meaning of its own",
            )
    yield from _shared_items(settings)
    columns = {i: o.column for i, o in enumerate(settings.outcomes) if o.column}
    yield from repeated(("outcomes",), list(columns.values()), "column", columns)
    for i, outcome in enumerate(settings.outcomes):
        for j, item in enumerate(outcome.items):
            yield from _taken(
                ("outcomes", i, "items", j), item, columns.values(), "an outcome's"
            )


def _shared_items(settings: Settings) -> Iterator[Problem]:
    """Check that an item of two totals has the same maximum in both."""
    known: dict[str, tuple[float, str]] = {}
    for i, outcome in enumerate(settings.outcomes):
        maxima = scale_named(outcome.scale, settings.scales).item_maxima
        for j, (item, most) in enumerate(zip(outcome.items, maxima, strict=False)):
            before, other = known.setdefault(item, (most, outcome.id))
            if before != most:
                message = (
                    f"the maximum of {item!r} is {most:g} here and {before:g} in "
                    f"outcome {other!r}; correct one of the scales"
                )
                yield ("outcomes", i, "items", j), message


def _groupings(settings: Settings) -> Iterator[Problem]:
    """Check the names of pooled groupings and of population flags."""
    here: Location = ("data", "subjects", "pooled")
    taken = [c.column.upper() for c in settings.data.subjects.characteristics]
    pooled = [pooling.column for pooling in settings.data.subjects.pooled]
    yield from repeated(here, pooled, "column")
    fixed = fixed_columns(unblinded_data_plan(settings))["subjects"]
    numbers = [
        c.column for c in settings.data.subjects.characteristics if c.kind == "number"
    ]
    for i, pooling in enumerate(settings.data.subjects.pooled):
        at: Location = (*here, i, "of")
        yield from _taken(at, pooling.of, fixed, "a column with a meaning of its own")
        yield from _taken(at, pooling.of, numbers, "a number of the subjects")
    for i, column in enumerate(pooled):
        at = (*here, i, "column")
        yield from _taken(at, column, taken, "a characteristic's column")
        yield from _taken(at, column, ADSL_COLUMNS, "a column of the analysis dataset")
    for flag in settings.populations:
        at = ("populations", flag)
        yield from _taken(at, flag, ADSL_COLUMNS, "a column of the analysis dataset")
        yield from _taken(at, flag, [*taken, *pooled], "a column of the subjects")


def _blinded(settings: Settings) -> Iterator[Problem]:
    """Check that nothing tells the arms apart while the trial is blinded."""
    if not settings.trial.blinded:
        return
    subjects = settings.data.subjects
    arm = subjects.columns.get("arm", "arm")
    here: Location = ("data", "subjects")
    used: dict[Location, str] = {
        (*here, "characteristics", i, "column"): one.column
        for i, one in enumerate(subjects.characteristics)
    }
    used |= {(*here, "pooled", i, "of"): p.of for i, p in enumerate(subjects.pooled)}
    for at, column in used.items():
        if column == arm:
            message = f"{arm!r} is the arm, which `trial.blinded` hides; leave it out"
            yield at, message
    meanings = subjects.recode.get("arm", {})
    selected = {meanings.get(value, value) for value in subjects.where.get(arm, [])}
    if selected and not {one.id for one in settings.arms.groups} <= selected:
        message = "selects single arms, which `trial.blinded` hides; name all of them"
        yield (*here, "where", arm), message


def column_problems(settings: Settings) -> list[Problem]:
    """Find column names that are unknown, used twice or taken.

    Parameters
    ----------
    settings : Settings
        Settings whose names all exist.

    Returns
    -------
    list of (location, message)
        Empty where all is well.
    """
    return [
        *_blinded(settings),
        *_characteristics(settings),
        *_groupings(settings),
        *_outcomes(settings),
        *_tables(settings),
    ]
