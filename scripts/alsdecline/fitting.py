"""One fit job: a model on its data, under other priors, and without each patient."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from alsdecline.decline_model import constrain, declare_model
from alsdecline.diagnostics import diagnose, gate_failures
from alsdecline.digests import task_seed
from alsdecline.faults import DataError
from alsdecline.fit_plan import DEFAULT, FitPlan, outcome_priors
from alsdecline.posterior import reported_quantities
from alsdecline.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.structure import prior_vectors, start_point
from alsdecline.study_time import model_observations, observed_values
from alsdecline.trial_data import exactly_fitted, pack_trial


@dataclasses.dataclass(frozen=True)
class Fit:
    """A posterior and how its computation went.

    Attributes
    ----------
    prior : str
        ``default`` or the name of an alternative.
    without : str
        The patient who is left out; empty where nobody is.
    draws : DataFrame
        ``chain``, ``draw`` and a column for each parameter.
    attempts : list of dict
        Diagnostics of each attempt, the last being that of `draws`.
    """

    prior: str
    without: str
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


def _not_estimable(plan: FitPlan, values: Mapping[str, pd.DataFrame]) -> str:
    """Say why data make a posterior improper, or leave an effect to its prior."""
    for outcome, frame in values.items():
        used = model_observations(frame)
        for arm in (plan.reference, *plan.arms):
            if arm not in set(used["arm"]):
                return (
                    f"{plan.name}: no patient in arm {arm!r} has a value of "
                    f"{outcome!r}; take the arm, or the outcome under `models:`, out "
                    "of the plan"
                )
        if exactly_fitted(used, plan.structure.n_coefficients):
            return (
                f"{plan.name}: the values of {outcome!r} lie exactly on lines, without "
                "variation to estimate SDs from; correct the values, or take the "
                "outcome out under `models:`"
            )
    return ""


def _without(
    values: Mapping[str, pd.DataFrame], patient: str
) -> dict[str, pd.DataFrame]:
    """Return the analysis datasets of all but one patient."""
    return {name: v[v["USUBJID"] != patient] for name, v in values.items()}


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
    identity: tuple[str, str],
    vectors: Mapping[str, np.ndarray],
    target_accept: float,
    cores: int,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Sample and diagnose; the identity is the prior and who is left out."""
    task = [part for part in identity if part]
    seed = task_seed(str(plan.sampler.seed), plan.trial, plan.name, *task)
    trace = sample(
        compiled,
        seed=seed,
        chains=plan.sampler.chains,
        tune=plan.sampler.tune,
        draws=plan.sampler.draws,
        target_accept=target_accept,
        start=start_point(vectors),
        updates=vectors,
        cores=cores,
    )
    draws = _draws(plan, trace)
    diagnostics = _diagnose(plan, trace, draws)
    return draws, diagnostics | {"target_accept": target_accept, "seed": seed}


def patients_left_out(plan: FitPlan, values: Mapping[str, pd.DataFrame]) -> list[str]:
    """Name the patients who are left out in turn; none where there are too many.

    Nobody is left out without whom an arm would have no values, or the values no
    variation.
    """
    observed = pd.concat([observed_values(frame) for frame in values.values()])
    patients = sorted(observed["USUBJID"].unique())
    if len(patients) > plan.leave_out_at_most:
        return []
    return [p for p in patients if not _not_estimable(plan, _without(values, p))]


def _tasks(
    plan: FitPlan, values: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    """Return the vectors of every fit, by prior and who is left out."""

    def vectors(prior: str, without: str) -> dict[str, np.ndarray]:
        factors = plan.alternatives.get(prior)
        priors = prior_vectors(
            plan.structure, outcome_priors(plan, factors), plan.correlation_lkj
        )
        return priors | {"trial": trial_vector(plan, _without(values, without))}

    tasks = [(prior, "") for prior in (DEFAULT, *sorted(plan.alternatives))]
    tasks += [(DEFAULT, patient) for patient in patients_left_out(plan, values)]
    return {task: vectors(*task) for task in tasks}


def run_fit(
    plan: FitPlan,
    values: Mapping[str, pd.DataFrame],
    report: Callable[[str], None],
    cores: int = 1,
) -> list[Fit]:
    """Fit a model with one compilation, under every prior and without each patient.

    The primary fit gets one retry, at the plan's higher target acceptance, where it
    misses a gate; all others are shown as they are.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    values : mapping of str to DataFrame
        The BDS of each of its outcomes.
    report : callable
        Told of the progress, a line at a time.
    cores : int
        Chains that run at the same time; the draws do not depend on it.

    Returns
    -------
    list of Fit
        The plan's prior first, then the alternatives, then, under the plan's prior,
        each patient left out.

    Raises
    ------
    DataError
        If an arm has no value of an outcome, or an outcome no variation.
    """
    if reason := _not_estimable(plan, values):
        raise DataError(reason)
    tasks = _tasks(plan, values)
    main = tasks[DEFAULT, ""]
    report(f"{plan.name}: compiling, or loading what an earlier run compiled")
    priors = {name: vector for name, vector in main.items() if name != "trial"}
    compiled = compile_model(declare_model(plan.structure, priors, main["trial"]))
    fits = []
    for i, (task, vectors) in enumerate(tasks.items()):
        prior, without = task
        of = f"prior {prior}" + (f", without {without}" if without else "")
        report(f"{plan.name}: sampling {i + 1} of {len(tasks)}, {of}")
        accept = plan.sampler.target_accept
        draws, diagnostics = _fit_once(plan, compiled, task, vectors, accept, cores)
        attempts = [diagnostics]
        if plan.primary and task == (DEFAULT, "") and diagnostics["failures"]:
            report(f"{plan.name}: {'; '.join(diagnostics['failures'])}; trying again")
            accept = plan.sampler.retry_target_accept
            draws, diagnostics = _fit_once(plan, compiled, task, vectors, accept, cores)
            attempts.append(diagnostics)
        fits.append(Fit(prior, without, draws, attempts))
    return fits
