"""Simulation-based calibration of a model: how truths rank in their posteriors.

A truth is drawn from the model's prior, a trial from the truth, without nuisances, and
the trial is fitted: if the program is right, the rank of each true value among
independent draws of the posterior is uniform (Talts et al. 2018). Beside parameters and
rates the log-likelihood is ranked, which sees errors that those alone cannot, as a
posterior that is the prior (Modrak et al. 2023).

Call :func:`alsdecline.models.compile_cache.use_compile_cache` before importing this
module.
"""

import dataclasses
from collections.abc import Iterable

import arviz_stats
import numpy as np
import pandas as pd

from alsdecline.digests import PACKAGE, code_digest, spec_digest, task_seed
from alsdecline.fits.checked import checked_model
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.posterior_draws import ModelFit, fit_model
from alsdecline.fits.quantities import mean_slopes
from alsdecline.models.checked import CheckedModel
from alsdecline.models.layout import TrialLayout
from alsdecline.models.sampling import CompiledModel
from alsdecline.project import SCRIPTS

CHAINS, TUNE, DRAWS = 2, 500, 500
N_KEPT = 100
"""Draws that a truth is ranked among, evenly spaced; ranks are 0 to so many."""

ENOUGH = 150.0
"""Effective draws, so that those kept are about independent: of 1,000 draws of an
autoregression with so many effective, neighbours of those kept correlate by 0.05."""

RETRY_DRAWS = 4
"""So many times as many draws where those were too few."""

LOG_LIKELIHOOD = "log_likelihood"

type Row = dict[str, int]


@dataclasses.dataclass(frozen=True)
class CalibratedDesign:
    """The design of the trials that a model is calibrated on.

    Attributes
    ----------
    patients : dict of str to int
        Size of each arm.
    times : tuple of float
        Of the visits, T of them, in the plan's unit; all patients attend all.
    """

    patients: dict[str, int]
    times: tuple[float, ...]

    @property
    def arms(self) -> list[str]:
        """Arm of each patient."""
        return [arm for arm, size in self.patients.items() for _ in range(size)]


def code_of(plan: FitPlan) -> str:
    """Digest the code of a fit's model: how it draws, and is sampled and weighed."""
    family = "gaussian" if plan.member.gaussian else "explicit"
    return code_digest(SCRIPTS / PACKAGE / "models" / family / "checked.py")


DEPENDS_ON = {
    "time_unit",
    "model",
    "outcomes",
    "sums",
    "better",
    "reference",
    "arms",
    "correlation_lkj",
    "effect_correlation",
    "priors",
    "variances_by_arm",
    "maxima",
    "horizon_week",
}
"""Fields of a plan that bear on what is true of its posterior."""


def settings_of(plan: FitPlan, design: CalibratedDesign) -> str:
    """Digest what else ranks depend on."""
    parts = {
        "plan": plan.model_dump(mode="json", include=DEPENDS_ON),
        "target_accept": [
            plan.sampler.target_accept,
            plan.sampler.retry_target_accept,
        ],
        "draws": [CHAINS, TUNE, DRAWS, N_KEPT, ENOUGH, RETRY_DRAWS],
        "patients": design.patients,
        "times": design.times,
    }
    return spec_digest(parts)


def ranked_quantities(
    plan: FitPlan, model: CheckedModel, draws: pd.DataFrame
) -> pd.DataFrame:
    """Return what is ranked of some draws, but the log-likelihood.

    Parameters
    ----------
    plan : FitPlan
        Of the model.
    model : CheckedModel
        The model.
    draws : DataFrame
        S rows of its parameters.

    Returns
    -------
    DataFrame
        S rows: ``rate[outcome,arm]`` and ``difference[outcome,arm]``, points/time, sums
        of outcomes too, then the parameters but those that a rate or a difference is.
    """
    found = {}
    for slopes in mean_slopes(plan, draws):
        for arm, values in slopes.by_arm.items():
            found[f"rate[{slopes.outcome},{arm}]"] = values
        for arm in plan.arms:
            found[f"difference[{slopes.outcome},{arm}]"] = slopes.improvement(arm)
    same = ("slope[", "effect[") if plan.member.straight else ()
    names = [name for name in model.parameter_names if not name.startswith(same)]
    return pd.concat([pd.DataFrame(found), draws[names].reset_index(drop=True)], axis=1)


