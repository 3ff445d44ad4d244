r"""What a two-arm design can show when each patient is reduced to one slope.

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

Every patient is taken to attend every visit.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import integrate, special


@dataclass(frozen=True, slots=True)
class DesignProperties:
    """Properties of a design, for one assumed true effect and one prior.

    Attributes
    ----------
    slope_standard_error : float
        Standard error of the difference in mean slopes, points/month.
    degrees_of_freedom : int
        Of the t test on slopes.
    minimum_significant_difference : float
        Smallest estimate that is significant at the expected precision, points/month.
    power : float
        Chance of a significant estimate, of either sign, at the assumed effect.
    wrong_sign : float
        Chance that the estimate has the wrong sign, significant or not.
    type_s : float
        Chance that a significant estimate has the wrong sign.
    type_m : float
        Expected size of a significant estimate over that of the assumed effect.
    assurance : float
        Power averaged over the prior of the effect.
    assurance_right_sign : float
        Chance, over the same prior, of a significant estimate with the sign of the
        effect.
    data_weight : float
        Weight of the data in the posterior mean of the effect.
    """

    slope_standard_error: float
    degrees_of_freedom: int
    minimum_significant_difference: float
    power: float
    wrong_sign: float
    type_s: float
    type_m: float
    assurance: float
    assurance_right_sign: float
    data_weight: float


def _require_positive(**quantities: float) -> None:
    for name, value in quantities.items():
        if not (math.isfinite(value) and value > 0.0):
            raise ValueError(f"{name} is {value}; it must be finite and above 0")


def slope_standard_error(
    n_treated: int,
    n_reference: int,
    months: npt.ArrayLike,
    slope_sd: float,
    residual_sd: float,
) -> float:
    """Compute the standard error of the difference in mean slopes.

    The variance of a patient's least-squares slope is that between patients plus
    residual variance over the sum of squared deviations of the visit times.

    Parameters
    ----------
    n_treated, n_reference : int
        Patients, at least 1 each.
    months : array_like, shape (v,)
        Times of the visits, months; at least two distinct.
    slope_sd : float
        SD of true slopes between patients, points/month; not negative.
    residual_sd : float
        SD of a value about its patient's line, points; not negative.

    Returns
    -------
    float
        Points/month.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the standard error is zero.
    """
    _require_positive(n_treated=n_treated, n_reference=n_reference)
    times = np.asarray(months, dtype=np.float64)
    if times.ndim != 1 or not np.isfinite(times).all() or np.unique(times).size < 2:
        raise ValueError(
            f"visits at months {times.tolist()}: two distinct times are needed"
        )
    if slope_sd < 0.0 or residual_sd < 0.0:
        raise ValueError(f"slope SD {slope_sd}, residual SD {residual_sd}: below 0")
    sxx = float(np.sum((times - times.mean()) ** 2))
    variance = slope_sd**2 + residual_sd**2 / sxx
    standard_error = math.sqrt(variance * (1.0 / n_treated + 1.0 / n_reference))
    _require_positive(standard_error=standard_error)
    return standard_error


def _critical_t(df: int, alpha: float) -> float:
    _require_positive(degrees_of_freedom=df)
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
        Of the estimate, points/month; taken to be estimated without error.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Points/month.
    """
    return _critical_t(df, alpha) * standard_error


