"""Checks of the raw tables' files: which may be one, and patterns of their columns."""

from collections.abc import Iterator, Mapping

from alsdecline.settings.check_references import Location, Problem
from alsdecline.settings.tables import Table
from alsdecline.settings.wide_columns import SLOTS, slot_of, wide_columns


def patterns(name: str, table: Table) -> Iterator[Problem]:
    """Check what stands in braces in the names of columns."""
    for column, theirs in table.columns.items():
        here: Location = ("data", name, "columns", column)
        slot = slot_of(theirs)
        if not slot:
            continue
        if slot not in SLOTS:
            known = ", ".join(f"{{{s}}}" for s in SLOTS)
            yield here, f"{{{slot}}} is no part of a pattern of columns; use {known}"
        elif name != "visits":
            yield here, "a pattern of columns can only be one of the visits"


def files_of_several(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Find tables that one file cannot have both."""
    subjects, allocation = tables["subjects"], tables.get("allocation")
    if allocation is not None and allocation.place == subjects.place:
        message = (
            f"subjects and allocation are read from {subjects.place!r}; leave "
            "`allocation:` out, for subjects have the arm too"
        )
        yield ("data", "allocation"), message
    visits, one_row = tables["visits"], getattr(subjects, "one_row_a_patient", False)
    if one_row and subjects.place == visits.place and not wide_columns(visits.columns):
        message = (
            f"subjects and visits are read from {subjects.place!r}; if it has "
            "several rows a patient, as of a row a visit, write `one_row_a_patient: "
            "false` below `data: subjects:`"
        )
        yield ("data", "visits"), message
