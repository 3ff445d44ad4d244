"""What a raw file is that is not what its name says, by its first bytes."""

from alsdecline.table_files.reading import (
    EXCEL,
    JSON,
    PARQUET,
    SAS,
    TEXT,
    TRANSPORT,
)
from alsdecline.table_files.sas_dataset import MAGIC

OLD_EXCEL = (
    "is an Excel workbook that is locked by a password, or of Excel 97 (.xls), neither "
    "of which is read; save it as .xlsx without a password, and name that file"
)
_SAVED = "is not read; export it as CSV and name that file under `file:`"

_BY_BEGINNING: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_EXCEL),
    (b"$FL2", f"is a file of SPSS, which {_SAVED}"),
    (b"$FL3", f"is a file of SPSS, which {_SAVED}"),
    (b"<stata_dta>", f"is a file of Stata, which {_SAVED}"),
    (b"RDX", f"is a file of R, which {_SAVED}"),
    (b"SQLite format 3", f"is a data base, which {_SAVED}"),
    (b"%PDF", "is a PDF, of which no cells can be read; export the table as CSV"),
    (b"{\\rtf", "is a text of a word processor; export the table as CSV"),
)
_ENDINGS = {
    EXCEL: ("an Excel workbook", ".xlsx"),
    PARQUET: ("a Parquet file", ".parquet"),
    TRANSPORT: ("a SAS transport file", ".xpt"),
    SAS: ("a SAS dataset", ".sas7bdat"),
    JSON: ("a Dataset-JSON file", ".json"),
}
"""What a file of each format is called, and how its name ends."""

_ZIP = b"PK\x03\x04"
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table")


def _format_seen(content: bytes) -> str:
    """Return the format of a file by its first bytes; empty where they do not tell."""
    if content.startswith(_ZIP) and b"xl/" in content:
        return EXCEL
    if content.startswith(b"PAR1"):
        return PARQUET
    if content.startswith(b"HEADER RECORD*******"):
        return TRANSPORT
    if content[12:28] == MAGIC:
        return SAS
    begins_json = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    return JSON if begins_json and b"datasetJSONVersion" in content[:2000] else ""


def foreign_format(content: bytes, kind: str = TEXT) -> str:
    """Say what a file is that is not of the format that its name says.

    Parameters
    ----------
    content : bytes
        The file's content.
    kind : str
        The format by its name.

    Returns
    -------
    str
        What it is and what to do; empty where it may be of that format.
    """
    for beginning, said in _BY_BEGINNING:
        if content.startswith(beginning):
            return said
    seen = _format_seen(content)
    if seen and seen != kind:
        name, ending = _ENDINGS[seen]
        return f"is {name}; let its name end in {ending}"
    if content.startswith(_ZIP) and kind != EXCEL:
        return "is a zip archive; unpack it and name the file in it under `file:`"
    if content[:200].lstrip().lower().startswith(_MARKUP):
        return (
            "is a web page or XML, as some programs call .xls; open it in a "
            "spreadsheet and save it as .xlsx or CSV"
        )
    return ""
