"""Many simulated trials of one scenario at once.

A trial is a function of the scenario, the seed and its number alone, and the same to
the last bit in whichever batch.
"""

import enum
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from alsdecline.design.allocation import allocation, enrolment, strata
from alsdecline.design.courses import curves, patients_lines, residuals, visit_times
from alsdecline.design.nuisances import Nuisances
from alsdecline.design.observation import attended, record, time_to_departure
from alsdecline.design.streams import Floats, Integers, Purpose, Streams
from alsdecline.design.trial_design import TrialDesign
from alsdecline.design.truth import Truth


class Status(enum.IntEnum):
    """How a patient's follow-up ended."""

    COMPLETED = 0
    WITHDRAWN = 1
    DIED = 2
    TRIAL_CLOSED = 3


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that simulated trials are made from.

    Attributes
    ----------
    design : TrialDesign
        What is planned.
    truth : Truth
        What is true.
    nuisances : Nuisances
        What happens to the data.
    """

    design: TrialDesign
    truth: Truth
    nuisances: Nuisances = field(default_factory=Nuisances)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedTrials:
    """B trials of N patients, K outcomes and T visits.

    Attributes
    ----------
    numbers : ndarray of int, shape (B,)
        Of the trials.
    arm, stratum : ndarray of int, shape (B, N)
        Places of arm and stratum; patients in the order of randomisation, then
        historical ones.
    enrolled : ndarray, shape (B, N)
        Calendar time of enrolment.
    times : ndarray, shape (B, N, T) or (1, 1, T)
        Of visits from randomisation, attended or not.
    values : ndarray, shape (B, N, K, T)
        Outcomes as recorded, points; NaN where there is none.
    status : ndarray of int, shape (B, N)
        As :class:`Status` has them.
    followed : ndarray, shape (B, N)
        Time from randomisation to the end of follow-up.
    intercepts, slopes : ndarray, shape (B, N, K)
        Patients' true ones, as :func:`alsdecline.design.courses.patients_lines` has
        them.
    """

    numbers: Integers
    arm: Integers
    stratum: Integers
    enrolled: Floats
    times: Floats
    values: Floats
    status: Integers
    followed: Floats
    intercepts: Floats
    slopes: Floats

    def measured(self, places: list[int]) -> Floats:
        """Return an outcome, or the sum of several, by their places, (B, N, T)."""
        summed: Floats = self.values[:, :, places].sum(axis=2)
        return summed


def simulate_trials(
    scenario: Scenario, seed: int, trials: npt.ArrayLike
) -> SimulatedTrials:
    """Simulate trials by their numbers.

    Parameters
    ----------
    scenario : Scenario
        What they are made from.
    seed : int
        Of all trials of the scenario, from 0 and below 2**64.
    trials : array_like of int, shape (B,)
        Their numbers, from 0. All are held in memory at once.

    Returns
    -------
    SimulatedTrials

    Raises
    ------
    ValueError
        If parts of the scenario do not agree.
    """
    design, truth, nuisances = scenario.design, scenario.truth, scenario.nuisances
    _require_agreement(design, truth)
    streams = Streams(seed, trials)
    enrolled = enrolment(design, streams)
    stratum = strata(design, streams)
    arm = allocation(design, stratum, streams)
    times = visit_times(design, streams)
    intercepts, slopes = patients_lines(design, truth, arm, stratum, enrolled, streams)
    values = residuals(truth, design.patients, len(design.visits), streams)
    values += intercepts[..., None]
    values += slopes[..., None] * times[:, :, None, :]
    mean_slopes = slopes
    added = curves(design, truth, arm, times)
    if added is not None:
        values += added
        mean_slopes = slopes + added[..., -1] / times[..., -1:]
    status, followed = _ends(scenario, enrolled, times[..., -1], mean_slopes, streams)
    record(values, truth, nuisances, streams)
    seen = attended(nuisances, times, followed, streams)
    if not seen.all():
        np.copyto(values, np.nan, where=~seen[:, :, None, :])
    return SimulatedTrials(
        streams.trials,
        arm,
        stratum,
        enrolled,
        times,
        values,
        status,
        followed,
        intercepts,
        slopes,
    )


def _ends(
    scenario: Scenario,
    enrolled: Floats,
    last_visit: Floats,
    mean_slopes: Floats,
    streams: Streams,
) -> tuple[Integers, Floats]:
    """Decide how and when each patient's follow-up ends; the first event counts."""
    truth, nuisances, closes = (
        scenario.truth,
        scenario.nuisances,
        scenario.design.closes,
    )
    planned = np.broadcast_to(last_visit, enrolled.shape)
    closed = np.full(enrolled.shape, np.inf) if closes is None else closes - enrolled
    withdrawn, died = (
        time_to_departure(departure, truth, mean_slopes, purpose, streams)
        for departure, purpose in (
            (nuisances.withdrawal, Purpose.WITHDRAWALS),
            (nuisances.death, Purpose.DEATHS),
        )
    )
    ends = np.stack([planned, withdrawn, died, closed])
    # in the order of Status; of events at once the first there
    status: Integers = np.argmin(ends, axis=0).astype(np.int64)
    return status, ends.min(axis=0)


def _require_agreement(design: TrialDesign, truth: Truth) -> None:
    names = {arm.name for arm in design.arms}
    for outcome in truth.outcomes:
        if strange := sorted(set(outcome.effects) - names):
            raise ValueError(f"outcome {outcome.name!r}: effects of no arm: {strange}")
        for shifts in (outcome.stratum_intercepts, outcome.stratum_slopes):
            if shifts and len(shifts) != design.n_strata:
                raise ValueError(
                    f"outcome {outcome.name!r}: {len(shifts)} shifts for "
                    f"{design.n_strata} strata"
                )
