"""Simulated trials have the moments, shares and chances that closed forms give.

Each stochastic statement is one two-sided test with a false-alarm probability of 1e-5,
should streams change; as they are, seeds are fixed and nothing is left to chance.
"""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from alsdecline.design.nuisances import Departure, Items, Nuisances, Recording
from alsdecline.design.simulated_trials import (
    Scenario,
    SimulatedTrials,
    Status,
    simulate_trials,
)
from alsdecline.design.trial_design import Arm, StratifiedBlocks, TrialDesign
from alsdecline.design.truth import (
    Curve,
    Difference,
    Emax,
    OutcomeTruth,
    Ratio,
    Truth,
)

FALSE_ALARM = 1e-5
Z = float(stats.norm.isf(FALSE_ALARM / 2))
MONTHS = tuple(4 * 7 / 30.4375 * i for i in range(11))
LIMB = OutcomeTruth("limb", 45.0, -2.2, 8.0, 1.7, 2.5)
BULBAR = OutcomeTruth("bulbar", 32.0, -0.85, 5.0, 0.75, 1.5)
TWO_ARMS = TrialDesign((Arm("low", 20), Arm("high", 20)), MONTHS)
SEED = 20050727


def changed(of: Any, **changes: Any) -> Any:
    return dataclasses.replace(of, **changes)


def simulated(
    design: TrialDesign = TWO_ARMS,
    truth: Truth | OutcomeTruth = LIMB,
    nuisances: Nuisances | None = None,
    trials: int = 500,
) -> SimulatedTrials:
    if isinstance(truth, OutcomeTruth):
        truth = Truth((truth,))
    scenario = Scenario(design, truth, nuisances or Nuisances())
    return simulate_trials(scenario, SEED, range(trials))


def assert_mean(drawn: np.ndarray, expected: float) -> None:
    """Hold a mean of independent values to its expectation."""
    drawn = np.ravel(drawn)
    error = drawn.std(ddof=1) / math.sqrt(drawn.size)
    assert abs(drawn.mean() - expected) < Z * error


def assert_variance(drawn: np.ndarray, expected: float) -> None:
    """Hold a variance of independent normal values to its expectation."""
    drawn = np.ravel(drawn)
    spread = stats.chi2(drawn.size - 1)
    low, high = spread.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2]) / (drawn.size - 1)
    assert low < drawn.var(ddof=1) / expected < high


def assert_share(hits: np.ndarray, probability: float) -> None:
    """Hold the share of independent events to their probability."""
    found = stats.binomtest(int(np.sum(hits)), int(np.size(hits)), probability)
    assert found.pvalue > FALSE_ALARM


def least_squares_slopes(values: np.ndarray) -> np.ndarray:
    """Slopes of complete courses, (..., T)."""
    at = np.array(MONTHS) - np.mean(MONTHS)
    slopes: np.ndarray = values @ at / (at @ at)
    return slopes


# the model


def test_means_at_each_visit_are_those_of_the_arms() -> None:
    limb = changed(LIMB, effects={"high": Difference(1.2)})
    got = simulated(truth=limb)
    for arm, slope in ((0, -2.2), (1, -1.0)):
        values = got.values[got.arm == arm, 0]
        for at, visit in ((0, 0), (5, 5), (10, 10)):
            assert_mean(values[:, at], 45.0 + slope * MONTHS[visit])


def test_slopes_vary_by_patients_and_residuals() -> None:
    """Variance of a least squares slope: between, and residual over sum of squares."""
    got = simulated()
    at = np.array(MONTHS)
    within = 2.5**2 / np.sum((at - at.mean()) ** 2)
    assert_variance(least_squares_slopes(got.values[:, :, 0]), 1.7**2 + within)


def test_residuals_have_their_sd_and_no_correlation_over_time() -> None:
    got = simulated()
    line = got.intercepts[..., None] + got.slopes[..., None] * np.array(MONTHS)
    residual = (got.values - line)[:, :, 0]
    assert_variance(residual, 2.5**2)
    products = residual[..., 1:] * residual[..., :-1]
    assert_mean(products, 0.0)


