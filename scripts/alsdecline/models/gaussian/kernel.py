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
:math:`f_k = (q_k - R_k \mu_k) / s_k`, :math:`A_k = R_k L_k / s_k` with the rows
:math:`L_k` of outcome k, :math:`f` and :math:`A` for all of them one below the other,
and :math:`M = I + A' A`. By Sylvester's determinant identity and the Woodbury
identity the marginal density of :math:`y_i`, normal with mean :math:`Z_i \mu_i` and
covariance :math:`Z_i L L' Z_i' + S`, has

.. math::

    -2 \log p = \sum_k \left[ n_k \log(2 \pi s_k^2) + RSS_k / s_k^2 \right]
    + \log |M| + |h|^2 + |\bar z|^2,
    \quad \bar z = M^{-1} A' f, \quad h = f - A \bar z.

Fisher's identity gives the gradient as the expectation of the complete-data score
under :math:`z | y \sim N(\bar z, M^{-1})`:

.. math::

    \partial / \partial \mu_k &= R_k' h_k / s_k \\
    \partial / \partial L_k &= \mathrm{lower}\left( R_k' \left[ h \bar z' - A M^{-1}
    \right]_k / s_k \right) \\
    \partial / \partial \log s_k &= RSS_k / s_k^2 + |h_k|^2 +
    \mathrm{tr}(A_k M^{-1} A_k') - n_k.

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
def patient_mean(beta, columns, coefficients, weights, mean):
    """Write mu_i, the population mean of one patient's coefficients, into `mean`."""
    mean[:] = 0.0
    for f in range(beta.size):
        mean[coefficients[f]] += weights[columns[f]] * beta[f]


@compiled
def factorise_pattern(r, residual_sd, factor, scaled, cholesky, solved, trace):
    """Factorise M for one visit pattern; everything is written into the last four.

    Rows and columns of A are those of the coefficients, and L is lower triangular, so
    that row i of A ends with the block of its outcome.

    Parameters
    ----------
    r : ndarray, shape (K, m, m)
        R of the pattern by outcome.
    residual_sd : ndarray, shape (K,)
        s.
    factor : ndarray, shape (p, p)
        L.
    scaled, cholesky, solved : ndarray, shape (p, p)
        Receive A, the Cholesky factor of M = I + A'A, and A M^-1.
    trace : ndarray, shape (K,)
        Receives tr(A_k M^-1 A_k'), of the rows of each outcome.

    Returns
    -------
    float
        log |M|.
    """
    n_outcomes, m, p = r.shape[0], r.shape[1], factor.shape[0]
    for k in range(n_outcomes):
        start, stop = k * m, k * m + m
        for row in range(m):
            for j in range(stop):
                total = 0.0
                for b in range(row, m):
                    total += r[k, row, b] * factor[start + b, j]
                scaled[start + row, j] = total / residual_sd[k]
            scaled[start + row, stop:] = 0.0
    for i in range(p):
        first = (i // m) * m
        for j in range(i + 1):
            total = 1.0 if i == j else 0.0
            for row in range(first, p):
                total += scaled[row, i] * scaled[row, j]
            cholesky[i, j] = total
    cholesky_in_place(cholesky)
    log_determinant = 0.0
    trace[:] = 0.0
    for i in range(p):
        log_determinant += 2.0 * math.log(cholesky[i, i])
        solved[i] = scaled[i]
        solve_from_cholesky(cholesky, solved[i])
        for j in range(p):
            trace[i // m] += solved[i, j] * scaled[i, j]
    return log_determinant


@compiled
def patient_effects(r, q, mean, residual_sd, scaled, cholesky, misfit, effect):
    """Write zbar into `effect` and h = (q - R mu) / s - A zbar into `misfit`, (p,)."""
    n_outcomes, m = q.shape
    p = effect.size
    for k in range(n_outcomes):
        for row in range(m):
            total = q[k, row]
            for b in range(row, m):
                total -= r[k, row, b] * mean[k * m + b]
            misfit[k * m + row] = total / residual_sd[k]
    for j in range(p):
        total = 0.0
        for i in range((j // m) * m, p):
            total += scaled[i, j] * misfit[i]
        effect[j] = total
    solve_from_cholesky(cholesky, effect)
    for i in range(p):
        total = misfit[i]
        for j in range((i // m) * m + m):
            total -= scaled[i, j] * effect[j]
        misfit[i] = total


@compiled
def straight_line_likelihood(
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
    """Do the work of :func:`log_likelihood_with_gradient` for one straight line.

    With N = (I + A A')^-1 the terms above are |M| = 1 + |A|^2 + det(A)^2, h = N f,
    zbar = A'h and A M^-1 = N A, which has no matrix to factorise.
    """
    n_patients = q.shape[0]
    s = residual_sd[0]
    constant = LOG_2PI + 2.0 * math.log(s)
    log_density = np.empty(n_patients)
    gradient_beta = np.zeros(beta.size)
    gradient_factor = np.zeros((2, 2))
    gradient_residual_sd = np.zeros(1)
    l00, l10, l11 = factor[0, 0] / s, factor[1, 0] / s, factor[1, 1] / s
    by_l00, by_l10, by_l11, by_s = 0.0, 0.0, 0.0, 0.0
    for i in range(n_patients):
        v = pattern[i]
        r00, r01, r11 = r[v, 0, 0, 0], r[v, 0, 0, 1], r[v, 0, 1, 1]
        n = n_visits[v, 0]
        mean0, mean1 = 0.0, 0.0
        for f in range(beta.size):
            term = weights[i, columns[f]] * beta[f]
            if coefficients[f] == 0:
                mean0 += term
            else:
                mean1 += term
        f0 = (q[i, 0, 0] - r00 * mean0 - r01 * mean1) / s
        f1 = (q[i, 0, 1] - r11 * mean1) / s
        a00, a01 = r00 * l00 + r01 * l10, r01 * l11
        a10, a11 = r11 * l10, r11 * l11
        size = a00 * a00 + a01 * a01 + a10 * a10 + a11 * a11
        cross = a00 * a11 - a01 * a10
        determinant = 1.0 + size + cross * cross
        n00 = (1.0 + a10 * a10 + a11 * a11) / determinant
        n11 = (1.0 + a00 * a00 + a01 * a01) / determinant
        n01 = -(a00 * a10 + a01 * a11) / determinant
        h0, h1 = n00 * f0 + n01 * f1, n01 * f0 + n11 * f1
        z0, z1 = a00 * h0 + a10 * h1, a01 * h0 + a11 * h1
        w00, w01 = n00 * a00 + n01 * a10, n00 * a01 + n01 * a11
        w10, w11 = n01 * a00 + n11 * a10, n01 * a01 + n11 * a11
        squares = rss[i, 0] / (s * s) + h0 * h0 + h1 * h1
        trace = w00 * a00 + w01 * a01 + w10 * a10 + w11 * a11
        value = math.log(determinant) + z0 * z0 + z1 * z1 + squares + n * constant
        log_density[i] = -0.5 * value
        by_s += squares + trace - n
        by_mean0, by_mean1 = r00 * h0 / s, (r01 * h0 + r11 * h1) / s
        for f in range(beta.size):
            by_mean = by_mean0 if coefficients[f] == 0 else by_mean1
            gradient_beta[f] += weights[i, columns[f]] * by_mean
        t00, t10 = h0 * z0 - w00, h1 * z0 - w10
        by_l00 += r00 * t00
        by_l10 += r01 * t00 + r11 * t10
        by_l11 += r01 * (h0 * z1 - w01) + r11 * (h1 * z1 - w11)
    gradient_factor[0, 0] = by_l00 / s
    gradient_factor[1, 0] = by_l10 / s
    gradient_factor[1, 1] = by_l11 / s
    gradient_residual_sd[0] = by_s / s
    return log_density, gradient_beta, gradient_factor, gradient_residual_sd


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
    if n_outcomes == 1 and m == 2:
        return straight_line_likelihood(
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
        )
    scaled = np.empty((n_patterns, p, p))
    cholesky = np.zeros((n_patterns, p, p))
    # sums over a pattern's patients of h zbar' - A M^-1
    moment = np.empty((n_patterns, p, p))
    trace = np.empty((n_patterns, n_outcomes))
    log_determinant = np.empty(n_patterns)
    solved = np.empty((n_patterns, p, p))
    for v in range(n_patterns):
        log_determinant[v] = factorise_pattern(
            r[v], residual_sd, factor, scaled[v], cholesky[v], solved[v], trace[v]
        )
    moment[:] = 0.0

    log_density = np.empty(n_patients)
    gradient_beta = np.zeros(beta.size)
    gradient_residual_sd = np.zeros(n_outcomes)
    gradient_factor = np.zeros((p, p))
    constant = LOG_2PI + 2.0 * np.log(residual_sd)
    mean = np.empty(p)
    misfit = np.empty(p)
    effect = np.empty(p)
    by_mean = np.empty(p)
    for i in range(n_patients):
        v = pattern[i]
        patient_mean(beta, columns, coefficients, weights[i], mean)
        patient_effects(
            r[v], q[i], mean, residual_sd, scaled[v], cholesky[v], misfit, effect
        )
        # |e|^2 / s^2 - (L'c)' M^-1 (L'c) = |h|^2 + |zbar|^2: a sum of squares, where
        # the difference would cancel at small s
        value = log_determinant[v]
        for a in range(p):
            value += effect[a] * effect[a]
        for k in range(n_outcomes):
            s = residual_sd[k]
            squares = rss[i, k] / (s * s)
            for b in range(m):
                h = misfit[k * m + b]
                squares += h * h
                total = 0.0
                for row in range(b + 1):
                    total += r[v, k, row, b] * misfit[k * m + row]
                by_mean[k * m + b] = total / s
            n = n_visits[v, k]
            value += squares + n * constant[k]
            gradient_residual_sd[k] += (squares + trace[v, k] - n) / s
        log_density[i] = -0.5 * value
        for f in range(beta.size):
            gradient_beta[f] += weights[i, columns[f]] * by_mean[coefficients[f]]
        for a in range(p):
            for b in range((a // m) * m + m):
                moment[v, a, b] += misfit[a] * effect[b] - solved[v, a, b]

    for v in range(n_patterns):
        for k in range(n_outcomes):
            for b in range(m):
                a = k * m + b
                for j in range(a + 1):
                    total = 0.0
                    for row in range(b + 1):
                        total += r[v, k, row, b] * moment[v, k * m + row, j]
                    gradient_factor[a, j] += total / residual_sd[k]
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
