"""Parameters of the family drawn from their priors."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.models.correlations import full_correlations
from alsdecline.models.structure import Structure


def draw_parameters(
    structure: Structure,
    priors: Mapping[str, np.ndarray],
    n: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw fixed effects, SDs and correlations from their priors.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    priors : mapping of str to ndarray
        From :func:`alsdecline.models.prior_vectors.prior_vectors`.
    n : int
        Number of draws.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        n rows, a column for each of ``structure.parameter_names``.
    """
    mean, sd = priors["coefficient_mean"], priors["coefficient_sd"]
    scale, shape = priors["scale_sd"], priors["partial_shape"]
    standard = rng.standard_normal((n, mean.size))
    if "effect_precision" in priors:
        k = len(structure.outcomes)
        precision = priors["effect_precision"].reshape(k, k)
        factor = np.linalg.cholesky(np.linalg.inv(precision))
        for positions in structure.effect_positions:
            standard[:, positions] = standard[:, positions] @ factor.T
    parts = [
        mean + sd * standard,
        np.abs(rng.normal(0.0, scale, (n, scale.size))),
        full_correlations(rng.beta(shape, shape, (n, shape.size))),
    ]
    names = structure.parameter_names
    return pd.DataFrame(np.concatenate(parts, axis=1), columns=names)
