"""Who enters a simulated trial, when, in which stratum, and in which arm."""

import numpy as np

from alsdecline.design.streams import Floats, Integers, Purpose, Streams
from alsdecline.design.trial_design import TrialDesign


def enrolment(design: TrialDesign, streams: Streams) -> Floats:
    """Draw when patients enter: those randomised in this order, then historical ones.

    Parameters
    ----------
    design : TrialDesign
        N patients.
    streams : Streams
        Of B trials.

    Returns
    -------
    ndarray, shape (B, N)
        Calendar times; the accrual of the randomised begins at 0.
    """
    shape = (streams.trials.size, design.patients)
    entered = np.zeros(shape)
    if design.accrual > 0.0:
        drawn = streams.uniform(Purpose.ENROLMENT, shape[1:])
        entered = design.accrual * drawn
    n = sum(design.arms[place].patients for place in design.randomised)
    entered[:, :n].sort(axis=1)
    for arm in design.arms:
        if arm.historical_from is not None:
            entered[:, n : n + arm.patients] += arm.historical_from
            n += arm.patients
    return entered


def strata(design: TrialDesign, streams: Streams) -> Integers:
    """Draw patients' strata, from 0, shape (B, N)."""
    shape = (streams.trials.size, design.patients)
    if design.strata is None:
        return np.zeros(shape, dtype=np.int64)
    ends = np.cumsum(design.strata.shares)[:-1]
    drawn = streams.uniform(Purpose.STRATA, shape[1:])
    return np.searchsorted(ends, drawn, side="right").astype(np.int64)


def _in_exact_sizes(design: TrialDesign, n: int, streams: Streams) -> Integers:
    """Allocate n patients so that each arm has its size."""
    sizes = [design.arms[place].patients for place in design.randomised]
    order = np.argsort(streams.uniform(Purpose.ALLOCATION, (n,)), axis=1)
    return np.repeat(design.randomised, sizes)[order]


def _in_blocks(
    block: tuple[int, ...],
    randomised: tuple[int, ...],
    stratum: Integers,
    n_strata: int,
    streams: Streams,
) -> Integers:
    """Allocate patients by the next place in the blocks of their strata."""
    n_trials, n = stratum.shape
    labels, size = np.repeat(randomised, block), sum(block)
    n_blocks = -(-n // size)
    drawn = streams.uniform(Purpose.ALLOCATION, (n_strata, n_blocks, size))
    sequences = labels[np.argsort(drawn, axis=-1)].reshape(n_trials, n_strata, -1)
    allocated = np.empty_like(stratum)
    for of in range(n_strata):
        here = stratum == of
        position = np.cumsum(here, axis=1) - 1
        next_arm = np.take_along_axis(sequences[:, of], np.maximum(position, 0), axis=1)
        allocated[here] = next_arm[here]
    return allocated


def allocation(design: TrialDesign, stratum: Integers, streams: Streams) -> Integers:
    """Randomise patients to arms.

    Parameters
    ----------
    design : TrialDesign
        N patients.
    stratum : ndarray of int, shape (B, N)
        From :func:`strata`, in the order of :func:`enrolment`.
    streams : Streams
        Of B trials.

    Returns
    -------
    ndarray of int, shape (B, N)
        Places of the arms.
    """
    n = sum(design.arms[place].patients for place in design.randomised)
    if design.strata is None:
        randomised = _in_exact_sizes(design, n, streams)
    else:
        randomised = _in_blocks(
            design.strata.block,
            design.randomised,
            stratum[:, :n],
            design.n_strata,
            streams,
        )
    historical = [
        place
        for place, arm in enumerate(design.arms)
        if arm.historical_from is not None
        for _ in range(arm.patients)
    ]
    beside = np.tile(np.array(historical, dtype=np.int64), (len(stratum), 1))
    return np.concatenate([randomised, beside], axis=1)
