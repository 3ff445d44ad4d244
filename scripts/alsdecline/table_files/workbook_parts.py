"""What openpyxl does not tell of a sheet that it reads in one pass: its XML parts."""

import dataclasses
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from alsdecline.table_files.text_table import Fault, TableError

MOST_UNPACKED = 512 * 2**20
"""Bytes that the parts of a workbook may unpack to; of a small one fewer."""

FEWEST_UNPACKED = 16 * 2**20
"""Bytes that those of any workbook may unpack to."""

MOST_TIMES = 100
"""Times its size that it may unpack to else; sheets reach 20."""

MOST_MERGED = 100_000
"""Merged ranges of a sheet that is read."""

_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="(([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7}))"'
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A sheet: its title, where its part lies, and whether it is shown."""

    title: str
    part: str
    visible: bool


def opened_parts(content: bytes) -> zipfile.ZipFile:
    """Open a workbook, if its parts are not made to fill a memory.

    Raises
    ------
    TableError
        If they are.
    BadZipFile
        If it is damaged.
    """
    parts = zipfile.ZipFile(io.BytesIO(content))
    most = min(MOST_UNPACKED, max(FEWEST_UNPACKED, MOST_TIMES * len(content)))
    if sum(part.file_size for part in parts.infolist()) > most:
        message = (
            f"the file unpacks to more than {most // 2**20} MB, as what is made to "
            "fill a memory does; export its sheet as CSV"
        )
        raise TableError(Fault("damaged", message))
    return parts


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str:
    """Return an attribute, whatever its namespace."""
    found = (v for k, v in element.attrib.items() if _local(k) == name)
    return next(found, "")


def sheets_of(parts: zipfile.ZipFile) -> list[Sheet]:
    """Return the sheets of a workbook, in its order.

    Raises
    ------
    KeyError, SyntaxError
        If it has no such part, or one that is no XML.
    """
    names = {posixpath.basename(name): name for name in parts.namelist()}
    book = names["workbook.xml"]
    folder = posixpath.dirname(book)
    relations = ElementTree.fromstring(parts.read(f"{folder}/_rels/workbook.xml.rels"))
    targets = {
        _attribute(r, "Id"): posixpath.normpath(
            posixpath.join("/", folder, _attribute(r, "Target"))
        ).lstrip("/")
        for r in relations
    }
    found = []
    for element in ElementTree.fromstring(parts.read(book)).iter():
        if _local(element.tag) != "sheet":
            continue
        part = targets[element.attrib[_relation_key(element)]]
        state = element.attrib.get("state", "visible")
        found.append(Sheet(element.attrib["name"], part, state == "visible"))
    return found


def _relation_key(element: ElementTree.Element) -> str:
    """Return the attribute by which a sheet names its part, which has a namespace."""
    return next(key for key in element.attrib if key.endswith("}id"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number - 1


def merged_ranges(
    parts: zipfile.ZipFile, sheet: Sheet
) -> Iterator[tuple[str, int, int, int, int]]:
    """Find the merged cells of a sheet.

    Yields
    ------
    tuple
        The range, its first and last row, and first and last column from 0.

    Raises
    ------
    TableError
        If there are more than are looked at.
    """
    content = parts.read(sheet.part)
    for count, found in enumerate(_MERGED.finditer(content)):
        if count == MOST_MERGED:
            message = (
                f"sheet {sheet.title!r} has more than {MOST_MERGED} ranges of merged "
                "cells; unmerge them, or export it as CSV"
            )
            raise TableError(Fault("merged_cells", message))
        text, left, first, right, last = found.groups()
        yield text.decode(), int(first), int(last), _column(left), _column(right)


def without_result(parts: zipfile.ZipFile, sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Find formulas of which a sheet holds no result, not even an empty text.

    Yields
    ------
    tuple of int
        Row, and column from 0.
    """
    content = parts.read(sheet.part)
    if not _FORMULA.search(content):
        return
    for _, element in ElementTree.iterparse(io.BytesIO(content)):
        if _local(element.tag) == "row":
            element.clear()
        if _local(element.tag) != "c":
            continue
        inner = {_local(child.tag): child for child in element}
        if "f" not in inner or element.attrib.get("t") == "str":
            continue
        if "v" in inner and inner["v"].text:
            continue
        place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", element.attrib.get("r", ""))
        if place:
            yield int(place[2]), _column(place[1].encode())
