"""Randomisation test on slopes and the interval that inverts it.

The reference is a brute-force p-value in rational arithmetic over ``itertools``
allocations: no tolerance, no floating point, no formula for the interval.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from alsdecline.analyses.permutation import permutation_test


def difference(values, treated):
    """Mean of the treated minus mean of the others."""
    inside = [values[i] for i in treated]
    outside = [v for i, v in enumerate(values) if i not in treated]
    return sum(inside) / len(inside) - sum(outside) / len(outside)


def brute_force_p(slopes, treated, shift=0, strata=None):
    """Two-sided p-value of a shift, as a fraction, by enumeration."""
    labels = strata or [0] * len(slopes)
    made = {i for i, z in enumerate(treated) if z}
    values = [Fraction(x) - (shift if i in made else 0) for i, x in enumerate(slopes)]
    choices = []
    for label in sorted(set(labels)):
        members = [i for i, s in enumerate(labels) if s == label]
        choices.append(itertools.combinations(members, len(made & set(members))))
    allocations = [set().union(*parts) for parts in itertools.product(*choices)]
    observed = abs(difference(values, made))
    extreme = sum(abs(difference(values, a)) >= observed for a in allocations)
    return Fraction(extreme, len(allocations))


def assert_interval_inverts_test(slopes, treated, confidence, strata=None):
    """Both ends are not rejected, and a shift just beyond either is."""
    result = permutation_test(slopes, treated, strata, seed=0, confidence=confidence)
    alpha = 1 - Fraction(str(confidence))
    assert result.p_value == pytest.approx(
        float(brute_force_p(slopes, treated, strata=strata)), abs=1e-12
    )
    step = Fraction(1, 10**7)
    for end, outward in ((result.lower, -1), (result.upper, 1)):
        if math.isinf(end):
            far = outward * Fraction(10**6)
            p = brute_force_p(slopes, treated, far, strata)
            assert p > alpha
            assert result.smallest_attainable_p == pytest.approx(float(p))
            continue
        # slopes in eighths make each end a fraction with a small denominator
        exact_end = Fraction(end).limit_denominator(10**5)
        assert float(exact_end) == pytest.approx(end, abs=1e-11)
        assert brute_force_p(slopes, treated, exact_end, strata) > alpha
        inside, outside = exact_end - outward * step, exact_end + outward * step
        if result.upper - result.lower > 4 * step:
            assert brute_force_p(slopes, treated, inside, strata) > alpha
        assert brute_force_p(slopes, treated, outside, strata) <= alpha


# eighths are exact in binary, so ties are ties; few distinct ones make many
eighths = st.integers(-40, 40).map(lambda k: k / 8)
tied = st.integers(-2, 2).map(float)


@st.composite
def trials(draw, values=eighths, max_size=7):
    """Slopes of a small trial and who was treated."""
    n = draw(st.integers(3, max_size))
    slopes = draw(st.lists(values, min_size=n, max_size=n))
    treated = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    assume(any(treated) and not all(treated))
    return slopes, treated


@settings(deadline=None)
@given(trials(values=eighths | tied, max_size=9))
def test_p_value_agrees_with_scipy(trial):
    """``scipy.stats.permutation_test`` on the absolute difference, enumerated.

    The difference is multiplied out to whole eighths, as scipy has hardly a tolerance
    for ties.
    """
    slopes, treated = np.array(trial[0]), np.array(trial[1])
    assume(min(treated.sum(), (~treated).sum()) >= 2)
    expected = stats.permutation_test(
        (slopes[treated], slopes[~treated]),
        lambda x, y: abs(len(y) * np.sum(x) - len(x) * np.sum(y)),
        n_resamples=math.inf,
        alternative="greater",
        vectorized=False,
    )
    result = permutation_test(slopes, treated, seed=0)
    assert result.exact
    assert result.n_allocations == len(expected.null_distribution)
    assert result.p_value == pytest.approx(expected.pvalue, abs=1e-12)
    assert result.estimate * treated.sum() * (~treated).sum() == pytest.approx(
        len(slopes) * slopes[treated].sum() - treated.sum() * slopes.sum(), abs=1e-9
    )


@settings(deadline=None, max_examples=150)
@given(trials(), st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_interval_inverts_test(trial, confidence):
    """The interval is the closed set of shifts that are not rejected."""
    assert_interval_inverts_test(*trial, confidence)


@settings(deadline=None)
@given(trials(values=tied), st.sampled_from([0.5, 0.8, 0.9]))
def test_interval_inverts_test_with_ties(trial, confidence):
    """So it is where many allocations share their statistic."""
    assert_interval_inverts_test(*trial, confidence)


@settings(deadline=None)
@given(trials(), st.data(), st.sampled_from([0.5, 0.8, 0.9]))
def test_strata_restrict_allocations(trial, data, confidence):
    """Within strata, allocations are the product of those of each stratum."""
    slopes, treated = trial
    labels = st.sampled_from(["bulbar", "spinal"])
    strata = data.draw(st.lists(labels, min_size=len(slopes), max_size=len(slopes)))
    assert_interval_inverts_test(slopes, treated, confidence, strata)
    n_allocations = math.prod(
        math.comb(
            strata.count(label),
            sum(z for z, s in zip(treated, strata, strict=True) if s == label),
        )
        for label in set(strata)
    )
    result = permutation_test(slopes, treated, strata, seed=0)
    assert result.n_allocations == n_allocations


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_coverage_is_exact(confidence):
    """Over all allocations of fixed patients, at least the stated share covers.

    Slopes are fixed potential outcomes and treatment adds 1.5 to each; the only
    chance is the randomisation, here enumerated (3 against 4 patients, 35 ways).
    """
    untreated = np.array([-4.1, -3.7, -3.0, -2.2, -2.0, -0.9, 0.4])
    allocations = list(itertools.combinations(range(7), 3))
    covered = 0
    for chosen in allocations:
        treated = np.isin(np.arange(7), chosen)
        result = permutation_test(
            untreated + 1.5 * treated, treated, seed=0, confidence=confidence
        )
        covered += result.lower - 1e-9 <= 1.5 <= result.upper + 1e-9
    assert covered >= confidence * len(allocations)
    # no more conservative than the steps of p, 1/35 each, force it to be
    assert covered <= (confidence + 2 / 35) * len(allocations)


@settings(deadline=None)
@given(trials(), st.sampled_from([0.8, 0.9]))
def test_p_value_and_interval_agree_on_no_effect(trial, confidence):
    """Zero lies in the interval just when no effect is not rejected."""
    result = permutation_test(*trial, seed=0, confidence=confidence)
    rejected = result.p_value <= 1 - confidence + 1e-12
    assert rejected != (result.lower <= 0.0 <= result.upper)
    assert result.lower <= result.estimate <= result.upper


@settings(deadline=None)
@given(
    trials(),
    st.sampled_from([-8.0, -0.5, 0.25, 3.0, 10.0]),
    st.integers(-1000, 1000),
    st.integers(-64, 64).map(lambda k: k / 8),
)
def test_equivariance(trial, scale, shift, effect):
    """Units and level of the slopes, and an effect added, act as they should."""
    slopes, treated = np.array(trial[0]), np.array(trial[1])
    before = permutation_test(slopes, treated, seed=0, confidence=0.8)
    after = permutation_test(slopes * scale + shift, treated, seed=0, confidence=0.8)
    assert after.p_value == before.p_value
    ends = sorted([before.lower * scale, before.upper * scale])
    assert [after.lower, after.upper] == pytest.approx(ends, abs=1e-9)
    moved = permutation_test(slopes + effect * treated, treated, seed=0, confidence=0.8)
    assert moved.lower == pytest.approx(before.lower + effect, abs=1e-9)
    assert moved.upper == pytest.approx(before.upper + effect, abs=1e-9)


@pytest.mark.parametrize("unit", [2.0**-40, 2.0**40])
def test_ties_are_ties_in_any_unit(unit):
    """A power of two scales doubles without rounding, so nothing else may change."""
    plain = permutation_test(NINE, FOUR_OF_NINE, seed=0)
    scaled = permutation_test(NINE * unit, FOUR_OF_NINE, seed=0)
    assert scaled.p_value == plain.p_value
    assert [scaled.lower, scaled.upper] == [plain.lower * unit, plain.upper * unit]


def test_sums_that_only_rounding_tells_apart_tie():
    """Tenths are no binary numbers; 10 of the 20 allocations are as extreme."""
    slopes, treated = [0.1, 0.2, 0.6, 0.4, 0.3, 0.7], [True] * 3 + [False] * 3
    whole = [round(10 * slope) for slope in slopes]
    assert brute_force_p(whole, treated) == Fraction(1, 2)
    assert permutation_test(slopes, treated, seed=0).p_value == 0.5


@settings(deadline=None)
@given(trials())
def test_exchanging_arms_changes_sign(trial):
    """Which arm is called treated decides the sign and nothing else."""
    slopes, treated = np.array(trial[0]), np.array(trial[1])
    one = permutation_test(slopes, treated, seed=0, confidence=0.8)
    other = permutation_test(slopes, ~treated, seed=0, confidence=0.8)
    assert other.p_value == one.p_value
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)
    assert other.lower == pytest.approx(-one.upper, abs=1e-9)


def test_hundreds_of_thousands_of_allocations():
    """On ranks the test is Wilcoxon's, whose exact distribution scipy has."""
    ranks = np.random.default_rng(20).permutation(22) + 1.0
    treated = np.arange(22) < 11
    result = permutation_test(ranks, treated, seed=0)
    expected = stats.mannwhitneyu(ranks[treated], ranks[~treated], method="exact")
    assert result.n_allocations == math.comb(22, 11) == 705_432
    assert result.p_value == pytest.approx(expected.pvalue, rel=1e-12)


