"""Outcomes simulated from the model have the moments that its formula gives them.

Expected moments are the model's, in closed form: a patient's least-squares line has
mean (a, b + d[arm]) and covariance Omega + s^2 (X'X)^-1, and its residual sum of
squares over s^2 is chi-squared on T - 2. Every statistic is held to the quantiles of
its own distribution, and the probabilities of a false alarm in a test add up to at
most ``FALSE_ALARM``, should a new NumPy change the streams.
"""

import numpy as np
import pytest
from scipy import stats

from alsdecline.models.simulate import (
    DeclineParameters,
    PatientDesign,
    draw_random_effects,
    simulate_outcomes,
)
from alsdecline.models.structure import Structure

FALSE_ALARM = 1e-5
ARMS = ("low", "middle", "high")
STRUCTURE = Structure(("limb", "bulbar"), "low", ("middle", "high"))
VALUES = {
    "intercept[limb]": 45.0,
    "slope[limb]": -2.2,
    "effect[limb,middle]": 0.5,
    "effect[limb,high]": 1.2,
    "intercept[bulbar]": 32.0,
    "slope[bulbar]": -0.85,
    "effect[bulbar,middle]": -0.4,
    "effect[bulbar,high]": 0.0,
    "sd_intercept[limb]": 8.0,
    "sd_slope[limb]": 1.7,
    "sd_intercept[bulbar]": 5.0,
    "sd_slope[bulbar]": 0.75,
    "sd_residual[limb]": 2.5,
    "sd_residual[bulbar]": 1.5,
    "correlation[slope:limb,intercept:limb]": -0.2,
    "correlation[intercept:bulbar,intercept:limb]": 0.4,
    "correlation[slope:bulbar,slope:limb]": 0.3,
}
MEAN_SLOPES = {
    "low": (-2.2, -0.85),
    "middle": (-2.2 + 0.5, -0.85 - 0.4),
    "high": (-2.2 + 1.2, -0.85),
}
# Order: intercept and slope of limb, then of bulbar.
SD_RANDOM = np.array([8.0, 1.7, 5.0, 0.75])
CORRELATION = np.array(
    [
        [1.0, -0.2, 0.4, 0.0],
        [-0.2, 1.0, 0.0, 0.3],
        [0.4, 0.0, 1.0, 0.0],
        [0.0, 0.3, 0.0, 1.0],
    ]
)
SD_RESIDUAL = np.array([2.5, 1.5])
MONTHS = np.arange(11.0)
N_IN_ARM = 2000


def parameters() -> DeclineParameters:
    return DeclineParameters.from_names(STRUCTURE, VALUES)


def covariance_of_lines() -> np.ndarray:
    design = np.column_stack([np.ones_like(MONTHS), MONTHS])
    error = np.kron(np.diag(SD_RESIDUAL**2), np.linalg.inv(design.T @ design))
    total: np.ndarray = SD_RANDOM[:, None] * CORRELATION * SD_RANDOM + error
    return total


@pytest.fixture(scope="module")
def outcomes() -> np.ndarray:
    arms = np.repeat(ARMS, N_IN_ARM).tolist()
    rng = np.random.default_rng(1)
    return simulate_outcomes(STRUCTURE, parameters(), arms, MONTHS, rng)


@pytest.fixture(scope="module")
def lines(outcomes: np.ndarray) -> np.ndarray:
    """Least-squares lines: (arm, patient, intercept and slope of each outcome)."""
    flat = outcomes.reshape(-1, MONTHS.size)
    slope, intercept = np.polyfit(MONTHS, flat.T, 1)
    return np.stack([intercept, slope], axis=-1).reshape(len(ARMS), N_IN_ARM, 4)


def test_outcomes_have_a_row_a_patient_and_a_column_a_visit(
    outcomes: np.ndarray,
) -> None:
    assert outcomes.shape == (len(ARMS) * N_IN_ARM, 2, MONTHS.size)


def test_mean_intercepts_and_slopes_are_the_parameters(lines: np.ndarray) -> None:
    expected = [[45.0, MEAN_SLOPES[a][0], 32.0, MEAN_SLOPES[a][1]] for a in ARMS]
    error = np.sqrt(np.diag(covariance_of_lines()) / N_IN_ARM)
    z = (lines.mean(axis=1) - expected) / error
    assert np.abs(z).max() < stats.norm.isf(FALSE_ALARM / 2 / z.size)


def test_lines_vary_between_patients_as_random_effects_and_residuals_say(
    lines: np.ndarray,
) -> None:
    centred = (lines - lines.mean(axis=1, keepdims=True)).reshape(-1, 4)
    freedom = len(ARMS) * (N_IN_ARM - 1)
    ratio = (centred**2).sum(axis=0) / np.diag(covariance_of_lines())
    tail = FALSE_ALARM / 2 / ratio.size
    assert (ratio > stats.chi2.ppf(tail, freedom)).all()
    assert (ratio < stats.chi2.isf(tail, freedom)).all()


