"""Welch's and Wilcoxon's comparisons against R's t.test and wilcox.test (R 4.2.2)."""

import math
from itertools import combinations

import numpy as np
import pytest

from alsdecline.analyses.two_samples import rank_sum_counts, welch, wilcoxon

TREATED = [-1.2, -0.5, -2.9, -0.1]
REFERENCE = [-3.3, -4.1, -2.2, -3.9, -1.9]
MORE_TREATED = [
    *(-1.814, -0.761, -2.086, 1.074, -0.572, -2.067),
    *(-0.366, -0.040, -0.251, -1.397, 0.965, -0.493),
]
MORE_REFERENCE = [
    *(-2.621, -4.215, -0.875, -2.045, -2.016, -1.056, -1.179, -1.406),
    *(-1.081, -1.218, -1.925, -3.989, -1.380, -2.056, -2.156),
]


def test_welch_is_that_of_r() -> None:
    found = welch(TREATED, REFERENCE, 0.95)
    assert found.p_value == pytest.approx(0.0480554370691609, rel=1e-12)
    assert found.estimate == pytest.approx(-1.175 + 3.08)
    ends = (0.0228223717224838, 3.7871776282775165)
    assert (found.lower, found.upper) == pytest.approx(ends, rel=1e-12)
    assert found.standard_error == pytest.approx(0.7607178627235374)
    assert found.degrees_of_freedom == pytest.approx(5.7383563242575573)
    found = welch(MORE_TREATED, MORE_REFERENCE, 0.9)
    ends = (0.61087573338755741, 1.98352426661244263)
    assert (found.lower, found.upper) == pytest.approx(ends, rel=1e-12)
    assert found.p_value == pytest.approx(0.00360115378347168, rel=1e-12)


def test_wilcoxon_is_that_of_r_where_it_is_exact() -> None:
    found = wilcoxon(TREATED, REFERENCE, 0.95)
    assert found.exact
    assert found.p_value == pytest.approx(0.0634920634920635, rel=1e-12)
    assert (found.estimate, found.lower, found.upper) == pytest.approx(
        (1.95, -0.7, 3.8)
    )
    found = wilcoxon(MORE_TREATED, MORE_REFERENCE, 0.9)
    assert found.p_value == pytest.approx(0.00626914850901929, rel=1e-12)
    numbers = (found.estimate, found.lower, found.upper)
    assert numbers == pytest.approx((1.1595, 0.554, 1.949))


def test_ties_are_tested_as_r_tests_them() -> None:
    found = wilcoxon([1, 2, 2, 3, 5], [0, 1, 2, 2], 0.95)
    assert not found.exact
    assert found.p_value == pytest.approx(0.198771733616839, rel=1e-12)
    assert found.estimate == 1


def test_an_interval_that_no_pair_ends_is_without_bounds() -> None:
    """Of 2 against 3 the widest interval, of all six pairs, holds with 80% alone."""
    found = wilcoxon([1, 2], [3, 4.5, 5], 0.95)
    assert (found.lower, found.upper) == (-math.inf, math.inf)
    at_80 = wilcoxon([1, 2], [3, 4.5, 5], 0.8)
    assert (at_80.lower, at_80.upper) == (-4, -1)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (4, 5), (3, 6), (5, 2)])
def test_counts_are_those_of_all_allocations(n: int, m: int) -> None:
    ranks = range(n + m)
    larger = [
        sum(a > b for a in chosen for b in set(ranks) - set(chosen))
        for chosen in combinations(ranks, n)
    ]
    expected = np.bincount(larger, minlength=n * m + 1)
    assert rank_sum_counts(n, m).tolist() == expected.tolist()


def test_what_welch_cannot_do_is_refused() -> None:
    with pytest.raises(ValueError, match="two at least"):
        welch([1.0], REFERENCE, 0.95)
    with pytest.raises(ValueError, match="neither arm"):
        welch([1.0, 1.0], [2.0, 2.0], 0.95)