def test_random_effects_and_residuals_correlate_as_given() -> None:
    """Fisher's z of a correlation is normal, its SD 1 over the root of n - 3."""
    between = np.eye(4)
    between[1, 3] = between[3, 1] = 0.3
    between[0, 1] = between[1, 0] = -0.5
    truth = Truth(
        (LIMB, BULBAR),
        tuple(map(tuple, between)),
        ((1.0, 0.6), (0.6, 1.0)),
    )
    got = simulated(truth=truth)
    line = got.intercepts[..., None] + got.slopes[..., None] * np.array(MONTHS)
    residual = got.values - line
    pairs = (
        (got.slopes[..., 0], got.slopes[..., 1], 0.3),
        (got.intercepts[..., 0], got.slopes[..., 0], -0.5),
        (got.intercepts[..., 0], got.slopes[..., 1], 0.0),
        (residual[:, :, 0], residual[:, :, 1], 0.6),
    )
    for one, other, expected in pairs:
        r = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        error = abs(math.atanh(r) - math.atanh(expected)) * math.sqrt(one.size - 3)
        assert error < Z


def test_a_ratio_multiplies_mean_and_spread_of_slopes() -> None:
    limb = changed(LIMB, effects={"high": Ratio(0.7)})
    got = simulated(truth=limb)
    slopes = got.slopes[got.arm == 1, 0]
    assert_mean(slopes, 0.7 * -2.2)
    assert_variance(slopes, (0.7 * 1.7) ** 2)
    assert limb.true_difference("high", 0.0, 9.0) == pytest.approx(0.3 * 2.2)


def test_a_curve_adds_its_course_and_leaves_the_other_arm_alone() -> None:
    late = Curve((0.0, 3.0, 9.0), (0.0, 0.0, 6.0))
    without, with_effect = (
        simulated(truth=changed(LIMB, effects=effects), trials=3)
        for effects in ({}, {"high": late})
    )
    added = (with_effect.values - without.values)[:, :, 0]
    expected = np.clip(np.array(MONTHS) - 3.0, 0.0, 6.0)
    assert added[without.arm == 1] == pytest.approx(np.tile(expected, (60, 1)))
    assert (added[without.arm == 0] == 0.0).all()
    limb = changed(LIMB, effects={"high": late})
    assert limb.true_difference("high", 0.0, 6.0) == pytest.approx(0.5)


def test_doses_add_what_their_curve_gives() -> None:
    arms = (Arm("none", 5), Arm("half", 5, dose=2.0), Arm("more", 5, dose=6.0))
    emax = Emax(1.6, 2.0)
    limb = changed(LIMB, effects={"none": emax, "half": emax, "more": emax}, sd_slope=0)
    got = simulated(TrialDesign(arms, MONTHS), limb, trials=2)
    for arm, added in enumerate((0.0, 0.8, 1.2)):
        assert got.slopes[got.arm == arm, 0] == pytest.approx(-2.2 + added)


# the design


def test_arms_have_their_sizes_and_every_order_is_as_likely() -> None:
    design = TrialDesign((Arm("low", 1), Arm("mid", 2), Arm("high", 1)), MONTHS)
    got = simulated(design, trials=6000)
    assert (np.sort(got.arm, axis=1) == [0, 1, 1, 2]).all()
    orders, counts = np.unique(got.arm, axis=0, return_counts=True)
    assert len(orders) == 12
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


def test_blocks_are_balanced_within_each_stratum() -> None:
    """At most an unfinished block is out of balance; shares are those of the strata."""
    design = changed(TWO_ARMS, strata=StratifiedBlocks((0.7, 0.3), (1, 2)))
    got = simulated(design)
    assert_share(got.stratum == 1, 0.3)
    for stratum in (0, 1):
        here = got.stratum == stratum
        low = (here & (got.arm == 0)).sum(axis=1)
        high = (here & (got.arm == 1)).sum(axis=1)
        assert (np.abs(high - 2 * low) <= 2).all()
        whole = here.sum(axis=1) % 3 == 0
        assert whole.any()
        assert (high[whole] == 2 * low[whole]).all()


