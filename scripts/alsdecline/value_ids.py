"""Ids of the values in result tables: stable, and readable by people.

An id is the table, the keys of the row and the column, as in
``rate_of_decline/total/joint/slope_difference/high:estimate``. Tables are named by
their path under ``results/tables``, others by that under ``results``. In a key a blank
is written ``+``, an empty cell ``~``, and whatever is no letter, digit or one of
``_ . , - ( ) [ ] =`` as ``%`` and the two digits of each byte. Rows whose keys are
those of an earlier row get ``#2``, ``#3`` and so on.
"""

from pathlib import PurePath

ROW_ID = "row_id"
"""Column that holds the ids of a table's rows, where they are added."""

EMPTY = "~"
_PLAIN = frozenset("_.,-()[]=")


def table_name(file: PurePath) -> str:
    """Return the name of the result table in a file.

    Parameters
    ----------
    file : PurePath
        As ``results/tables/<name>.csv``, or ``results/<name>.csv`` where it lies in
        another folder.

    Returns
    -------
    str
    """
    name = file.as_posix().removesuffix(".csv")
    return name.removeprefix("results/").removeprefix("tables/")


def _encoded(text: str) -> str:
    """Write a key so that it holds nothing which ids use."""
    if not text:
        return EMPTY
    return "".join(_encoded_letter(letter) for letter in text)


def _encoded_letter(letter: str) -> str:
    if letter == " ":
        return "+"
    if letter.isalnum() or letter in _PLAIN:
        return letter
    return "".join(f"%{byte:02X}" for byte in letter.encode())


def row_id(table: str, *keys: str) -> str:
    """Return the id of the first row that has these keys."""
    return "/".join([table, *map(_encoded, keys)])
