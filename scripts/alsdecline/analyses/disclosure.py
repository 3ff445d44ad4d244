"""Which counts of patients may be shown, so that no small one can be told from others.

Small is a count above 0 and below a limit. A count of 0 is of nobody and is shown. Of a
subset of a group two counts are told: its own and that of the rest.
"""

from collections.abc import Sequence

SLACK = 3
"""By how much hidden counts that sum to what is known must be able to differ."""


def is_small(count: float, limit: int) -> bool:
    """Tell whether a count is of some patients and too few."""
    return 0 < count < limit


def may_show_subsets(counts: Sequence[float], total: float, limit: int) -> list[bool]:
    """Tell which parts of a group may be counted, where the group's size is shown.

    Parameters
    ----------
    counts : sequence of float
        Patients in parts that may lie within each other.
    total : float
        Patients in the group.
    limit : int
        Smaller counts are not shown.

    Returns
    -------
    list of bool
        Largest first, those that are neither small nor smaller by a small count than
        the group or another that is shown.
    """
    shown = [False] * len(counts)
    told = [total]
    for at in sorted(range(len(counts)), key=lambda i: (-counts[i], i)):
        rests = (before - counts[at] for before in told)
        if not is_small(counts[at], limit) and not any(
            is_small(rest, limit) for rest in rests
        ):
            shown[at] = True
            told.append(counts[at])
    return shown


def may_show_parts(counts: Sequence[float], limit: int) -> list[bool]:
    """Tell which counts may be shown that sum to a number which is shown.

    Parameters
    ----------
    counts : sequence of float
        Patients in the parts into which a group falls.
    limit : int
        Smaller counts are not shown.

    Returns
    -------
    list of bool
        All, where none is small. Else small counts are hidden, and with them the
        largest, until the hidden ones can be what they are in several ways, even for
        who knows this rule; where they cannot, all are hidden, zeros too.
    """
    hidden = [at for at, count in enumerate(counts) if is_small(count, limit)]
    if not hidden:
        return [True] * len(counts)
    few = len(hidden)
    others = sorted(
        (at for at, count in enumerate(counts) if count >= limit),
        key=lambda at: (-counts[at], at),
    )
    for more, at in enumerate(others, start=1):
        hidden.append(at)
        # who knows the rule knows that these are no smaller than those that are shown
        least = counts[others[more]] if more < len(others) else limit
        if sum(counts[i] for i in hidden) >= few + more * least + SLACK:
            return [at not in hidden for at in range(len(counts))]
    return [False] * len(counts)
