"""Errors averaged over a design prior, against closed forms and quadrature.

Each at a false-alarm probability of 1e-5.
"""

import dataclasses
import math

import numpy as np
import pytest
from scipy import integrate, stats

from alsdecline.analyses.assurance import assurance, assurance_right_sign
from alsdecline.design.averaged_errors import AveragedErrors, averaged_errors
from alsdecline.design.planned import analysed_batch, true_effects
from alsdecline.settings.models import Normal
from alsdecline.settings.simulated_design import AssumedCourse, DesignScenario

Z = float(stats.norm.isf(0.5e-5))
CRITICAL = float(stats.norm.isf(0.025))


def hold(found: AveragedErrors, known: dict[str, float]) -> None:
    """Compare each share with what is known, by its own Monte Carlo error."""
    shares = dataclasses.asdict(found)
    for name, value in known.items():
        assert abs(shares[name] - value) < Z * shares[f"{name}_error"], name


def test_shares_are_those_of_two_normal_variables() -> None:
    """Effects of mean 0.6 and SD 0.8, estimates with a known standard error of 0.5."""
    mean, sd, error, n = 0.6, 0.8, 0.5, 100_000
    rng = np.random.default_rng(6)
    effects = rng.normal(mean, sd, n)
    estimates = rng.normal(effects, error)
    found = averaged_errors(effects, estimates > CRITICAL * error)
    spread = math.hypot(sd, error)
    won = stats.norm.cdf((mean - CRITICAL * error) / spread)
    worse = stats.norm.cdf(-mean / sd)
    together = stats.multivariate_normal(
        [mean, -mean], [[sd**2, -(sd**2)], [-(sd**2), spread**2]]
    )
    both = float(together.cdf([0.0, -CRITICAL * error]))
    hold(
        found,
        {
            "benefit": 1 - worse,
            "assurance": won,
            "type_i_error": both / worse,
            "power": (won - both) / (1 - worse),
            "false_success": both / won,
            "missed_benefit": ((1 - worse) - (won - both)) / (1 - won),
        },
    )
    assert found.assurance_error < 0.002


ASSUMED = AssumedCourse(
    outcome="score",
    reference="low",
    weeks=[0, 8, 16, 24],
    time_of_week=7 / 30.4375,
    better="lower",
    slope=2.0,
    baseline=45.0,
    sd_baseline=6.0,
    sd_slope=1.5,
    sd_residual=2.5,
    floor=0.0,
    ceiling=None,
    whole_points=False,
)
LOW, HIGH = 12, 18
TIMES = np.array(ASSUMED.weeks) * ASSUMED.time_of_week
ERROR = math.sqrt(
    (1.5**2 + 2.5**2 / np.square(TIMES - TIMES.mean()).sum()) * (1 / LOW + 1 / HIGH)
)
DF = LOW + HIGH - 2


@pytest.mark.parametrize("mean", [0.0, 0.8])
def test_simulated_trials_have_the_assurance_of_the_t_test(mean: float) -> None:
    """By noncentral t and quadrature; about 0 also by O'Hagan and by Owen."""
    sd, n = 1.0, 20_000
    given = DesignScenario(
        patients={"low": LOW, "high": HIGH},
        design_prior={"high": Normal(mean=mean, sd=sd)},
    )
    analysed = analysed_batch(given, ASSUMED, ["t_on_slopes"], range(n), 0.95, 8)
    found = analysed["high", "t_on_slopes"]
    effects = true_effects(given, ASSUMED, "high", np.arange(n), 8)
    assert abs(effects.mean() - mean) < Z * sd / math.sqrt(n)
    assert effects.std() == pytest.approx(sd, rel=0.03)
    better = (found.p_value <= 0.05) & (found.estimate > 0)
    critical = stats.t.isf(0.025, DF)

    def of_effect(effect: float) -> float:
        power = stats.nct.sf(critical, DF, effect / ERROR)
        return float(power * stats.norm.pdf(effect, mean, sd))

    won = integrate.quad(of_effect, -6, 7)[0]
    both = integrate.quad(of_effect, -6, 0)[0]
    worse = stats.norm.cdf(-mean / sd)
    known = {
        "assurance": won,
        "type_i_error": both / worse,
        "power": (won - both) / (1 - worse),
        "false_success": both / won,
    }
    hold(averaged_errors(effects, better), known)
    if mean == 0:
        assert won == pytest.approx(assurance(sd, ERROR, DF) / 2, rel=1e-6)
        right = assurance_right_sign(sd, ERROR, DF) / 2
        assert won - both == pytest.approx(right, rel=1e-6)
