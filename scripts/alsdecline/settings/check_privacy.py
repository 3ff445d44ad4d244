"""Checks of what the settings say about who may be known by the data."""

from collections.abc import Iterator

from alsdecline.settings.check_references import Location, Problem, repeated
from alsdecline.settings.columns import column_specs
from alsdecline.settings.data_planning import unblinded_data_plan
from alsdecline.settings.examples import in_one_line
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.tables import Table
from alsdecline.settings.trial import Settings


def dropped_column_problems(settings: Settings) -> Iterator[Problem]:
    """Check that nothing is asked of a column that is never read.

    Parameters
    ----------
    settings : Settings
        The whole configuration. What one table drops of a file, no table reads of it.

    Yields
    ------
    (location, message)
    """
    plan = unblinded_data_plan(settings)
    tables, specs = raw_tables(plan), column_specs(plan)
    for name in tables:
        own: Table = getattr(plan.data, name)
        here: Location = ("data", name, "drop")
        readers = [n for n, table in tables.items() if table.file == own.file]
        theirs = {
            tables[n].columns.get(ours, ours): ours
            for n in readers
            for ours in specs[n]
        }
        selecting = {column for n in readers for column in tables[n].where}
        for i, column in enumerate(own.drop):
            if column in theirs:
                message = (
                    f"{column!r} is used as {theirs[column]!r}; take it out of `drop:`,"
                    " or say under `columns:` which column is used instead"
                )
                yield (*here, i), message
            elif column in selecting:
                message = f"{column!r} is used by `where:`; take it out of `drop:`"
                yield (*here, i), message
        yield from repeated(here, own.drop, "column")
        for column, reason in own.no_identifier.items():
            if not reason.strip():
                example = in_one_line({column: "The site's, not the patient's."})
                message = f"gives no reason; give one, as `no_identifier: {example}`"
                yield ("data", name, "no_identifier", column), message


def pseudonym_problems(settings: Settings) -> Iterator[Problem]:
    """Check that no identifier stands in a configuration that keeps them hidden.

    Parameters
    ----------
    settings : Settings
        The whole configuration.

    Yields
    ------
    (location, message)
    """
    if not settings.privacy.pseudonymise:
        return
    for name, table in raw_tables(unblinded_data_plan(settings)).items():
        column = table.columns.get("patient", "patient")
        remedy = (
            "names patients, whom `privacy: pseudonymise: true` hides, and the results "
            "hold the configuration; select or mend the rows by another column, or in "
            "a copy of the file"
        )
        if "patient" in table.recode:
            yield ("data", name, "recode", "patient"), remedy
        if column in table.where:
            yield ("data", name, "where", column), remedy
