r"""Kenward and Roger's inference on the fixed effects of a mixed model, at small n.

With :math:`V = \sum_r \gamma_r G_r` over the variances and covariances :math:`\gamma`
of the random effects and the residual variance, :math:`\Phi = (X'V^{-1}X)^{-1}` and

.. math:: P_r = -X'V^{-1}G_rV^{-1}X, \qquad Q_{rs} = X'V^{-1}G_rV^{-1}G_sV^{-1}X,

the expected information on :math:`\gamma` by REML is half of

.. math:: I_{rs} = \mathrm{tr}(V^{-1}G_rV^{-1}G_s) - 2\,\mathrm{tr}(\Phi Q_{rs})
   + \mathrm{tr}(\Phi P_r \Phi P_s),

W is twice its inverse, and the adjusted covariance of the estimates is

.. math:: \Phi_A = \Phi + 2 \Phi \Bigl[\sum_{rs} W_{rs}
   (Q_{rs} - P_r \Phi P_s)\Bigr] \Phi.

A single estimate has :math:`2 / A_2` degrees of freedom, with :math:`A_2 = \sum_{rs}
W_{rs} (\Phi P_r \Phi)_{jj} (\Phi P_s \Phi)_{jj} / \Phi_{jj}^2` (Kenward and Roger,
Biometrics 1997; 53:983-997; Halekoh and Hojsgaard, J Stat Softw 2014; 59(9)). A
parameter that was estimated at its boundary, as a variance of zero, is kept among
:math:`\gamma`, as the R package pbkrtest keeps it.
"""

from itertools import combinations_with_replacement

import numpy as np
from scipy import linalg

from alsdecline.analyses.linear_model import Floats
from alsdecline.analyses.reml import Integers
from alsdecline.faults import DataError

# of the information that known means would leave: below this share there is none
_NO_INFORMATION = 1e-10


def _derivatives(z: Floats) -> list[Floats]:
    """Differentiate a group's covariance in each parameter, the residual last."""
    columns = z.T
    found = [
        np.outer(columns[a], columns[b])
        + (np.outer(columns[b], columns[a]) if a != b else 0.0)
        for a, b in combinations_with_replacement(range(len(columns)), 2)
    ]
    return [*found, np.eye(len(z))]


def kenward_roger(
    fixed: Floats,
    random: Floats,
    codes: Integers,
    random_covariance: Floats,
    residual_variance: float,
) -> tuple[Floats, Floats]:
    """Adjust the covariance of the fixed effects, and give their degrees of freedom.

    Parameters
    ----------
    fixed : ndarray, shape (n, p)
        Columns of the fixed effects.
    random : ndarray, shape (n, q)
        Columns of the random effects.
    codes : ndarray of int, shape (n,)
        Group of each row, from 0.
    random_covariance : ndarray, shape (q, q)
        Covariance of the random effects between groups.
    residual_variance : float
        Residual variance, above 0.

    Returns
    -------
    covariance : ndarray, shape (p, p)
        Adjusted, in the units of the response and the columns.
    degrees_of_freedom : ndarray, shape (p,)
        Of each fixed effect by itself.

    Raises
    ------
    DataError
        If the data have no information on the variances beside the fixed effects.
    """
    p, q = fixed.shape[1], random.shape[1]
    n_parameters = q * (q + 1) // 2 + 1
    information = np.zeros((p, p))
    first = np.zeros((n_parameters, p, p))
    second = np.zeros((n_parameters, n_parameters, p, p))
    traces = np.zeros((n_parameters, n_parameters))
    for group in range(int(codes.max()) + 1):
        x, z = fixed[codes == group], random[codes == group]
        covariance = z @ random_covariance @ z.T + residual_variance * np.eye(len(z))
        factor = linalg.cho_factor(covariance)
        weighted = linalg.cho_solve(factor, x)
        information += x.T @ weighted
        changes = _derivatives(z)
        solved = [linalg.cho_solve(factor, change) for change in changes]
        moved = [change @ weighted for change in changes]
        for r in range(n_parameters):
            first[r] -= weighted.T @ moved[r]
            for s in range(n_parameters):
                second[r, s] += moved[r].T @ linalg.cho_solve(factor, moved[s])
                traces[r, s] += np.sum(solved[r] * solved[s].T)
    phi = np.linalg.inv(information)
    phi_first = phi @ first
    expected = (
        traces
        - 2.0 * np.einsum("ij,rsji->rs", phi, second)
        + np.einsum("rij,sji->rs", phi_first, phi_first)
    )
    unit = np.sqrt(np.diag(traces))
    scaled = expected / np.outer(unit, unit)
    if np.linalg.eigvalsh(scaled)[0] < _NO_INFORMATION:
        raise DataError(
            "variances between groups cannot be told from the fixed effects: too few "
            "groups for so many; use fewer random or fixed effects"
        )
    weights = 2.0 * np.linalg.inv(scaled) / np.outer(unit, unit)
    inner = np.einsum("rs,rsij->ij", weights, second)
    inner -= np.einsum("rs,rij,sjk->ik", weights, first, phi_first)
    adjusted = phi + 2.0 * phi @ inner @ phi
    spread = np.einsum("rij,ji->ri", phi_first, phi)  # diagonals of Phi P_r Phi
    uncertainty = np.einsum("rs,ri,si->i", weights, spread, spread)
    return (adjusted + adjusted.T) / 2.0, 2.0 * np.diag(phi) ** 2 / uncertainty
