r"""Chances that a t test of mean slopes is significant, and what it then shows.

The estimate is the difference in mean slopes, normal about the true effect
:math:`\theta` with standard error :math:`\sigma_e`; it is called significant by the
two-sided t test with pooled variance, :math:`\nu = n_1 + n_2 - 2` degrees of freedom
and critical value :math:`t`. With :math:`r` the ratio of the estimated to the true
standard error, :math:`\nu r^2 \sim \chi^2_\nu` independently of the estimate, and
:math:`d = |\theta| / \sigma_e`, the estimate is significant with the right sign if
:math:`Z + d > t r` and with the wrong one if :math:`Z + d < -t r`. Given :math:`r`, all
that is asked for is an elementary function of the normal distribution, and one integral
over :math:`r` remains. For the chances of significance that is the noncentral t
distribution; the integral keeps its precision far out, where scipy's tail does not.
"""

import math
from collections.abc import Callable

from scipy import integrate, special


def require_positive(**quantities: float) -> None:
    """Refuse quantities that are not finite and above 0, by their names.

    Parameters
    ----------
    **quantities : float
        By the name that a message gives them.

    Raises
    ------
    ValueError
        Of the first that is refused.
    """
    for name, value in quantities.items():
        if not (math.isfinite(value) and value > 0.0):
            raise ValueError(f"{name} is {value}; it must be finite and above 0")


def critical_t(df: int, alpha: float) -> float:
    """Return the value that a two-sided t test's statistic must exceed.

    Parameters
    ----------
    df : int
        Degrees of freedom, at least 1.
    alpha : float
        Two-sided level, above 0 and below 1.

    Returns
    -------
    float
        In standard errors.

    Raises
    ------
    ValueError
        If either is out of its range.
    """
    require_positive(degrees_of_freedom=df)
    if not 0.0 < alpha < 1.0:
        raise ValueError(f"alpha is {alpha}; it must lie between 0 and 1")
    return -float(special.stdtrit(df, alpha / 2.0))


def minimum_significant_difference(
    standard_error: float, df: int, alpha: float = 0.05
) -> float:
    """Smallest estimate that a two-sided t test calls significant.

    Parameters
    ----------
    standard_error : float
        Of the estimate, points/time; taken to be estimated without error.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Points/time.
    """
    return critical_t(df, alpha) * standard_error


def mean_over_sd_ratio(
    function: Callable[[float], float], df: int, kink: float
) -> float:
    """Mean of a function of estimated over true SD, a chi variable over root df.

    Parameters
    ----------
    function : callable
        Of the ratio.
    df : int
        Degrees of freedom.
    kink : float
        Ratio near which the function turns, where the integral is split.

    Returns
    -------
    float
        To a relative precision of 1e-9.
    """
    log_scale = math.log(2.0) + 0.5 * df * math.log(0.5 * df) - math.lgamma(0.5 * df)

    def integrand(r: float) -> float:
        log_density = log_scale + (df - 1) * math.log(r) - 0.5 * df * r * r
        return math.exp(log_density) * function(r)

    # beyond these the density holds less than 1e-20 of probability
    width = 10.0 / math.sqrt(df)
    lower, upper = max(0.0, 1.0 - width), 1.0 + width
    splits = sorted({r for r in (kink, 1.0) if lower < r < upper})
    mean, _ = integrate.quad(
        integrand, lower, upper, points=splits, epsabs=0.0, epsrel=1e-9, limit=500
    )
    return float(mean)


def _normal_density(x: float) -> float:
    return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def normal_tail(x: float) -> float:
    """Return the chance that a standard normal variable exceeds a value."""
    return 0.5 * math.erfc(x / math.sqrt(2.0))


def _significant_by_sign(
    effect: float, standard_error: float, df: int, alpha: float
) -> tuple[float, float]:
    """Chances of significance with the right and with the wrong sign."""
    d, t = abs(effect) / standard_error, critical_t(df, alpha)
    right = mean_over_sd_ratio(lambda r: normal_tail(t * r - d), df, d / t)
    wrong = mean_over_sd_ratio(lambda r: normal_tail(t * r + d), df, d / t)
    return right, wrong


def power(effect: float, standard_error: float, df: int, alpha: float = 0.05) -> float:
    """Chance that the estimate is significant, with whichever sign.

    Parameters
    ----------
    effect : float
        True difference in mean slopes, points/time.
    standard_error : float
        Of its estimate, points/time.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Probability.
    """
    return sum(_significant_by_sign(effect, standard_error, df, alpha))


def type_s(effect: float, standard_error: float, df: int, alpha: float = 0.05) -> float:
    """Chance that a significant estimate has the wrong sign.

    Parameters
    ----------
    effect : float
        True difference in mean slopes, points/time, not 0.
    standard_error : float
        Of its estimate, points/time.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        The Type S error of Gelman and Carlin (2014), with an estimated standard error.

    References
    ----------
    Gelman A, Carlin J. Beyond power calculations. Perspect Psychol Sci 2014; 9:641-651.
    """
    right, wrong = _significant_by_sign(effect, standard_error, df, alpha)
    return wrong / (right + wrong)


def type_m(effect: float, standard_error: float, df: int, alpha: float = 0.05) -> float:
    """Ratio of a significant estimate's expected size to that of the true effect.

    Parameters
    ----------
    effect : float
        True difference in mean slopes, points/time, not 0.
    standard_error : float
        Of its estimate, points/time.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        At least 1. The exaggeration ratio of Gelman and Carlin (2014), with an
        estimated standard error; they draw estimates from a shifted t distribution,
        which is the same with many degrees of freedom and larger with few.

    References
    ----------
    Gelman A, Carlin J. Beyond power calculations. Perspect Psychol Sci 2014; 9:641-651.
    """
    d, t = abs(effect) / standard_error, critical_t(df, alpha)

    def size_where_significant(r: float) -> float:
        # E[|Z + d|; |Z + d| > q], from the first moment of a truncated normal
        q = t * r
        shift = d * (normal_tail(q - d) - normal_tail(q + d))
        return shift + _normal_density(q - d) + _normal_density(q + d)

    expected = mean_over_sd_ratio(size_where_significant, df, d / t)
    return expected / (d * power(effect, standard_error, df, alpha))
