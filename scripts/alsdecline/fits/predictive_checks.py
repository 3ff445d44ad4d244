"""Checks of the model against the data: prior and posterior predictive.

They warn and never stop a run: stopping on them would let the data choose what is
published.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import numpy as np
import pandas as pd

from alsdecline.fits.check_statistics import (
    PATIENTS_AT_MOST,
    PatientLines,
    Statistic,
    statistics,
    visit_grid,
)
from alsdecline.models.checked import CheckedModel
from alsdecline.models.layout import TrialLayout
from alsdecline.settings.scales import Scale

N_REPLICATES = 400
EXTREME = 0.01
"""A predictive tail probability below this is a warning."""

BLOCK = 2**22
"""Values that are replicated at a time, at least one replicate: 32 MB."""

AT_ONCE = 2**17
"""Values of which statistics are taken at a time, few enough for its cache."""

PRIOR_PATIENTS = 500
"""Patients of an outcome of whom prior predictive values are drawn at most; the share
off the scale is that of all, and its error is that of the prior's draws."""

PRIOR_OUTSIDE = 0.5
"""Share of prior predictive values off the scale above which the prior warns."""


def thinned(draws: pd.DataFrame, n: int) -> pd.DataFrame:
    """Return n draws, evenly spaced over the chains."""
    positions = np.linspace(0, len(draws) - 1, min(n, len(draws))).astype(int)
    return draws.iloc[positions]


