"""What a normal posterior's interval of an effect is worth, the variances being known.

The data's estimate d is normal about the effect, with a known standard error s; the
prior is normal about 0 with SD p. The posterior mean is w d, with
w = p^2 / (p^2 + s^2), and its SD is s w^(1/2).
"""

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from alsdecline.analyses.significance import require_positive

FRACTIONS = (0.0, 1 / 3, 2 / 3, 1.0)
"""True effects at which intervals are judged, in mean slopes."""


BY_FORMULA = "variances known"
"""Name of the analysis whose properties these are, beside simulated ones."""


@dataclass(frozen=True, slots=True)
class IntervalProperties:
    """How an interval behaves in repeated trials of one true effect.

    Attributes
    ----------
    coverage : float
        Probability that it contains the effect.
    bias : float
        Expected estimate less the effect, points/time.
    excludes_zero : float
        Probability that it does not contain zero.
    width : float
        Points/time.
    """

    coverage: float
    bias: float
    excludes_zero: float
    width: float


def interval_properties(
    effect: float, prior_sd: float, standard_error: float, level: float
) -> IntervalProperties:
    """Compute what the central posterior interval is worth at one true effect.

    Parameters
    ----------
    effect : float
        True effect, points/time.
    prior_sd, standard_error : float
        SD of the effect's prior, and standard error of its estimate, points/time.
    level : float
        Probability of the interval.

    Returns
    -------
    IntervalProperties

    Raises
    ------
    ValueError
        If an SD is not positive.
    """
    require_positive(prior_sd=prior_sd, standard_error=standard_error)
    weight = prior_sd**2 / (prior_sd**2 + standard_error**2)
    half = ndtri((1 + level) / 2) * standard_error * math.sqrt(weight)

    def below(value: float) -> float:
        """Probability that the posterior mean is below a value."""
        return float(ndtr((value / weight - effect) / standard_error))

    return IntervalProperties(
        coverage=below(effect + half) - below(effect - half),
        bias=(weight - 1) * effect,
        excludes_zero=1 - below(half) + below(-half),
        width=2 * half,
    )
