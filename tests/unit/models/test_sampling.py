"""Sampling draws the same bits wherever it runs, and takes updated data.

That it finds the posterior is held in ``tests/validation/test_explicit_agreement.py``.
"""

import dataclasses
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alsdecline.models.gaussian.declaration import declare_model
from alsdecline.models.gaussian.packing import pack_trial
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.models.structure import ModelPrior, Structure

SEED = 20050727
SCRIPTS = Path(__file__).parents[3] / "scripts"
LKJ_SHAPE = 2.0
PRIORS = {"limb": ModelPrior(45.0, 10.0, -2.2, 0.8, 0.73, 12.0, 2.55, 3.75)}


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


def make_trial(n_patients: int) -> Trial:
    """Lines and noise; visits differ by patient."""
    rng = np.random.default_rng(SEED)
    ids = [f"p{i:02d}" for i in range(n_patients)]
    frames = []
    for i, patient in enumerate(ids):
        month = np.sort(rng.uniform(0, 9.2, 3 + i % 5))
        own = 45.0 + rng.normal(0, 8.0) + (-2.2 + rng.normal(0, 1.7)) * month
        value = own + rng.normal(0, 2.5, month.size)
        frame = {"patient": patient, "time": month, "value": value}
        frames.append(pd.DataFrame(frame))
    return Trial(
        Structure(("limb",), "low", ("high",)),
        pd.DataFrame({"patient": ids, "arm": ["low", "high"] * (n_patients // 2)}),
        {"limb": pd.concat(frames, ignore_index=True)},
    )


def compiled_trial(trial: Trial) -> CompiledModel:
    return compile_model(declare_model(trial.structure, trial.priors, trial.packed))


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
        "from alsdecline.models.compile_cache import use_compile_cache\n"
        "use_compile_cache()\n"
        "import test_sampling as t\n"
        "trial = t.make_trial(12)\n"
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
    return make_trial(12)


@pytest.fixture(scope="module")
def compiled_single(single: Trial) -> CompiledModel:
    return compiled_trial(single)


def test_draws_do_not_depend_on_the_number_of_cores(
    single: Trial, compiled_single: CompiledModel
) -> None:
    one, two = (digest_of_draws(single, compiled_single, cores) for cores in (1, 2))
    assert one == two


@pytest.mark.slow
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
    fewer = make_trial(8)
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