@dataclasses.dataclass(frozen=True, eq=False)
class Comparison:
    """One outcome's values, to be compared with replicates of them.

    Attributes
    ----------
    times, seen : ndarray, shape (N, T)
        As :func:`alsdecline.fits.check_statistics.visit_grid` lays the visits out.
    scale : Scale
        For floor, ceiling and whole points.
    statistics : dict of str to callable
        Those that the data have.
    observed : dict of str to float
        Of the data.
    """

    times: np.ndarray
    seen: np.ndarray
    scale: Scale
    statistics: dict[str, Statistic]
    observed: dict[str, float]

    @classmethod
    def of(
        cls,
        visits: pd.DataFrame,
        scale: Scale,
        arm_of: Mapping[str, str] | None = None,
        reference: str = "",
    ) -> Self:
        """Lay out what is compared.

        Parameters
        ----------
        visits : DataFrame
            ``patient``, ``time`` and ``value``, n rows sorted by patient and time.
        scale : Scale
            Of the values.
        arm_of : mapping of str to str, optional
            Arm of each patient, for the mean slopes of the arms and their differences.
        reference : str
            The reference arm.
        """
        times, seen = visit_grid(visits)
        values = visits["value"].to_numpy(dtype=np.float64)
        lines = PatientLines.through(values, times, seen)
        patients = list(visits["patient"].unique())
        found = statistics(scale, patients, arm_of, reference)
        observed = {name: float(of(lines)) for name, of in found.items()}
        # of an arm without slopes there is nothing to check
        known = {name: v for name, v in observed.items() if not np.isnan(v)}
        return cls(times, seen, scale, {name: found[name] for name in known}, known)

    def repeated(self, replicates: np.ndarray) -> dict[str, np.ndarray]:
        """Return each statistic of each of S replicates (S, n), (S,)."""
        step = max(1, AT_ONCE // self.seen.size)
        parts = [
            self._repeated(replicates[start : start + step])
            for start in range(0, len(replicates), step)
        ]
        return {n: np.concatenate([part[n] for part in parts]) for n in self.statistics}

    def _repeated(self, replicates: np.ndarray) -> dict[str, np.ndarray]:
        # replicates are recorded as the data are: in whole points, within the scale
        recorded = np.round(replicates) if self.scale.whole_points else replicates
        recorded = np.clip(recorded, self.scale.minimum, self.scale.maximum)
        lines = PatientLines.through(recorded, self.times, self.seen)
        return {name: of(lines) for name, of in self.statistics.items()}

    def table(self, repeated: Mapping[str, np.ndarray]) -> pd.DataFrame:
        """Compare statistics of the data with those of all replicates.

        Returns
        -------
        DataFrame
            A row for each statistic: ``statistic``, ``observed``, ``lower``,
            ``median``, ``upper`` (2.5, 50 and 97.5% of replicates),
            ``tail_probability`` (two-sided), ``warning``.
        """
        rows = []
        for name, observed in self.observed.items():
            values = repeated[name]
            low, mid, high = np.quantile(values, [0.025, 0.5, 0.975])
            tail = min(np.mean(values <= observed), np.mean(values >= observed))
            probability = min(1.0, 2 * float(tail))
            rows.append(
                {
                    "statistic": name,
                    "observed": observed,
                    "lower": low,
                    "median": mid,
                    "upper": high,
                    "tail_probability": probability,
                    "warning": probability < EXTREME,
                }
            )
        return pd.DataFrame(rows)


def prior_predictive_check(off_scale: float) -> pd.DataFrame:
    """Tell by the share of prior predictive values off the scale, as a check's row."""
    return pd.DataFrame(
        [
            {
                "statistic": "prior_share_off_scale",
                "observed": off_scale,
                "warning": off_scale > PRIOR_OUTSIDE,
            }
        ]
    )


def _in_blocks(
    model: CheckedModel,
    draws: pd.DataFrame,
    trial: TrialLayout,
    rng: np.random.Generator,
) -> Iterator[np.ndarray]:
    """Draw replicates, :data:`BLOCK` values at a time; the same as drawn at once."""
    step = max(1, BLOCK // len(trial.visits))
    for start in range(0, len(draws), step):
        yield model.replicates(draws.iloc[start : start + step], trial, rng)


def _places(trial: TrialLayout, n_outcomes: int) -> list[slice]:
    """Return where each outcome's values are; visits are sorted by outcome."""
    ends = np.searchsorted(trial.outcome_at, np.arange(n_outcomes + 1))
    return [slice(*pair) for pair in itertools.pairwise(ends)]


def _off_scale(
    model: CheckedModel,
    trial: TrialLayout,
    scales: Sequence[Scale],
    rng: np.random.Generator,
) -> list[float]:
    """Return the share of prior predictive values off the scale, by outcome."""
    some = with_fewer_patients(trial, PRIOR_PATIENTS)
    draws = model.prior_draws(N_REPLICATES, rng)
    places, outside = _places(some, len(scales)), np.zeros(len(scales))
    for block in _in_blocks(model, draws, some, rng):
        for k, (here, scale) in enumerate(zip(places, scales, strict=True)):
            values = block[:, here]
            top = np.inf if scale.maximum is None else scale.maximum
            outside[k] += np.count_nonzero((values < scale.minimum) | (values > top))
    counts = np.bincount(some.outcome_at, minlength=len(scales)) * N_REPLICATES
    return [float(share) for share in outside / counts]


def with_fewer_patients(trial: TrialLayout, n: int) -> TrialLayout:
    """Return a trial with n of its patients, evenly spaced over those with values.

    As many of each outcome's patients, lest one that few have be left without; a trial
    of no more is returned as it is.
    """
    if trial.n_patients <= n:
        return trial
    kept = np.zeros(trial.n_patients, dtype=bool)
    for k in np.unique(trial.outcome_at):
        own = np.unique(trial.patient_at[trial.outcome_at == k])
        kept[own[np.linspace(0, len(own) - 1, min(n, len(own))).astype(int)]] = True
    here = kept[trial.patient_at]
    return dataclasses.replace(
        trial,
        patients=trial.patients[kept].reset_index(drop=True),
        visits=trial.visits[here].reset_index(drop=True),
        outcome_at=trial.outcome_at[here],
        patient_at=(np.cumsum(kept) - 1)[trial.patient_at[here]],
    )


def check_model(
    model: CheckedModel,
    trial: TrialLayout,
    draws: pd.DataFrame,
    scales: Mapping[str, Scale],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Check a model against its data, outcome by outcome.

    Parameters
    ----------
    model : CheckedModel
        The model.
    trial : TrialLayout
        The data, laid out value by value; of an outcome that more than
        :data:`~alsdecline.fits.check_statistics.PATIENTS_AT_MOST` patients have,
        these many are taken.
    draws : DataFrame
        Its posterior.
    scales : mapping of str to Scale
        By outcome.
    rng : numpy.random.Generator
        Source of the replicates.

    Returns
    -------
    DataFrame
        ``outcome``, then the columns of :meth:`Comparison.table`.
    """
    outcomes = model.structure.outcomes
    trial = with_fewer_patients(trial, PATIENTS_AT_MOST)
    patients = trial.patients
    arm_of = dict(zip(patients["patient"], patients["arm"], strict=True))
    at = _places(trial, len(outcomes))
    compared = [
        Comparison.of(
            trial.visits[here], scales[outcome], arm_of, model.structure.reference
        )
        for outcome, here in zip(outcomes, at, strict=True)
    ]
    repeated: list[list[dict[str, np.ndarray]]] = [[] for _ in outcomes]
    for block in _in_blocks(model, thinned(draws, N_REPLICATES), trial, rng):
        for blocks, one, here in zip(repeated, compared, at, strict=True):
            blocks.append(one.repeated(block[:, here]))
    outside = _off_scale(model, trial, [scales[outcome] for outcome in outcomes], rng)
    tables = []
    for outcome, one, blocks, share in zip(
        outcomes, compared, repeated, outside, strict=True
    ):
        whole = {n: np.concatenate([b[n] for b in blocks]) for n in one.statistics}
        both = [one.table(whole), prior_predictive_check(share)]
        tables.append(pd.concat(both).assign(outcome=outcome))
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "outcome", table.pop("outcome"))
    return table