def test_lines_correlate_as_the_correlations_of_the_random_effects_say(
    lines: np.ndarray,
) -> None:
    centred = (lines - lines.mean(axis=1, keepdims=True)).reshape(-1, 4)
    covariance = covariance_of_lines()
    sd = np.sqrt(np.diag(covariance))
    below = np.tril_indices(4, -1)
    expected = np.asarray(covariance / np.outer(sd, sd))[below]
    observed = np.asarray(np.corrcoef(centred.T))[below]
    # Fisher (1921): artanh r is normal with variance 1 / (freedom - 2).
    freedom = len(ARMS) * (N_IN_ARM - 1)
    z = (np.arctanh(observed) - np.arctanh(expected)) * np.sqrt(freedom - 2)
    assert np.abs(z).max() < stats.norm.isf(FALSE_ALARM / 2 / z.size)


def test_residual_sums_of_squares_are_chi_squared(
    outcomes: np.ndarray, lines: np.ndarray
) -> None:
    own = lines.reshape(-1, 2, 2)
    fitted = own[..., :1] + own[..., 1:] * MONTHS
    ratio = ((outcomes - fitted) ** 2).sum(axis=(0, 2)) / SD_RESIDUAL**2
    freedom = len(outcomes) * (MONTHS.size - 2)
    tail = FALSE_ALARM / 2 / ratio.size
    assert (ratio > stats.chi2.ppf(tail, freedom)).all()
    assert (ratio < stats.chi2.isf(tail, freedom)).all()


def test_residuals_are_independent_between_outcomes_and_visits(
    outcomes: np.ndarray,
) -> None:
    # The second difference of a line is 0, so what is left is of the residuals alone;
    # the two share no visit, so they must not correlate.
    early = outcomes[:, :, :3] @ np.array([1.0, -2.0, 1.0])
    later = outcomes[:, :, 3:6] @ np.array([1.0, -2.0, 1.0])
    observed = np.corrcoef(np.column_stack([early, later]).T)[np.tril_indices(4, -1)]
    z = np.arctanh(observed) * np.sqrt(len(outcomes) - 3)
    assert np.abs(z).max() < stats.norm.isf(FALSE_ALARM / 2 / z.size)


def test_each_patient_may_have_months_of_its_own() -> None:
    still = DeclineParameters.from_names(
        STRUCTURE, VALUES | dict.fromkeys(STRUCTURE.scale_names, 0.0)
    )
    months = np.array([[0.0, 1.0], [2.0, 4.0]])
    rng = np.random.default_rng(1)
    got = simulate_outcomes(STRUCTURE, still, ["low", "high"], months, rng)
    expected = [
        [[45.0, 42.8], [32.0, 31.15]],
        [[43.0, 41.0], [30.3, 28.6]],
    ]
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_one_outcome_and_one_arm_are_enough() -> None:
    alone = Structure(("fvc",), "all", ())
    values = {
        "intercept[fvc]": 85.0,
        "slope[fvc]": -2.5,
        "sd_intercept[fvc]": 0.0,
        "sd_slope[fvc]": 0.0,
        "sd_residual[fvc]": 0.0,
    }
    truth = DeclineParameters.from_names(alone, values)
    rng = np.random.default_rng(1)
    got = simulate_outcomes(alone, truth, ["all"], np.array([0.0, 2.0]), rng)
    np.testing.assert_allclose(got, [[[85.0, 80.0]]])


def test_outcomes_depend_on_the_seed_alone() -> None:
    first, again, other = (
        draw_random_effects(parameters(), 3, np.random.default_rng(seed))
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.isin(other, first).any()


def test_an_arm_that_the_structure_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="does not have: placebo"):
        PatientDesign.of(STRUCTURE, ["low", "placebo"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slope[arm]": 1.0}, r"unknown: \['slope\[arm\]'\]"),
        ({"sd_slope[limb]": -1.0}, "at least 0"),
        ({"sd_slope[limb]": float("nan")}, "at least 0"),
        ({"correlation[slope:bulbar,slope:limb]": 1.5}, "positive definite"),
    ],
)
def test_parameters_that_cannot_be_are_refused(
    change: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        DeclineParameters.from_names(STRUCTURE, VALUES | change)


def test_a_parameter_that_is_absent_is_refused() -> None:
    less = {name: x for name, x in VALUES.items() if name != "slope[limb]"}
    with pytest.raises(ValueError, match=r"absent: \['slope\[limb\]'\]"):
        DeclineParameters.from_names(STRUCTURE, less)
