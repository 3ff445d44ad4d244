"""The likelihood and its gradient are those of the patients' stacked observations.

The reference is the density of a multivariate normal with mean Z mu and covariance
Z L L' Z' + S, written out in decimal arithmetic of 80 digits, and differences of it
with a step of 1e-25: neither rounds where a double could tell. SciPy's density anchors
the reference where a covariance is benign.

In doubles, the gradient is as good as machine epsilon times two conditions: that
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

from alsdecline.models.gaussian.kernel import (
    correlation_cholesky,
    correlation_cholesky_gradient,
    log_likelihood_with_gradient,
    pack_data,
    parameter_gradient,
    unpack_data,
)
from alsdecline.models.prior_vectors import prior_vectors
from alsdecline.models.structure import ModelPrior, Structure

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
    max_examples=60,
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
        """Return the population means of patient i's coefficients."""
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
    assert by_factor.shape == factor.shape
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


@pytest.mark.parametrize("residual_sd", [1e-2, 1e-4, 1e-6])
def test_a_tiny_residual_sd_costs_neither_the_value_nor_its_own_gradient(
    residual_sd: float,
) -> None:
    """Those two are to 1e-6, so a sampler is led back to where the trial's is, about 3.

    The other components lose digits to the condition of M, (SD x time / residual SD)^2:
    of 16 about 5 are left at a residual SD of 1e-4 and none at 1e-6. For the value this
    needs as many visits as random effects; with fewer, it loses the same digits.
    """
    rng = np.random.default_rng(20050727)
    beta = np.array([77.0, -3.0, 1.0])
    factor = np.array([[9.0, 0.0], [0.6, 2.1]])
    sd = np.array([residual_sd])
    trial = make_trial(rng, 1, 6, np.array([[6], [3]]), beta, factor, sd, 1.0)
    value, by_beta, by_factor, by_sd = log_likelihood_with_gradient(
        beta, factor, sd, *trial.kernel_data()
    )
    lower = np.tril_indices(2)

    def total(point: list[Decimal]) -> Decimal:
        matrix = [[point[3], Decimal(0)], [point[4], point[5]]]
        return sum(exact_log_densities(trial, point[:3], matrix, point[6:]))

    with decimal.localcontext(DIGITS):
        point = exact(np.concatenate([beta, factor[lower], sd]))
        expected, gradient = float(total(point)), exact_gradient(total, point)
    assert abs(value.sum() - expected) < 1e-6
    assert_near(by_sd, gradient[6:], 1e-6)
    tolerance = MARGIN * EPSILON * condition(trial, beta, factor, sd)
    assert_near(by_beta, gradient[:3], tolerance)
    assert_near(by_factor[lower], gradient[3:6], tolerance)


def test_the_reference_is_scipys_density() -> None:
    trial, beta, factor, residual_sd = trial_and_factor(
        dataclasses.replace(ordinary, n_outcomes=2, most_visits=4)
    )
    with decimal.localcontext(DIGITS):
        got = exact_log_densities(
            trial, exact(beta), [exact(row) for row in factor], exact(residual_sd)
        )
    blocks = [[design(t) for t in row] for row in trial.months]
    for i, series in enumerate(trial.values):
        one, other = blocks[trial.pattern[i]]
        z = np.zeros((len(one) + len(other), 4))
        z[: len(one), :2], z[len(one) :, 2:] = one, other
        noise = np.repeat(residual_sd**2, [len(one), len(other)])
        mu = np.zeros(4)
        weighted = trial.weights[i, trial.columns] * beta
        np.add.at(mu, trial.coefficients, weighted)
        expected = stats.multivariate_normal.logpdf(
            np.concatenate(series), z @ mu, z @ factor @ factor.T @ z.T + np.diag(noise)
        )
        assert float(got[i]) == pytest.approx(expected, rel=1e-10)


