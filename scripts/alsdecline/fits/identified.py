"""What a fit reports that no data of its own identify: its prior, and no finding.

The mean of an outcome's values is linear in its fixed effects. A mean slope, a
difference or a covariate's effect is identified if it is a combination of what those
means are, that is, if it lies in the row space of the design; else its posterior is its
prior. Of a ratio both slopes must be. Nothing is borrowed from other outcomes.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from alsdecline.fits.plan import FitPlan
from alsdecline.models.structure import Structure

# share of a contrast outside the row space, above rounding
_OUTSIDE = 1e-7


@dataclasses.dataclass(frozen=True)
class Unidentified:
    """A quantity that the data leave to its prior.

    Attributes
    ----------
    outcome, quantity, arm : str
        As a table of estimates names it; of a parameter its name, and no arm.
    reason : str
        Why, in a sentence without a full stop.
    """

    outcome: str
    quantity: str
    arm: str
    reason: str


Reasons = dict[tuple[str, str, str], str]
"""Reasons by outcome, quantity and arm."""


def _design(
    structure: Structure, patients: pd.DataFrame, frame: pd.DataFrame
) -> tuple[list[str], np.ndarray]:
    """Return the names of one outcome's fixed effects, and their columns (n, F)."""
    own = patients.set_index("patient").loc[frame["patient"]]
    time = frame["time"].to_numpy(dtype=np.float64)
    weights = [np.ones(len(frame))]
    weights += [np.where(own["arm"] == arm, 1.0, 0.0) for arm in structure.arms]
    weights += [
        own[name].to_numpy(dtype=np.float64) - patients[name].mean()
        for name in structure.covariates
    ]
    terms = structure.terms_of(0)
    columns = [weights[term.column] * time**term.coefficient for term in terms]
    return [term.name for term in terms], np.column_stack(columns)


class _RowSpace:
    """The combinations of fixed effects that the values of one outcome identify."""

    def __init__(self, names: list[str], design: np.ndarray) -> None:
        self._names = names
        length = np.linalg.norm(design, axis=0)
        self._length = np.where(length > 0, length, 1.0)
        _, singular, rows = np.linalg.svd(design / self._length, full_matrices=False)
        self._rows = rows[singular > 1e-9 * singular.max(initial=1e-300)]

    def has(self, contrast: Mapping[str, float]) -> bool:
        """Tell whether a combination is identified."""
        weights = np.array([contrast.get(name, 0.0) for name in self._names])
        scaled = weights / self._length
        outside = scaled - self._rows.T @ (self._rows @ scaled)
        return bool(np.linalg.norm(outside) <= _OUTSIDE * np.linalg.norm(scaled))


def _contrasts(plan: FitPlan, outcome: str, arm: str) -> dict[str, float]:
    """Return the mean slope of an arm to the horizon as a combination of effects."""
    time = plan.horizon_time
    found = {f"slope[{outcome}]": 1.0, f"curvature[{outcome}]": time}
    if arm != plan.reference:
        found |= {
            f"effect[{outcome},{arm}]": 1.0,
            f"effect_curvature[{outcome},{arm}]": time,
        }
    return found


def _reason(
    plan: FitPlan, arms: list[str], patients: pd.DataFrame, frame: pd.DataFrame
) -> str:
    """Say why slopes of arms are not identified."""
    of_patient = frame["patient"].map(patients.set_index("patient")["arm"])
    for arm in arms:
        of_arm = frame[of_patient == arm]
        where = f" in arm {arm}" if plan.arms else ""
        if of_arm.empty:
            return f"no patient{where} has a value"
        if not (of_arm["time"] > 0).any():
            return f"no patient{where} has a value after time zero"
    return "the values leave it to the prior"


def _of_outcome(
    plan: FitPlan, outcome: str, patients: pd.DataFrame, frame: pd.DataFrame
) -> Iterator[Unidentified]:
    """Find what one outcome's values leave to the prior."""
    # where an arm multiplies slopes, its slope is to be identified all the same
    structure = dataclasses.replace(plan.structure, outcomes=(outcome,), ratio=False)
    space = _RowSpace(*_design(structure, patients, frame))
    slopes = {
        arm: _contrasts(plan, outcome, arm) for arm in (plan.reference, *plan.arms)
    }
    for arm, contrast in slopes.items():
        if not space.has(contrast):
            reason = _reason(plan, [arm], patients, frame)
            for quantity in ("mean_slope", "change_at_horizon"):
                yield Unidentified(outcome, quantity, arm, reason)
    for arm in plan.arms:
        both = [plan.reference, arm]
        difference = {
            name: weight
            for name, weight in slopes[arm].items()
            if name not in slopes[plan.reference]
        }
        if not space.has(difference):
            reason = _reason(plan, both, patients, frame)
            yield Unidentified(outcome, "slope_difference", arm, reason)
        if not all(space.has(slopes[one]) for one in both):
            reason = _reason(plan, both, patients, frame)
            yield Unidentified(outcome, "decline_ratio", arm, reason)
    for term in structure.terms:
        if not space.has({term.name: 1.0}):
            arms = [arm for arm in plan.arms if f",{arm}]" in term.name]
            reason = _reason(plan, arms or [plan.reference], patients, frame)
            yield Unidentified(outcome, term.name, "", reason)


def unidentified(
    plan: FitPlan, patients: pd.DataFrame, observations: Mapping[str, pd.DataFrame]
) -> list[Unidentified]:
    """Find all that a fit would report and its data leave to the prior.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    patients : DataFrame
        From :func:`alsdecline.fits.data.fit_patients`.
    observations : mapping of str to DataFrame
        From :func:`alsdecline.fits.data.fit_observations`.

    Returns
    -------
    list of Unidentified
        Slopes, changes, differences and ratios of outcomes and of their sums, and
        fixed effects; empty where all are identified.
    """
    found = [
        item
        for outcome in plan.outcomes
        for item in _of_outcome(plan, outcome, patients, observations[outcome])
    ]
    of_parts = {(item.outcome, item.quantity, item.arm): item for item in found}
    for total in plan.sums:
        missing = {
            (item.quantity, item.arm): item
            for (outcome, _, _), item in of_parts.items()
            if outcome in total.parts and "[" not in item.quantity
        }
        found += [
            dataclasses.replace(
                item, outcome=total.id, reason=f"{item.outcome}: {item.reason}"
            )
            for item in missing.values()
        ]
    pairs = [pair for pair in plan.pairs if len(pair) == 2]
    for pair in pairs:
        for arm in plan.arms:
            lacking = [
                item
                for item in found
                if item.outcome in pair
                and (item.quantity, item.arm) == ("decline_ratio", arm)
            ]
            found += [
                Unidentified(
                    "-".join(pair),
                    "fraction_slowed_difference",
                    arm,
                    f"{item.outcome}: {item.reason}",
                )
                for item in lacking[:1]
            ]
    return found


def read_reasons(diagnostics: Path) -> Reasons:
    """Read from a fit's diagnostics what it left to its prior, with the reasons."""
    items = json.loads(diagnostics.read_text(encoding="utf-8"))["unidentified"]
    return {
        (item["outcome"], item["quantity"], item["arm"]): item["reason"]
        for item in items
    }
