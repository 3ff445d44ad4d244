"""What a raw file is that is neither CSV nor what its name says, by its first bytes."""

EXCEL = (
    "is an Excel workbook, which is not read yet; save its sheet as CSV (in Excel: "
    "Save As, CSV UTF-8) and name that file under `file:`"
)
_SAVED = "is not read; export it as CSV and name that file under `file:`"

_BY_BEGINNING: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", EXCEL),
    (b"$FL2", f"is a file of SPSS, which {_SAVED}"),
    (b"$FL3", f"is a file of SPSS, which {_SAVED}"),
    (b"<stata_dta>", f"is a file of Stata, which {_SAVED}"),
    (b"RDX", f"is a file of R, which {_SAVED}"),
    (b"PAR1", f"is a Parquet file, which {_SAVED}"),
    (b"SQLite format 3", f"is a data base, which {_SAVED}"),
    (b"%PDF", "is a PDF, of which no cells can be read; export the table as CSV"),
    (b"{\\rtf", "is a text of a word processor; export the table as CSV"),
)
_SAS = b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c"
_TRANSPORT = b"HEADER RECORD*******"
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table")


def foreign_format(content: bytes) -> str:
    """Say what a file is that is called CSV, and is none.

    Parameters
    ----------
    content : bytes
        The file's content.

    Returns
    -------
    str
        What it is and what to do; empty where it may be CSV.
    """
    for beginning, said in _BY_BEGINNING:
        if content.startswith(beginning):
            return said
    if content.startswith(b"PK\x03\x04"):
        if b"xl/" in content:
            return EXCEL
        return "is a zip archive; unpack it and name the CSV file in it under `file:`"
    if _SAS in content[:64]:
        return (
            "is a SAS dataset (sas7bdat), which is not read; export it by the XPORT "
            "engine as .xpt, or as CSV"
        )
    if content.startswith(_TRANSPORT):
        return "is a SAS transport file; let its name end in .xpt"
    if content[:200].lstrip().lower().startswith(_MARKUP):
        return (
            "is a web page or XML, as some programs call .xls; open it in a "
            "spreadsheet and save it as CSV"
        )
    return ""
