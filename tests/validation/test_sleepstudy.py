"""Our likelihood and posterior against published REML estimates of a real study.

Source: sleepstudy of lme4 (Bates, Maechler, Bolker and Walker, J Stat Softw 2015;67:1,
section 1.2 and table 1): 18 subjects, 10 days each, random intercept and slope. The
further digits were computed with lme4 and lie beside the data.
"""

from pathlib import Path

import arviz_stats
import numpy as np
import pandas as pd
import pytest

from alsdecline.models.gaussian.declaration import declare_model
from alsdecline.models.gaussian.kernel import log_likelihood_with_gradient, unpack_data
from alsdecline.models.gaussian.packing import pack_trial
from alsdecline.models.points import constrain
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.sampling import POINT, compile_model, sample
from alsdecline.models.structure import ModelPrior, Structure

STRUCTURE = Structure(("reaction",), "all", ())
FIXED = np.array([251.40510, 10.46729])
STANDARD_ERROR = np.array([6.82460, 1.54579])
SD_RANDOM = np.array([24.74066, 5.92214])
CORRELATION, SD_RESIDUAL, REML_CRITERION = 0.0656, 25.59180, 1743.6


@pytest.fixture(scope="module")
def trial(reference: Path) -> np.ndarray:
    raw = pd.read_csv(reference / "data" / "sleepstudy" / "sleepstudy.csv")
    observations = pd.DataFrame(
        {"patient": raw["Subject"], "time": raw["Days"], "value": raw["Reaction"]}
    )
    patients = observations[["patient"]].drop_duplicates().assign(arm="all")
    return pack_trial(STRUCTURE, patients, {"reaction": observations})


def test_restricted_likelihood_at_the_published_estimates_is_the_published_one(
    trial: np.ndarray,
) -> None:
    factor = np.diag(SD_RANDOM) @ np.linalg.cholesky(
        np.array([[1.0, CORRELATION], [CORRELATION, 1.0]])
    )
    *data, _ = unpack_data(trial)

    def at(fixed: np.ndarray) -> tuple[float, np.ndarray]:
        density, gradient, *_ = log_likelihood_with_gradient(
            fixed, factor, np.array([SD_RESIDUAL]), *data
        )
        return density.sum(), gradient

    value, gradient = at(FIXED)
    # the gradient is linear in the fixed effects: unit steps give X'V^-1 X exactly
    information = -np.column_stack(
        [at(FIXED + unit)[1] - gradient for unit in np.eye(2)]
    )
    criterion = -2 * value + np.linalg.slogdet(information)[1] - 2 * np.log(2 * np.pi)
    assert criterion == pytest.approx(REML_CRITERION, abs=0.05)
    assert gradient @ np.linalg.solve(information, gradient) < 1e-6
    standard_error = np.sqrt(np.diag(np.linalg.inv(information)))
    assert standard_error == pytest.approx(STANDARD_ERROR, rel=1e-4)


def test_posterior_with_weak_priors_agrees_in_the_fixed_effects(
    trial: np.ndarray,
) -> None:
    """Means within 4 Monte Carlo errors and 2% of a standard error.

    Two comparisons at 4 errors fail a right program once in 8,000.
    """
    weak = ModelPrior(250.0, 1000.0, 0.0, 200.0, 1.0, 100.0, 30.0, 100.0)
    priors = prior_vectors(STRUCTURE, {"reaction": weak}, 1.0)
    compiled = compile_model(declare_model(STRUCTURE, priors, trial))
    trace = sample(
        compiled,
        seed=20150107,
        chains=4,
        tune=1000,
        draws=4000,
        target_accept=0.9,
        start=start_point(priors),
    )
    points = trace["posterior"][POINT].to_numpy()
    draws = constrain(STRUCTURE, points.reshape(-1, points.shape[-1]))
    for name, published, error in zip(
        ["intercept[reaction]", "slope[reaction]"], FIXED, STANDARD_ERROR, strict=True
    ):
        by_chain = draws[name].to_numpy().reshape(points.shape[:2])
        monte_carlo = float(arviz_stats.mcse(by_chain))
        assert abs(by_chain.mean() - published) < 4 * monte_carlo + 0.02 * error
