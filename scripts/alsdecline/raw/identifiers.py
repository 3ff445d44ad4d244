"""Columns that tell who a patient is, by their names and by what stands in them.

No finding shows a cell: it says where one is, and a person looks there.
"""

import re
from collections.abc import Collection, Iterator

import numpy as np

from alsdecline.near_names import did_you_mean
from alsdecline.raw.cells import ROW, Cells, factorized
from alsdecline.raw.column_names import listed
from alsdecline.raw.findings import Finding
from alsdecline.raw.identifier_names import (
    Kind,
    is_called_a_name_alone,
    kind_by_name,
    words,
    words_of,
)
from alsdecline.raw.identifier_texts import identifying_texts
from alsdecline.raw.rules import Rule
from alsdecline.settings.examples import in_one_line
from alsdecline.settings.tables import Table

BEFORE_THE_TRIAL = 15
"""Years before the other dates of a file from which on dates are taken as of birth."""

NO_TRIAL_BEFORE = 1980
"""Year before which most dates of a column are of birth, whatever else a file has."""

OTHER_DATES = words(
    """onset diagnosis diagnosed diag dx disonsdt onsdt visit vis start end death dth
    died consent randomisation randomization rand screening dose dosing first last
    symptom symptoms history surgery event ae begin stop exam entry exit"""
)
"""Words of names of dates that may lie long before a trial, and are not of birth."""

LABELS = words(
    """id ids no nr num number code seq key barcode label usubjid subjid subject subj
    patient pid patid ptid participant refid spid sample kit batch site siteid
    studyid"""
)
"""Words of names of columns that hold the trial's own numbers."""

SITES = words("centre center zentrum centro hospital clinic region country stratum")
"""Words of names of columns that hold numbers of what is no patient."""

_ANSWERS = words(
    """y n yes no true false ja nein oui non si sim nao nee t f 0 1 2 na n/a unknown unk
    nd - . none done not done known missing x"""
) | {"not done", "not known"}
"""Whether something is known, and nothing of whom."""

_YEAR = re.compile(
    r"(?P<first>(?:19|20)\d{2})[-/.]\d{1,2}(?:[-/.]\d{1,2}(?:[T ].*)?)?|"
    r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ](?P<last>(?:19|20)\d{2})"
)
_MONTH_ALONE = re.compile(r"\d{4}[-/.]\d{1,2}")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_TWO_NAMES = re.compile(r"[^\W\d_a-z][^\W\d_A-Z]+(?:[ -][^\W\d_a-z][^\W\d_A-Z]+)+")
_BARE_YEAR = re.compile(r"\d{4}(?:\.0)?")
_POSTCODE = re.compile(r"(?![-+]?\d+[.,]\d+$)(?:(?=.*\d{4})|(?=.*[A-Z]\d))")
_OF_DISEASE = re.compile(r"dx|diag|onset", re.IGNORECASE)
"""In the name of a date, as DXDT or PDDXDT: when a disease began or was found."""


def without_dropped(cells: Cells, table: Table) -> tuple[Cells, list[Finding]]:
    """Leave out what the configuration drops, before anything else sees it.

    Parameters
    ----------
    cells : Cells
        All columns of a file.
    table : Table
        With the columns to `drop`.

    Returns
    -------
    Cells
    list of Finding
        Columns that the file has not, so that what was meant may still be there.
    """
    dropped = set(table.drop)
    header = tuple(name for name in cells.header if name not in dropped)
    found = []
    for name in table.drop:
        if cells.header and name not in cells.header:
            message = (
                "the file has no such column, which `drop:` in config.yaml leaves out; "
                f"{did_you_mean(name, header)}the file has {listed(header)}. Correct "
                "it, or take it out of `drop:`"
            )
            found.append(
                Finding.by_rule(
                    Rule.DROPPED_COLUMN, table.place, None, name, "", message
                )
            )
    there = [name for name in cells.frame.columns if name in dropped]
    return Cells(header, cells.frame.drop(columns=there), cells.header_row), found


def _holds(kind: Kind, column: str, texts: list[str], rows: int) -> bool:
    """Tell whether cells can be what the name of their column says."""
    told = [text for text in texts if text.casefold() not in _ANSWERS]
    if not told:
        return False
    digits = [sum(c.isdigit() for c in text) for text in told]
    if kind == "dates of birth":
        return any(
            n and not _BARE_YEAR.fullmatch(t) for n, t in zip(digits, told, strict=True)
        )
    if kind == "e-mail addresses":
        return any(mark in text for text in told for mark in ("@", "(at)", "[at]"))
    if kind == "telephone numbers":
        return max(digits) >= 6
    if kind == "record or national numbers":
        return max(digits) >= 4
    if kind == "postcodes":
        codes = sum(bool(_POSTCODE.match(text)) for text in told)
        return 2 * codes >= len(told)
    if kind == "names" and is_called_a_name_alone(column):
        # the name of a test is one of few
        named = all(_LETTERS.search(text) for text in told) and not any(digits)
        persons = all(_TWO_NAMES.fullmatch(text) for text in told)
        return named and (persons or 2 * len(told) > rows)
    if kind == "names":
        return any(c.isalpha() for text in told for c in text)
    return True


def are_own_numbers(column: str, texts: Collection[str]) -> bool:
    """Tell whether texts like 2001-02 are numbers of sites and the like, not months.

    Parameters
    ----------
    column : str
        Its name in the file; one that says birth is of none.
    texts : collection of str
        The different texts, none empty.

    Returns
    -------
    bool
    """
    called = words_of(column)
    if (LABELS | SITES).isdisjoint(called):
        return False
    if any(kind_by_name(word) == "dates of birth" for word in called):
        return False
    return all(_MONTH_ALONE.fullmatch(text) for text in texts)


