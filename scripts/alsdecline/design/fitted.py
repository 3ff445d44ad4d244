"""Simulated trials fitted by the model that takes the primary outcome by itself.

Compiled once for all. Call :func:`alsdecline.models.compile_cache.use_compile_cache`
before importing this module.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from alsdecline.design.planned import planned_scenario
from alsdecline.design.simulated_trials import (
    Scenario,
    SimulatedTrials,
    simulate_trials,
)
from alsdecline.digests import task_seed
from alsdecline.fits.declared import declared_model
from alsdecline.fits.diagnostics import diagnose, gate_failures
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.posterior_draws import ModelFit, fit_model
from alsdecline.fits.quantities import mean_slopes
from alsdecline.settings.simulated_design import AssumedCourse, DesignScenario

CHAINS, TUNE, DRAWS = 2, 500, 1500
"""So that a probability of about a half is known to about 0.01."""

RETRY_DRAWS = 4
"""So many times as many where a gate was missed; mostly by the end of an interval."""

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
    margins: tuple[float, float],
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
            "success_probability": float((effect > margins[0]).mean()),
            "futility_probability": float((effect > margins[1]).mean()),
            "missed_gates": bool(missed),
        }


def fitted_batch(
    plan: FitPlan,
    given: DesignScenario,
    assumed: AssumedCourse,
    trials: range,
    level: float,
    seed: int,
    margins: tuple[float, float],
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
        Of success and of futility, points/time.

    Returns
    -------
    DataFrame
        ``trial``, ``arm``, posterior mean and interval of the effect, of which above 0
        is better; ``p_value``, twice the smaller posterior probability of either sign;
        the posterior probability of being better than each margin; and whether a gate
        was missed, after one retry with more draws.
    """
    scenario = planned_scenario(given, assumed)
    # simulated patients have none
    plan = plan.model_copy(update={"covariates": []})
    outcome, arms = assumed.outcome, [a for a in given.patients if a != plan.reference]
    model, compiled, rows = declared_model(plan), None, []
    for number in trials:
        simulated = simulate_trials(scenario, seed, [number])
        patients, observations = _frames(scenario, simulated)
        laid_out = model.lay_out(patients, {outcome: observations})
        compiled = compiled or model.compile(laid_out)
        for draws, target_accept in (
            (DRAWS, plan.sampler.target_accept),
            (RETRY_DRAWS * DRAWS, plan.sampler.retry_target_accept),
        ):
            fitted = fit_model(
                model,
                laid_out,
                compiled,
                seed=task_seed("simulated design", str(seed), str(number)),
                chains=CHAINS,
                tune=TUNE,
                draws=draws,
                target_accept=target_accept,
            )
            found = [*_rows(plan, fitted, arms, outcome, level, margins)]
            if not any(row["missed_gates"] for row in found):
                break
        rows += [{"trial": number} | row for row in found]
    return pd.DataFrame(rows)
