"""Truths drawn from the prior rank uniformly among the draws of their posteriors.

Simulation-based calibration (Talts et al. 2018) in the bundled design, no nuisances:
parameters from the prior, a trial from them, and the rank of each true value among 100
nearly independent draws of the trial's posterior. Beside all parameters, the difference
in slopes and the joint log-likelihood are ranked, which sees errors that the parameters
alone cannot (Modrak et al. 2023). Uniformity is by the simultaneous ECDF bands of
Sailynoja, Buerkner and Vehtari (2022); their coverage is simulated.

There are 100 replicates of each model, for those that are shipped are many more
(docs/calibration.md); ALSDECLINE_SBC=1000 in the environment makes 1,000.
"""

import os
from pathlib import Path

import arviz_stats
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from alsdecline.design.rank_uniformity import holm, p_values, uniform_depths
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.priors import outcome_priors
from alsdecline.models.gaussian.declaration import declare_model
from alsdecline.models.gaussian.packing import pack_trial
from alsdecline.models.points import constrain
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.models.simulate import DeclineParameters, simulate_outcomes
from alsdecline.models.structure import Structure
from alsdecline.settings.file import read_settings
from alsdecline.time_units import DAYS_PER_MONTH, DAYS_PER_WEEK
from support.explicit_reference import observation_frames, prior_draw

SEED = 20050727
N_REPLICATES = int(os.environ.get("ALSDECLINE_SBC", "100"))
CHAINS, DRAWS, THIN = 2, 1000, 20
N_KEPT = CHAINS * DRAWS // THIN
FALSE_ALARM = 1e-3
"""Of all quantities of both models together (Holm)."""

N_NULL = 400_000
"""Simulated sets of uniform ranks; the least p-value is 1 in so many."""

POOR_SHARE = 0.01
"""Of replicates in which a quantity has fewer effective draws than are ranked among."""

ARMS = ["low"] * 4 + ["high"] * 5
PATIENTS = [f"p{i}" for i in range(len(ARMS))]
MODELS = {"single": "total", "joint": ""}


def log_likelihoods(
    structure: Structure, draws: pd.DataFrame, values: np.ndarray, months: np.ndarray
) -> np.ndarray:
    """Joint log-likelihood of a trial at each draw, from its stacked covariance.

    Parameters
    ----------
    structure : Structure
        Lines of K outcomes with a difference in slopes.
    draws : DataFrame
        D rows.
    values : ndarray, shape (N, K, T)
        The trial.
    months : ndarray, shape (T,)
        Common to all patients and outcomes.
    """
    n_draws, (n_patients, n_outcomes, n_months) = len(draws), values.shape
    design = np.kron(np.eye(n_outcomes), np.column_stack([np.ones(n_months), months]))
    p = design.shape[1]
    correlation = np.broadcast_to(np.eye(p), (n_draws, p, p)).copy()
    rows, columns = np.tril_indices(p, -1)
    correlation[:, rows, columns] = draws[structure.correlation_names]
    correlation[:, columns, rows] = draws[structure.correlation_names]
    scale = draws[structure.scale_names].to_numpy()
    between = scale[:, :p, None] * correlation * scale[:, None, :p]
    covariance = design @ between @ design.T
    at = np.arange(len(design))
    covariance[:, at, at] += np.repeat(scale[:, p:], n_months, axis=1) ** 2
    high = np.array(ARMS) == "high"
    mean = np.empty((n_draws, n_patients, n_outcomes, n_months))
    for k, outcome in enumerate(structure.outcomes):
        level, slope, effect = (
            draws[name].to_numpy()[:, None]
            for name in (
                f"intercept[{outcome}]",
                f"slope[{outcome}]",
                f"effect[{outcome},high]",
            )
        )
        mean[:, :, k] = level[..., None] + (slope + effect * high)[..., None] * months
    factor = np.linalg.cholesky(covariance)
    residual = (values - mean).reshape(n_draws, n_patients, -1).swapaxes(1, 2)
    standard = np.linalg.solve(factor, residual)
    log_determinant = 2 * np.log(factor[:, at, at]).sum(axis=1)
    constant = n_patients * (len(at) * np.log(2 * np.pi) + log_determinant)
    density: np.ndarray = -0.5 * (constant + (standard**2).sum(axis=(1, 2)))
    return density


