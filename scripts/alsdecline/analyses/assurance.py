"""Chances of significance over the effect's prior.

The prior is normal about 0. The test of slopes and its notation are those of
:mod:`alsdecline.analyses.significance`.
"""

import math

from scipy import special

from alsdecline.analyses.significance import (
    critical_t,
    mean_over_sd_ratio,
    normal_tail,
)


def assurance(
    prior_sd: float, standard_error: float, df: int, alpha: float = 0.05
) -> float:
    """Power averaged over the effect's prior, Normal(0, prior SD).

    The estimate's marginal distribution is normal about 0, with the variances of prior
    and estimate added, so the average is a central t tail.

    Parameters
    ----------
    prior_sd : float
        SD of the effect's prior, points/time.
    standard_error : float
        Of the estimate, points/time.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Probability of significance in either direction (O'Hagan, Stevens and Campbell
        2005).

    References
    ----------
    O'Hagan A, Stevens JW, Campbell MJ. Assurance in clinical trial design. Pharm Stat
    2005; 4:187-201.
    """
    widening = math.hypot(1.0, prior_sd / standard_error)
    return 2.0 * float(special.stdtr(df, -critical_t(df, alpha) / widening))


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
        SD of the effect's prior, points/time.
    standard_error : float
        Of the estimate, points/time.
    df : int
        Degrees of freedom.
    alpha : float
        Two-sided level.

    Returns
    -------
    float
        Probability, at most the assurance.

    References
    ----------
    Owen DB. Tables for computing bivariate normal probabilities. Ann Math Stat 1956;
    27:1075-1090.
    """
    ratio = prior_sd / standard_error
    critical = critical_t(df, alpha) / math.hypot(1.0, ratio)

    def given_sd_ratio(r: float) -> float:
        h = critical * r
        return normal_tail(h) + 2.0 * float(special.owens_t(h, ratio))

    return mean_over_sd_ratio(given_sd_ratio, df, 1.0 / critical)
