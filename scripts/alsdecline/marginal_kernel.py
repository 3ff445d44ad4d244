r"""Log-likelihood of linear mixed models with the random effects integrated out.

The kernel and everything it calls live in this one module, because numba's disk
cache is stamped with the file of the outermost function alone.

The model
---------
Patient i has coefficients :math:`u_i = \mu_i + L z_i`, :math:`z_i \sim N(0, I_p)`,
for K outcomes with m coefficients each (intercept, slope, ...), :math:`p = Km`.
Outcome k is observed :math:`n_{ik}` times, :math:`y_{ik} = Z_{ik} u_{ik} + e`,
:math:`e \sim N(0, s_k^2 I)`. The population means are sparse linear forms,
:math:`\mu_{ij} = \sum_{f: j_f = j} w_{i c_f} \beta_f`, and
:math:`L = \mathrm{diag}(\sigma)\, C` with C the Cholesky factor of a correlation
matrix, built from partial correlations.

What is computed
----------------
With the thin QR decomposition :math:`Z_{ik} = Q_{ik} R_{ik}`,
:math:`q_{ik} = Q_{ik}' y_{ik}` and :math:`RSS_{ik} = |y_{ik}|^2 - |q_{ik}|^2`, write
:math:`e_k = q_k - R_k \mu_k`, :math:`G = \sum_k R_k' R_k / s_k^2` and
:math:`c = \sum_k R_k' e_k / s_k^2`, each placed at its outcome's coefficients, and
:math:`M = I + L' G L`. By Sylvester's determinant identity and the Woodbury
identity the marginal density of :math:`y_i`, normal with mean :math:`Z_i \mu_i` and
covariance :math:`Z_i L L' Z_i' + S`, has

.. math::

    -2 \log p = \sum_k \left[ n_k \log(2 \pi s_k^2) + (RSS_k + |e_k|^2) / s_k^2
    \right] + \log |M| - (L'c)' M^{-1} (L'c).

Fisher's identity gives the gradient as the expectation of the complete-data score
under :math:`z | y \sim N(\bar z, M^{-1})`, :math:`\bar z = M^{-1} L' c`:

.. math::

    \partial / \partial \mu &= c - G L \bar z \\
    \partial / \partial L &= \mathrm{lower}\left(c \bar z' - G L (\bar z \bar z' +
    M^{-1})\right) \\
    \partial / \partial \log s_k &= \left[ RSS_k + |q_k - R_k u_k|^2 +
    \mathrm{tr}(R_k (L M^{-1} L')_{kk} R_k') \right] / s_k^2 - n_k, \quad
    u = \mu + L \bar z.

No inverse of :math:`\Omega = LL'` is formed, so variances may be zero; sums of
:math:`t`, :math:`ty` are not used, since they cancel at small residual SDs. M depends
on the pattern of visits alone and is factorised once for each distinct pattern.

Limits
------
M is formed from normal equations, so errors grow as the machine's epsilon times the
squared ratio of what the random effects explain to the residual SD: 1e-7 or better at
ratios up to 1e4; at 1e6 the gradients in beta and L are noise, and with more random
effects than visits M may no longer be positive definite. The result is then NaN, which
the sampler takes for a divergence.
"""

import math

import numba
import numpy as np

LOG_2PI = math.log(2.0 * math.pi)

# fastmath is written out because numba lets a callee inherit its caller's flag at
# compile time, and the cached bits would then depend on who compiled first
compiled = numba.njit(cache=True, fastmath=False, error_model="numpy")


HEADER = 8
"""Numbers before the arrays in the flat vector of :func:`pack_data`."""


