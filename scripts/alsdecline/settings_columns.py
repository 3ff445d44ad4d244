"""Checks of the column names in the settings: each must mean one thing alone."""

from collections.abc import Iterable, Iterator

from alsdecline.column_specs import column_specs, fixed_columns, raw_tables
from alsdecline.data_plan import data_plan
from alsdecline.settings import Settings
from alsdecline.settings_checks import Location, Problem, repeated

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
    plan = data_plan(settings)
    tables = raw_tables(plan)
    used = column_specs(plan)
    yield from repeated(("data",), [t.file for t in tables.values()], "file", tables)
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
        yield from repeated(here, list(table.columns.values()), "column", table.columns)


def _taken(
    location: Location, name: str, taken: Iterable[str], what: str
) -> Iterator[Problem]:
    if name in taken:
        yield location, f"{name!r} is {what} already; use another column"


def _characteristics(settings: Settings) -> Iterator[Problem]:
    here: Location = ("data", "subjects", "characteristics")
    characteristics = settings.data.subjects.characteristics
    fixed = fixed_columns()["subjects"]
    for i, one in enumerate(characteristics):
        at: Location = (*here, i, "column")
        yield from _taken(at, one.column, fixed, "a column with a meaning of its own")
        yield from _taken(
            at, one.column.upper(), ADSL_COLUMNS, "a column of the analysis dataset"
        )
    yield from repeated(here, [c.column.upper() for c in characteristics], "column")
    yield from repeated(here, [c.label for c in characteristics], "label")


def _outcomes(settings: Settings) -> Iterator[Problem]:
    fixed = fixed_columns()["visits"]
    for i, outcome in enumerate(settings.outcomes):
        yield from _taken(
            ("outcomes", i, "column"),
            outcome.column or "",
            fixed,
            "a column with a meaning of its own",
        )
    columns = {i: o.column for i, o in enumerate(settings.outcomes) if o.column}
    yield from repeated(("outcomes",), list(columns.values()), "column", columns)


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
        *_characteristics(settings),
        *_outcomes(settings),
        *_tables(settings),
    ]
