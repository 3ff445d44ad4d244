"""Sizes and powers are the published ones, and those that simulated trials show."""

import math

import numpy as np
import pytest
from scipy import stats

from alsdecline.analyses.significance import power, type_m, type_s
from alsdecline.design.comparison import Comparison
from alsdecline.design.mixed_models import mixed_model
from alsdecline.design.normal_theory import normal_power, sample_size, slope_variance
from alsdecline.design.nuisances import Departure, Nuisances
from alsdecline.design.simulated_trials import Scenario, simulate_trials
from alsdecline.design.slope_tests import t_on_slopes
from alsdecline.design.trial_design import Arm, TrialDesign
from alsdecline.design.truth import Difference, OutcomeTruth, Truth

FALSE_ALARM = 1e-5
ALSFRS_R = OutcomeTruth("alsfrs_r", 38.0, -1.03, 5.0, 0.76, 1.77)
EVERY_4_WEEKS = tuple(28 * i / 30.4375 for i in range(7))
SLOWING = 0.3 * 1.03


def assert_share(hits: np.ndarray, probability: float) -> None:
    found = stats.binomtest(int(np.sum(hits)), hits.size, probability)
    assert found.pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("rho", "sizes"),
    [(0.2, (313, 625, 938)), (0.5, (196, 391, 586)), (0.8, (79, 157, 235))],
)
def test_sizes_of_diggle(rho: float, sizes: tuple[int, ...]) -> None:
    """Diggle, Liang and Zeger 1994, page 29, as the tests of longpower have it."""
    for variance, size in zip((100.0, 200.0, 300.0), sizes, strict=True):
        truth = OutcomeTruth(
            "y", 0, 0, math.sqrt(rho * variance), 0, math.sqrt((1 - rho) * variance)
        )
        of_arm = slope_variance(truth, (0.0, 2.0, 5.0))
        needed = sample_size(0.5, (of_arm, of_arm), 0.8, sides=1)
        assert math.ceil(needed) == size


def test_size_of_an_alzheimer_trial() -> None:
    """longpower, its tests of ``lmmpower``: 207.310093300903 patients an arm."""
    truth = OutcomeTruth("adas", 0, 0, math.sqrt(55), math.sqrt(24), math.sqrt(10))
    of_arm = slope_variance(truth, np.arange(0, 1.75, 0.25), correlation=0.8)
    assert sample_size(1.5, (of_arm,) * 2, 0.8) == pytest.approx(207.310093300903)
    assert normal_power(1.5, (207, 207), (of_arm,) * 2) == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize(
    ("patients", "change", "published"),
    [
        (80, 3.488879, 0.7999999),
        (200, 0.25 * 4.0579 * 1.5, 0.4888692),
        (400, 0.25 * 4.0579 * 1.5, 0.7800555),
    ],
)
def test_power_of_zhao_and_edlands_change_to_the_last_visit(
    patients: int, change: float, published: float
) -> None:
    """Zhao and Edland 2023, table and figure 3, as longpower's ``cprm.power`` has them.

    Their model of repeated measures has a mean of its own at each visit, so that with
    complete data the seven visits of 1.5 years tell what the first and last do.
    """
    truth = OutcomeTruth("adas", 0, 0, *np.sqrt([55.45902, 15.44793, 13.63768]))
    correlation = 13.58123 / (truth.sd_intercept * truth.sd_slope)
    of_arm = slope_variance(truth, (0.0, 1.5), correlation=correlation)
    found = normal_power(change / 1.5, (patients,) * 2, (of_arm,) * 2)
    assert found == pytest.approx(published, abs=1e-6)


@pytest.mark.parametrize(
    ("effect", "error", "published"),
    [(0.1, 3.28, (0.050, 0.464, 76.7)), (2.0, 8.1, (0.057, 0.240, 9.54))],
)
def test_wrong_signs_and_exaggeration_of_retrodesign(
    effect: float, error: float, published: tuple[float, ...]
) -> None:
    """Power, Type S and Type M as the R package prints them, variances being known."""
    df = 10**7
    found = [of(effect, error, df) for of in (power, type_s, type_m)]
    assert found == pytest.approx(published, rel=1e-3, abs=5e-4)


@pytest.mark.parametrize(("n_reference", "documented"), [(40, 0.5), (120, 0.8)])
def test_power_of_alsfrs_slopes(n_reference: int, documented: float) -> None:
    """30% slowing in 24 weeks, by both closed forms and by simulated t tests."""
    of_arm = slope_variance(ALSFRS_R, EVERY_4_WEEKS)
    sizes = (120, n_reference)
    by_normal = normal_power(SLOWING, sizes, (of_arm, of_arm))
    assert by_normal == pytest.approx(documented, abs=0.025)
    error = math.sqrt(of_arm * (1 / 120 + 1 / n_reference))
    by_t = power(SLOWING, error, 118 + n_reference)
    assert by_t == pytest.approx(by_normal, abs=0.01)

    design = TrialDesign((Arm("a", 120), Arm("b", n_reference)), EVERY_4_WEEKS)
    scenario = Scenario(design, Truth((slowed("a"),)))
    trials = simulate_trials(scenario, 24, range(800))
    data = Comparison.of(scenario, trials, "alsfrs_r", "a", ("b",))
    assert_share(t_on_slopes(data, 0.95).p_value < 0.05, by_t)


def slowed(arm: str) -> OutcomeTruth:
    return OutcomeTruth(
        "alsfrs_r", 38.0, -1.03, 5.0, 0.76, 1.77, {arm: Difference(SLOWING)}
    )


def test_drop_out_costs_what_simulated_mixed_models_lose() -> None:
    """Shares last seen at each visit are those of a constant hazard.

    The arms' baseline is common to the mixed model, which with independent intercepts
    and slopes, and most patients seen to the end, is worth next to nothing.
    """
    hazard = 0.1
    stays = np.exp(-hazard * np.array(EVERY_4_WEEKS))
    shares = np.append(stays[:-1] - stays[1:], stays[-1])
    of_arm = slope_variance(ALSFRS_R, EVERY_4_WEEKS, shares)
    assert of_arm > 1.15 * slope_variance(ALSFRS_R, EVERY_4_WEEKS)

    design = TrialDesign((Arm("a", 60), Arm("b", 60)), EVERY_4_WEEKS)
    scenario = Scenario(design, Truth((slowed("a"),)), Nuisances(Departure(hazard)))
    trials = simulate_trials(scenario, 24, range(600))
    data = Comparison.of(scenario, trials, "alsfrs_r", "a", ("b",))
    estimates = mixed_model(data, 0.95).estimate
    ratio = estimates.var(ddof=1) / (of_arm * 2 / 60)
    spread = stats.norm.isf(FALSE_ALARM / 2) * math.sqrt(2 / 599)
    assert abs(ratio - 1.0) < spread


@pytest.mark.parametrize(
    ("shares", "message"),
    [((0.5, 0.5), "of 7 visits"), ((1.0,) + 6 * (0.0,), "seen twice")],
)
def test_shares_that_leave_no_slope_are_refused(
    shares: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        slope_variance(ALSFRS_R, EVERY_4_WEEKS, shares)
