"""What is seen of patients' courses: until when, at which visits, and as which values.

Each part draws from its own stream.
"""

import numpy as np

from alsdecline.design.nuisances import Departure, Items, Nuisances, Recording
from alsdecline.design.streams import Booleans, Floats, Purpose, Streams
from alsdecline.design.truth import Truth


def time_to_departure(
    departure: Departure,
    truth: Truth,
    mean_slopes: Floats,
    purpose: Purpose,
    streams: Streams,
) -> Floats:
    """Draw times from randomisation to an event, infinite where it is off.

    Parameters
    ----------
    departure : Departure
        The hazard and what it depends on.
    truth : Truth
        K outcomes.
    mean_slopes : ndarray, shape (B, N, K)
        Patients' own, from randomisation to the last visit, points/time.
    purpose : Purpose
        Which event it is.
    streams : Streams
        Of B trials.

    Returns
    -------
    ndarray, shape (B, N)

    Raises
    ------
    ValueError
        If an outcome does not exist, or its slopes do not vary.
    """
    if departure.hazard == 0.0:
        return np.full(mean_slopes.shape[:2], np.inf)
    log_hazard = np.full(mean_slopes.shape[:2], np.log(departure.hazard))
    for name, ratio in departure.hazard_ratios.items():
        k = truth.place(name)
        outcome = truth.outcomes[k]
        if outcome.sd_slope == 0.0:
            raise ValueError(f"hazard by the slope of {name!r}, which does not vary")
        below = (outcome.slope - mean_slopes[..., k]) / outcome.sd_slope
        log_hazard += np.log(ratio) * below
    waited = -np.log1p(-streams.uniform(purpose, mean_slopes.shape[1:2]))
    times: Floats = waited * np.exp(-log_hazard)
    return times


def attended(
    nuisances: Nuisances, times: Floats, until: Floats, streams: Streams
) -> Booleans:
    """Say which visits take place, shape (B, N, T).

    Parameters
    ----------
    nuisances : Nuisances
        With the probability that a visit is missed.
    times : ndarray, shape (B, N, T) or (1, 1, T)
        Of all visits, from randomisation.
    until : ndarray, shape (B, N)
        When each patient's follow-up ends.
    streams : Streams
        Of B trials.
    """
    seen: Booleans = times <= until[..., None]
    if nuisances.missed_visit > 0.0:
        drawn = streams.uniform(Purpose.MISSED_VISITS, seen.shape[1:])
        missed = drawn < nuisances.missed_visit
        missed[..., 0] = False
        seen &= ~missed
    return seen


def _sum_of_items(values: Floats, items: Items, k: int, streams: Streams) -> Floats:
    """Rate items whose mean is the outcome's; return their sum, (B, N, T)."""
    _, n, n_visits = values.shape
    lasting = streams.normal(Purpose.ITEMS, (n, items.number), k)
    total = np.zeros_like(values)
    passing = np.zeros(())
    if items.sd_visit > 0.0:
        shape = (items.number, n, n_visits)
        passing = items.sd_visit * streams.normal(Purpose.ITEM_NOISE, shape, k)
    for j in range(items.number):
        rated = values / items.number + items.sd_patient * lasting[:, :, j, None]
        if passing.ndim:
            rated += passing[:, j]
        total += np.clip(np.rint(rated), 0, items.points)
    return total


def record(
    values: Floats, truth: Truth, nuisances: Nuisances, streams: Streams
) -> None:
    """Round and clip outcomes as their forms do, in place; leave out single values.

    Parameters
    ----------
    values : ndarray, shape (B, N, K, T)
        Changed.
    truth : Truth
        K outcomes.
    nuisances : Nuisances
        How each is recorded.
    streams : Streams
        Of B trials.

    Raises
    ------
    ValueError
        If an outcome does not exist.
    """
    for name, form in nuisances.recording.items():
        k = truth.place(name)
        if form.items is not None:
            values[:, :, k] = _sum_of_items(values[:, :, k], form.items, k, streams)
        _round_and_clip(values[:, :, k], form)
    if nuisances.missing_value > 0.0:
        drawn = streams.uniform(Purpose.MISSING_VALUES, values.shape[1:])
        values[drawn < nuisances.missing_value] = np.nan


def _round_and_clip(values: Floats, form: Recording) -> None:
    if form.step > 0.0:
        values /= form.step
        np.rint(values, out=values)
        values *= form.step
    np.clip(values, form.floor, form.ceiling, out=values)
