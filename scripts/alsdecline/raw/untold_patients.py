"""Texts without identifiers of patients, however these stand there, and without dates.

Where an identifier can be nothing else, its pseudonym takes its place. A short number
is of many things: where it may be a patient's, a mark does.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from alsdecline.raw.calendar_dates import A_DATE, dates_in

A_NUMBER = "(number)"
"""Stands for a short number in a text that is a patient's too."""

_RUN = re.compile(r"[^\W_]+")
_BLANKS = re.compile(r"\s+")
_OF_A_PATIENT = re.compile(
    r"\b(?:patient(?:en|in)?s?|subject|subj|participant|proband\w*|paziente|paciente|"
    r"pat|pt|pid)\b\W{0,3}(?:(?:no|nr|number|num|id)\b\W{0,3})?$",
    re.IGNORECASE,
)
_BEFORE_DECIMALS = re.compile(r"\d[.,]$")
_DECIMALS = re.compile(r"[.,]\d")


class _Named(NamedTuple):
    """Where a text has an identifier, whose it is, and whether it can be nothing else.

    What is `meant` is an identifier or a number that may be one; of what is not, only a
    text that tells of patients alone is to be held for one, as a reason.
    """

    start: int
    end: int
    patient: str
    sure: bool
    meant: bool


def _folded(identifier: str) -> str:
    """Leave out what a text may have otherwise: blanks and, but in words, capitals."""
    text = _BLANKS.sub(" ", identifier)
    return text.casefold() if any(c.isdigit() for c in text) else text


class _Identifiers:
    """Finds the identifiers of patients in texts."""

    def __init__(self, patients: Iterable[str]) -> None:
        self._known: dict[str, list[str]] = {}
        self._most = 0
        for patient in sorted(patients):
            runs = [*_RUN.finditer(patient)]
            if runs:  # marks around an identifier are not part of it
                bare = patient[runs[0].start() : runs[-1].end()]
                self._known.setdefault(_folded(bare), []).append(patient)
                self._most = max(self._most, len(runs))

    def in_text(
        self, text: str, others: Collection[tuple[int, int]]
    ) -> Iterator[_Named]:
        """Find the identifiers in a text, the longest first where one is in another.

        None is part of what stands at the places of `others`, as of a date.
        """
        runs = [match.span() for match in _RUN.finditer(text)]
        at = 0
        while at < len(runs):
            start = runs[at][0]
            for last in range(min(at + self._most, len(runs)) - 1, at - 1, -1):
                end = runs[last][1]
                whose = self._known.get(_folded(text[start:end]))
                if whose and not _within(start, end, others):
                    yield _named(text, start, end, whose)
                    at = last
                    break
            at += 1


def _within(start: int, end: int, others: Collection[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b and b - a > end - start for a, b in others)


def _named(text: str, start: int, end: int, whose: list[str]) -> _Named:
    """Tell whether an identifier may be something else, as a short number may."""
    word = text[start:end]
    patient = word if word in whose else whose[0]
    if not word.isdigit():
        code = any(c.isdigit() for c in word) or word.isupper()
        meant = len(word) > 1 and code
        sure = len(word) > 2
    elif _BEFORE_DECIMALS.search(text[:start]) or _DECIMALS.match(text, end):
        return _Named(start, end, patient, sure=False, meant=False)
    else:  # a short number is of many things
        meant, sure = len(word) > 2, len(word) > 4
    meant = sure or meant or bool(_OF_A_PATIENT.search(text[:start]))
    return _Named(start, end, patient, sure, meant)


class UntoldPatients:
    """Leaves out of texts what tells of patients.

    Parameters
    ----------
    called : mapping of str to str
        The pseudonym of each patient.
    """

    def __init__(self, called: Mapping[str, str]) -> None:
        self._called = called
        self._identifiers = _Identifiers(called)

    def _named(self, text: str) -> list[_Named]:
        return [*self._identifiers.in_text(text, dates_in(text))]

    def _without(self, text: str, left: Callable[[_Named], bool]) -> str:
        dates = dates_in(text)
        marks = [
            (n.start, n.end, self._called[n.patient] if n.sure else A_NUMBER)
            for n in self._identifiers.in_text(text, dates)
            if not left(n)
        ]
        for start, end in dates:
            if all(end <= a or b <= start for a, b, _ in marks):
                marks.append((start, end, A_DATE))
        parts, at = [], 0
        for start, end, mark in sorted(marks):
            parts += [text[at:start], mark]
            at = end
        return "".join([*parts, text[at:]])

    def tells(self, text: str) -> bool:
        """Tell whether a text holds what can only be a patient's identifier."""
        return any(named.sure for named in self._named(text))

    def of_reason(self, text: str) -> str:
        """Return what a person said, without any number that is a patient's.

        Parameters
        ----------
        text : str
            As the reason of a decision, on which no result hangs.

        Returns
        -------
        str
        """
        return self._without(text, lambda _: False)

    def of_cell(self, text: str) -> str:
        """Return the text of a cell; a number by itself, which is a value, as it is.

        Parameters
        ----------
        text : str
            Its numbers of one or two digits stay, but behind a word for a patient.

        Returns
        -------
        str
        """

        def left(named: _Named) -> bool:
            alone = (named.start, named.end) == (0, len(text))
            return not named.sure and (alone or not named.meant)

        return self._without(text, left)