@pytest.mark.parametrize(
    ("n_treated", "n_reference", "smallest", "bounded"),
    [(2, 2, 2 / 6, False), (3, 3, 2 / 20, False), (4, 5, 1 / 126, True)],
)
def test_unbounded_where_no_data_can_reject(n_treated, n_reference, smallest, bounded):
    """With equal arms the mirror image is always as extreme; 2 against 2 is hopeless.

    Arms are far apart, so the p-value is the smallest that the design can attain.
    """
    treated = np.arange(n_treated + n_reference) < n_treated
    slopes = 100.0 * treated + np.arange(treated.size) ** 1.5
    result = permutation_test(slopes, treated, seed=0)
    assert result.p_value == pytest.approx(smallest)
    assert result.smallest_attainable_p == pytest.approx(smallest)
    if bounded:
        assert math.isfinite(result.lower)
        assert math.isfinite(result.upper)
    else:
        assert (result.lower, result.upper) == (-math.inf, math.inf)


def test_level_is_the_decimal_it_is_written_as():
    """At 90%, p = 2/20 is a rejection, though 1 - 0.9 is below 0.1 in binary."""
    treated = np.arange(6) < 3
    slopes = 100.0 * treated + np.arange(6.0) ** 1.5
    result = permutation_test(slopes, treated, seed=0, confidence=0.9)
    assert result.p_value == 0.1
    assert math.isfinite(result.upper)
    assert result.lower > 0.0


