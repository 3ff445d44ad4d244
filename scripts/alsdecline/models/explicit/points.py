"""Between a member's unconstrained points and its parameters and patients' effects."""

import numpy as np
import pandas as pd

from alsdecline.models.correlations import correlation_factors
from alsdecline.models.explicit.layout import explicit_priors
from alsdecline.models.explicit.member import (
    FREEDOM_LEAST,
    ExplicitMember,
    parameter_names,
)
from alsdecline.models.points import constrain
from alsdecline.models.prior_vectors import start_point


def explicit_start(member: ExplicitMember, n_patients: int) -> np.ndarray:
    """Unconstrained point at the centre of the priors, where chains start."""
    priors = explicit_priors(member)
    # the mean of Gamma(2, b) is 2 / b
    excess = np.log(2.0 / priors.get("freedom_rate", np.empty(0)))
    standard = np.zeros(member.structure.n_random * n_patients)
    return np.concatenate([start_point(priors), excess, standard])


def named_draws(
    member: ExplicitMember, patients: pd.DataFrame, points: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn unconstrained draws into named parameters and patients' effects.

    Parameters
    ----------
    member : ExplicitMember
        The model.
    patients : DataFrame
        With the column ``patient``, N rows.
    points : ndarray, shape (n_draws, n_dim)
        In the declared model's order.

    Returns
    -------
    parameters, effects : DataFrame
        A column for each of ``parameter_names(member)``; each patient's deviations from
        the mean coefficients, columns like ``slope:limb[patient]``, in points, or
        logits of ``bounded``.
    """
    structure, p = member.structure, member.structure.n_random
    stop = len(structure.parameter_names)
    n_freedom = 0 if member.bounded else len(structure.outcomes)
    frame = constrain(structure, points[:, :stop]).rename(columns=member.shown_names)
    freedom = FREEDOM_LEAST + np.exp(points[:, stop : stop + n_freedom])
    for name, drawn in zip(member.within_names[-n_freedom:], freedom.T, strict=False):
        frame[name] = drawn
    log_scale = points[:, stop - structure.n_partial - len(structure.scale_names) :]
    partial = 1.0 / (1.0 + np.exp(-points[:, stop - structure.n_partial : stop]))
    factors = correlation_factors(partial)
    standard = points[:, stop + n_freedom :].reshape(len(points), p, -1)
    effects = np.exp(log_scale[:, :p])[:, :, None] * (factors @ standard)
    names = [f"{c}[{i}]" for i in patients["patient"] for c in structure.random_names]
    own = effects.transpose(0, 2, 1).reshape(len(points), -1)
    return frame[parameter_names(member)], pd.DataFrame(own, columns=names)