def _years(texts: list[str]) -> list[int]:
    """Return the years of dates; none where one in five is no date."""
    matches = [_YEAR.fullmatch(text) for text in texts[:50]]
    if not texts or sum(map(bool, matches)) < 0.8 * len(matches):
        return []
    found = [match for text in texts if (match := _YEAR.fullmatch(text))]
    return [int(match["first"] or match["last"]) for match in found]


class _Column:
    """The different texts of a column, and where they stand."""

    def __init__(self, cells: Cells, name: str) -> None:
        self.name = name
        self._rows = cells.frame[ROW].to_numpy()
        self._at, different = factorized(cells.frame[name])
        self._texts = [str(text).strip() for text in different]
        self.filled = [i for i, text in enumerate(self._texts) if text]
        self.texts = [self._texts[i] for i in self.filled]

    def rows_of(self, places: Collection[int]) -> np.ndarray:
        """Return the rows whose texts are at these positions of the filled ones."""
        wanted = [self.filled[i] for i in places]
        rows: np.ndarray = self._rows[np.isin(self._at, wanted)]
        return rows


def _found_in(
    column: _Column, years: dict[str, list[int]], ours: str, *, of_trial: bool
) -> Iterator[tuple[Kind, bool, Collection[int]]]:
    """Say what identifiers a column holds, whether by its name, and which texts."""
    name, texts = column.name, column.texts
    everywhere = range(len(texts))
    kind = kind_by_name(name)
    if kind and _holds(kind, name, texts, len(column.rows_of(everywhere))):
        yield kind, True, everywhere
        return
    is_label = not LABELS.isdisjoint(words_of(name))
    # terms may all be turned about, as Pain, Abdominal
    found = identifying_texts(texts, is_label=is_label, are_terms=ours == "term")
    yield from ((kind, False, places) for kind, places in found.items())
    if not of_trial and "dates of birth" not in found and _are_births(name, years):
        yield "dates of birth", False, everywhere


def _persons(texts: list[str]) -> list[int]:
    """Return which identifiers of patients are a first and a last name."""
    return [at for at, text in enumerate(texts) if _TWO_NAMES.fullmatch(text)]


def _are_births(name: str, years: dict[str, list[int]]) -> bool:
    own = years.get(name)
    if not own or not OTHER_DATES.isdisjoint(words_of(name)):
        return False
    if _OF_DISEASE.search(name):
        return False
    median = float(np.median(own))
    others = [float(np.median(y)) for other, y in years.items() if other != name]
    reference = max(others, default=0.0)
    return median < NO_TRIAL_BEFORE or (
        reference < 2100 and median + BEFORE_THE_TRIAL <= reference
    )


def _message(kind: Kind, column: str, ours: str, *, by_name: bool, count: int) -> str:
    seen = "by its name" if by_name else f"in {count} cell{'s' * (count > 1)}"
    # a remedy for each way in which a column may be used
    if ours == "patient":
        remedy = (
            "name the patients by the trial's own numbers, or have the identifiers "
            "replaced by `privacy: {pseudonymise: true}`"
        )
    elif ours:
        remedy = "take what names somebody out of these cells at their source"
    else:
        remedy = f"write `drop: {in_one_line([column])}` below its file in config.yaml"
    reason = in_one_line({column: "REASON"})
    return (
        f"seems to hold {kind} ({seen}), by which a patient can be known; {remedy}; if "
        f"it holds none, say why under the file: `no_identifier: {reason}`"
    )


def identifier_findings(
    cells: Cells, table: Table, used: dict[str, str], *, pseudonyms: bool
) -> tuple[list[Finding], frozenset[str]]:
    """Find columns that tell who a patient is.

    Parameters
    ----------
    cells : Cells
        All columns of a file but those that are dropped.
    table : Table
        Its ``no_identifier`` names columns that are none, with the reason.
    used : dict of str to str
        Names in the file of the columns that are used: our names.
    pseudonyms : bool
        Whether patients' identifiers are replaced, so that any will do.

    Returns
    -------
    list of Finding
        All fatal, one for each kind and column; none shows a cell.
    frozenset of str
        The texts found in columns that are used, which no other finding may show.
    """
    excepted = set(table.no_identifier)
    columns = [
        _Column(cells, name)
        for name in cells.frame.columns
        if name != ROW and name not in excepted
    ]
    years = {
        c.name: y
        for c in columns
        if not are_own_numbers(c.name, c.texts) and (y := _years(c.texts))
    }
    found, texts = [], set()
    for column in columns:
        ours = used.get(column.name, "")
        if not column.texts or (ours == "patient" and pseudonyms):
            continue
        # our dates are of the trial; a characteristic may be a date of birth
        of_trial = ours.endswith("date")
        found_in = [*_found_in(column, years, ours, of_trial=of_trial)]
        if ours == "patient" and not found_in and (own := _persons(column.texts)):
            found_in = [("names", False, own)]
        for kind, by_name, places in found_in:
            rows = column.rows_of(places)
            row = cells.header_row if by_name else int(rows[0])
            message = _message(
                kind, column.name, ours, by_name=by_name, count=len(rows)
            )
            found.append(
                Finding.by_rule(
                    Rule.IDENTIFIER, table.place, row, column.name, "", message
                )
            )
            if ours or column.name in table.where:
                texts |= {column.texts[i] for i in places}
    return found, frozenset(texts)