def pack_data(
    columns,
    coefficients,
    weights,
    pattern,
    r,
    n_visits,
    q,
    rss,
    groups=None,
    ratio=False,
    by_group=False,
):
    """Lay the data of all groups of patients out in one flat vector.

    Parameters
    ----------
    columns, coefficients, weights, pattern, r, n_visits, q, rss : ndarray
        As for :func:`log_likelihood_with_gradient`, of all patients; integers are exact
        in float64. Patients stand group by group, and so do patterns: none is of two
        groups.
    groups : ndarray of int, shape (G, 2), optional
        Where the patients and the patterns of each group end; one group if not given.
    ratio : bool
        Whether a group's coefficients but the intercepts are those of the first group
        times a factor.
    by_group : bool
        Whether SDs but those of the intercepts differ between groups by a factor.

    Returns
    -------
    ndarray
        The sizes F, N, C, P, K, m and G and the two choices as one number, then the
        arrays, each in C order.
    """
    n_patients, n_outcomes, m = q.shape
    if groups is None:
        groups = np.array([[n_patients, len(r)]])
    sizes = [
        columns.size,
        n_patients,
        weights.shape[1],
        len(r),
        n_outcomes,
        m,
        len(groups),
        2 * int(by_group) + int(ratio),
    ]
    arrays = (columns, coefficients, weights, pattern, r, n_visits, q, rss, groups)
    flat = [np.asarray(array, dtype=np.float64).ravel() for array in arrays]
    return np.concatenate([np.array(sizes, dtype=np.float64), *flat])


@compiled
def unpack_data(data):
    """Undo :func:`pack_data`, less the two choices; floats are views."""
    n_terms, n_patients, n_columns = int(data[0]), int(data[1]), int(data[2])
    n_patterns, n_outcomes, m = int(data[3]), int(data[4]), int(data[5])
    n_groups = int(data[6])
    p = n_outcomes * m
    start = HEADER
    columns = data[start : start + n_terms].astype(np.int64)
    start += n_terms
    coefficients = data[start : start + n_terms].astype(np.int64)
    start += n_terms
    stop = start + n_patients * n_columns
    weights = data[start:stop].reshape(n_patients, n_columns)
    start = stop
    pattern = data[start : start + n_patients].astype(np.int64)
    start += n_patients
    stop = start + n_patterns * p * m
    r = data[start:stop].reshape(n_patterns, n_outcomes, m, m)
    start = stop
    stop = start + n_patterns * n_outcomes
    n_visits = data[start:stop].reshape(n_patterns, n_outcomes)
    start = stop
    stop = start + n_patients * p
    q = data[start:stop].reshape(n_patients, n_outcomes, m)
    start = stop
    stop = start + n_patients * n_outcomes
    rss = data[start:stop].reshape(n_patients, n_outcomes)
    start = stop
    groups = data[start : start + 2 * n_groups].astype(np.int64).reshape(n_groups, 2)
    return columns, coefficients, weights, pattern, r, n_visits, q, rss, groups


@compiled
def correlation_cholesky(partial):
    """Cholesky factor of the correlation matrix with the given partial correlations.

    Parameters
    ----------
    partial : ndarray, shape (p * (p - 1) / 2,)
        Canonical partial correlations mapped to (0, 1) by (1 + r) / 2, row by row
        below the diagonal: element (i, j) is the correlation of coefficients i and j
        given coefficients 0 to j - 1 (Lewandowski, Kurowicka and Joe 2009, C-vine).

    Returns
    -------
    ndarray, shape (p, p)
        Lower triangular, rows of unit length.
    """
    p = int((1 + math.sqrt(1 + 8 * partial.size)) / 2)
    factor = np.zeros((p, p))
    position = 0
    for i in range(p):
        remaining = 1.0
        for j in range(i):
            share = partial[position]
            factor[i, j] = (2.0 * share - 1.0) * remaining
            remaining *= 2.0 * math.sqrt(share * (1.0 - share))
            position += 1
        factor[i, i] = remaining
    return factor


@compiled
def correlation_cholesky_gradient(partial, factor, gradient):
    """Pull a gradient with respect to the factor back to the partial correlations.

    Parameters
    ----------
    partial : ndarray, shape (p * (p - 1) / 2,)
        As for :func:`correlation_cholesky`.
    factor, gradient : ndarray, shape (p, p)
        The factor, and the gradient of a scalar with respect to its lower triangle.

    Returns
    -------
    ndarray, shape (p * (p - 1) / 2,)
        The gradient with respect to `partial`.
    """
    p = factor.shape[0]
    result = np.zeros(partial.size)
    position = 0
    for i in range(p):
        remaining = 1.0
        for j in range(i):
            share = partial[position]
            later = 0.0
            for k in range(j + 1, i + 1):
                later += gradient[i, k] * factor[i, k]
            # each later entry carries the factor sqrt(share * (1 - share))
            result[position] = 2.0 * remaining * gradient[i, j] + later * 0.5 * (
                1.0 / share - 1.0 / (1.0 - share)
            )
            remaining *= 2.0 * math.sqrt(share * (1.0 - share))
            position += 1
    return result


