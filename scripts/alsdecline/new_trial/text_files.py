"""Text files of tables: encoding, separator and header, as they are found."""

import codecs
import contextlib
import csv
import io
import re
from collections import Counter
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.new_trial.sources import MOST_SHOWN, Source, counted, source_of_cells
from alsdecline.plain_text import one_line
from alsdecline.table_files.encodings import guessed_encoding

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What may stand between cells, and what it is called."""

TRIED_RECORDS = 200
"""Records by which separators are compared."""

_SEP_LINE = re.compile(r'\A"?sep=(.)"?[ \t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?", re.ASCII)


def decode(content: bytes, name: str, given: str) -> tuple[str, str]:
    """Return a file's text, and its encoding where that is a guess or not UTF-8.

    Raises
    ------
    DataError
        If no encoding that is tried, or the one given, can be its own.
    """
    if given:
        try:
            return content.decode(given).removeprefix("\ufeff"), given
        except (UnicodeError, LookupError):
            raise DataError(
                f"{name}: cannot be read as {one_line(given)!r}, which --encoding says"
            ) from None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeError:
            raise DataError(f"{name}: is cut off; export it again") from None
    if b"\0" in content:
        raise DataError(
            f"{name}: has zero bytes, so it is no text; give CSV, Excel (.xlsx), SAS "
            "transport (.xpt) or SAS (.sas7bdat)"
        )
    try:
        return content.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    if guess := guessed_encoding(content):
        return content.decode(guess), guess
    raise DataError(
        f"{name}: is neither UTF-8 nor what Western or Japanese Windows writes; save "
        "it as UTF-8, or name its encoding by --encoding"
    )


def _first_records(text: str, separator: str) -> list[list[str]]:
    """Return the first filled records, up to where the quotes are wrong."""
    stream = io.StringIO(text, newline="")
    found: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # told where all records are read
        for record in csv.reader(stream, delimiter=separator, strict=True):
            if any(cell.strip() for cell in record):
                found.append(record)
            if len(found) == TRIED_RECORDS:
                break
    return found


def _fit(text: str, separator: str) -> tuple[float, int]:
    """Return the share of records as long as the header, and how long that is."""
    records = _first_records(text, separator)
    width = len(records[0]) if records else 0
    if width < 2:
        return 0.0, width
    return sum(len(record) == width for record in records) / len(records), width


def separator_of(text: str, name: str) -> str:
    """Find what stands between cells.

    Raises
    ------
    DataError
        If nothing gives two columns.
    """
    fits = {separator: _fit(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: fits[separator])
    if fits[best][1] < 2:
        tried = ", ".join(SEPARATORS.values())
        raise DataError(
            f"{name}: has one column alone (separators tried: {tried}); a table of "
            "patients, times and values is needed"
        )
    return best


def _lines(
    text: str, separator: str, name: str, first: int
) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[tuple[int, list[str]]] = []
    line = first
    try:
        for record in reader:
            cells = [cell.strip() for cell in record]
            if any(cells):
                found.append((line, cells))
            line = first + reader.line_num
    except csv.Error as error:
        raise DataError(
            f"{name}, row {line}: cannot be read ({error}); check the quotes there"
        ) from None
    return found


def _looks_like_data(header: list[str]) -> bool:
    """Tell whether a first record is a patient's: numbers, which name no column."""
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in header)
    return numbers > 0 and numbers >= len([cell for cell in header if cell]) / 2


def read_text_table(content: bytes, path: Path, encoding: str = "") -> Source:
    """Read a text file as a table.

    Parameters
    ----------
    content : bytes
        Unpacked.
    path : Path
        The file.
    encoding : str
        As the user says; empty to find it.

    Returns
    -------
    Source

    Raises
    ------
    DataError
        If it is empty, has no header, or rows of other lengths than that.
    """
    name = one_line(path.name)
    text, found = decode(content, name, encoding)
    changes = [f"encoding {found}"] if found and found != "utf-8" else []
    notes = []
    if found and not encoding and found != "utf-16":
        sample = next((w for w in re.findall(r"\S+", text) if not w.isascii()), "")
        notes.append(
            f"encoding guessed: {found}, by which it reads {one_line(sample)[:30]!r}"
        )
    first = 1
    if sep_line := _SEP_LINE.match(text):
        text, separator, first = text[sep_line.end() :], sep_line[1], 2
        changes.append("its first line says sep=")
    else:
        if not text.strip():
            raise DataError(f"{name}: is empty; a header and rows are needed")
        separator = separator_of(text, name)
    if separator != ",":
        changes.append(f"separator {SEPARATORS.get(separator, repr(separator))}")
    records = _lines(text, separator, name, first)
    if not records:
        raise DataError(f"{name}: is empty; a header and rows are needed")
    header = records[0][1]
    if _looks_like_data(header):
        raise DataError(
            f"{name}, row {records[0][0]}: looks like data, not like a header "
            f"({one_line(', '.join(header[:4]))}); write a row with the columns' names "
            "above it"
        )
    _refuse_other_lengths(records, name)
    if len(records) == 1:
        raise DataError(f"{name}: has a header but no rows")
    return source_of_cells(path, "", header, records[1:], tuple(changes), tuple(notes))


def _refuse_other_lengths(records: list[tuple[int, list[str]]], name: str) -> None:
    width = len(records[0][1])
    wrong = [(row, len(cells)) for row, cells in records[1:] if len(cells) != width]
    if not wrong:
        return
    counts = Counter(length for _, length in wrong)
    rows = ", ".join(str(row) for row, _ in wrong[:MOST_SHOWN])
    lengths = ", ".join(str(length) for length, _ in counts.most_common(MOST_SHOWN))
    raise DataError(
        f"{name}: the header has {width} cells, {counted(len(wrong), 'row')} {lengths} "
        f"(row {rows}); a decimal comma or an unquoted separator? quote these cells"
    )
