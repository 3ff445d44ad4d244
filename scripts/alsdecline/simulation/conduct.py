"""A simulated trial: its visits, and what clinics and patients do to the data.

What the model of decline does not have (visit windows, missed visits, drop-out, death,
rounding, floor and ceiling) is laid over the outcomes, each from a random stream of its
own, so that turning one off leaves every other draw as it was. Long, for they are laid
over in one order, which every draw depends on.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.models.simulate import (
    DeclineParameters,
    PatientDesign,
    draw_outcomes,
    draw_random_effects,
    mean_coefficients,
)
from alsdecline.models.structure import Structure
from alsdecline.time_units import DAYS_PER_MONTH

DAYS_PER_WEEK = 7


@dataclasses.dataclass(frozen=True)
class VisitSchedule:
    """When patients are to be seen.

    Attributes
    ----------
    weeks : tuple of int
        Nominal weeks from randomisation, rising; the first is 0.
    window_days : int
        A visit after the first falls up to so many days early or late, each day
        of the window equally likely.

    Raises
    ------
    ValueError
        If the weeks do not rise from 0, the window is negative, or the windows of
        two visits overlap.
    """

    weeks: tuple[int, ...]
    window_days: int = 0

    def __post_init__(self) -> None:
        """Refuse a schedule on which visits could change places."""
        gaps = np.diff(self.weeks)
        if self.weeks[:1] != (0,) or not (gaps > 0).all():
            raise ValueError("visit weeks must rise from 0")
        if self.window_days < 0:
            raise ValueError("a visit window must be at least 0 days")
        if (gaps * DAYS_PER_WEEK <= 2 * self.window_days).any():
            raise ValueError(f"visit windows of {self.window_days} days would overlap")


@dataclasses.dataclass(frozen=True)
class Nuisances:
    """What happens to a trial's data outside the model; by default nothing.

    Attributes
    ----------
    missed_visit : float
        Probability that a visit after the first is missed.
    missing_outcome : float
        Probability that one outcome of an attended visit is not recorded.
    dropout_hazard, death_hazard : float
        Constant hazards per month, of a patient whose course is the mean one.
    hazard_ratios : mapping of str to float
        By outcome: factor on both hazards for each SD by which a patient's slope lies
        below the mean one; none where they do not depend on the course.
    withdrawal_days : mapping of str to int
        Day of a withdrawal that is part of the design, by patient.
    whole_points : frozenset of str
        Outcomes recorded as the nearest whole number.
    limits : mapping of str to (float, float)
        Floor and ceiling by outcome; a value beyond is recorded at the limit.
    """

    missed_visit: float = 0.0
    missing_outcome: float = 0.0
    dropout_hazard: float = 0.0
    death_hazard: float = 0.0
    hazard_ratios: Mapping[str, float] = dataclasses.field(default_factory=dict)
    withdrawal_days: Mapping[str, int] = dataclasses.field(default_factory=dict)
    whole_points: frozenset[str] = frozenset()
    limits: Mapping[str, tuple[float, float]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, eq=False)
class SimulatedTrial:
    """One simulated trial, and the truth about its patients.

    Attributes
    ----------
    patients : DataFrame
        ``patient``, ``arm``, ``status`` (completed, withdrawn or died, whichever
        came first) and ``last_day`` in the trial, from randomisation.
    observations : DataFrame
        A row for each attended visit and outcome: ``patient``, ``arm``,
        ``outcome``, ``week`` (nominal), ``day``, ``month`` (both actual) and
        ``value``, which is missing where the outcome was not recorded.
    random_effects : DataFrame
        ``patient``, ``outcome``, and the patient's true deviations from the arm's
        means: ``random_intercept``, ``random_slope`` per month.
    """

    patients: pd.DataFrame
    observations: pd.DataFrame
    random_effects: pd.DataFrame


def visit_days(
    schedule: VisitSchedule, n_patients: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the days of all visits, attended or not, from randomisation: (N, T)."""
    nominal = DAYS_PER_WEEK * np.array(schedule.weeks)
    window = schedule.window_days
    shift = rng.integers(-window, window, (n_patients, nominal.size), endpoint=True)
    shift[:, 0] = 0
    return nominal + shift