def test_the_first_place_of_a_block_is_each_arms_by_its_share() -> None:
    design = changed(TWO_ARMS, strata=StratifiedBlocks((1.0,), (1, 3)))
    got = simulated(design, trials=2000)
    assert_share(got.arm[:, 0], 0.75)


def test_strata_shift_means() -> None:
    limb = changed(LIMB, stratum_intercepts=(0.0, -6.0), stratum_slopes=(0.0, -1.0))
    design = changed(TWO_ARMS, strata=StratifiedBlocks((0.5, 0.5), (1, 1)))
    got = simulated(design, limb)
    assert_mean(got.intercepts[got.stratum == 1], 39.0)
    assert_mean(got.slopes[got.stratum == 1], -3.2)
    assert_mean(got.slopes[got.stratum == 0], -2.2)


def test_slopes_drift_with_enrolment_of_historical_controls_too() -> None:
    arms = (Arm("low", 20), Arm("high", 20), Arm("earlier", 30, historical_from=-36.0))
    design = TrialDesign(arms, MONTHS, accrual=12.0)
    got = simulated(design, changed(LIMB, drift=0.02))
    earlier = got.arm == 2
    assert (got.arm[:, 40:] == 2).all()
    assert ((got.enrolled[earlier] > -36) & (got.enrolled[earlier] < -24)).all()
    assert (np.diff(got.enrolled[:, :40], axis=1) >= 0).all()
    assert_mean(got.enrolled[~earlier], 6.0)
    assert_mean(got.slopes[earlier, 0], -2.2 - 0.02 * 30.0)
    assert_mean(got.slopes[~earlier, 0], -2.2 + 0.02 * 6.0)


def test_a_trial_that_closes_has_visits_until_then() -> None:
    design = changed(TWO_ARMS, accrual=12.0, closes=15.0)
    got = simulated(design)
    seen = np.isfinite(got.values[:, :, 0])
    expected = got.enrolled[..., None] + np.array(MONTHS) <= 15.0
    assert (seen == expected).all()
    closed = got.enrolled + MONTHS[-1] > 15.0
    assert (got.status == np.where(closed, Status.TRIAL_CLOSED, 0)).all()
    assert_share(closed, 1 - (15.0 - MONTHS[-1]) / 12.0)


def test_visits_stay_in_their_windows_and_the_first_is_at_0() -> None:
    got = simulated(changed(TWO_ARMS, window=0.1), trials=100)
    shift = got.times - np.array(MONTHS)
    assert (shift[..., 0] == 0.0).all()
    assert np.abs(shift).max() <= 0.1
    assert_mean(shift[..., 1:], 0.0)
    assert_mean(shift[..., 1:] ** 2, 0.1**2 / 3)


# nuisances


def test_without_nuisances_all_is_seen() -> None:
    got = simulated(trials=20)
    assert np.isfinite(got.values).all()
    assert (got.status == Status.COMPLETED).all()
    assert (got.followed == MONTHS[-1]).all()


def expected_events(hazard: float, ratio: float, shift: float = 0.0) -> float:
    """Chance of an event by the last visit, by quadrature over patients' slopes.

    Slopes lie z - shift SDs above the mean one, and log hazards fall with that.
    """
    z, weight = np.polynomial.hermite_e.hermegauss(120)
    rate = hazard * ratio ** -(z + shift)
    chance = weight @ -np.expm1(-rate * MONTHS[-1]) / math.sqrt(2 * math.pi)
    return float(chance)


def test_withdrawals_that_depend_on_nothing() -> None:
    got = simulated(nuisances=Nuisances(Departure(0.03)))
    assert_share(got.status == Status.WITHDRAWN, expected_events(0.03, 1.0))


