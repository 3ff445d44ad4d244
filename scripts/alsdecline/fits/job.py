"""One fit job: a model on its data, under other priors, and without each patient."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from alsdecline.datasets.study_time import model_observations, observed_values
from alsdecline.digests import task_seed
from alsdecline.faults import DataError
from alsdecline.fits.data import fit_observations, fit_patients
from alsdecline.fits.declared import declared_model
from alsdecline.fits.diagnostics import diagnose, gate_failures
from alsdecline.fits.identified import Unidentified, unidentified
from alsdecline.fits.plan import DEFAULT, WEAK, FitPlan
from alsdecline.fits.posterior_draws import ModelFit, fit_model
from alsdecline.fits.quantities import RATIOS, reported_quantities
from alsdecline.models.gaussian.packing import exactly_fitted
from alsdecline.models.interface import DeclineModel
from alsdecline.models.layout import TrialLayout
from alsdecline.models.sampling import CompiledModel

RETRY_DRAWS = 2
"""Draws of a retry, in those of the first attempt."""


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


@dataclasses.dataclass(frozen=True, eq=False)
class Task:
    """One of the fits of a job: a declared model and the trial laid out for it."""

    prior: str
    without: str
    model: DeclineModel
    trial: TrialLayout
    first_screen: bool

    @property
    def is_the_plans(self) -> bool:
        """Whether it is the fit of the plan: its prior, all patients."""
        return self.prior == DEFAULT and not self.without

    @property
    def further(self) -> bool:
        """Whether it has fewer draws: neither the plan's nor on the first screen."""
        return not (self.is_the_plans or self.first_screen)


def _improper(plan: FitPlan, values: Mapping[str, pd.DataFrame]) -> str:
    """Say why data make a posterior improper."""
    for outcome, frame in values.items():
        used = model_observations(frame, plan.time_unit)
        if used.empty:
            return (
                f"{plan.name}: no patient has a value of {outcome!r}; take the outcome "
                "under `models:` out of the plan"
            )
        # what is counted in points, and not measured, has no SD to go to zero
        measured = not plan.member.bounded
        if measured and exactly_fitted(used, plan.structure.n_coefficients):
            return (
                f"{plan.name}: the values of {outcome!r} lie exactly on lines, without "
                "variation to estimate SDs from; correct the values, or take the "
                "outcome out under `models:`"
            )
    return ""


def unidentified_of(
    plan: FitPlan, values: Mapping[str, pd.DataFrame], adsl: pd.DataFrame | None
) -> list[Unidentified]:
    """Find all that a fit would report and its data leave to the prior."""
    return _unidentified(plan, fit_patients(plan, values, adsl), values)


def _without(
    values: Mapping[str, pd.DataFrame], patient: str
) -> dict[str, pd.DataFrame]:
    """Return the analysis datasets of all but one patient."""
    return {name: v[v["USUBJID"] != patient] for name, v in values.items()}


def _diagnose(plan: FitPlan, task: Task, fitted: ModelFit) -> dict[str, Any]:
    # a change at any week is a slope times a constant: one week stands for all
    reported = {
        f"{q.name}[{q.outcome},{q.arm}]": q
        for _, q in reported_quantities(plan, fitted.draws, horizon_week=1.0)
        if task.is_the_plans or q.name in plan.shown
    }
    result = diagnose(
        {name: fitted.by_chain(q.draws) for name, q in reported.items()},
        fitted.divergences,
        fitted.energy,
        [name for name, q in reported.items() if q.name in RATIOS],
    )
    result["failures"] = gate_failures(result, plan.gates, further=task.further)
    return result


