"""Simulated trials fitted by the sampler of the trial's own fits, compiled once.

Call :func:`alsdecline.models.compile_cache.use_compile_cache` before importing this
module.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from alsdecline.design.batches import better_than
from alsdecline.design.simulated_trials import Scenario, SimulatedTrials
from alsdecline.fits.declared import declared_model
from alsdecline.fits.diagnostics import diagnose, gate_failures
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.posterior_draws import ModelFit, fit_model
from alsdecline.fits.quantities import mean_slopes

CHAINS, TUNE, DRAWS = 2, 300, 1500
"""So that a probability of about a half is known to about 0.01."""

TIMES_AS_MANY = (1, 2, 4)
"""Draws in turn until no gate is missed; mostly it is that of an interval's end, by
little. Smaller steps are for divergences alone: they cost as much as more draws.
"""

type Row = dict[str, object]
type FitByChains = Callable[[Scenario, SimulatedTrials, int], list[Row]]


def _observations(
    scenario: Scenario, simulated: SimulatedTrials, outcome: str
) -> pd.DataFrame:
    """Return what is seen of one outcome in one trial."""
    (values,) = simulated.measured(scenario.truth.places(outcome))
    times = np.broadcast_to(simulated.times[0], values.shape)
    names = np.array([f"p{number:06d}" for number in range(len(values))])
    arms = np.array([arm.name for arm in scenario.design.arms])[simulated.arm[0]]
    i, t = np.nonzero(np.isfinite(values))
    return pd.DataFrame(
        {
            "patient": names[i],
            "arm": arms[i],
            "time": times[i, t],
            "value": values[i, t],
        }
    )


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


def by_chains(
    plan: FitPlan,
    outcome: str,
    arms: list[str],
    level: float,
    margins: tuple[float, ...],
) -> FitByChains:
    """Return what fits one trial by chains, compiled when it is first called.

    Parameters
    ----------
    plan : FitPlan
        Of the model.
    outcome : str
        Whose effects are told.
    arms : list of str
        Those that are compared with the reference.
    level : float
        Of the central posterior intervals.
    margins : tuple of float
        Of decision rules, points/time.

    Returns
    -------
    callable
        Takes the scenario, one trial of it and a seed, and gives a row an arm, after
        two retries with more draws at most where a gate was missed.
    """
    model, compiled = declared_model(plan), None

    def sampled(scenario: Scenario, simulated: SimulatedTrials, seed: int) -> list[Row]:
        nonlocal compiled
        seen = {
            name: _observations(scenario, simulated, name) for name in plan.outcomes
        }
        together = pd.concat(seen.values())[["patient", "arm"]]
        patients = together.drop_duplicates().sort_values("patient", ignore_index=True)
        laid_out = model.lay_out(patients, seen)
        compiled = compiled or model.compile(laid_out)
        found: list[Row] = []
        target_accept = plan.sampler.target_accept
        for times in TIMES_AS_MANY:
            fitted = fit_model(
                model,
                laid_out,
                compiled,
                seed=seed,
                chains=CHAINS,
                tune=TUNE,
                draws=times * DRAWS,
                target_accept=target_accept,
            )
            found = [*_rows(plan, fitted, arms, outcome, level, margins)]
            if not any(row["missed_gates"] for row in found):
                break
            if fitted.divergences > plan.gates.divergences:
                target_accept = plan.sampler.retry_target_accept
        return found

    return sampled
