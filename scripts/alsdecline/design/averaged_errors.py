"""Bayesian operating characteristics: errors averaged over a design prior.

O'Hagan, Stevens and Campbell, Pharm Stat 2005; 4:187-201, on assurance; Ventz and
Trippa, Biometrics 2015; 71:218-226, on errors that are averaged.
"""

from dataclasses import dataclass

import numpy as np

from alsdecline.design.performance import share
from alsdecline.design.streams import Booleans, Floats


@dataclass(frozen=True, slots=True)
class AveragedErrors:
    """What successes of trials are worth whose true effects were drawn.

    Attributes
    ----------
    trials : int
        All of them.
    benefit : float
        Share with a true effect above 0.
    assurance : float
        Share of successes.
    type_i_error, power : float
        Share of successes of trials with a true effect of at most 0, and above 0.
    false_success, missed_benefit : float
        Share with a true effect of at most 0 of successes, and above 0 of other trials.
    benefit_error, assurance_error, type_i_error_error, power_error : float
        Monte Carlo standard errors.
    false_success_error, missed_benefit_error : float
        The same.
    """

    trials: int
    benefit: float
    benefit_error: float
    assurance: float
    assurance_error: float
    type_i_error: float
    type_i_error_error: float
    power: float
    power_error: float
    false_success: float
    false_success_error: float
    missed_benefit: float
    missed_benefit_error: float


def averaged_errors(effects: Floats, success: Booleans) -> AveragedErrors:
    """Count them.

    Parameters
    ----------
    effects : ndarray, shape (B,)
        True ones, above 0 better.
    success : ndarray of bool, shape (B,)
        Which trials count as such.

    Returns
    -------
    AveragedErrors
    """
    better = effects > 0.0
    won = success.astype(np.float64)
    good = better.astype(np.float64)
    return AveragedErrors(
        int(effects.size),
        *share(good),
        *share(won),
        *share(won[~better]),
        *share(won[better]),
        *share(1.0 - good[success]),
        *share(good[~success]),
    )