def _fit_once(
    plan: FitPlan,
    task: Task,
    compiled: CompiledModel,
    cores: int,
    *,
    again: bool = False,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Sample and diagnose; again with a higher target acceptance and more draws."""
    sampler = plan.sampler
    target_accept = sampler.retry_target_accept if again else sampler.target_accept
    draws = sampler.further_draws if task.further else sampler.draws
    identity = [part for part in (task.prior, task.without) if part]
    seed = task_seed(str(plan.sampler.seed), plan.trial, plan.name, *identity)
    fitted = fit_model(
        task.model,
        task.trial,
        compiled,
        seed=seed,
        chains=plan.sampler.chains,
        tune=plan.sampler.tune,
        draws=RETRY_DRAWS * draws if again else draws,
        target_accept=target_accept,
        cores=cores,
    )
    diagnostics = _diagnose(plan, task, fitted)
    return fitted.numbered(), diagnostics | {
        "target_accept": target_accept,
        "seed": seed,
    }


def _unidentified(
    plan: FitPlan, patients: pd.DataFrame, values: Mapping[str, pd.DataFrame]
) -> list[Unidentified]:
    return unidentified(plan, patients, fit_observations(plan, values))


def refuse_without_primary(plan: FitPlan, found: Sequence[Unidentified]) -> None:
    """Stop where the data leave the primary estimand to its prior.

    Raises
    ------
    DataError
        With the reason.
    """
    for item in found:
        if (item.outcome, item.quantity, item.arm) == plan.primary_quantity:
            raise DataError(
                f"{plan.name}: the primary estimate, {item.quantity} of "
                f"{item.outcome!r} for arm {item.arm!r}, would be its prior: "
                f"{item.reason}. Add the values, or plan another primary estimand"
            )


def patients_left_out(
    plan: FitPlan, values: Mapping[str, pd.DataFrame], patients: pd.DataFrame
) -> list[str]:
    """Name the patients who are left out in turn; none where there are too many.

    Nobody is left out without whom the values would have no variation, or leave to its
    prior what they identify with all.
    """
    observed = pd.concat([observed_values(frame) for frame in values.values()])
    names = sorted(observed["USUBJID"].unique())
    if len(names) > plan.leave_out_at_most:
        return []
    with_all = len(_unidentified(plan, patients, values))

    def can_be(name: str) -> bool:
        others = _without(values, name)
        return not _improper(plan, others) and with_all == len(
            _unidentified(plan, patients, others)
        )

    return [name for name in names if can_be(name)]


def _tasks(
    plan: FitPlan, values: Mapping[str, pd.DataFrame], adsl: pd.DataFrame | None
) -> list[Task]:
    """Lay out every fit: the plan's prior, the others, then each patient left out.

    Who is left out stays one of the patients, without observations: covariates keep
    their centre, and members with explicit effects their dimension, so that one
    compilation serves all. Their own effects have no bearing on the others'.
    """
    patients = fit_patients(plan, values, adsl)

    def task(prior: str, without: str) -> Task:
        model = declared_model(plan, plan.alternatives.get(prior))
        observations = fit_observations(plan, _without(values, without))
        first_screen = plan.primary and not without and prior in {DEFAULT, WEAK}
        laid_out = model.lay_out(patients, observations)
        return Task(prior, without, model, laid_out, first_screen)

    tasks = [task(prior, "") for prior in (DEFAULT, *sorted(plan.alternatives))]
    left_out = patients_left_out(plan, values, patients)
    # a prior keeps everything still; what one patient does shows without it
    priors = (
        [DEFAULT, WEAK] if plan.primary and WEAK in plan.alternatives else [DEFAULT]
    )
    return tasks + [task(prior, patient) for prior in priors for patient in left_out]


def run_fit(
    plan: FitPlan,
    values: Mapping[str, pd.DataFrame],
    report: Callable[[str], None],
    cores: int = 1,
    adsl: pd.DataFrame | None = None,
) -> list[Fit]:
    """Fit a model with one compilation, under every prior and without each patient.

    What the first screen shows, the primary fit and that with the weak prior, gets one
    retry where it misses a gate, at the plan's higher target acceptance and with twice
    the draws; all others are shown as they are.

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
    adsl : DataFrame, optional
        One row a patient; needed where the plan has covariates.

    Returns
    -------
    list of Fit
        The plan's prior first, then the alternatives, then, under the plan's prior and
        of the primary fit under the weak one too, each patient left out.

    Raises
    ------
    DataError
        If the data leave the primary estimand to its prior, or an outcome has no
        values, or these no variation.
    """
    if reason := _improper(plan, values):
        raise DataError(reason)
    refuse_without_primary(plan, unidentified_of(plan, values, adsl))
    tasks = _tasks(plan, values, adsl)
    report(f"{plan.name}: compiling, or loading what an earlier run compiled")
    compiled = tasks[0].model.compile(tasks[0].trial)
    fits = []
    for i, task in enumerate(tasks):
        without = task.without
        of = f"prior {task.prior}" + (f", without {without}" if without else "")
        report(f"{plan.name}: sampling {i + 1} of {len(tasks)}, {of}")
        draws, diagnostics = _fit_once(plan, task, compiled, cores)
        attempts = [diagnostics]
        if task.first_screen and diagnostics["failures"]:
            report(f"{plan.name}: {'; '.join(diagnostics['failures'])}; trying again")
            draws, diagnostics = _fit_once(plan, task, compiled, cores, again=True)
            attempts.append(diagnostics)
        fits.append(Fit(task.prior, without, draws, attempts))
    return fits
