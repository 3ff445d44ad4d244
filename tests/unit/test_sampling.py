"""Sampling finds the posterior, and the same bits wherever it runs.

The reference is the model written out: every patient's intercepts and slopes are
parameters, their covariance has PyMC's own LKJ prior, and PyMC's densities and
gradients are compiled by nutpie. Nothing of the likelihood, the priors' layout or the
callbacks is shared; the sampler of both is nutpie's.
"""

import dataclasses
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import arviz_stats
import numpy as np
import nutpie
import pandas as pd
import pymc as pm
import pytensor
import pytest
import xarray as xr
from scipy import stats

from alsdecline.decline_model import constrain, declare_model
from alsdecline.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.structure import OutcomePrior, Structure, prior_vectors, start_point
from alsdecline.trial_data import pack_trial

SEED = 20050727
FALSE_ALARM = 1e-4
"""Of each comparison of two posteriors, over all its means and SDs (Bonferroni)."""

SCRIPTS = Path(__file__).parents[2] / "scripts"
LKJ_SHAPE = 2.0
PRIORS = {
    "limb": OutcomePrior(45.0, 10.0, -2.2, 0.8, 0.73, 12.0, 2.55, 3.75),
    "fvc": OutcomePrior(85.0, 15.0, -2.5, 1.0, 0.83, 22.5, 3.3, 8.25),
}


@dataclasses.dataclass(frozen=True)
class Trial:
    """Observations of some patients, a frame for each outcome."""

    structure: Structure
    patients: pd.DataFrame
    observations: dict[str, pd.DataFrame]

    @property
    def packed(self) -> np.ndarray:
        return pack_trial(self.structure, self.patients, self.observations)

    @property
    def priors(self) -> dict[str, np.ndarray]:
        return prior_vectors(self.structure, PRIORS, LKJ_SHAPE)