NINE = np.array([-1.2, 0.4, -0.9, 1.1, -3.0, -2.2, -1.9, -4.4, 0.1])
FOUR_OF_NINE = np.arange(9) < 4


def test_all_allocations_are_compared_up_to_the_limit_itself():
    """There are 126 ways to treat four of nine."""
    at, below = (
        permutation_test(NINE, FOUR_OF_NINE, seed=0, max_exact=limit, n_resamples=99)
        for limit in (126, 125)
    )
    assert (at.exact, at.n_allocations) == (True, 126)
    assert (below.exact, below.n_allocations) == (False, 100)


@pytest.mark.parametrize("strata", [None, list("ababababb")])
def test_monte_carlo_p_value(strata):
    """The count of drawn allocations is binomial with the exact p-value.

    False alarm below 1e-6 for a new seed.
    """
    exact = float(brute_force_p(NINE, FOUR_OF_NINE, strata=strata))
    drawn = 20_000
    result = permutation_test(
        NINE, FOUR_OF_NINE, strata, seed=5, max_exact=0, n_resamples=drawn
    )
    assert not result.exact
    assert result.n_allocations == drawn + 1
    count = result.p_value * (drawn + 1) - 1
    assert count == pytest.approx(round(count), abs=1e-6)
    assert stats.binomtest(round(count), drawn, exact).pvalue > 1e-6


