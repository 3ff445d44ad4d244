"""One fit job: a model on its data under its prior and every named alternative."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from alsdecline.decline_model import constrain, declare_model
from alsdecline.diagnostics import diagnose, gate_failures
from alsdecline.digests import task_seed
from alsdecline.fit_plan import DEFAULT, FitPlan, outcome_priors
from alsdecline.posterior import reported_quantities
from alsdecline.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.structure import prior_vectors, start_point
from alsdecline.study_time import model_observations
from alsdecline.trial_data import pack_trial


@dataclasses.dataclass(frozen=True)
class Fit:
    """A posterior and how its computation went.

    Attributes
    ----------
    prior : str
        ``default`` or the name of an alternative.
    draws : DataFrame
        ``chain``, ``draw`` and a column for each parameter.
    attempts : list of dict
        Diagnostics of each attempt, the last being that of `draws`.
    """

    prior: str
    draws: pd.DataFrame
    attempts: list[dict[str, Any]]


def trial_vector(plan: FitPlan, values: Mapping[str, pd.DataFrame]) -> np.ndarray:
    """Reduce the analysis datasets of a fit's outcomes to the likelihood's data.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    values : mapping of str to DataFrame
        The BDS of each of its outcomes.

    Returns
    -------
    ndarray
        As :func:`alsdecline.trial_data.pack_trial` gives it.
    """
    observations = {name: model_observations(frame) for name, frame in values.items()}
    patients = (
        pd.concat(observations.values())[["patient", "arm"]]
        .drop_duplicates()
        .sort_values("patient", ignore_index=True)
    )
    return pack_trial(plan.structure, patients, observations)


def _by_chain(trace: xr.DataTree, values: np.ndarray) -> np.ndarray:
    return values.reshape(trace["posterior"][POINT].shape[:2])


def _draws(plan: FitPlan, trace: xr.DataTree) -> pd.DataFrame:
    points = trace["posterior"][POINT].to_numpy()
    chains, n_draws, n_dim = points.shape
    frame = constrain(plan.structure, points.reshape(-1, n_dim))
    frame.insert(0, "draw", np.tile(np.arange(n_draws), chains))
    frame.insert(0, "chain", np.repeat(np.arange(chains), n_draws))
    return frame


def _diagnose(plan: FitPlan, trace: xr.DataTree, draws: pd.DataFrame) -> dict[str, Any]:
    quantities = {
        name: _by_chain(trace, draws[name].to_numpy())
        for name in plan.structure.parameter_names
    }
    # a change at any week is a slope times a constant: one week stands for all
    for _, q in reported_quantities(plan, draws, horizon_week=1.0):
        name = f"{q.name}[{q.outcome},{q.arm}]"
        quantities[name] = _by_chain(trace, q.draws)
    stats = trace["sample_stats"]
    result = diagnose(
        quantities,
        int(stats["diverging"].to_numpy().sum()),
        stats["energy"].to_numpy(),
    )
    result["failures"] = gate_failures(result, plan.gates)
    return result


def _fit_once(
    plan: FitPlan,
    compiled: CompiledModel,
    prior: str,
    vectors: Mapping[str, np.ndarray],
    target_accept: float,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    seed = task_seed(str(plan.sampler.seed), plan.trial, plan.name, prior)
    trace = sample(
        compiled,
        seed=seed,
        chains=plan.sampler.chains,
        tune=plan.sampler.tune,
        draws=plan.sampler.draws,
        target_accept=target_accept,
        start=start_point(vectors),
        updates=vectors,
    )
    draws = _draws(plan, trace)
    diagnostics = _diagnose(plan, trace, draws)
    return draws, diagnostics | {"target_accept": target_accept, "seed": seed}


def run_fit(
    plan: FitPlan,
    values: Mapping[str, pd.DataFrame],
    report: Callable[[str], None],
) -> list[Fit]:
    """Fit a model under its prior and every alternative, with one compilation.

    The primary fit gets one retry, at the plan's higher target acceptance, where it
    misses a gate; alternatives are shown as they are.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    values : mapping of str to DataFrame
        The BDS of each of its outcomes.
    report : callable
        Told of the progress, a line at a time.

    Returns
    -------
    list of Fit
        The plan's prior first.
    """
    priors = {
        DEFAULT: outcome_priors(plan),
        **{n: outcome_priors(plan, a) for n, a in sorted(plan.alternatives.items())},
    }
    vectors = {
        name: prior_vectors(plan.structure, p, plan.correlation_lkj)
        for name, p in priors.items()
    }
    data = trial_vector(plan, values)
    report(f"{plan.name}: compiling, or loading what an earlier run compiled")
    compiled = compile_model(declare_model(plan.structure, vectors[DEFAULT], data))
    fits = []
    for i, (prior, prior_values) in enumerate(vectors.items()):
        report(f"{plan.name}: sampling {i + 1} of {len(vectors)}, prior {prior}")
        accept = plan.sampler.target_accept
        draws, diagnostics = _fit_once(plan, compiled, prior, prior_values, accept)
        attempts = [diagnostics]
        if plan.primary and prior == DEFAULT and diagnostics["failures"]:
            report(f"{plan.name}: {'; '.join(diagnostics['failures'])}; trying again")
            accept = plan.sampler.retry_target_accept
            draws, diagnostics = _fit_once(plan, compiled, prior, prior_values, accept)
            attempts.append(diagnostics)
        fits.append(Fit(prior, draws, attempts))
    return fits
