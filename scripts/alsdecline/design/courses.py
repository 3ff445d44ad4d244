"""Courses of the patients of simulated trials, before anything happens to the data.

Patient i of arm a, outcome k: y = intercept_k + u_ik + slope_ik t + curve_ak(t) + e,
slope_ik = factor_ak (slope_k + v_ik + drift_k enrolment_i) + difference_ak, with the
shifts of the stratum beside both means.
"""

from collections.abc import Sequence

import numpy as np

from alsdecline.design.streams import Floats, Integers, Purpose, Streams
from alsdecline.design.trial_design import TrialDesign
from alsdecline.design.truth import Curve, DrawnDifference, Truth


def visit_times(design: TrialDesign, streams: Streams) -> Floats:
    """Draw times from randomisation, shape (B, N, T); (1, 1, T) without windows."""
    nominal = np.array(design.visits)
    if design.window == 0.0:
        return nominal[None, None, :]
    drawn = streams.uniform(Purpose.VISIT_TIMES, (design.patients, nominal.size))
    shift = design.window * (2.0 * drawn - 1.0)
    shift[..., 0] = 0.0
    moved: Floats = nominal + shift
    return moved


def _of_strata(shifts: Sequence[tuple[float, ...]], n_strata: int) -> Floats:
    """Lay out shifts by stratum and outcome, (S, K)."""
    return np.array([shift or (0.0,) * n_strata for shift in shifts]).T


def patients_lines(
    design: TrialDesign,
    truth: Truth,
    arm: Integers,
    stratum: Integers,
    enrolled: Floats,
    streams: Streams,
) -> tuple[Floats, Floats]:
    """Draw the patients' own intercepts and slopes.

    Parameters
    ----------
    design : TrialDesign
        N patients.
    truth : Truth
        K outcomes.
    arm, stratum : ndarray of int, shape (B, N)
        Their places.
    enrolled : ndarray, shape (B, N)
        Calendar times.
    streams : Streams
        Of B trials.

    Returns
    -------
    intercepts, slopes : ndarray, shape (B, N, K)
        Points, and points/time under treatment but for what a curve adds.
    """
    outcomes, n_strata = truth.outcomes, design.n_strata
    standard = streams.normal(Purpose.EFFECTS, (design.patients, 2 * len(outcomes)))
    own = standard @ truth.between_root().T
    intercepts = own[..., 0::2] + np.array([o.intercept for o in outcomes])
    slopes = own[..., 1::2] + np.array([o.slope for o in outcomes])
    slopes += enrolled[..., None] * np.array([o.drift for o in outcomes])
    if n_strata > 1:
        moved = [o.stratum_intercepts for o in outcomes]
        intercepts += _of_strata(moved, n_strata)[stratum]
        slopes += _of_strata([o.stratum_slopes for o in outcomes], n_strata)[stratum]
    changes = np.array(
        [[o.on_slope(a.name, a.dose) for o in outcomes] for a in design.arms]
    )
    slopes *= changes[arm, :, 0]
    slopes += changes[arm, :, 1]
    drawn = drawn_effects(design, truth, streams)
    if drawn is not None:
        slopes += drawn[np.arange(len(arm))[:, None], arm]
    return intercepts, slopes


def drawn_effects(design: TrialDesign, truth: Truth, streams: Streams) -> Floats | None:
    """Return by how much each trial's effects differ from their mean.

    Parameters
    ----------
    design : TrialDesign
        A arms.
    truth : Truth
        K outcomes.
    streams : Streams
        Of B trials.

    Returns
    -------
    ndarray, shape (B, A, K), or None
        Points/time; None where no trial draws its own.
    """
    sds = np.zeros((len(design.arms), len(truth.outcomes)))
    for a, of in enumerate(design.arms):
        for k, outcome in enumerate(truth.outcomes):
            effect = outcome.effects.get(of.name)
            if isinstance(effect, DrawnDifference):
                sds[a, k] = effect.sd
    if not sds.any():
        return None
    return sds * streams.normal(Purpose.TRUE_EFFECTS, (len(sds), 1))


def curves(
    design: TrialDesign, truth: Truth, arm: Integers, times: Floats
) -> Floats | None:
    """Return what curves of effects add, shape (B, N, K, T); None where there is none.

    Parameters
    ----------
    design : TrialDesign
        Arms and N patients.
    truth : Truth
        K outcomes.
    arm : ndarray of int, shape (B, N)
        Places of the patients' arms.
    times : ndarray, shape (B, N, T) or (1, 1, T)
        From randomisation.
    """
    found = [
        (a, k, effect)
        for a, of in enumerate(design.arms)
        for k, outcome in enumerate(truth.outcomes)
        if isinstance(effect := outcome.effects.get(of.name), Curve)
    ]
    if not found:
        return None
    added = np.zeros((*arm.shape, len(truth.outcomes), times.shape[-1]))
    for a, k, effect in found:
        added[:, :, k] += np.where((arm == a)[..., None], effect.at(times), 0.0)
    return added


def residuals(truth: Truth, n_patients: int, n_visits: int, streams: Streams) -> Floats:
    """Draw residuals, shape (B, N, K, T)."""
    shape = (n_patients, len(truth.outcomes), n_visits)
    drawn = streams.normal(Purpose.RESIDUALS, shape)
    root = truth.residual_root()
    if truth.residual_correlation is None:
        drawn *= np.diag(root)[:, None]
        return drawn
    correlated: Floats = root @ drawn
    return correlated