def test_deaths_that_depend_on_the_course_and_so_on_the_effect() -> None:
    limb = changed(LIMB, effects={"high": Difference(1.7)})
    death = Departure(0.03, {"limb": 1.8})
    got = simulated(truth=limb, nuisances=Nuisances(death=death))
    died = got.status == Status.DIED
    assert_share(died[got.arm == 0], expected_events(0.03, 1.8))
    assert_share(died[got.arm == 1], expected_events(0.03, 1.8, shift=1.0))
    by_slope = died[got.slopes[..., 0] < -2.2].mean()
    assert by_slope > 1.5 * died[got.slopes[..., 0] > -2.2].mean()


def test_a_curve_bears_on_deaths_by_the_slope_that_it_makes() -> None:
    limb = changed(LIMB, effects={"high": Curve((0.0, MONTHS[-1]), (0.0, 20.0))})
    death = Departure(0.03, {"limb": 1.8})
    got = simulated(truth=limb, nuisances=Nuisances(death=death))
    shift = 20.0 / MONTHS[-1] / 1.7
    died = got.status[got.arm == 1] == Status.DIED
    assert_share(died, expected_events(0.03, 1.8, shift))


def test_of_two_events_the_first_is_seen() -> None:
    nuisances = Nuisances(Departure(0.06), Departure(0.03))
    got = simulated(nuisances=nuisances)
    ended = got.status != Status.COMPLETED
    assert_share(ended, expected_events(0.09, 1.0))
    assert_share(got.status[ended] == Status.DIED, 1 / 3)
    seen = np.isfinite(got.values[:, :, 0])
    assert (seen == (np.array(MONTHS) <= got.followed[..., None])).all()


def test_visits_and_values_are_missed_by_their_chances() -> None:
    nuisances = Nuisances(missed_visit=0.1, missing_value=0.05)
    got = simulated(truth=Truth((LIMB, BULBAR)), nuisances=nuisances)
    seen = np.isfinite(got.values)
    assert_share(seen[..., 0], 0.95)
    none = ~seen[..., 1:].any(axis=2)
    assert_share(none, 0.1 + 0.9 * 0.05**2)
    assert_share(seen[..., 1:][:, :, 0], 0.9 * 0.95)


def test_values_are_rounded_and_held_to_floor_and_ceiling() -> None:
    still = changed(LIMB, slope=0.0, sd_slope=0.0)
    form = Recording(step=0.5, floor=40.0, ceiling=63.0)
    rough, plain = (
        simulated(truth=still, nuisances=Nuisances(recording=recording))
        for recording in ({"limb": form}, {})
    )
    values = rough.values
    assert (values * 2 == np.rint(values * 2)).all()
    assert np.abs(values - np.clip(plain.values, 40.0, 63.0)).max() <= 0.25
    below = stats.norm.cdf(40.25, 45.0, math.hypot(8.0, 2.5))
    assert_share(values[..., 0] == 40.0, below)
    assert_share(values[..., 0] == 63.0, stats.norm.sf(62.75, 45, math.hypot(8, 2.5)))


def test_items_add_up_to_the_outcome_and_reach_their_ends() -> None:
    """An item's rating is the normal distribution's share of each point."""
    score = OutcomeTruth("score", 30.0, 0.0, 0.0, 0.0, 0.0)
    items = Items(12, 4, sd_patient=0.6, sd_visit=0.8)
    nuisances = Nuisances(recording={"score": Recording(items=items)})
    got = simulated(truth=score, nuisances=nuisances)
    points = np.arange(5)
    edges = np.array([-np.inf, 0.5, 1.5, 2.5, 3.5, np.inf])
    chance = np.diff(stats.norm.cdf(edges, 30.0 / 12, math.hypot(0.6, 0.8)))
    assert (got.values == np.rint(got.values)).all()
    first = got.values[..., 0]
    assert_mean(first, 12 * points @ chance)
    variance = 12 * (points**2 @ chance - (points @ chance) ** 2)
    # a sum of 12 is all but normal, and so is its variance's distribution
    assert_variance(first, variance)
    low = changed(score, intercept=-100.0)
    assert (simulated(truth=low, nuisances=nuisances, trials=1).values == 0.0).all()


