"""The likelihood and its gradient are those of the patients' stacked observations.

The reference is the density of a multivariate normal with mean Z mu and covariance
Z L L' Z' + S, written out in decimal arithmetic of 80 digits, and differences of it
with a step of 1e-25: neither rounds where a double could tell. SciPy's density anchors
the reference where a covariance is benign.

In doubles, a gradient cannot be better than machine epsilon times two conditions: that
of M = I + L'GL, about (SD between patients x time / residual SD)^2, and that of the
observations, |y| / residual SD, since a last bit of y counts in units of the residual
SD. Tolerances are ``MARGIN`` times that bound, relative to the largest component.
"""

import dataclasses
import decimal
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy import special, stats

from alsdecline.marginal_kernel import (
    correlation_cholesky,
    correlation_cholesky_gradient,
    log_likelihood_with_gradient,
    pack_data,
    parameter_gradient,
    unpack_data,
)
from alsdecline.structure import OutcomePrior, Structure, prior_vectors

MARGIN = 100
EPSILON = float(np.finfo(float).eps)
STEP = Decimal("1e-25")
DIGITS = decimal.Context(prec=80)
LOG_2PI = Decimal(
    "1.837877066409345483560659472811235279722794947275566825634303080965531391854521"
)
M = 2  # intercept and slope

unhurried = settings(
    derandomize=True,
    deadline=None,
    max_examples=1500,
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclasses.dataclass
class Trial:
    """Observations and where the fixed effects act; T visits differ by (i, k)."""

    months: list[list[np.ndarray]]  # by pattern, outcome
    values: list[list[np.ndarray]]  # by patient, outcome
    pattern: np.ndarray
    weights: np.ndarray
    columns: np.ndarray
    coefficients: np.ndarray

    @property
    def n_outcomes(self) -> int:
        return len(self.months[0])

    def kernel_data(self) -> tuple[np.ndarray, ...]:
        """Reduce to what the kernel takes, by NumPy's QR."""
        shape = (len(self.values), self.n_outcomes)
        r = np.zeros((len(self.months), self.n_outcomes, M, M))
        n_visits = np.array([[float(t.size) for t in row] for row in self.months])
        q, rss = np.zeros((*shape, M)), np.zeros(shape)
        for i, row in enumerate(self.values):
            v = self.pattern[i]
            for k, y in enumerate(row):
                if y.size == 0:
                    continue
                basis, triangle = np.linalg.qr(design(self.months[v][k]))
                rank = len(triangle)
                r[v, k, :rank] = triangle
                q[i, k, :rank] = basis.T @ y
                residual = y - basis @ q[i, k, :rank]
                rss[i, k] = residual @ residual
        return (
            self.columns,
            self.coefficients,
            self.weights,
            self.pattern,
            r,
            n_visits,
            q,
            rss,
        )

    def mean(self, i: int, beta: Sequence) -> list:
        """Population means of patient i's coefficients."""
        result = [beta[0] * 0] * (M * self.n_outcomes)
        for f, a in enumerate(self.coefficients):
            weight = type(beta[0])(float(self.weights[i, self.columns[f]]))
            result[a] += weight * beta[f]
        return result


def design(months: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones_like(months), months])


def make_trial(
    rng: np.random.Generator,
    n_outcomes: int,
    n_patients: int,
    visits: np.ndarray,
    beta: np.ndarray,
    factor: np.ndarray,
    residual_sd: np.ndarray,
    misfit: float,
) -> Trial:
    """Simulate from the model, with random effects and residuals times `misfit`."""
    p = M * n_outcomes
    n_patterns, n_arms = len(visits), beta.size - p
    months = [[np.sort(rng.uniform(0, 9.2, n)) for n in row] for row in visits]
    indicators = rng.integers(0, 2, (n_patients, n_arms))
    trial = Trial(
        months,
        [],
        rng.integers(0, n_patterns, n_patients),
        np.column_stack([np.ones(n_patients), indicators]).astype(float),
        np.concatenate([np.zeros(p), 1 + np.arange(n_arms)]).astype(np.int64),
        np.concatenate([np.arange(p), rng.integers(0, p, n_arms)]).astype(np.int64),
    )
    for i in range(n_patients):
        own = trial.mean(i, beta) + misfit * factor @ rng.standard_normal(p)
        trial.values.append(
            [
                design(t) @ own[M * k : M * k + M]
                + misfit * residual_sd[k] * rng.standard_normal(t.size)
                for k, t in enumerate(months[trial.pattern[i]])
            ]
        )
    return trial


