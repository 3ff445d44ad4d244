"""How much a normal prior says, in patients."""

import math


def patients_worth(
    prior_sd: float, weak_sd: float, weak_prior_sd: float, patients: float
) -> float | None:
    """Return the number of patients whose data say as much as a prior.

    The precision of the prior over that which one patient gives, the data's being that
    of a posterior under a weak prior less that prior's own: the effective sample size
    of a normal model of known variance (Morita, Thall and Mueller, Biometrics
    2008;64:595), whose variances are here those that were estimated.

    Parameters
    ----------
    prior_sd : float
        SD of the prior.
    weak_sd, weak_prior_sd : float
        SDs of the posterior under a weak prior, and of that prior.
    patients : float
        How many gave the data.

    Returns
    -------
    float or None
        None where the data say nothing beyond the weak prior.
    """
    of_data = 1 / weak_sd**2 - 1 / weak_prior_sd**2
    if not (patients > 0 and math.isfinite(of_data) and of_data > 0):
        return None
    return patients / prior_sd**2 / of_data
