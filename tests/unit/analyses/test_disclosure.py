"""A small count is not shown, and cannot be told from what is."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from alsdecline.analyses.disclosure import may_show_parts, may_show_subsets

LIMIT = 5


def _possible(counts: list[int], shown: list[bool]) -> list[set[int]]:
    """Return which values each hidden count may have had, as who knows the rule sees.

    All parts that sum to the same, of which the rule shows the same ones.
    """
    hidden = [i for i, is_shown in enumerate(shown) if not is_shown]
    rest = sum(counts[i] for i in hidden)
    found: list[set[int]] = [set() for _ in hidden]
    for parts in itertools.product(range(rest + 1), repeat=len(hidden) - 1):
        last = rest - sum(parts)
        if last < 0:
            continue
        whole = list(counts)
        for at, part in zip(hidden, [*parts, last], strict=True):
            whole[at] = part
        if may_show_parts(whole, LIMIT) == shown:
            for at, part in enumerate([*parts, last]):
                found[at].add(part)
    return found


@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_no_hidden_part_is_told_by_the_others_and_their_sum(counts: list[int]) -> None:
    shown = may_show_parts(counts, LIMIT)
    pairs = list(zip(counts, shown, strict=True))
    assert not any(0 < count < LIMIT and is_shown for count, is_shown in pairs)
    if all(shown) or sum(counts) < LIMIT:  # a group so small is not shown at all
        return
    assert all(len(values) > 1 for values in _possible(counts, shown))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5), st.integers(5, 40))
def test_no_two_shown_parts_differ_by_a_small_count(
    counts: list[int], total: int
) -> None:
    counts = [min(count, total) for count in counts]
    shown = may_show_subsets(counts, total, LIMIT)
    told = [total, *(c for c, is_shown in zip(counts, shown, strict=True) if is_shown)]
    assert not any(0 < count < LIMIT for count in told)
    assert not any(0 < abs(a - b) < LIMIT for a in told for b in told)


def test_what_is_large_enough_is_shown() -> None:
    assert may_show_parts([50, 0, 30, 20], LIMIT) == [True] * 4
    assert may_show_parts([3, 50, 40, 0], LIMIT) == [False, False, True, True]
    assert may_show_parts([3, 3, 0, 0], LIMIT) == [False] * 4
    assert may_show_subsets([90, 88, 80], 100, LIMIT) == [True, False, True]
