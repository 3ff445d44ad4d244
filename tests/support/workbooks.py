"""Excel files of a few rows, as openpyxl writes them."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl


def workbook(
    *rows: Sequence[Any],
    change: Callable[[Any], object] = lambda _: None,
    title: str = "Data",
) -> bytes:
    """Make an Excel file of one sheet, which `change` may merge or format."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
