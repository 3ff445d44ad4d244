"""The model of decline declared in PyMC, random effects integrated out."""

from collections.abc import Mapping

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from alsdecline.models.gaussian.op import MarginalLogLikelihood
from alsdecline.models.structure import Structure


def declare_model(
    structure: Structure, priors: Mapping[str, np.ndarray], data: np.ndarray
) -> pm.Model:
    """Declare the model of :mod:`alsdecline.models.structure`.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    priors : mapping of str to ndarray
        From :func:`prior_vectors`.
    data : ndarray
        From :func:`pack_trial`.

    Returns
    -------
    pymc.Model
        Free variables ``coefficient``, ``scale`` and ``partial``; the priors and
        ``trial`` are ``pm.Data``, so that one compilation serves many fits. Effects of
        an arm on several outcomes are multivariate normal, up to a constant.
    """
    with pm.Model() as model:
        vector = {name: pm.Data(name, value) for name, value in priors.items()}
        coefficient = pm.Normal(
            "coefficient",
            vector["coefficient_mean"],
            vector["coefficient_sd"],
            shape=len(structure.coefficient_names),
        )
        if "effect_precision" in priors:
            # what independent normals above lack of the multivariate normal density
            positions = np.array(structure.effect_positions)
            standard = (coefficient - vector["coefficient_mean"]) / vector[
                "coefficient_sd"
            ]
            effects = standard[positions]
            products = effects[:, :, None] * effects[:, None, :]
            precision = vector["effect_precision"].reshape(2 * [positions.shape[1]])
            square = (products * precision).sum()
            pm.Potential("effects_together", (pt.sqr(effects).sum() - square) / 2)
        scale = pm.HalfNormal(
            "scale", vector["scale_sd"], shape=len(structure.scale_names)
        )
        partial = pm.Beta(
            "partial",
            vector["partial_shape"],
            vector["partial_shape"],
            shape=structure.n_partial,
        )
        trial = pt.as_tensor_variable(pm.Data("trial", data))
        value, *_ = MarginalLogLikelihood()(coefficient, scale, partial, trial)
        pm.Potential("log_likelihood", value)
    return model
