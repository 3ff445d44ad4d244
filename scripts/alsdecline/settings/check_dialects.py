"""Checks of what a configuration says of how raw files write their cells."""

from collections.abc import Iterator

from alsdecline.settings.check_references import Location, Problem
from alsdecline.settings.tables import Table
from alsdecline.settings.trial import Settings
from alsdecline.table_files.dialect import EPOCHS, date_pattern, is_encoding
from alsdecline.table_files.reading import (
    EXCEL,
    OTHER_ENCODINGS,
    TEXT,
    format_of,
)

NO_ENCODING = (
    "no encoding has this name; write utf-8, cp1252 (Western European Windows), "
    "latin-1, cp932 (Japanese Windows), utf-16 or another"
)
NO_DATE_FORMAT = (
    "one each of day (DD), month (MM, or MON as in JAN) and year (YYYY or YY) is "
    "needed, as in DD/MM/YYYY; or excel, excel1904, sas or unix for numbers of days"
)


def _unused(table: Table) -> Iterator[tuple[str, str]]:
    """Find keys that the file's format has no use for."""
    kind = format_of(table.file)
    others = {
        "separator": (TEXT,),
        "encoding": (TEXT, *OTHER_ENCODINGS),
        "header_row": (TEXT, EXCEL),
        "row_names": (TEXT, EXCEL),
        "sheet": (EXCEL,),
    }
    for key, kinds in others.items():
        if getattr(table, key) and kind not in kinds:
            message = (
                f"{kind} files have none, and {table.file!r} is called as one; leave "
                "it out, or correct the file's name"
            )
            yield key, message


def dialect_problems(settings: Settings) -> Iterator[Problem]:
    """Find what cannot be so of the way in which a file writes its cells.

    Parameters
    ----------
    settings : Settings
        A configuration.

    Yields
    ------
    (location, message)
    """
    for name, table in settings.data:
        if not isinstance(table, Table):
            continue
        at: Location = ("data", name)
        for key, message in _unused(table):
            yield (*at, key), message
        if table.thousands == table.decimal:
            message = f"{table.thousands!r} is the decimal mark too; say which it is"
            yield (*at, "thousands"), message
        if table.encoding and not is_encoding(table.encoding):
            yield (*at, "encoding"), NO_ENCODING
        form = table.date_format
        if form and form not in EPOCHS and date_pattern(form) is None:
            yield (*at, "date_format"), NO_DATE_FORMAT
