"""Patients' own effects and likelihoods are those of their definition.

Given the parameters, a patient's coefficients u and stacked observations y are jointly
normal; the moments of u given y are written out here from that.
"""

import numpy as np
import pandas as pd
import pytest

from alsdecline.models.gaussian.packing import pack_trial, patient_order
from alsdecline.models.gaussian.patient_effects import (
    draw_patient_coefficients,
    leave_one_patient_out,
    log_likelihood_by_patient,
    parameter_arrays,
)
from alsdecline.models.points import constrain
from alsdecline.models.structure import Structure
from support.stacked_observations import (
    point,
    stacked_densities,
    stacked_patients,
    trial,
)

STRUCTURE = Structure(
    ("limb", "fvc"), "low", ("high",), ("age",), ratio=True, variances_by_arm=True
)
SEED, N_DRAWS = 20050727, 20_000


def named_draws(at: list[np.ndarray], n: int) -> pd.DataFrame:
    """Repeat one point of the parameters as draws by name."""
    shares = np.log(at[2] / (1 - at[2]))
    unconstrained = np.concatenate([at[0], np.log(at[1]), shares])
    return constrain(STRUCTURE, np.tile(unconstrained, (n, 1)))


@pytest.fixture(scope="module")
def patients() -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    return trial(STRUCTURE, SEED)


@pytest.fixture(scope="module")
def at() -> list[np.ndarray]:
    return point(STRUCTURE, SEED)


def test_named_draws_give_back_the_point_that_they_were_made_of(
    at: list[np.ndarray],
) -> None:
    for got, expected in zip(
        parameter_arrays(STRUCTURE, named_draws(at, 3)), at, strict=True
    ):
        np.testing.assert_allclose(got, np.tile(expected, (3, 1)), rtol=1e-12)


def test_patients_coefficients_have_their_conditional_mean_and_covariance(
    patients: tuple[pd.DataFrame, dict[str, pd.DataFrame]], at: list[np.ndarray]
) -> None:
    """Each of 84 statistics is off by 5.5 standard errors once in 26 million."""
    data = pack_trial(STRUCTURE, *patients)
    draws = draw_patient_coefficients(STRUCTURE, named_draws(at, N_DRAWS), data, SEED)
    flat = draws.reshape(N_DRAWS, len(patients[0]), -1)
    stacked = stacked_patients(STRUCTURE, *patients, at)
    for position, i in enumerate(patient_order(STRUCTURE, patients[0])):
        z, y, noise, mean, covariance = stacked[i]
        total = z @ covariance @ z.T + np.diag(noise)
        gain = covariance @ z.T @ np.linalg.inv(total)
        expected = mean + gain @ (y - z @ mean)
        remaining = covariance - gain @ z @ covariance
        got, sd = flat[:, position], np.sqrt(np.diag(remaining))
        error = (got.mean(axis=0) - expected) / (sd / np.sqrt(N_DRAWS))
        assert np.abs(error).max() < 5.5
        correlation = remaining / np.outer(sd, sd)
        # the variance of a product of normals is 1 + r^2 in units of the SDs
        gap = np.cov(got.T) / np.outer(sd, sd) - correlation
        assert np.abs(gap / np.sqrt((1 + correlation**2) / N_DRAWS)).max() < 5.5


def test_log_likelihood_of_a_patient_is_the_density_of_the_stacked_observations(
    patients: tuple[pd.DataFrame, dict[str, pd.DataFrame]], at: list[np.ndarray]
) -> None:
    data = pack_trial(STRUCTURE, *patients)
    got = log_likelihood_by_patient(STRUCTURE, named_draws(at, 2), data)
    expected = stacked_densities(STRUCTURE, *patients, at)
    order = patient_order(STRUCTURE, patients[0])
    np.testing.assert_allclose(got, np.tile(expected[order], (2, 1)), rtol=1e-8)


def test_leaving_a_patient_out_is_the_closed_form_of_a_normal_mean() -> None:
    """Values y_i ~ N(mu, 1), flat prior: y_i given the others is N(mean, 1 + 1/(n-1)).

    The Monte Carlo error of 4,000 draws is about 0.02; 0.15 is more than 5 of it.
    """
    rng = np.random.default_rng(SEED)
    y = rng.standard_normal(30)
    mu = y.mean() + rng.standard_normal(4000) / np.sqrt(y.size)
    log_likelihood = -0.5 * (y - mu[:, None]) ** 2 - 0.5 * np.log(2 * np.pi)
    elpd, pareto_k = leave_one_patient_out(log_likelihood, n_chains=4)
    variance = 1 + 1 / (y.size - 1)
    others = (y.sum() - y) / (y.size - 1)
    exact = -0.5 * (y - others) ** 2 / variance - 0.5 * np.log(2 * np.pi * variance)
    assert elpd.sum() == pytest.approx(exact.sum(), abs=0.15)
    np.testing.assert_allclose(elpd, exact, atol=0.05)
    assert pareto_k.max() < 0.7
