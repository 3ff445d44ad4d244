"""A trial's observations reduced to what the likelihood needs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.marginal_kernel import pack_data
from alsdecline.structure import N_COEFFICIENTS, Structure


def terms(structure: Structure) -> tuple[np.ndarray, np.ndarray]:
    """Return where each fixed effect acts: (weight column, coefficient), each (F,)."""
    columns, coefficients = [], []
    for k in range(len(structure.outcomes)):
        intercept = k * N_COEFFICIENTS
        columns += [0, 0, *range(1, len(structure.arms) + 1)]
        coefficients += [intercept, *[intercept + 1] * (1 + len(structure.arms))]
    return np.array(columns, dtype=np.int64), np.array(coefficients, dtype=np.int64)


def least_squares_parts(
    months: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """QR parts of one patient's straight-line fit.

    Parameters
    ----------
    months, values : ndarray, shape (n,)
        Times and observations; n may be 0.

    Returns
    -------
    r : ndarray, shape (2, 2)
        Upper triangular, zero rows where n < 2.
    q : ndarray, shape (2,)
        Q'y, padded with zeros likewise.
    rss : float
        Residual sum of squares.
    """
    r = np.zeros((N_COEFFICIENTS, N_COEFFICIENTS))
    q = np.zeros(N_COEFFICIENTS)
    if values.size == 0:
        return r, q, 0.0
    design = np.column_stack([np.ones_like(months), months])
    basis, triangle = np.linalg.qr(design)
    rank = triangle.shape[0]
    r[:rank] = triangle
    q[:rank] = basis.T @ values
    residual = values - basis @ q[:rank]
    return r, q, float(residual @ residual)


def pack_trial(
    structure: Structure,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
) -> np.ndarray:
    """Reduce a trial to the kernel's data.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    patients : DataFrame
        Columns ``patient`` and ``arm``, one row a patient.
    observations : mapping of str to DataFrame
        For each outcome, columns ``patient``, ``month`` and ``value``, no missing.

    Returns
    -------
    ndarray
        As :func:`alsdecline.marginal_kernel.pack_data` lays it out.

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's.
    """
    known = {structure.reference, *structure.arms}
    strange = sorted(set(patients["arm"]) - known)
    if strange:
        raise ValueError(f"arms that the model does not have: {', '.join(strange)}")
    arm = patients["arm"].to_numpy()
    indicators = [(arm == name).astype(np.float64) for name in structure.arms]
    weights = np.column_stack([np.ones(len(patients)), *indicators])

    by_patient = [
        {
            key: (part["month"].to_numpy(float), part["value"].to_numpy(float))
            for key, part in observations[k].groupby("patient", sort=True)
        }
        for k in structure.outcomes
    ]
    nothing = (np.empty(0), np.empty(0))
    shape = (len(patients), len(structure.outcomes))
    q = np.zeros((*shape, N_COEFFICIENTS))
    rss = np.zeros(shape)
    pattern = np.zeros(len(patients), dtype=np.int64)
    patterns: dict[tuple[bytes, ...], int] = {}
    r: list[list[np.ndarray]] = []
    n_visits: list[list[int]] = []
    for i, patient in enumerate(patients["patient"]):
        series = [outcome.get(patient, nothing) for outcome in by_patient]
        parts = [least_squares_parts(*pair) for pair in series]
        for k, (_, scores, residual) in enumerate(parts):
            q[i, k], rss[i, k] = scores, residual
        key = tuple(months.tobytes() for months, _ in series)
        if key not in patterns:
            patterns[key] = len(patterns)
            r.append([part[0] for part in parts])
            n_visits.append([months.size for months, _ in series])
        pattern[i] = patterns[key]
    packed: np.ndarray = pack_data(  # type: ignore[no-untyped-call]
        *terms(structure),
        weights,
        pattern,
        np.array(r),
        np.array(n_visits),
        q,
        rss,
    )
    return packed