def exact_correlation(partial: Sequence[Decimal], p: int) -> list[list[Decimal]]:
    """Correlation matrix by the recursion on partial correlations.

    r[ij; 0..k-1] = r[ik; 0..k-1] r[jk; 0..k-1] + r[ij; 0..k] sqrt((1 - r[ik; 0..k-1]^2)
    (1 - r[jk; 0..k-1]^2)), down from k = j - 1 (Lewandowski, Kurowicka and Joe 2009,
    equation 2).
    """
    known = {(i, j): partial[i * (i - 1) // 2 + j] for i in range(p) for j in range(i)}
    matrix = [[Decimal(int(i == j)) for j in range(p)] for i in range(p)]
    for i in range(p):
        for j in range(i):
            r = known[i, j]
            for k in range(j - 1, -1, -1):
                one, other = known[i, k], known[j, k]
                r = one * other + r * ((1 - one**2) * (1 - other**2)).sqrt()
            matrix[i][j] = matrix[j][i] = r
    return matrix


@unhurried
@given(shapes, st.sampled_from([0.0, 0.9, 1 - 1e-6]))
@example(ordinary, 0.0)
@example(dataclasses.replace(ordinary, n_outcomes=3), 1 - 1e-6)
@example(dataclasses.replace(ordinary, zero_rows=2), 0.0)
def test_gradient_in_sds_and_partial_correlations_is_that_of_the_stacked_observations(
    shape: Shape, extreme: float
) -> None:
    rng = np.random.default_rng(shape.seed)
    p = M * shape.n_outcomes
    residual_sd, beta = residual_sds(shape, rng), fixed_effects(shape, rng)
    between = 10 ** (shape.log10_residual + shape.log10_ratio)
    scale = np.concatenate([between * rng.uniform(0.2, 2, p), residual_sd])
    scale[rng.permutation(p)[: shape.zero_rows]] = 0.0
    correlation = rng.uniform(-0.9, 0.9, p * (p - 1) // 2)
    if extreme:
        correlation[rng.integers(correlation.size)] = rng.choice([-1, 1]) * extreme
    share = (1 + correlation) / 2
    factor = scale[:p, None] * correlation_cholesky(share)
    visits = visits_of(shape, rng)
    trial = make_trial(
        rng,
        shape.n_outcomes,
        shape.n_patients,
        visits,
        beta,
        factor,
        residual_sd,
        shape.misfit,
    )
    got = parameter_gradient(beta, scale, share, pack_data(*trial.kernel_data()))

    def total(point: list[Decimal]) -> Decimal:
        sd, partial = point[: scale.size], [2 * x - 1 for x in point[scale.size :]]
        unit = exact_cholesky(exact_correlation(partial, p))
        exact_factor = [[sd[a] * x for x in row] for a, row in enumerate(unit)]
        return sum(exact_log_densities(trial, exact(beta), exact_factor, sd[p:]))

    with decimal.localcontext(DIGITS):
        point = exact(np.concatenate([scale, share]))
        expected, gradient = float(total(point)), exact_gradient(total, point)
    tolerance = MARGIN * EPSILON * condition(trial, beta, factor, residual_sd)
    assert got[0].sum() == pytest.approx(expected, rel=tolerance, abs=tolerance)
    s = residual_sd.min()
    natural = between / (s**2 + between**2)
    assert_near(got[2][:p], gradient[:p], tolerance, natural)
    assert_near(got[2][p:], gradient[p : scale.size], tolerance, 1 / s)
    assert_near(got[3], gradient[scale.size :], tolerance, natural * between)


partials = st.integers(2, 6).flatmap(
    lambda p: st.lists(
        st.floats(-0.95, 0.95), min_size=p * (p - 1) // 2, max_size=p * (p - 1) // 2
    )
)


def n_coefficients(partial: Sequence[float]) -> int:
    return int(np.sqrt(2 * len(partial))) + 1


@unhurried
@given(partials)
def test_partial_correlations_are_recovered_from_the_correlation_matrix(
    partial: list[float],
) -> None:
    """Of i and j given K: minus the scaled off-diagonal of the inverse over K, i, j."""
    factor = correlation_cholesky((1 + np.array(partial)) / 2)
    full = factor @ factor.T
    recovered = []
    for i in range(n_coefficients(partial)):
        for j in range(i):
            chosen = [*range(j), j, i]
            inverse = np.linalg.inv(full[np.ix_(chosen, chosen)])
            recovered.append(
                -inverse[-1, -2] / np.sqrt(inverse[-1, -1] * inverse[-2, -2])
            )
    # inverting costs the condition, at most about (2 / (1 - 0.95))^5
    np.testing.assert_allclose(recovered, partial, atol=1e-7)


@unhurried
@given(st.lists(st.floats(0, 1), min_size=15, max_size=15))
def test_rows_of_the_correlation_factor_have_unit_length(share: list[float]) -> None:
    factor = correlation_cholesky(np.array(share))
    np.testing.assert_allclose(np.linalg.norm(factor, axis=1), 1, rtol=1e-14)
    np.testing.assert_array_equal(factor, np.tril(factor))
    assert (np.diag(factor) >= 0).all()


def test_one_coefficient_has_no_correlation() -> None:
    np.testing.assert_array_equal(correlation_cholesky(np.empty(0)), [[1.0]])


def test_gradient_of_the_correlation_factor_is_that_of_its_differences() -> None:
    rng = np.random.default_rng(20050727)
    share, weights = rng.uniform(0.05, 0.95, 10), rng.standard_normal((5, 5))
    step = 1e-6
    expected = [
        np.sum(
            np.tril(weights)
            * (
                correlation_cholesky(share + step * unit)
                - correlation_cholesky(share - step * unit)
            )
        )
        / (2 * step)
        for unit in np.eye(10)
    ]
    got = correlation_cholesky_gradient(share, correlation_cholesky(share), weights)
    # central differences: step^2 times a third derivative, and epsilon / step
    np.testing.assert_allclose(got, expected, atol=1e-8)


def correlations(share: np.ndarray) -> np.ndarray:
    """Return the matrix's elements below the diagonal, row by row."""
    factor = correlation_cholesky(share)
    full: np.ndarray = factor @ factor.T
    return full[np.tril_indices(len(full), -1)]


def log_density_of_correlations(share: np.ndarray, shape: np.ndarray) -> float:
    """Independent betas, divided by the Jacobian from them to the correlations."""
    step = 1e-6
    jacobian = [
        (correlations(share + step * unit) - correlations(share - step * unit))
        / (2 * step)
        for unit in np.eye(share.size)
    ]
    density = stats.beta.logpdf(share, shape, shape).sum()
    return float(density - np.linalg.slogdet(np.array(jacobian))[1])


@pytest.mark.parametrize("n_outcomes", [1, 2, 3])
@pytest.mark.parametrize("lkj_shape", [0.5, 1.0, 2.0, 5.0])
def test_partial_correlations_make_an_lkj_prior(
    n_outcomes: int, lkj_shape: float
) -> None:
    """The density is det(R)^(shape - 1) over its normalising constant.

    The constant is equation 16 of Lewandowski, Kurowicka and Joe (2009), d = p.
    """
    structure = Structure(tuple("abc"[:n_outcomes]), "low", ())
    prior = ModelPrior(*[1.0] * 8)
    vectors = prior_vectors(
        structure, dict.fromkeys(structure.outcomes, prior), lkj_shape
    )
    d = structure.n_random
    log_constant = 0.0
    for k in range(1, d):
        half = lkj_shape + (d - k - 1) / 2
        log_constant += (2 * lkj_shape - 2 + d - k) * (d - k) * np.log(2)
        log_constant += (d - k) * special.betaln(half, half)
    rng = np.random.default_rng(20050727)
    for share in rng.uniform(0.1, 0.9, (20, structure.n_partial)):
        factor = correlation_cholesky(share)
        log_determinant = np.linalg.slogdet(factor @ factor.T)[1]
        expected = (lkj_shape - 1) * log_determinant - log_constant
        got = log_density_of_correlations(share, vectors["partial_shape"])
        assert got == pytest.approx(expected, abs=1e-6)


@unhurried
@given(shapes)
def test_unpacking_gives_back_what_was_packed(shape: Shape) -> None:
    packed = trial_and_factor(shape)[0].kernel_data()
    *unpacked, groups = unpack_data(pack_data(*packed))
    np.testing.assert_array_equal(groups, [[len(packed[3]), len(packed[4])]])
    for array, again in zip(packed, unpacked, strict=True):
        np.testing.assert_array_equal(again, array)
        assert again.dtype == array.dtype
