"""An Excel workbook opened by openpyxl, which does not check what it reads."""

import contextlib
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from alsdecline.table_files.text_table import Fault, TableError
from alsdecline.table_files.workbook_parts import Sheet, opened_parts, sheets_of

AGAIN = "save it again as .xlsx, or export it as CSV"


def _unreadable() -> tuple[type[Exception], ...]:
    """Return what openpyxl raises of damaged or locked files, whose parts it trusts.

    SyntaxError is that of XML, NotImplementedError of a part packed in a way that
    zipfile lacks, OSError of sizes that are not so; a key, type or attribute is what a
    part lacks. They are caught around its reading alone.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    return (
        *(InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile),
        *(KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError),
        *(SyntaxError, OSError, NotImplementedError, OverflowError, RuntimeError),
        *(AssertionError, MemoryError, zlib.error),
    )


@contextlib.contextmanager
def opened_workbook(
    content: bytes,
) -> Iterator[tuple[zipfile.ZipFile, Any, list[Sheet]]]:
    """Open a workbook, and tell a damaged one as such, whenever that comes out.

    Yields
    ------
    tuple of ZipFile, openpyxl.Workbook and list of Sheet
        Sheets are those with cells, which charts are not.

    Raises
    ------
    TableError
        Of a file that is damaged, locked or too large.
    """
    import openpyxl

    try:
        parts = opened_parts(content)
        sheets = sheets_of(parts)
        with warnings.catch_warnings():
            # of styles and extensions, which no table is, and of dates beyond the
            # calendar, which are told as error cells
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(parts.fp, read_only=True, data_only=True)
            tables = [s for s in sheets if hasattr(book[s.title], "iter_rows")]
            yield parts, book, tables
    except _unreadable():
        message = (
            "the file cannot be read as an Excel workbook; is it damaged or locked by "
            f"a password? {AGAIN}"
        )
        raise TableError(Fault("damaged", message)) from None
