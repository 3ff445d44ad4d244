"""Simulated trials fitted by the model that takes the primary outcome by itself.

By importance sampling of the four parameters that are left once the linear part is
integrated (:mod:`alsdecline.design.marginal_fit`); where that is not good enough by the
sampler of the trial's own fits, compiled once for all. Call
:func:`alsdecline.models.compile_cache.use_compile_cache` before importing this module.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from alsdecline.design.batches import better_than
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
from alsdecline.fits.declared import declared_model
from alsdecline.fits.diagnostics import diagnose, gate_failures
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.posterior_draws import ModelFit, fit_model
from alsdecline.fits.priors import outcome_priors
from alsdecline.fits.quantities import mean_slopes
from alsdecline.settings.simulated_design import AssumedCourse, DesignScenario

CHAINS, TUNE, DRAWS = 2, 500, 1500
"""So that a probability of about a half is known to about 0.01."""

RETRY_DRAWS = 4
"""So many times as many where a gate was missed; mostly by the end of an interval."""

POINTS = 2000
"""Importance sampled, which leaves every probability a Monte Carlo SD of 0.01 at most,
most of 0.003; four times as many where they do not."""

type Row = dict[str, object]


def _frames(
    scenario: Scenario, simulated: SimulatedTrials
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the patients of one trial who were seen, and their observations."""
    (values,) = simulated.values[:, :, 0]  # noqa: PD011, no frame
    times = np.broadcast_to(simulated.times[0], values.shape)
    names = np.array([f"p{number:06d}" for number in range(len(values))])
    arms = np.array([arm.name for arm in scenario.design.arms])[simulated.arm[0]]
    i, t = np.nonzero(np.isfinite(values))
    observations = pd.DataFrame(
        {
            "patient": names[i],
            "arm": arms[i],
            "time": times[i, t],
            "value": values[i, t],
        }
    )
    patients = observations[["patient", "arm"]].drop_duplicates(ignore_index=True)
    return patients, observations


def _rows(
    plan: FitPlan,
    fitted: ModelFit,
    arms: list[str],
    outcome: str,
    level: float,
    margins: tuple[float, ...],
) -> Iterator[Row]:
    """Summarise one fit, a row an arm."""
    slopes = next(s for s in mean_slopes(plan, fitted.draws) if s.outcome == outcome)
    for arm in arms:
        effect = slopes.improvement(arm)
        found = diagnose(
            {arm: fitted.by_chain(effect)}, fitted.divergences, fitted.energy
        )
        missed = gate_failures(found, plan.gates, further=True)
        lower, upper = np.quantile(effect, [(1 - level) / 2, (1 + level) / 2])
        above = float((effect > 0).mean())
        yield {
            "arm": arm,
            "estimate": float(effect.mean()),
            "lower": float(lower),
            "upper": float(upper),
            "p_value": 2.0 * min(above, 1.0 - above),
            "missed_gates": bool(missed),
            "by_chains": True,
        } | {better_than(margin): float((effect > margin).mean()) for margin in margins}


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
    (values,) = simulated.values[:, :, 0]  # noqa: PD011, no frame
    data = LinesData.of(
        values,
        np.broadcast_to(simulated.times[0], values.shape),
        np.array(places)[simulated.arm[0]],
        len(places),
        prior,
    )
    ends = plan.gates.further_interval_error
    for points in (POINTS, RETRY_DRAWS * POINTS):
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


def _sampler(
    plan: FitPlan, arms: list[str], level: float, margins: tuple[float, ...]
) -> Callable[[Scenario, SimulatedTrials, int], list[Row]]:
    """Return what fits one trial by chains, compiled when it is first called."""
    model, compiled = declared_model(plan), None
    (outcome,) = plan.outcomes

    def sampled(scenario: Scenario, simulated: SimulatedTrials, seed: int) -> list[Row]:
        nonlocal compiled
        patients, observations = _frames(scenario, simulated)
        laid_out = model.lay_out(patients, {outcome: observations})
        compiled = compiled or model.compile(laid_out)
        found: list[Row] = []
        for draws, target_accept in (
            (DRAWS, plan.sampler.target_accept),
            (RETRY_DRAWS * DRAWS, plan.sampler.retry_target_accept),
        ):
            fitted = fit_model(
                model,
                laid_out,
                compiled,
                seed=seed,
                chains=CHAINS,
                tune=TUNE,
                draws=draws,
                target_accept=target_accept,
            )
            found = [*_rows(plan, fitted, arms, outcome, level, margins)]
            if not any(row["missed_gates"] for row in found):
                break
        return found

    return sampled


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
        Of the outcome by itself; its covariates do not count.
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
        drawn, and whether these missed a gate, after one retry with more draws.
    """
    scenario = planned_scenario(given, assumed)
    # simulated patients have none
    plan = plan.model_copy(update={"covariates": []})
    arms = [arm for arm in given.patients if arm != plan.reference]
    by_chains, rows = _sampler(plan, arms, level, margins), []
    sign = plan.sign(assumed.outcome)
    for number in trials:
        simulated = simulate_trials(scenario, seed, [number])
        drawn = Streams(seed, [number]).generator(number, Purpose.POSTERIOR)
        fitted = None if chains else _integrated(plan, arms, scenario, simulated, drawn)
        if fitted is None:
            key = task_seed("simulated design", str(seed), str(number))
            found = by_chains(scenario, simulated, key)
        else:
            found = [*_integrated_rows(fitted, sign, arms, level, margins)]
        rows += [{"trial": number} | row for row in found]
    return pd.DataFrame(rows)