def fewest_effective(fitted: ModelFit, quantities: pd.DataFrame) -> float:
    """Return the bulk ESS of the quantity that has the least."""
    sizes = [
        float(arviz_stats.ess(fitted.by_chain(quantities[name].to_numpy())))
        for name in quantities
    ]
    return float(np.min(sizes))  # not a number where one is


class Calibration:
    """Replicates of one model on one design, with one compilation.

    Parameters
    ----------
    plan : FitPlan
        Of the model; its covariates do not count, for simulated patients have none.
    design : CalibratedDesign
        Of the trials.
    """

    def __init__(self, plan: FitPlan, design: CalibratedDesign) -> None:
        self.plan = plan.model_copy(update={"covariates": []})
        self.design = design
        self.model = checked_model(self.plan)
        self._compiled: CompiledModel | None = None

    def simulated(self, number: int) -> tuple[pd.DataFrame, TrialLayout]:
        """Draw a truth from the prior, as one row, and a trial from it.

        Parameters
        ----------
        number : int
            Of the replicate, whose stream is its own.
        """
        arms, times = self.design.arms, np.array(self.design.times)
        seed = task_seed("calibration, truth", self.plan.name, str(number))
        rng = np.random.default_rng(seed)
        truth = self.model.prior_draws(1, rng)
        parameters = dict(zip(truth.columns, truth.iloc[0], strict=True))
        values = self.model.simulate(parameters, arms, times, rng)
        names = [f"p{i:06d}" for i in range(len(arms))]
        patients = pd.DataFrame({"patient": names, "arm": arms})
        observations = {
            outcome: pd.DataFrame(
                {
                    "patient": np.repeat(names, times.size),
                    "time": np.tile(times, len(arms)),
                    "value": values[:, k].ravel(),
                }
            )
            for k, outcome in enumerate(self.plan.outcomes)
        }
        return truth, self.model.lay_out(patients, observations)

    def _fitted(self, trial: TrialLayout, number: int) -> tuple[ModelFit, float]:
        """Fit a trial, once more with more draws where they were too few."""
        self._compiled = self._compiled or self.model.compile(trial)
        sampler = self.plan.sampler
        for draws, target_accept in (
            (DRAWS, sampler.target_accept),
            (RETRY_DRAWS * DRAWS, sampler.retry_target_accept),
        ):
            fitted = fit_model(
                self.model,
                trial,
                self._compiled,
                seed=task_seed("calibration, fit", self.plan.name, str(number)),
                chains=CHAINS,
                tune=TUNE,
                draws=draws,
                target_accept=target_accept,
            )
            quantities = ranked_quantities(self.plan, self.model, fitted.draws)
            effective = fewest_effective(fitted, quantities)
            if effective >= ENOUGH:
                break
        return fitted, effective

    def ranks(self, number: int) -> Row:
        """Rank the truth of one replicate among the draws of its posterior.

        Returns
        -------
        dict
            ``replicate``, ``divergences``, ``poor`` (whether too few draws were
            effective after the retry), and of each quantity how many of `N_KEPT` draws
            lie below the truth.
        """
        truth, trial = self.simulated(number)
        fitted, effective = self._fitted(trial, number)
        apart = len(fitted.draws) // N_KEPT
        kept = fitted.draws.iloc[apart - 1 :: apart]
        both = pd.concat([truth, kept], ignore_index=True)
        quantities = ranked_quantities(self.plan, self.model, both)
        each = self.model.log_likelihood(both, trial)
        quantities[LOG_LIKELIHOOD] = each.sum(axis=1)
        below = (quantities.iloc[1:] < quantities.iloc[0]).sum()
        return {
            "replicate": number,
            "divergences": fitted.divergences,
            "poor": not effective >= ENOUGH,
        } | {str(name): int(count) for name, count in below.items()}

    def batch(self, numbers: Iterable[int]) -> pd.DataFrame:
        """Return the ranks of some replicates, a row each."""
        return pd.DataFrame([self.ranks(number) for number in numbers])
