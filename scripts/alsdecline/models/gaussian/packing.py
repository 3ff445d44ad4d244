"""A trial's observations reduced to what the likelihood needs."""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.models.gaussian.kernel import pack_data
from alsdecline.models.least_squares import LeastSquares, least_squares
from alsdecline.models.structure import Structure


def exactly_fitted(observations: pd.DataFrame, n_coefficients: int) -> bool:
    """Tell whether an outcome's SDs can go to zero without limit to the density.

    Where fixed effects and some of the patients' own terms leave no residual, the
    residual SD and the SDs of the other terms can go to zero together. With S of them,
    n values and a fit of rank r, the density integrates as x^(S - 1 - n + r) at x = 0,
    so it has no finite integral from n - r = S on: there is no posterior.

    Parameters
    ----------
    observations : DataFrame
        ``patient``, ``arm``, ``time`` and ``value`` of one outcome.
    n_coefficients : int
        m: intercept, slope and further powers of time.

    Returns
    -------
    bool
    """
    patient, names = pd.factorize(observations["patient"])
    time = observations["time"].to_numpy(np.float64)
    value = observations["value"].to_numpy(np.float64)
    own = least_squares(patient, time, value, len(names), n_coefficients)
    # rounding leaves squares of about 1e-30 of the values'
    negligible = 1e-20 * (value @ value)
    if own.rss.sum() > negligible:
        return False
    powers = time[:, None] ** np.arange(n_coefficients)
    arms = pd.get_dummies(observations["arm"], dtype=np.float64).to_numpy()
    by_arm = arms[:, :, None] * powers[:, None, 1:]
    fixed = np.column_stack([np.ones(len(value)), by_arm.reshape(len(value), -1)])
    for kept in itertools.product((False, True), repeat=n_coefficients):
        design = fixed
        if any(kept):
            whose = np.eye(len(names))[patient]
            terms = [whose * powers[:, [j]] for j, keep in enumerate(kept) if keep]
            design = np.hstack([fixed, *terms])
        solution, _, rank, _ = np.linalg.lstsq(design, value)
        residual = value - design @ solution
        n_vanishing = 1 + kept.count(False)
        if len(value) - rank >= n_vanishing and residual @ residual <= negligible:
            return True
    return False


def _weights(structure: Structure, patients: pd.DataFrame) -> np.ndarray:
    """Columns of ones, arm indicators and centred covariates, one row a patient."""
    arm = patients["arm"].to_numpy()
    indicators = [np.where(arm == name, 1.0, 0.0) for name in structure.arms]
    covariates = []
    for name in structure.covariates:
        column = patients[name].to_numpy(dtype=np.float64)
        covariates.append(column - column.mean())
    return np.column_stack([np.ones(len(patients)), *indicators, *covariates])


def _patterns(
    group: np.ndarray, fits: list[LeastSquares]
) -> tuple[np.ndarray, np.ndarray]:
    """Give each distinct pattern of visits a number, none to two groups.

    Parameters
    ----------
    group : ndarray of int, shape (N,)
        Group of each patient, rising.
    fits : list of LeastSquares
        By outcome.

    Returns
    -------
    first : ndarray of int, shape (P,)
        A patient that has each pattern; group by group.
    pattern : ndarray of int, shape (N,)
        The pattern of each patient.
    """
    # NaN is equal to nothing, not even in a pattern of missing visits
    times = [np.nan_to_num(fit.times, nan=np.inf) for fit in fits]
    keys = np.column_stack([group, *times])
    _, first, pattern = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return first, pattern.reshape(-1)


def patient_order(structure: Structure, patients: pd.DataFrame) -> np.ndarray:
    """Return the order in which the packed trial has the patients: arm by arm.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    patients : DataFrame
        ``patient`` and ``arm``, one row a patient.

    Returns
    -------
    ndarray of int, shape (N,)
        Positions in `patients`.

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's.
    """
    return np.argsort(_groups(structure, patients), kind="stable")


def _groups(structure: Structure, patients: pd.DataFrame) -> np.ndarray:
    """Give each arm a number, where a model tells more than means apart."""
    arms = [structure.reference, *structure.arms]
    strange = sorted(set(patients["arm"]) - set(arms))
    if strange:
        raise ValueError(f"arms that the model does not have: {', '.join(strange)}")
    if not (structure.ratio or structure.variances_by_arm):
        return np.zeros(len(patients), dtype=np.int64)
    return patients["arm"].map({a: g for g, a in enumerate(arms)}).to_numpy(np.int64)


def pack_trial(
    structure: Structure,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
) -> np.ndarray:
    """Reduce a trial to the kernel's data.

    Parameters
    ----------
    structure : Structure
        Outcomes, arms and covariates.
    patients : DataFrame
        Columns ``patient``, ``arm`` and the covariates, one row a patient.
    observations : mapping of str to DataFrame
        For each outcome, columns ``patient``, ``time`` and ``value``, no missing.

    Returns
    -------
    ndarray
        As :func:`alsdecline.models.gaussian.kernel.pack_data` lays it out, patients in
        :func:`patient_order`.

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's.
    """
    order = patient_order(structure, patients)
    patients = patients.iloc[order]
    group = _groups(structure, patients)
    position = {patient: i for i, patient in enumerate(patients["patient"])}
    fits = []
    for outcome in structure.outcomes:
        frame = observations[outcome]
        mine = frame["patient"].isin(position)
        frame = frame[mine]
        fits.append(
            least_squares(
                frame["patient"].map(position).to_numpy(np.int64),
                frame["time"].to_numpy(np.float64),
                frame["value"].to_numpy(np.float64),
                len(patients),
                structure.n_coefficients,
            )
        )
    first, pattern = _patterns(group, fits)
    n_groups = 1 + len(structure.arms) if group.any() else 1
    ends = [
        [np.count_nonzero(group <= g), np.count_nonzero(group[first] <= g)]
        for g in range(n_groups)
    ]
    terms = structure.terms
    packed: np.ndarray = pack_data(  # type: ignore[no-untyped-call]
        np.array([term.column for term in terms], dtype=np.int64),
        np.array([term.coefficient for term in terms], dtype=np.int64),
        _weights(structure, patients),
        pattern,
        np.stack([fit.r[first] for fit in fits], axis=1),
        np.stack([fit.n_visits[first] for fit in fits], axis=1),
        np.stack([fit.q for fit in fits], axis=1),
        np.stack([fit.rss for fit in fits], axis=1),
        np.array(ends),
        structure.ratio,
        structure.variances_by_arm,
    )
    return packed