def make_trial(outcomes: tuple[str, ...], n_patients: int) -> Trial:
    """Lines and noise; visits differ by patient, and one patient has no FVC."""
    rng = np.random.default_rng(SEED)
    ids = [f"p{i:02d}" for i in range(n_patients)]
    arms = ["low", "high"] * (n_patients // 2)
    observations = {}
    for outcome, level, slope, sd in (
        ("limb", 45.0, -2.2, (8.0, 1.7, 2.5)),
        ("fvc", 85.0, -2.5, (15.0, 2.2, 5.5)),
    ):
        frames = []
        for i, patient in enumerate(ids):
            n = 0 if outcome == "fvc" and i == 3 else 3 + i % 5
            month = np.sort(rng.uniform(0, 9.2, n))
            own = level + rng.normal(0, sd[0]) + (slope + rng.normal(0, sd[1])) * month
            value = own + rng.normal(0, sd[2], n)
            frames.append(
                pd.DataFrame({"patient": patient, "month": month, "value": value})
            )
        observations[outcome] = pd.concat(frames, ignore_index=True)
    return Trial(
        Structure(outcomes, "low", ("high",)),
        pd.DataFrame({"patient": ids, "arm": arms}),
        {outcome: observations[outcome] for outcome in outcomes},
    )


def written_out(trial: Trial) -> pm.Model:
    """Declare the same model with the patients' effects as parameters."""
    outcomes = trial.structure.outcomes
    chosen = [PRIORS[k] for k in outcomes]
    p = 2 * len(outcomes)
    rows = pd.concat(trial.observations, names=["outcome", "row"]).reset_index()
    rows = rows.merge(trial.patients, on="patient")
    k = rows["outcome"].map(outcomes.index).to_numpy()
    i = rows["patient"].map(list(trial.patients["patient"]).index).to_numpy()
    month, treated = rows["month"].to_numpy(), (rows["arm"] == "high").to_numpy(float)
    with pm.Model() as model:
        scales = [s for c in chosen for s in (c.sd_intercept, c.sd_slope)]
        factor, _, _ = pm.LKJCholeskyCov(
            "between",
            n=p,
            eta=LKJ_SHAPE,
            sd_dist=pm.HalfNormal.dist(scales, shape=p),
            store_in_trace=False,
        )
        level = pm.Normal(
            "level",
            [c.intercept_mean for c in chosen],
            [c.intercept_sd for c in chosen],
        )
        slope = pm.Normal(
            "slope", [c.slope_mean for c in chosen], [c.slope_sd for c in chosen]
        )
        effect = pm.Normal("effect", 0, [c.effect_sd for c in chosen])
        residual = pm.HalfNormal("residual", [c.sd_residual for c in chosen])
        standard = pm.Normal("standard", shape=(len(trial.patients), p))
        own_level = (standard[i] * factor[2 * k]).sum(-1)
        own_slope = (standard[i] * factor[2 * k + 1]).sum(-1)
        mean = level[k] + own_level
        mean += (slope[k] + effect[k] * treated + own_slope) * month
        pm.Normal("y", mean, residual[k], observed=rows["value"].to_numpy())
    return model


def named(outcomes: tuple[str, ...], draws: xr.Dataset) -> xr.Dataset:
    """Name the parameters of the model written out as `constrain` names them."""
    p = 2 * len(outcomes)
    packed = draws["between"].to_numpy()
    factor = np.zeros((*packed.shape[:2], p, p))
    rows, columns = np.tril_indices(p)
    factor[:, :, rows, columns] = packed
    covariance = factor @ factor.swapaxes(-1, -2)
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    result = {}
    for j, k in enumerate(outcomes):
        result[f"intercept[{k}]"] = draws["level"].to_numpy()[..., j]
        result[f"slope[{k}]"] = draws["slope"].to_numpy()[..., j]
        result[f"effect[{k},high]"] = draws["effect"].to_numpy()[..., j]
        result[f"sd_residual[{k}]"] = draws["residual"].to_numpy()[..., j]
        result[f"sd_intercept[{k}]"] = sd[..., 2 * j]
        result[f"sd_slope[{k}]"] = sd[..., 2 * j + 1]
    names = [f"{of}:{k}" for k in outcomes for of in ("intercept", "slope")]
    for a in range(p):
        for b in range(a):
            correlation = covariance[..., a, b] / (sd[..., a] * sd[..., b])
            result[f"correlation[{names[a]},{names[b]}]"] = correlation
    return xr.Dataset({n: (("chain", "draw"), v) for n, v in result.items()})


def reference_posterior(trial: Trial) -> xr.Dataset:
    # else PyMC compiles draws of the LKJ prior in C, to start from
    with pytensor.config.change_flags(cxx=""):
        compiled = nutpie.compile_pymc_model(written_out(trial))
    trace = nutpie.sample(
        compiled,
        seed=SEED,
        chains=4,
        tune=1000,
        draws=3000,
        target_accept=0.95,
        cores=2,
        progress_bar=False,
    )
    return named(trial.structure.outcomes, trace["posterior"].to_dataset())


def compiled_trial(trial: Trial) -> CompiledModel:
    return compile_model(declare_model(trial.structure, trial.priors, trial.packed))


def posterior(trial: Trial, compiled: CompiledModel) -> xr.Dataset:
    trace = sample(
        compiled,
        seed=SEED,
        chains=4,
        tune=1000,
        draws=3000,
        target_accept=0.95,
        start=start_point(trial.priors),
        cores=2,
    )
    points = trace["posterior"][POINT].to_numpy()
    chains, draws, n_dim = points.shape
    frame = constrain(trial.structure, points.reshape(-1, n_dim))
    return xr.Dataset(
        {
            name: (("chain", "draw"), frame[name].to_numpy().reshape(chains, draws))
            for name in frame
        }
    )


def standardised_differences(one: xr.Dataset, other: xr.Dataset) -> dict[str, float]:
    """Differences of posterior means and SDs in their combined Monte Carlo errors."""
    assert set(one) == set(other)
    result = {}
    for name in one:
        for method, summary in (("mean", np.mean), ("sd", np.std)):
            errors = [
                float(arviz_stats.mcse(d[name], method=method)) for d in (one, other)
            ]
            difference = summary(one[name].to_numpy()) - summary(other[name].to_numpy())
            result[f"{method} of {name}"] = difference / np.hypot(*errors)
    return result


def digest_of_draws(trial: Trial, compiled: CompiledModel, cores: int) -> str:
    trace = sample(
        compiled,
        seed=SEED,
        chains=3,
        tune=300,
        draws=100,
        target_accept=0.9,
        start=start_point(trial.priors),
        cores=cores,
    )
    return hashlib.sha256(trace["posterior"][POINT].to_numpy().tobytes()).hexdigest()


def sample_in_another_process(cache: Path, cores: int) -> str:
    """Digest of the draws of a new process whose compiled code is kept in `cache`."""
    program = (
        "from alsdecline.compile_cache import use_compile_cache\n"
        "use_compile_cache()\n"
        "import test_sampling as t\n"
        "trial = t.make_trial(('limb',), 12)\n"
        f"print(t.digest_of_draws(trial, t.compiled_trial(trial), {cores}))\n"
    )
    path = os.pathsep.join([str(SCRIPTS), str(Path(__file__).parent)])
    finished = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


@pytest.fixture(scope="module")
def single() -> Trial:
    return make_trial(("limb",), 12)


@pytest.fixture(scope="module")
def compiled_single(single: Trial) -> CompiledModel:
    return compiled_trial(single)


def assert_same_posterior(one: xr.Dataset, other: xr.Dataset) -> None:
    z = standardised_differences(one, other)
    limit = stats.norm.isf(FALSE_ALARM / 2 / len(z))
    assert {name: value for name, value in z.items() if not abs(value) < limit} == {}


def test_posterior_of_one_outcome_is_that_of_the_model_written_out(
    single: Trial, compiled_single: CompiledModel
) -> None:
    got = posterior(single, compiled_single)
    assert_same_posterior(got, reference_posterior(single))


def test_posterior_of_two_outcomes_is_that_of_the_model_written_out() -> None:
    trial = make_trial(("limb", "fvc"), 12)
    got = posterior(trial, compiled_trial(trial))
    assert_same_posterior(got, reference_posterior(trial))


def test_draws_do_not_depend_on_the_number_of_cores(
    single: Trial, compiled_single: CompiledModel
) -> None:
    one, two = (digest_of_draws(single, compiled_single, cores) for cores in (1, 2))
    assert one == two


def test_a_second_process_compiles_nothing_and_draws_the_same_bits(
    tmp_path: Path,
) -> None:
    cold = sample_in_another_process(tmp_path, cores=1)
    compiled = set(tmp_path.rglob("*.nb[ic]"))
    warm = sample_in_another_process(tmp_path, cores=2)
    assert len(cold) == 64
    assert warm == cold
    assert compiled
    assert set(tmp_path.rglob("*.nb[ic]")) == compiled


def test_draws_depend_on_the_seed_of_each_chain(
    single: Trial, compiled_single: CompiledModel
) -> None:
    settings = {"chains": 2, "tune": 100, "draws": 10, "target_accept": 0.9}
    start = start_point(single.priors)
    first, other = (
        sample(compiled_single, seed=seed, start=start, **settings)["posterior"][POINT]
        for seed in (1, 2)
    )
    assert first.shape == (2, 10, 7)
    assert len(np.unique(np.concatenate([first, other])[:, :, 0])) > 30


def test_updated_data_are_sampled_as_if_they_had_been_compiled_in(
    single: Trial, compiled_single: CompiledModel
) -> None:
    """Fewer patients, so that the vector of data has another size too."""
    fewer = make_trial(("limb",), 8)
    settings = {"seed": SEED, "chains": 2, "tune": 200, "draws": 50}
    settings |= {"target_accept": 0.9, "start": start_point(single.priors)}
    updated = sample(compiled_single, updates={"trial": fewer.packed}, **settings)
    fresh = sample(compiled_trial(fewer), **settings)
    before = sample(compiled_single, **settings)
    points = [
        trace["posterior"][POINT].to_numpy() for trace in (updated, fresh, before)
    ]
    np.testing.assert_array_equal(points[0], points[1])
    assert not np.isin(points[2], points[0]).any()


def test_an_update_that_the_model_has_no_data_for_is_refused(
    single: Trial, compiled_single: CompiledModel
) -> None:
    with pytest.raises(KeyError, match="no data named visits"):
        sample(
            compiled_single,
            seed=SEED,
            chains=2,
            tune=100,
            draws=100,
            target_accept=0.9,
            start=start_point(single.priors),
            updates={"visits": single.packed},
        )