def test_monte_carlo_never_reports_zero():
    """Of arms that no drawn allocation matches, p is 1 / (B + 1)."""
    treated = np.arange(40) < 20
    result = permutation_test(100.0 * treated, treated, seed=0, n_resamples=999)
    assert not result.exact
    assert result.p_value == pytest.approx(1 / 1000)
    assert result.smallest_attainable_p == pytest.approx(1 / 1000)


def test_monte_carlo_interval_inverts_the_same_draws():
    """Testing a shift with the same seed rejects it just outside the interval."""
    settings_ = {"seed": 3, "max_exact": 0, "n_resamples": 4_999}
    result = permutation_test(NINE, FOUR_OF_NINE, **settings_)
    for end, outward in ((result.lower, -1e-7), (result.upper, 1e-7)):
        p_inside, p_outside = (
            permutation_test(
                NINE - (end + side) * FOUR_OF_NINE, FOUR_OF_NINE, **settings_
            ).p_value
            for side in (-outward, outward)
        )
        assert p_outside <= 0.05 < p_inside


def test_monte_carlo_depends_on_the_seed_alone():
    """The same seed repeats the result, another one does not."""
    treated = np.arange(60) < 25
    slopes = np.random.default_rng(8).normal(size=60) + treated * 0.5
    first, second, other = (
        permutation_test(slopes, treated, seed=seed, n_resamples=2_000)
        for seed in (1, 1, 2)
    )
    assert first == second
    assert first.lower != other.lower


@pytest.mark.parametrize("max_exact", [0, 10**6])
def test_strata_with_one_arm_say_nothing(max_exact):
    """Where each stratum has one arm, the only allocation is the one made."""
    result = permutation_test(
        NINE, FOUR_OF_NINE, FOUR_OF_NINE, seed=0, max_exact=max_exact, n_resamples=99
    )
    assert result.p_value == result.smallest_attainable_p == 1.0
    assert (result.lower, result.upper) == (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, np.nan, 2.0], [True, False, False]), "slope of patient 1 is nan"),
        (([1.0, 2.0], [True, True]), "2 treated and 0 reference"),
        (([1.0, 2.0], [True, False, False]), "one of each a patient"),
        (([1.0, 2.0], [1, 0]), "must be true or false"),
        (([1.0, 2.0], [True, False], ["a"]), "one each"),
        (([1.0, 2.0], [True, False], ["a", np.nan]), "patient 1 is missing"),
    ],
)
def test_refuses(arguments, message):
    """Input that has no answer is refused with its place."""
    with pytest.raises(ValueError, match=message):
        permutation_test(*arguments, seed=0)


def test_refuses_confidence_outside_its_range():
    """A confidence in per cent is refused."""
    with pytest.raises(ValueError, match="confidence 95"):
        permutation_test([1.0, 2.0], [True, False], seed=0, confidence=95)
