"""From the sampler's unconstrained points to named parameters."""

import numpy as np
import pandas as pd

from alsdecline.models.correlations import full_correlations
from alsdecline.models.structure import Structure


def constrain(structure: Structure, points: np.ndarray) -> pd.DataFrame:
    """Turn unconstrained draws into named parameters.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    points : ndarray, shape (n_draws, n_dim)
        Coefficients, log SDs, logits of (1 + partial correlation) / 2.

    Returns
    -------
    DataFrame
        A column for each of ``structure.parameter_names``; correlations are full,
        not partial.
    """
    n_coefficients = len(structure.coefficient_names)
    n_scales = len(structure.scale_names)
    stop = n_coefficients + n_scales
    partial = 1.0 / (1.0 + np.exp(-points[:, stop:]))
    values = np.concatenate(
        [
            points[:, :n_coefficients],
            np.exp(points[:, n_coefficients:stop]),
            full_correlations(partial),
        ],
        axis=1,
    )
    return pd.DataFrame(values, columns=structure.parameter_names)