def _mean_over_sd_ratio(
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


def _normal_tail(x: float) -> float:
    return 0.5 * math.erfc(x / math.sqrt(2.0))


def _significant_by_sign(
    effect: float, standard_error: float, df: int, alpha: float
) -> tuple[float, float]:
    """Chances of significance with the right and with the wrong sign."""
    d, t = abs(effect) / standard_error, _critical_t(df, alpha)
    right = _mean_over_sd_ratio(lambda r: _normal_tail(t * r - d), df, d / t)
    wrong = _mean_over_sd_ratio(lambda r: _normal_tail(t * r + d), df, d / t)
    return right, wrong


def power(effect: float, standard_error: float, df: int, alpha: float = 0.05) -> float:
    """Chance that the estimate is significant, with whichever sign.

    Parameters
    ----------
    effect : float
        True difference in mean slopes, points/month.
    standard_error : float
        Of its estimate, points/month.
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
        True difference in mean slopes, points/month, not 0.
    standard_error : float
        Of its estimate, points/month.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        The Type S error of Gelman and Carlin (2014), with an estimated standard error.
    """
    right, wrong = _significant_by_sign(effect, standard_error, df, alpha)
    return wrong / (right + wrong)


def type_m(effect: float, standard_error: float, df: int, alpha: float = 0.05) -> float:
    """Ratio of a significant estimate's expected size to that of the true effect.

    Parameters
    ----------
    effect : float
        True difference in mean slopes, points/month, not 0.
    standard_error : float
        Of its estimate, points/month.
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
    """
    d, t = abs(effect) / standard_error, _critical_t(df, alpha)

    def size_where_significant(r: float) -> float:
        # E[|Z + d|; |Z + d| > q], from the first moment of a truncated normal
        q = t * r
        shift = d * (_normal_tail(q - d) - _normal_tail(q + d))
        return shift + _normal_density(q - d) + _normal_density(q + d)

    expected = _mean_over_sd_ratio(size_where_significant, df, d / t)
    return expected / (d * power(effect, standard_error, df, alpha))


def assurance(
    prior_sd: float, standard_error: float, df: int, alpha: float = 0.05
) -> float:
    """Power averaged over the effect's prior, Normal(0, prior SD).

    The estimate's marginal distribution is normal about 0, with the variances of prior
    and estimate added, so the average is a central t tail.

    Parameters
    ----------
    prior_sd : float
        SD of the effect's prior, points/month.
    standard_error : float
        Of the estimate, points/month.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Probability of significance in either direction (O'Hagan, Stevens and Campbell
        2005).
    """
    widening = math.hypot(1.0, prior_sd / standard_error)
    return 2.0 * float(special.stdtr(df, -_critical_t(df, alpha) / widening))


def assurance_right_sign(
    prior_sd: float, standard_error: float, df: int, alpha: float = 0.05
) -> float:
    r"""Chance, over the prior, of a significant estimate with the effect's sign.

    Given the estimated SD, estimate and effect are bivariate normal about 0. With
    :math:`h` the critical value in marginal SDs of the estimate and :math:`\lambda` the
    ratio of prior SD to standard error, each of the two quadrants that count holds
    :math:`\Phi(-h) / 2 + T(h, \lambda)`, T being the function of Owen (1956).

    Parameters
    ----------
    prior_sd : float
        SD of the effect's prior, points/month.
    standard_error : float
        Of the estimate, points/month.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Probability, at most the assurance.
    """
    ratio = prior_sd / standard_error
    critical = _critical_t(df, alpha) / math.hypot(1.0, ratio)

    def given_sd_ratio(r: float) -> float:
        h = critical * r
        return _normal_tail(h) + 2.0 * float(special.owens_t(h, ratio))

    return _mean_over_sd_ratio(given_sd_ratio, df, 1.0 / critical)


def data_weight(prior_sd: float, standard_error: float) -> float:
    """Weight of the data in the posterior mean of a normal effect.

    Parameters
    ----------
    prior_sd : float
        SD of the effect's prior, points/month.
    standard_error : float
        Of the estimate, points/month.

    Returns
    -------
    float
        Between 0 (the prior alone) and 1 (the data alone).
    """
    return prior_sd**2 / (prior_sd**2 + standard_error**2)


def design_properties(
    n_treated: int,
    n_reference: int,
    months: npt.ArrayLike,
    slope_sd: float,
    residual_sd: float,
    prior_sd: float,
    effect: float,
    *,
    alpha: float = 0.05,
) -> DesignProperties:
    """Compute what a two-arm design can show about a difference in mean slopes.

    Parameters
    ----------
    n_treated, n_reference : int
        Patients, at least 1 each and 3 together.
    months : array_like, shape (v,)
        Times of the visits, months; at least two distinct.
    slope_sd : float
        SD of true slopes between patients, points/month.
    residual_sd : float
        SD of a value about its patient's line, points.
    prior_sd : float
        SD of the effect's prior, which is normal about 0, points/month.
    effect : float
        Assumed true difference in mean slopes, points/month; its sign does not matter.
    alpha : float
        Two-sided level.

    Returns
    -------
    DesignProperties
        All properties, for this effect and prior.

    Raises
    ------
    ValueError
        If an argument is out of its range; an effect of 0 has no sign to get wrong.

    References
    ----------
    Gelman A, Carlin J. Beyond power calculations. Perspect Psychol Sci 2014; 9:641-651.

    O'Hagan A, Stevens JW, Campbell MJ. Assurance in clinical trial design. Pharm Stat
    2005; 4:187-201.

    Owen DB. Tables for computing bivariate normal probabilities. Ann Math Stat 1956;
    27:1075-1090.
    """
    _require_positive(prior_sd=prior_sd, size_of_effect=abs(effect))
    df = n_treated + n_reference - 2
    se = slope_standard_error(n_treated, n_reference, months, slope_sd, residual_sd)
    return DesignProperties(
        slope_standard_error=se,
        degrees_of_freedom=df,
        minimum_significant_difference=minimum_significant_difference(se, df, alpha),
        power=power(effect, se, df, alpha),
        wrong_sign=_normal_tail(abs(effect) / se),
        type_s=type_s(effect, se, df, alpha),
        type_m=type_m(effect, se, df, alpha),
        assurance=assurance(prior_sd, se, df, alpha),
        assurance_right_sign=assurance_right_sign(prior_sd, se, df, alpha),
        data_weight=data_weight(prior_sd, se),
    )
