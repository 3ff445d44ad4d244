"""Simulated trials fitted by a model of the plan.

By importance sampling of the four parameters that are left once the linear part is
integrated (:mod:`alsdecline.design.marginal_fit`); where the model has more, or that is
not good enough, by chains (:mod:`alsdecline.design.fitted_by_chains`). Call
:func:`alsdecline.models.compile_cache.use_compile_cache` before importing this module.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.design.batches import better_than
from alsdecline.design.fitted_by_chains import Row, by_chains
from alsdecline.design.integrated_lines import LinesData, LinesPrior
from alsdecline.design.marginal_fit import MarginalFit, marginal_fit
from alsdecline.design.planned import planned_scenario
from alsdecline.design.simulated_trials import (
    Scenario,
    SimulatedTrials,
    simulate_trials,
)
from alsdecline.design.streams import Purpose, Streams
from alsdecline.digests import task_seed
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.priors import outcome_priors
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    DesignScenario,
    has_one_line,
)

POINTS, MORE_POINTS = 2000, 8000
"""Importance sampled, which leaves every probability a Monte Carlo SD of 0.01 at most,
most of 0.003; the more where they do not."""


def _integrated(
    plan: FitPlan,
    arms: list[str],
    scenario: Scenario,
    simulated: SimulatedTrials,
    generator: np.random.Generator,
) -> MarginalFit | None:
    """Fit one trial without chains; None where that is not good enough."""
    (outcome,) = plan.outcomes
    prior = LinesPrior(outcome_priors(plan)[outcome], plan.correlation_lkj)
    places = [[plan.reference, *arms].index(arm.name) for arm in scenario.design.arms]
    (values,) = simulated.measured(scenario.truth.places(outcome))
    data = LinesData.of(
        values,
        np.broadcast_to(simulated.times[0], values.shape),
        np.array(places)[simulated.arm[0]],
        len(places),
        prior,
    )
    ends = plan.gates.further_interval_error
    for points in (POINTS, MORE_POINTS):
        fitted = marginal_fit(data, prior, generator, points)
        if fitted is not None and fitted.is_good(ends):
            return fitted
    return None


def _integrated_rows(
    fitted: MarginalFit,
    sign: int,
    arms: list[str],
    level: float,
    margins: tuple[float, ...],
) -> Iterator[Row]:
    """Summarise such a fit, a row an arm."""
    for a, arm in enumerate(arms):
        effect = fitted.effects[a].times(sign)
        lower, upper = (effect.quantile((1 + side * level) / 2) for side in (-1, 1))
        above = effect.above(0.0)
        yield {
            "arm": arm,
            "estimate": effect.mean,
            "lower": lower,
            "upper": upper,
            "p_value": 2.0 * min(above, 1.0 - above),
            "missed_gates": False,
            "by_chains": False,
        } | {better_than(margin): effect.above(margin) for margin in margins}


def fitted_batch(
    plan: FitPlan,
    given: DesignScenario,
    assumed: AssumedCourse,
    trials: range,
    level: float,
    seed: int,
    margins: tuple[float, ...],
    chains: bool = False,
) -> pd.DataFrame:
    """Simulate some trials of a scenario, and fit each.

    Parameters
    ----------
    plan : FitPlan
        Of a model that gives the primary outcome; its covariates do not count.
    given, assumed
        As of :func:`alsdecline.design.planned.planned_scenario`.
    trials : range
        Their numbers.
    level : float
        Of the central posterior intervals.
    seed : int
        Of all trials.
    margins : tuple of float
        Of decision rules, points/time.
    chains : bool
        Whether to fit all by the sampler of the trial's own fits.

    Returns
    -------
    DataFrame
        ``trial``, ``arm``, posterior mean and interval of the effect, of which above 0
        is better; ``p_value``, twice the smaller posterior probability of either sign;
        the posterior probability of being better than each margin; whether chains were
        drawn, and whether these missed a gate, after retries with more draws.
    """
    scenario = planned_scenario(given, assumed)
    # simulated patients have none
    plan = plan.model_copy(update={"covariates": []})
    arms = [arm for arm in given.patients if arm != plan.reference]
    outcome, rows = assumed.outcome, []
    sampled = by_chains(plan, outcome, arms, level, margins)
    integrates = has_one_line(plan.model) and not (plan.variances_by_arm or chains)
    sign = plan.sign(outcome)
    for number in trials:
        simulated = simulate_trials(scenario, seed, [number])
        drawn = Streams(seed, [number]).generator(number, Purpose.POSTERIOR)
        fitted = None
        if integrates:
            fitted = _integrated(plan, arms, scenario, simulated, drawn)
        if fitted is None:
            key = task_seed("simulated design", str(seed), str(number))
            found = sampled(scenario, simulated, key)
        else:
            found = [*_integrated_rows(fitted, sign, arms, level, margins)]
        rows += [{"trial": number} | row for row in found]
    return pd.DataFrame(rows)