@compiled
def cholesky_in_place(matrix):
    """Replace the lower triangle of a positive definite matrix by its Cholesky factor.

    Written out because LAPACK's call costs more than the work at p <= 10.
    """
    p = matrix.shape[0]
    for j in range(p):
        pivot = matrix[j, j]
        for k in range(j):
            pivot -= matrix[j, k] * matrix[j, k]
        pivot = math.sqrt(pivot)
        matrix[j, j] = pivot
        for i in range(j + 1, p):
            total = matrix[i, j]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            matrix[i, j] = total / pivot


@compiled
def solve_from_cholesky(factor, vector):
    """Replace `vector` by (C C')^-1 vector, given the lower factor C."""
    p = factor.shape[0]
    for i in range(p):
        total = vector[i]
        for k in range(i):
            total -= factor[i, k] * vector[k]
        vector[i] = total / factor[i, i]
    for i in range(p - 1, -1, -1):
        total = vector[i]
        for k in range(i + 1, p):
            total -= factor[k, i] * vector[k]
        vector[i] = total / factor[i, i]


@compiled
def accumulate_information(r, residual_sd, information):
    """Write G = sum_k R_k'R_k / s_k^2, block by block, into `information`."""
    n_outcomes, m = r.shape[0], r.shape[1]
    information[:] = 0.0
    for k in range(n_outcomes):
        precision = 1.0 / (residual_sd[k] * residual_sd[k])
        for a in range(m):
            for b in range(m):
                total = 0.0
                for row in range(min(a, b) + 1):
                    total += r[k, row, a] * r[k, row, b]
                information[k * m + a, k * m + b] = total * precision


@compiled
def patient_mean(beta, columns, coefficients, weights, mean):
    """Write mu_i, the population mean of one patient's coefficients, into `mean`."""
    mean[:] = 0.0
    for f in range(beta.size):
        mean[coefficients[f]] += weights[columns[f]] * beta[f]


@compiled
def patient_score(r, q, mean, residual_sd, misfit, score):
    """Write e_k into `misfit` and c into `score` for one patient."""
    n_outcomes, m = q.shape
    for k in range(n_outcomes):
        precision = 1.0 / (residual_sd[k] * residual_sd[k])
        for row in range(m):
            total = q[k, row]
            for a in range(row, m):
                total -= r[k, row, a] * mean[k * m + a]
            misfit[k, row] = total
        for a in range(m):
            total = 0.0
            for row in range(a + 1):
                total += r[k, row, a] * misfit[k, row]
            score[k * m + a] = total * precision