class Calibration:
    """Replicates of one model, with one compilation."""

    def __init__(self, plan: FitPlan, weeks: list[float], number: int) -> None:
        self.plan, self.structure = plan, plan.structure
        self.months = np.array(weeks) * (DAYS_PER_WEEK / DAYS_PER_MONTH)
        self.rng = np.random.default_rng([SEED, number])
        self.priors = prior_vectors(
            self.structure,
            outcome_priors(plan),
            plan.correlation_lkj,
            plan.effect_correlation,
        )
        self.compiled: CompiledModel | None = None
        self.poor: list[int] = []

    def simulate(self) -> tuple[pd.DataFrame, np.ndarray]:
        """Draw a truth from the prior, as one row, and a trial from it."""
        arms = self.structure.arms
        truth = prior_draw(
            outcome_priors(self.plan), arms, self.plan.correlation_lkj, self.rng
        )
        # the effects share a part, so that any two of them correlate as the plan says
        shared, own = np.sqrt(self.plan.effect_correlation * np.array([1, -1]) + [0, 1])
        common = self.rng.normal()
        for name, prior in outcome_priors(self.plan).items():
            standard = shared * common + own * self.rng.normal()
            truth[f"effect[{name},high]"] = prior.effect_sd * standard
        parameters = DeclineParameters.from_names(self.structure, truth)
        values = simulate_outcomes(
            self.structure, parameters, ARMS, self.months, self.rng
        )
        return pd.DataFrame([truth]), values

    def posterior(self, values: np.ndarray, seed: int) -> pd.DataFrame:
        """Sample, and note the replicate if its draws are not worth what is kept."""
        data = pack_trial(
            self.structure,
            pd.DataFrame({"patient": PATIENTS, "arm": ARMS}),
            observation_frames(values, self.structure.outcomes, PATIENTS, self.months),
        )
        if self.compiled is None:
            self.compiled = compile_model(
                declare_model(self.structure, self.priors, data)
            )
        trace = sample(
            self.compiled,
            seed=seed,
            chains=CHAINS,
            tune=500,
            draws=DRAWS,
            target_accept=0.9,
            start=start_point(self.priors),
            updates={"trial": data},
        )
        points = trace["posterior"][POINT].to_numpy()
        draws = constrain(self.structure, points.reshape(-1, self.compiled.n_dim))
        shaped = {
            name: (("chain", "draw"), draws[name].to_numpy().reshape(CHAINS, DRAWS))
            for name in draws
        }
        ess = arviz_stats.ess(xr.Dataset(shaped), method="bulk")
        if not min(float(ess[name]) for name in ess) >= N_KEPT:
            self.poor.append(seed)
        return draws

    def ranks(self, seed: int) -> dict[str, int]:
        """Rank the truth of one replicate among its thinned draws."""
        truth, values = self.simulate()
        draws = self.posterior(values, seed).iloc[THIN - 1 :: THIN]
        # one outcome's difference in slopes is its effect; that of a sum is theirs
        both = pd.concat([truth, draws], ignore_index=True)[
            self.structure.parameter_names
        ]
        for total in self.plan.sums:
            effects = [f"effect[{part},high]" for part in total.parts]
            both[f"slope_difference[{total.id}]"] = both[effects].sum(axis=1)
        both["log_likelihood"] = log_likelihoods(
            self.structure, both, values, self.months
        )
        below = both.iloc[1:] < both.iloc[0]
        return {str(name): int(n) for name, n in below.sum().items()}


@pytest.mark.slow
def test_truths_rank_uniformly_in_the_posteriors_of_their_trials() -> None:
    """A right program fails once in 1,000, whichever quantity it is for."""
    settings = read_settings(Path(__file__).parents[2] / "config.yaml")
    found, poor = {}, {}
    for number, (model, outcome) in enumerate(MODELS.items()):
        plan = fit_plan(settings, model, outcome)
        run = Calibration(plan, settings.visits.weeks, number)
        table = pd.DataFrame([run.ranks(SEED + i) for i in range(N_REPLICATES)])
        found |= {f"{model}: {name}": table[name].to_numpy() for name in table}
        poor[model] = len(run.poor)
    names, ranks = list(found), np.column_stack(list(found.values()))
    null = uniform_depths(N_REPLICATES, N_KEPT, N_NULL, SEED)
    result = pd.DataFrame(
        {
            "adjusted_p": holm(p_values(ranks, N_KEPT, null)),
            # of uniform ranks 0.5 and 0.29; a low mean is of posteriors too high, a
            # large SD of posteriors too narrow
            "mean": ranks.mean(axis=0) / N_KEPT,
            "sd": ranks.std(axis=0) / N_KEPT,
        },
        index=names,
    ).sort_values("adjusted_p")
    print(f"{N_REPLICATES} replicates, poor: {poor}\n{result.head(5).to_string()}")
    wrong = result[result["adjusted_p"] <= FALSE_ALARM]
    assert wrong.empty, f"ranks are not uniform:\n{wrong.to_string()}"
    assert max(poor.values()) <= POOR_SHARE * N_REPLICATES