def exact(array: np.ndarray) -> list:
    return [Decimal(float(x)) for x in array]


def exact_cholesky(matrix: list[list[Decimal]]) -> list[list[Decimal]]:
    n = len(matrix)
    factor = [[Decimal(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(factor[i][k] * factor[j][k] for k in range(j))
            factor[i][j] = rest.sqrt() if i == j else rest / factor[j][j]
    return factor


def exact_normal(
    y: list[Decimal], mean: list[Decimal], covariance: list[list[Decimal]]
) -> Decimal:
    """Log density of a multivariate normal."""
    factor = exact_cholesky(covariance)
    standard: list[Decimal] = []
    total = Decimal(0)
    for i, row in enumerate(factor):
        known = sum(row[k] * standard[k] for k in range(i))
        standard.append((y[i] - mean[i] - known) / row[i])
        total += standard[i] ** 2 + 2 * row[i].ln() + LOG_2PI
    return -total / 2


def exact_log_densities(
    trial: Trial,
    beta: list[Decimal],
    factor: list[list[Decimal]],
    residual_sd: list[Decimal],
) -> list[Decimal]:
    """Log density of each patient's stacked observations."""
    p = len(factor)
    result = []
    for i, series in enumerate(trial.values):
        mu = trial.mean(i, beta)
        y, mean, rows, variance = [], [], [], []
        for k, values in enumerate(series):
            a, b = M * k, M * k + 1
            for t, value in zip(
                exact(trial.months[trial.pattern[i]][k]), exact(values), strict=True
            ):
                y.append(value)
                mean.append(mu[a] + t * mu[b])
                rows.append([factor[a][j] + t * factor[b][j] for j in range(p)])
                variance.append(residual_sd[k] ** 2)
        covariance = [
            [
                sum(u * w for u, w in zip(one, other, strict=True))
                + (variance[g] if g == h else 0)
                for h, other in enumerate(rows)
            ]
            for g, one in enumerate(rows)
        ]
        result.append(exact_normal(y, mean, covariance))
    return result


def exact_gradient(function, point: list[Decimal]) -> np.ndarray:
    """Central differences, whose error is of the order of the step squared."""
    result = []
    for f in range(len(point)):
        above, below = list(point), list(point)
        above[f] += STEP
        below[f] -= STEP
        result.append(float((function(above) - function(below)) / (2 * STEP)))
    return np.array(result)


def condition(
    trial: Trial, beta: np.ndarray, factor: np.ndarray, residual_sd: np.ndarray
) -> float:
    """Condition of M plus that of the observations, largest over patients."""
    largest = 1.0
    for i, series in enumerate(trial.values):
        mu = np.array(trial.mean(i, beta))
        for k, y in enumerate(series):
            t = trial.months[trial.pattern[i]][k]
            if t.size == 0:
                continue
            block = design(t)
            rows = block @ factor[M * k : M * k + M] / residual_sd[k]
            offset = np.abs(y) + np.abs(block) @ np.abs(mu[M * k : M * k + M])
            conditions = np.sum(rows**2) + offset.max() / residual_sd[k]
            largest = max(largest, float(conditions))
    return largest


def assert_near(
    got: np.ndarray, expected: np.ndarray, relative: float, least: float = 0.0
) -> None:
    """Hold the error to a part of the largest component, or of `least`."""
    size = float(np.abs(expected).max(initial=least))
    assert np.abs(got - expected).max(initial=0.0) <= relative * size


@dataclasses.dataclass(frozen=True)
class Shape:
    """What is drawn of a trial and of the point where the likelihood is taken."""

    seed: int
    n_outcomes: int
    n_patients: int
    n_arms: int
    n_patterns: int
    most_visits: int
    log10_residual: float  # residual SD in units of the outcome
    log10_ratio: float  # SD between patients over residual SD
    zero_rows: int
    misfit: float


shapes = st.builds(
    Shape,
    seed=st.integers(0, 2**32 - 1),
    n_outcomes=st.integers(1, 3),
    n_patients=st.integers(1, 6),
    n_arms=st.integers(0, 2),
    n_patterns=st.integers(1, 3),
    most_visits=st.integers(0, 4),
    log10_residual=st.floats(-6, 6),
    log10_ratio=st.floats(-8, 3),
    zero_rows=st.integers(0, 2),
    misfit=st.sampled_from([1.0, 30.0]),
)
ordinary = Shape(20050727, 1, 6, 1, 2, 4, 0.0, 0.0, 0, 1.0)


def residual_sds(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    return 10**shape.log10_residual * rng.uniform(0.5, 2, shape.n_outcomes)


def fixed_effects(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    size = 10**shape.log10_residual * 10.0
    return size * rng.standard_normal(M * shape.n_outcomes + shape.n_arms)


def visits_of(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    counts: np.ndarray = rng.integers(
        0, shape.most_visits + 1, (shape.n_patterns, shape.n_outcomes)
    )
    return counts


def trial_and_factor(shape: Shape) -> tuple[Trial, np.ndarray, np.ndarray, np.ndarray]:
    """Trial, fixed effects, factor L with rows of zeros, residual SDs."""
    rng = np.random.default_rng(shape.seed)
    p = M * shape.n_outcomes
    residual_sd, beta = residual_sds(shape, rng), fixed_effects(shape, rng)
    between = 10 ** (shape.log10_residual + shape.log10_ratio)
    factor = between * np.tril(rng.standard_normal((p, p)))
    factor[rng.permutation(p)[: shape.zero_rows]] = 0.0
    trial = make_trial(
        rng,
        shape.n_outcomes,
        shape.n_patients,
        visits_of(shape, rng),
        beta,
        factor,
        residual_sd,
        shape.misfit,
    )
    return trial, beta, factor, residual_sd


@unhurried
@given(shapes)
@example(ordinary)
@example(dataclasses.replace(ordinary, n_outcomes=3, zero_rows=2, most_visits=1))
@example(dataclasses.replace(ordinary, log10_residual=-6.0, log10_ratio=3.0))
@example(dataclasses.replace(ordinary, log10_residual=6.0, log10_ratio=-8.0))
def test_value_and_gradient_are_those_of_the_stacked_observations(shape: Shape) -> None:
    trial, beta, factor, residual_sd = trial_and_factor(shape)
    values, by_beta, by_factor, by_residual = log_likelihood_with_gradient(
        beta, factor, residual_sd, *trial.kernel_data()
    )
    lower = np.tril_indices(len(factor))

    def total(point: list[Decimal]) -> Decimal:
        n, n_lower = beta.size, lower[0].size
        matrix = [[Decimal(0)] * len(factor) for _ in factor]
        for a, b, x in zip(*lower, point[n : n + n_lower], strict=True):
            matrix[a][b] = x
        return sum(exact_log_densities(trial, point[:n], matrix, point[n + n_lower :]))

    with decimal.localcontext(DIGITS):
        exact_factor = [exact(row) for row in factor]
        expected = exact_log_densities(
            trial, exact(beta), exact_factor, exact(residual_sd)
        )
        point = exact(np.concatenate([beta, factor[lower], residual_sd]))
        gradient = exact_gradient(total, point)
    tolerance = MARGIN * EPSILON * condition(trial, beta, factor, residual_sd)
    expected = np.array(expected, dtype=float)
    assert_near(values, expected, tolerance, least=1.0)
    # what a component is made of before its terms cancel
    s, between = residual_sd.min(), np.abs(factor).max()
    total_variance = s**2 + between**2
    n, m = beta.size, lower[0].size
    assert_near(by_beta, gradient[:n], tolerance, 1 / np.sqrt(total_variance))
    assert_near(
        by_factor[lower], gradient[n : n + m], tolerance, between / total_variance
    )
    assert_near(by_residual, gradient[n + m :], tolerance, 1 / s)