@compiled
def factorise_pattern(r, residual_sd, factor, gl, cholesky, covariance, trace):
    """Factorise M for one visit pattern; everything is written into the last four.

    Parameters
    ----------
    r : ndarray, shape (K, m, m)
        R of the pattern by outcome.
    residual_sd : ndarray, shape (K,)
        s.
    factor : ndarray, shape (p, p)
        L.
    gl, cholesky, covariance : ndarray, shape (p, p)
        Receive G L, the Cholesky factor of M, and its inverse.
    trace : ndarray, shape (K,)
        Receives tr(R_k (L M^-1 L')_kk R_k') / s_k^2.

    Returns
    -------
    float
        log |M|.
    """
    m, p = r.shape[1], factor.shape[0]
    information = np.empty((p, p))
    accumulate_information(r, residual_sd, information)
    for i in range(p):
        block = (i // m) * m
        for j in range(p):
            total = 0.0
            for k in range(max(block, j), block + m):
                total += information[i, k] * factor[k, j]
            gl[i, j] = total
    for i in range(p):
        for j in range(i + 1):
            total = 1.0 if i == j else 0.0
            for k in range(i, p):
                total += factor[k, i] * gl[k, j]
            cholesky[i, j] = total
    cholesky_in_place(cholesky)
    log_determinant = 0.0
    covariance[:] = 0.0
    for i in range(p):
        log_determinant += 2.0 * math.log(cholesky[i, i])
        covariance[i, i] = 1.0
        solve_from_cholesky(cholesky, covariance[i])
    # the trace is that of block k of (G L) M^-1 L'
    trace[:] = 0.0
    for i in range(p):
        for j in range(i + 1):
            total = 0.0
            for k in range(p):
                total += gl[i, k] * covariance[k, j]
            trace[i // m] += total * factor[i, j]
    return log_determinant


@compiled
def posterior_mean(factor, cholesky, score, effect, deviation):
    """Write zbar = M^-1 L'c into `effect` and L zbar into `deviation`, each (p,)."""
    p = score.size
    for a in range(p):
        total = 0.0
        for b in range(a, p):
            total += factor[b, a] * score[b]
        effect[a] = total
    solve_from_cholesky(cholesky, effect)
    for a in range(p):
        total = 0.0
        for b in range(a + 1):
            total += factor[a, b] * effect[b]
        deviation[a] = total


@compiled
def standardised_residuals(r, rss, misfit, deviation, residual_sd, squares):
    """Write [RSS_k + |q_k - R_k u_k|^2] / s_k^2 into `squares`, shape (K,)."""
    n_outcomes, m = misfit.shape
    for k in range(n_outcomes):
        total = rss[k]
        for row in range(m):
            residual = misfit[k, row]
            for a in range(row, m):
                residual -= r[k, row, a] * deviation[k * m + a]
            total += residual * residual
        squares[k] = total / (residual_sd[k] * residual_sd[k])


@compiled
def log_likelihood_with_gradient(
    beta,
    factor,
    residual_sd,
    columns,
    coefficients,
    weights,
    pattern,
    r,
    n_visits,
    q,
    rss,
):
    """Log-likelihood by patient, and the gradient of its sum.

    Parameters
    ----------
    beta : ndarray, shape (F,)
        Fixed effects.
    factor : ndarray, shape (p, p)
        L, lower triangular; zero rows are allowed.
    residual_sd : ndarray, shape (K,)
        s, in the units of each outcome.
    columns, coefficients : ndarray of int64, shape (F,)
        Fixed effect f multiplies column ``columns[f]`` of `weights` and acts on
        coefficient ``coefficients[f]``.
    weights : ndarray, shape (N, C)
        Patient-level covariates: a column of ones, arm indicators, covariates.
    pattern : ndarray of int64, shape (N,)
        The visit pattern of each patient.
    r : ndarray, shape (P, K, m, m)
        R of each pattern and outcome, upper triangular, zero rows where there are
        fewer visits than coefficients.
    n_visits : ndarray, shape (P, K)
        Observations of each pattern and outcome; zero where the outcome is missing.
    q : ndarray, shape (N, K, m)
        Q'y.
    rss : ndarray, shape (N, K)
        Residual sum of squares of each patient's own least-squares fit.

    Returns
    -------
    log_density : ndarray, shape (N,)
    gradient_beta : ndarray, shape (F,)
    gradient_factor : ndarray, shape (p, p)
    gradient_residual_sd : ndarray, shape (K,)
    """
    n_patients, n_outcomes, m = q.shape
    n_patterns, p = r.shape[0], n_outcomes * m
    gl = np.empty((n_patterns, p, p))
    cholesky = np.zeros((n_patterns, p, p))
    covariance = np.empty((n_patterns, p, p))
    trace = np.empty((n_patterns, n_outcomes))
    log_determinant = np.empty(n_patterns)
    for v in range(n_patterns):
        log_determinant[v] = factorise_pattern(
            r[v], residual_sd, factor, gl[v], cholesky[v], covariance[v], trace[v]
        )

    log_density = np.empty(n_patients)
    gradient_beta = np.zeros(beta.size)
    gradient_residual_sd = np.zeros(n_outcomes)
    gradient_factor = np.zeros((p, p))
    # sum over a pattern's patients of zbar zbar' + M^-1
    second_moment = np.zeros((n_patterns, p, p))
    mean = np.empty(p)
    misfit = np.empty((n_outcomes, m))
    score = np.empty(p)
    effect = np.empty(p)
    deviation = np.empty(p)
    squares = np.empty(n_outcomes)
    for i in range(n_patients):
        v = pattern[i]
        patient_mean(beta, columns, coefficients, weights[i], mean)
        patient_score(r[v], q[i], mean, residual_sd, misfit, score)
        posterior_mean(factor, cholesky[v], score, effect, deviation)
        standardised_residuals(r[v], rss[i], misfit, deviation, residual_sd, squares)
        # |e|^2 / s^2 - (L'c)' M^-1 (L'c) = |e - R L z|^2 / s^2 + |z|^2 at z = zbar:
        # a sum of squares, where the difference would cancel at small s
        value = log_determinant[v]
        for a in range(p):
            value += effect[a] * effect[a]
        for k in range(n_outcomes):
            n = n_visits[v, k]
            value += squares[k] + n * (LOG_2PI + 2.0 * math.log(residual_sd[k]))
            gradient_residual_sd[k] += (squares[k] + trace[v, k] - n) / residual_sd[k]
        log_density[i] = -0.5 * value
        for f in range(beta.size):
            a = coefficients[f]
            total = score[a]
            for b in range(p):
                total -= gl[v, a, b] * effect[b]
            gradient_beta[f] += weights[i, columns[f]] * total
        for a in range(p):
            for b in range(p):
                second_moment[v, a, b] += effect[a] * effect[b] + covariance[v, a, b]
            for b in range(a + 1):
                gradient_factor[a, b] += score[a] * effect[b]

    for v in range(n_patterns):
        for a in range(p):
            for b in range(a + 1):
                for k in range(p):
                    gradient_factor[a, b] -= gl[v, a, k] * second_moment[v, k, b]
    return log_density, gradient_beta, gradient_factor, gradient_residual_sd


@compiled
def group_factors(coefficient, n_terms, shape, choices):
    """Factors by which groups differ: of coefficients, of their SDs, of residual SDs.

    Parameters
    ----------
    coefficient : ndarray
        The fixed effects, then the logarithms of the factors: of ratios, group by group
        and outcome by outcome; of SDs, group by group and outcome by outcome, first
        those of the coefficients but the intercept, then the residual one. The first
        group has none.
    n_terms : int
        Number F of fixed effects.
    shape : tuple of int
        G, K, m.
    choices : int
        As :func:`pack_data` has them.

    Returns
    -------
    multiplier : ndarray, shape (G, p)
        Of a patient's coefficients.
    spread : ndarray, shape (G, p)
        Of the SDs of these.
    noise : ndarray, shape (G, K)
        Of residual SDs.
    """
    n_groups, n_outcomes, m = shape
    multiplier = np.ones((n_groups, n_outcomes * m))
    spread = np.ones((n_groups, n_outcomes * m))
    noise = np.ones((n_groups, n_outcomes))
    at = n_terms
    if choices % 2 == 1:
        for g in range(1, n_groups):
            for k in range(n_outcomes):
                multiplier[g, k * m + 1 : k * m + m] = math.exp(coefficient[at])
                at += 1
    if choices >= 2:
        for g in range(1, n_groups):
            for k in range(n_outcomes):
                for a in range(1, m):
                    spread[g, k * m + a] = math.exp(coefficient[at])
                    at += 1
                noise[g, k] = math.exp(coefficient[at])
                at += 1
    return multiplier, spread, noise


@compiled
def group_gradient(by_multiplier, by_spread, by_noise, choices, gradient):
    """Write gradients in the logarithms of :func:`group_factors` into `gradient`.

    Parameters
    ----------
    by_multiplier, by_spread, by_noise : ndarray
        Gradients in the logarithms of the factors, shaped as these.
    choices : int
        As :func:`pack_data` has them.
    gradient : ndarray
        What follows the fixed effects in the gradient.
    """
    n_groups, p = by_spread.shape
    n_outcomes = by_noise.shape[1]
    m = p // n_outcomes
    at = 0
    if choices % 2 == 1:
        for g in range(1, n_groups):
            for k in range(n_outcomes):
                for a in range(1, m):
                    gradient[at] += by_multiplier[g, k * m + a]
                at += 1
    if choices >= 2:
        for g in range(1, n_groups):
            for k in range(n_outcomes):
                for a in range(1, m):
                    gradient[at] = by_spread[g, k * m + a]
                    at += 1
                gradient[at] = by_noise[g, k]
                at += 1


@compiled
def parameter_gradient(coefficient, scale, partial, data):
    """Log-likelihood by patient, and the gradient of its sum in what is sampled.

    Patients of group g have the coefficients D_g (mu + E_g L z) and residual SDs
    n_gk s_k, with the diagonal factors of :func:`group_factors`; that is the model
    above with D_g on the fixed effects and D_g E_g on the rows of L.

    Parameters
    ----------
    coefficient : ndarray, shape (F + logarithms of factors,)
        Fixed effects, then what :func:`group_factors` takes.
    scale : ndarray, shape (p + K,)
        SDs of the patients' coefficients, outcome by outcome, then residual SDs.
    partial : ndarray, shape (p * (p - 1) / 2,)
        As for :func:`correlation_cholesky`.
    data : ndarray
        As packed by :func:`pack_data`; one flat vector, because a callback that
        takes many arrays is slow to compile.

    Returns
    -------
    log_density : ndarray, shape (N,)
        In the order of the packed patients.
    gradient_coefficient : ndarray, shape (F + logarithms of factors,)
    gradient_scale : ndarray, shape (p + K,)
    gradient_partial : ndarray, shape (p * (p - 1) / 2,)
    """
    columns, coefficients, weights, pattern, r, n_visits, q, rss, groups = unpack_data(
        data
    )
    choices = int(data[7])
    n_terms = columns.size
    n_groups, n_outcomes, m = len(groups), q.shape[1], q.shape[2]
    p = n_outcomes * m
    correlation = correlation_cholesky(partial)
    multiplier, spread, noise = group_factors(
        coefficient, n_terms, (n_groups, n_outcomes, m), choices
    )
    log_density = np.empty(len(q))
    gradient_coefficient = np.zeros(coefficient.size)
    gradient_scale = np.zeros(scale.size)
    gradient_correlation = np.zeros((p, p))
    by_multiplier = np.zeros((n_groups, p))
    by_spread = np.zeros((n_groups, p))
    by_noise = np.zeros((n_groups, n_outcomes))
    beta = np.empty(n_terms)
    factor = np.zeros((p, p))
    first, first_pattern = 0, 0
    for g in range(n_groups):
        last, last_pattern = groups[g]
        for f in range(n_terms):
            beta[f] = coefficient[f] * multiplier[g, coefficients[f]]
        for a in range(p):
            size = scale[a] * multiplier[g, a] * spread[g, a]
            for b in range(a + 1):
                factor[a, b] = size * correlation[a, b]
        density, by_beta, by_factor, by_residual = log_likelihood_with_gradient(
            beta,
            factor,
            scale[p:] * noise[g],
            columns,
            coefficients,
            weights[first:last],
            pattern[first:last] - first_pattern,
            r[first_pattern:last_pattern],
            n_visits[first_pattern:last_pattern],
            q[first:last],
            rss[first:last],
        )
        log_density[first:last] = density
        for f in range(n_terms):
            a = coefficients[f]
            gradient_coefficient[f] += by_beta[f] * multiplier[g, a]
            by_multiplier[g, a] += by_beta[f] * beta[f]
        for a in range(p):
            size = multiplier[g, a] * spread[g, a]
            along = 0.0
            for b in range(a + 1):
                along += by_factor[a, b] * correlation[a, b] * size
                gradient_correlation[a, b] += by_factor[a, b] * scale[a] * size
            gradient_scale[a] += along
            by_spread[g, a] = along * scale[a]
            by_multiplier[g, a] += along * scale[a]
        for k in range(n_outcomes):
            along = by_residual[k] * noise[g, k]
            gradient_scale[p + k] += along
            by_noise[g, k] = along * scale[p + k]
        first, first_pattern = last, last_pattern
    group_gradient(
        by_multiplier, by_spread, by_noise, choices, gradient_coefficient[n_terms:]
    )
    gradient_partial = correlation_cholesky_gradient(
        partial, correlation, gradient_correlation
    )
    return log_density, gradient_coefficient, gradient_scale, gradient_partial
