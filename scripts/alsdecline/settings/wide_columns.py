"""Patterns of columns: a file with a column for each visit, told by one name.

``norris_limb_w{week}`` stands for norris_limb_w0, norris_limb_w4 and so on. What stands
in the place of ``{week}`` is the cell of our column visit_week, as of a long file; of
``{visit}`` and ``{n}`` it is that of the column that tells the planned visit.
"""

import re
from collections.abc import Collection, Mapping

from alsdecline.near_names import same_number_or_text

UNITS = ("day", "week", "month", "year")
_SLOT = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
SLOTS = (*UNITS, "visit", "n")


def slot_of(name: str) -> str:
    """Return what stands in braces in a column's name; empty where nothing does."""
    found = _SLOT.search(name)
    return found[1] if found else ""


def wide_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """Return those of our columns whose names in the file are patterns."""
    return {ours: name for ours, name in columns.items() if slot_of(name) in SLOTS}


def time_slot(columns: Mapping[str, str], ours: Collection[str]) -> str:
    """Return our column that has what stands in the braces of patterns.

    Parameters
    ----------
    columns : mapping of str to str
        Patterns by our names.
    ours : collection of str
        Our columns that are used.

    Returns
    -------
    str
        As visit_week; empty where none is used.
    """
    named = {f"visit_{slot_of(name)}" for name in columns.values()}
    units = [f"visit_{unit}" for unit in UNITS]
    used = [unit for unit in units if unit in named]
    return next(iter(used or [unit for unit in units if unit in ours]), "")


def labels_of(pattern: str, header: Collection[str]) -> dict[str, str]:
    """Return the columns that a pattern stands for.

    Parameters
    ----------
    pattern : str
        With one pair of braces.
    header : collection of str
        The names in the file.

    Returns
    -------
    dict of str to str
        By what stands in the place of the braces.
    """
    before, _, after = _SLOT.sub("\0", pattern, count=1).partition("\0")
    form = re.compile(f"{re.escape(before)}(.+){re.escape(after)}")
    return {found[1]: name for name in header if (found := form.fullmatch(name))}


def is_time(label: str, meanings: Mapping[str, str]) -> bool:
    """Tell whether a label is a number, or stands for one."""
    return label in meanings or bool(_NUMBER.fullmatch(label))


def visits_of(
    columns: Mapping[str, str], header: Collection[str], meanings: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return the columns of each visit.

    Parameters
    ----------
    columns : mapping of str to str
        Patterns by our names.
    header : collection of str
        The names in the file.
    meanings : mapping of str to str
        The times that labels stand for.

    Returns
    -------
    dict of str to dict
        By label, of several of one time by one: the column of each of ours that has
        one then.
    """
    visits: dict[str, dict[str, str]] = {}
    for ours, pattern in columns.items():
        for label, name in labels_of(pattern, header).items():
            if is_time(label, meanings):
                visits.setdefault(label, {})[ours] = name
    return _of_one_time(visits, meanings)


def _of_one_time(
    visits: Mapping[str, Mapping[str, str]], meanings: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Put columns of one time together, as date_wBL and score_w00 of week 0.

    Two of ours at one time are two visits, which is told as such.
    """
    labels: dict[str, str] = {}
    together: dict[str, dict[str, str]] = {}

    def rank(label: str) -> tuple[bool, bool]:
        return label not in meanings, same_number_or_text(label) != label

    # a label that has a meaning, which what is translated shows, stands for the others
    for label in sorted(visits, key=rank):
        time = same_number_or_text(meanings.get(label, label))
        first, names = labels.setdefault(time, label), visits[label]
        if together.get(first, {}).keys() & names.keys():
            first = label
        together[first] = together.get(first, {}) | dict(names)
    return {label: together[label] for label in visits if label in together}