def event_days(
    hazard: float, factors: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw days to an event of constant monthly hazard, (N,); infinite if it is 0.

    Each patient's hazard is `hazard` times a factor, (N,).
    """
    if hazard == 0.0:
        return np.full(factors.shape, np.inf)
    return rng.exponential(DAYS_PER_MONTH / (hazard * factors))


def hazard_factors(
    structure: Structure,
    parameters: DeclineParameters,
    effects: np.ndarray,
    ratios: Mapping[str, float],
) -> np.ndarray:
    """Return the factors on patients' hazards that their courses make.

    Parameters
    ----------
    structure : Structure
        Outcomes, K of them.
    parameters : DeclineParameters
        With the SDs of slopes.
    effects : ndarray, shape (N, K, m)
        Deviations of the patients' coefficients from their means.
    ratios : mapping of str to float
        As ``Nuisances.hazard_ratios``.

    Returns
    -------
    ndarray, shape (N,)

    Raises
    ------
    ValueError
        If an outcome is not the structure's.
    """
    factors = np.ones(len(effects))
    for outcome, ratio in ratios.items():
        if outcome not in structure.outcomes:
            raise ValueError(f"hazard ratio of an unknown outcome: {outcome}")
        k = structure.outcomes.index(outcome)
        sd = parameters.sd_random[k * structure.n_coefficients + 1]
        factors *= ratio ** (-effects[:, k, 1] / sd)
    return factors


def end_of_participation(
    patients: pd.DataFrame,
    scheduled_end: np.ndarray,
    nuisances: Nuisances,
    factors: np.ndarray,
    dropout_rng: np.random.Generator,
    death_rng: np.random.Generator,
) -> pd.DataFrame:
    """Decide how and when each patient leaves the trial.

    Parameters
    ----------
    patients : DataFrame
        ``patient`` and ``arm``, one row a patient, N of them.
    scheduled_end : ndarray, shape (N,)
        Day of each patient's last scheduled visit.
    nuisances : Nuisances
        Its hazards and withdrawals by design.
    factors : ndarray, shape (N,)
        From :func:`hazard_factors`.
    dropout_rng, death_rng : numpy.random.Generator
        Sources of the two events.

    Returns
    -------
    DataFrame
        ``patient``, ``arm``, ``status`` and ``last_day``; the first event counts,
        so that a death after withdrawal is not seen.

    Raises
    ------
    ValueError
        If a patient who is to withdraw does not exist.
    """
    strange = sorted(set(nuisances.withdrawal_days) - set(patients["patient"]))
    if strange:
        raise ValueError(f"withdrawals of unknown patients: {', '.join(strange)}")
    planned = patients["patient"].map(nuisances.withdrawal_days).astype(float)
    withdrawal = np.fmin(
        event_days(nuisances.dropout_hazard, factors, dropout_rng),
        planned.to_numpy(),
    )
    death = event_days(nuisances.death_hazard, factors, death_rng)
    last = np.minimum(np.minimum(withdrawal, death), scheduled_end)
    status = np.select(
        [last == scheduled_end, last == death], ["completed", "died"], "withdrawn"
    )
    return pd.DataFrame(
        {
            "patient": patients["patient"].to_numpy(),
            "arm": patients["arm"].to_numpy(),
            "status": status,
            "last_day": np.floor(last).astype(np.int64),
        }
    )


def recorded_values(
    values: np.ndarray, outcomes: tuple[str, ...], nuisances: Nuisances
) -> np.ndarray:
    """Round and clip outcomes (N, K, T) as the scales' record forms do."""
    recorded = values.copy()
    for k, outcome in enumerate(outcomes):
        if outcome in nuisances.whole_points:
            recorded[:, k] = np.rint(recorded[:, k])
        if outcome in nuisances.limits:
            recorded[:, k] = np.clip(recorded[:, k], *nuisances.limits[outcome])
    return recorded


def simulate_trial(
    structure: Structure,
    parameters: DeclineParameters,
    patients: pd.DataFrame,
    schedule: VisitSchedule,
    nuisances: Nuisances,
    rng: np.random.Generator,
) -> SimulatedTrial:
    """Simulate a trial.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    parameters : DeclineParameters
        True values.
    patients : DataFrame
        ``patient`` and ``arm``, one row a patient.
    schedule : VisitSchedule
        When they are to be seen.
    nuisances : Nuisances
        What happens to the data; each can be off.
    rng : numpy.random.Generator
        Parent of the random streams; it must have been made from a seed, for
        streams to be spawned from it.

    Returns
    -------
    SimulatedTrial
        Rows in the order of the patients, then outcomes, then visits.

    Raises
    ------
    ValueError
        If a patient's arm is not one of the structure's, or a patient who is to
        withdraw, or an outcome that hazards depend on, does not exist.
    """
    effect_rng, residual_rng, visit_rng, *other_rngs = rng.spawn(7)
    missed_rng, missing_rng, *end_rngs = other_rngs
    n_patients = len(patients)
    days = visit_days(schedule, n_patients, visit_rng)
    months = days / DAYS_PER_MONTH
    mean = mean_coefficients(
        structure, parameters, PatientDesign.of(structure, patients["arm"].tolist())
    )
    effects = draw_random_effects(parameters, n_patients, effect_rng)
    values = recorded_values(
        draw_outcomes(mean + effects, parameters.sd_residual, months, residual_rng),
        structure.outcomes,
        nuisances,
    )
    values[missing_rng.random(values.shape) < nuisances.missing_outcome] = np.nan

    factors = hazard_factors(structure, parameters, effects, nuisances.hazard_ratios)
    ended = end_of_participation(patients, days[:, -1], nuisances, factors, *end_rngs)
    missed = missed_rng.random(days.shape) < nuisances.missed_visit
    missed[:, 0] = False
    attended = ~missed & (days <= ended["last_day"].to_numpy()[:, None])
    # An index into (N, K, T): every attended visit once for each outcome.
    i, k, t = np.nonzero(np.repeat(attended[:, None], values.shape[1], axis=1))
    outcome = np.array(structure.outcomes)
    observations = pd.DataFrame(
        {
            "patient": ended["patient"].to_numpy()[i],
            "arm": ended["arm"].to_numpy()[i],
            "outcome": outcome[k],
            "week": np.array(schedule.weeks)[t],
            "day": days[i, t],
            "month": months[i, t],
            "value": values[i, k, t],
        }
    )
    random_effects = pd.DataFrame(
        {
            "patient": np.repeat(ended["patient"].to_numpy(), outcome.size),
            "outcome": np.tile(outcome, n_patients),
            "random_intercept": effects[..., 0].ravel(),
            "random_slope": effects[..., 1].ravel(),
        }
    )
    return SimulatedTrial(ended, observations, random_effects)
