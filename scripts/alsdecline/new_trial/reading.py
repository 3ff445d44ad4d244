"""Reads somebody's files, whatever their format, each as one table or several."""

from collections.abc import Sequence
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.new_trial.excel_files import read_workbook
from alsdecline.new_trial.sources import Source
from alsdecline.new_trial.text_files import read_text_table
from alsdecline.new_trial.typed_files import read_typed_file
from alsdecline.plain_text import one_line
from alsdecline.raw.unpacked_files import unpacked_content
from alsdecline.table_files.reading import EXCEL, TEXT, TRANSPORT, format_of

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
OTHERS = {
    ".xls": "Excel 97",
    ".ods": "OpenDocument",
    ".sav": "SPSS",
    ".dta": "Stata",
    ".rda": "R",
    ".rds": "R",
    ".zip": "a ZIP archive",
    ".pdf": "PDF",
}
"""Formats that are not read, by the ends of their names."""


def _read_file(path: Path, encoding: str) -> list[Source]:
    name = one_line(path.name)
    if path.is_dir():
        raise DataError(f"{name}: is a folder; name its files")
    if not path.is_file():
        raise DataError(f"{one_line(str(path))}: no such file")
    content, found = unpacked_content(path, path.name)
    if found:
        raise DataError("\n".join(one_line(str(finding)) for finding in found))
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if content.startswith(ZIP) and b"xl/" in content:
        return read_workbook(content, path)
    if ending in OTHERS or content.startswith((OLD_OFFICE, ZIP)):
        form = OTHERS.get(ending, "locked by a password, or of an old program")
        raise DataError(
            f"{name}: is {form}; save it as CSV (UTF-8) or .xlsx, or give SAS files "
            "(.xpt, .sas7bdat)"
        )
    kind = format_of(path.name)
    if kind not in (TEXT, EXCEL):
        return [read_typed_file(content, path, kind, encoding)]
    if content.startswith(b"HEADER RECORD*******LIB"):
        return [read_typed_file(content, path, TRANSPORT, encoding)]
    return [read_text_table(content, path, encoding)]


def read_sources(paths: Sequence[Path], encoding: str = "") -> list[Source]:
    """Read all files.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    encoding : str
        That of the text files, as the user says; empty to find it.

    Returns
    -------
    list of Source

    Raises
    ------
    DataError
        With what is wrong with each file.
    """
    sources: list[Source] = []
    faults = []
    for path in paths:
        try:
            sources += _read_file(path, encoding)
        except DataError as fault:
            faults.append(str(fault))
    names = [path.name.casefold() for path in paths]
    faults += [
        f"{one_line(path.name)}: two files have this name; rename one"
        for i, path in enumerate(paths)
        if path.name.casefold() in names[:i]
    ]
    if faults:
        raise DataError("\n".join(faults))
    return sources
