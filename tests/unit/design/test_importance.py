"""Importance sampling of densities whose means, tails and constants are known."""

import numpy as np
import pytest
from scipy import stats

from alsdecline.design.importance import NoModeError, importance_sample, mode
from alsdecline.design.marginal_fit import NormalMixture

Z = float(stats.norm.isf(0.5e-5))
"""At a false-alarm probability of 1e-5."""


def test_the_mode_of_a_normal_density_is_found_with_its_covariance() -> None:
    centre = np.array([3.0, -2.0, 0.5])
    covariance = np.array([[2.0, 0.6, 0.0], [0.6, 1.0, -0.3], [0.0, -0.3, 0.5]])
    normal = stats.multivariate_normal(centre, covariance)
    at, found = mode(normal.logpdf, np.zeros(3))
    np.testing.assert_allclose(at, centre, atol=1e-4)
    np.testing.assert_allclose(found, covariance, rtol=1e-3, atol=1e-4)


def test_skew_densities_have_their_means_and_tails() -> None:
    """Logarithms of gamma variables, of shape 0.7 (a long lower tail), 2 and 9."""
    shapes = np.array([0.7, 2.0, 9.0])

    def log_density(points: np.ndarray) -> np.ndarray:
        return (shapes * points - np.exp(points)).sum(axis=1)

    generator = np.random.default_rng(5)
    found = importance_sample(log_density, np.full(3, 2.0), generator, 40_000)
    assert found.pareto_shape < 0.5
    assert found.weights.sum() == pytest.approx(1.0)
    for own, shape in zip(found.points.T, shapes, strict=True):
        # gamma variables themselves, and the shares below two of their quantiles
        quantiles = {p: np.log(stats.gamma.ppf(p, shape)) for p in (0.01, 0.9)}
        values = [(np.exp(own), shape)]
        values += [(own < value, p) for p, value in quantiles.items()]
        for value, known in values:
            estimate = float(found.weights @ value)
            error = np.sqrt(np.square(found.weights * (value - estimate)).sum())
            assert abs(estimate - known) < Z * error
            assert error < 0.03


def test_a_density_without_a_mode_is_told() -> None:
    with pytest.raises(NoModeError):
        mode(lambda points: points.sum(axis=1), np.zeros(2))


def test_weights_that_cannot_be_relied_on_are_told() -> None:
    """A density with tails as x to the -1.1, heavier than those of the proposal."""
    found = importance_sample(
        lambda points: -0.55 * np.log1p(points[:, 0] ** 2),
        np.zeros(1),
        np.random.default_rng(2),
        4000,
    )
    assert found.pareto_shape > 0.7


def test_a_mixture_has_the_quantiles_and_moments_of_its_parts() -> None:
    """Of one part by the normal distribution, of two by hand."""
    one = NormalMixture(np.ones(1), np.array([2.0]), np.array([3.0]))
    assert (one.mean, one.sd) == (2.0, 3.0)
    assert one.quantile(0.025) == pytest.approx(stats.norm.ppf(0.025, 2, 3))
    assert one.above(5.0) == pytest.approx(stats.norm.sf(1))
    assert one.density(5.0) == pytest.approx(stats.norm.pdf(5, 2, 3))
    two = NormalMixture(np.array([0.25, 0.75]), np.array([-4.0, 4.0]), np.full(2, 0.1))
    assert two.mean == 2.0
    assert two.sd == pytest.approx(np.sqrt(0.01 + 0.25 * 36 + 0.75 * 4))
    assert two.above(0.0) == pytest.approx(0.75)
    assert two.error_of_above(0.0) == pytest.approx(np.sqrt(2 * (0.25 * 0.75) ** 2))
    assert two.times(-1).above(0.0) == pytest.approx(0.25)
    assert two.quantile(0.125) == pytest.approx(-4.0)