# the streams


ALL = Nuisances(
    Departure(0.02, {"limb": 1.5}),
    Departure(0.01),
    0.04,
    0.02,
    {"limb": Recording(1.0, 0.0, 63.0), "bulbar": Recording(items=Items(13, 3, 1.0))},
)
STRATIFIED = TrialDesign(
    (Arm("low", 9), Arm("high", 9), Arm("earlier", 5, historical_from=-20.0)),
    MONTHS,
    window=0.1,
    accrual=10.0,
    closes=16.0,
    strata=StratifiedBlocks((0.6, 0.4), (1, 1)),
)


def test_a_trial_is_the_same_to_the_last_bit_in_whichever_batch() -> None:
    scenario = Scenario(STRATIFIED, Truth((LIMB, BULBAR)), ALL)
    together = simulate_trials(scenario, 7, range(40))
    apart = [simulate_trials(scenario, 7, part) for part in ([39, 3], range(10, 12))]
    for batch in apart:
        for field in dataclasses.fields(SimulatedTrials):
            part = getattr(batch, field.name)
            whole = getattr(together, field.name)[batch.numbers]
            assert part.tobytes() == whole.tobytes(), field.name


def test_trials_and_seeds_differ() -> None:
    scenario = Scenario(TWO_ARMS, Truth((LIMB,)))
    one, two = (simulate_trials(scenario, seed, range(2)).values for seed in (1, 2))
    drawn = np.concatenate([one, two]).reshape(4, -1)
    assert len(np.unique(drawn[:, 0])) == 4


def test_turning_a_nuisance_off_leaves_all_else_as_it_was() -> None:
    truth = Truth((LIMB, BULBAR))
    with_all, without = (
        simulate_trials(Scenario(STRATIFIED, truth, nuisances), 7, range(10))
        for nuisances in (ALL, changed(ALL, missed_visit=0.0, death=Departure()))
    )
    both = np.isfinite(with_all.values) & np.isfinite(without.values)
    assert both.any()
    assert not (np.isfinite(with_all.values) & ~both).any()
    assert (with_all.values[both] == without.values[both]).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Arm("low", 0), "0 patients"),
        (lambda: TrialDesign((), MONTHS), "one at least randomised"),
        (lambda: changed(TWO_ARMS, visits=(0.0, 2.0, 1.0)), "rising from 0"),
        (lambda: changed(TWO_ARMS, window=0.5), "overlap"),
        (lambda: StratifiedBlocks((0.5, 0.4), (1, 1)), "1 together"),
        (
            lambda: changed(TWO_ARMS, strata=StratifiedBlocks((1.0,), (1,))),
            "for 2 randomised arms",
        ),
        (lambda: Truth((LIMB, LIMB)), "each once"),
        (lambda: Truth((LIMB,), ((1.0, 1.0), (1.0, 1.0))), "not positive definite"),
        (lambda: Truth((LIMB,), ((1.0,),)), "not \\(2, 2\\)"),
        (lambda: Departure(-0.1), "at least 0"),
        (lambda: Nuisances(missed_visit=1.0), "below 1"),
        (
            lambda: simulated(truth=changed(LIMB, effects={"hihg": Ratio(1.0)})),
            "effects of no arm: \\['hihg'\\]",
        ),
        (
            lambda: simulated(nuisances=Nuisances(Departure(0.1, {"lung": 2.0}))),
            "no outcome 'lung'",
        ),
        (lambda: simulated(truth=changed(LIMB, stratum_slopes=(0.0, 1.0))), "1 strata"),
    ],
)
def test_what_cannot_be_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
