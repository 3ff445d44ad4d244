"""What a two-arm design can show when each patient is reduced to one slope.

Every patient is taken to attend every visit.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsdecline.analyses.assurance import assurance, assurance_right_sign
from alsdecline.analyses.significance import (
    minimum_significant_difference,
    normal_tail,
    power,
    require_positive,
    type_m,
    type_s,
)


@dataclass(frozen=True, slots=True)
class TwoArmDesign:
    """A comparison of two arms, and what is assumed of the patients and the effect.

    Attributes
    ----------
    n_treated, n_reference : int
        Patients, at least 1 each and 3 together.
    times : tuple of float
        Times of the visits; at least two distinct.
    slope_sd : float
        SD of true slopes between patients, points/time.
    residual_sd : float
        SD of a value about its patient's line, points.
    prior_sd : float
        SD of the effect's prior, which is normal about 0, points/time.
    effect : float
        Assumed true difference in mean slopes, points/time; its sign does not matter.
    alpha : float
        Two-sided level of the test, a probability.
    """

    n_treated: int
    n_reference: int
    times: tuple[float, ...]
    slope_sd: float
    residual_sd: float
    prior_sd: float
    effect: float
    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class DesignProperties:
    """Properties of a design, for one assumed true effect and one prior.

    Attributes
    ----------
    slope_standard_error : float
        Standard error of the difference in mean slopes, points/time.
    degrees_of_freedom : int
        Of the t test on slopes.
    minimum_significant_difference : float
        Smallest estimate that is significant at the expected precision, points/time.
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


def slope_standard_error(
    n_treated: int,
    n_reference: int,
    times: npt.ArrayLike,
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
    times : array_like, shape (v,)
        Times of the visits; at least two distinct.
    slope_sd : float
        SD of true slopes between patients, points/time; not negative.
    residual_sd : float
        SD of a value about its patient's line, points; not negative.

    Returns
    -------
    float
        Points/time.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the standard error is zero.
    """
    require_positive(n_treated=n_treated, n_reference=n_reference)
    at = np.asarray(times, dtype=np.float64)
    if at.ndim != 1 or not np.isfinite(at).all() or np.unique(at).size < 2:
        raise ValueError(
            f"visits at times {at.tolist()}: two distinct times are needed"
        )
    if slope_sd < 0.0 or residual_sd < 0.0:
        raise ValueError(f"slope SD {slope_sd}, residual SD {residual_sd}: below 0")
    sxx = float(np.sum((at - at.mean()) ** 2))
    variance = slope_sd**2 + residual_sd**2 / sxx
    standard_error = math.sqrt(variance * (1.0 / n_treated + 1.0 / n_reference))
    require_positive(standard_error=standard_error)
    return standard_error


def design_properties(design: TwoArmDesign) -> DesignProperties:
    """Compute what a two-arm design can show about a difference in mean slopes.

    Parameters
    ----------
    design : TwoArmDesign
        Patients, visits and what is assumed.

    Returns
    -------
    DesignProperties
        All properties, for the design's effect and prior.

    Raises
    ------
    ValueError
        If a quantity is out of its range; an effect of 0 has no sign to get wrong.
    """
    n_treated, n_reference = design.n_treated, design.n_reference
    effect, prior_sd, alpha = design.effect, design.prior_sd, design.alpha
    require_positive(prior_sd=prior_sd, size_of_effect=abs(effect))
    df = n_treated + n_reference - 2
    se = slope_standard_error(
        n_treated, n_reference, design.times, design.slope_sd, design.residual_sd
    )
    return DesignProperties(
        slope_standard_error=se,
        degrees_of_freedom=df,
        minimum_significant_difference=minimum_significant_difference(se, df, alpha),
        power=power(effect, se, df, alpha),
        wrong_sign=normal_tail(abs(effect) / se),
        type_s=type_s(effect, se, df, alpha),
        type_m=type_m(effect, se, df, alpha),
        assurance=assurance(prior_sd, se, df, alpha),
        assurance_right_sign=assurance_right_sign(prior_sd, se, df, alpha),
    )
