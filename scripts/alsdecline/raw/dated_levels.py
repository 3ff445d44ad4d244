"""Names of visits and levels without the dates in them, none taken for another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pandas as pd

from alsdecline.raw.calendar_dates import A_DATE, without_dates
from alsdecline.settings.privacy import keyed_digest

_Text = tuple[str, str]
"""Whose a text is, and the text; of a level nobody's."""


def _whose(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return whose the texts of a column are.

    Visits are numbered by patient, lest one number tell that two had one on a day.
    """
    if column == "visit" and "patient" in frame:
        return frame["patient"]
    return pd.Series("", frame.index, dtype="object")


def _dated(frames: Iterable[pd.DataFrame], column: str) -> set[_Text]:
    """Return the texts that have dates, and those that would be as one without."""
    frames = [frame for frame in frames if column in frame]
    different = {text for frame in frames for text in frame[column].unique()}
    shown = {text: without_dates(text) for text in different}
    dated = {text for text, without in shown.items() if without != text}
    dated |= different & {shown[text] for text in dated}
    found: set[_Text] = set()
    for frame in frames:
        some = frame[frame[column].isin(dated)]
        found |= {*zip(_whose(some, column), some[column], strict=True)}
    return found


def levels_without_dates(
    frames: Iterable[pd.DataFrame], columns: Iterable[str], key: bytes, study: str
) -> dict[str, Mapping[_Text, str]]:
    """Say what stands for each text with a date, in all tables the same.

    Parameters
    ----------
    frames : iterable of DataFrame
        Those of all tables, by our names.
    columns : iterable of str
        Columns of which different texts mean different things.
    key : bytes
        The key of the pseudonyms.
    study : str
        Study identifier.

    Returns
    -------
    dict of str to mapping
        By column: of whose text what, where they differ by dates alone numbered in an
        order that only who has the key can tell.
    """
    frames = [*frames]
    told: dict[str, Mapping[_Text, str]] = {}
    for column in columns:
        alike = defaultdict(list)
        for whose, text in _dated(frames, column):
            alike[whose, without_dates(text)].append(text)
        shown: dict[_Text, str] = {}
        for (whose, without), texts in alike.items():
            digests = {t: keyed_digest(key, "text", study, whose, t) for t in texts}
            for number, text in enumerate(sorted(texts, key=digests.__getitem__), 1):
                mark = f"{A_DATE[:-1]} {number})" if len(texts) > 1 else A_DATE
                shown[whose, text] = without.replace(A_DATE, mark)
        told[column] = shown
    return told


def with_levels(
    frame: pd.DataFrame, column: str, told: Mapping[_Text, str]
) -> pd.Series:
    """Put into a column what stands for its texts.

    Parameters
    ----------
    frame : DataFrame
        A table with identifiers of patients.
    column : str
        One of its columns.
    told : mapping
        Of :func:`levels_without_dates`.

    Returns
    -------
    Series
    """
    texts = frame[column]
    at = texts.isin({text for _, text in told})
    pairs = zip(_whose(frame, column)[at], texts[at], strict=True)
    changed = texts.copy()
    changed[at] = [told.get(pair, pair[1]) for pair in pairs]
    return changed
