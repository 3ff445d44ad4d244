"""Whether the data's own estimate is one that the prior would have expected."""

import numpy as np
from scipy.special import stdtr

# of the standard normal prior: far past what moves a probability in the sixth decimal
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(120)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def prior_predictive_p(
    estimate: float,
    standard_error: float,
    degrees_of_freedom: float,
    prior_mean: float,
    prior_sd: float,
) -> float:
    """Probability, before the trial, of an estimate as far from the prior's mean.

    The effect is drawn from its normal prior and the estimate about it, with the
    trial's own standard error by Student's t (Box 1980).

    Parameters
    ----------
    estimate, standard_error : float
        Of the effect, by the data alone, points/time.
    degrees_of_freedom : float
        Of the standard error.
    prior_mean, prior_sd : float
        Of the effect, points/time.

    Returns
    -------
    float
        Two-sided; small where prior and data are in conflict.

    References
    ----------
    Box GEP. Sampling and Bayes' inference in scientific modelling and robustness. J R
    Stat Soc A 1980; 143:383-430.
    """
    distance = abs(estimate - prior_mean)
    effects = prior_sd * _NODES
    above = stdtr(degrees_of_freedom, (effects - distance) / standard_error)
    below = stdtr(degrees_of_freedom, (-distance - effects) / standard_error)
    return float(_WEIGHTS @ (above + below))
