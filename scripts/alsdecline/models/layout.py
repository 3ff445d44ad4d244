"""A trial laid out value by value, as the models of decline take it."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd

from alsdecline.faults import DataError
from alsdecline.models.structure import Structure


@dataclasses.dataclass(frozen=True, eq=False)
class TrialLayout:
    """A trial laid out for a model, N patients with n values in all.

    Attributes
    ----------
    patients : DataFrame
        ``patient``, ``arm`` and the covariates, centred; N rows as they were given.
    visits : DataFrame
        ``outcome``, ``patient``, ``time``, ``value``; n rows, sorted by outcome,
        patient and time. Replicates have this order.
    outcome_at, patient_at : ndarray of int, shape (n,)
        Which outcome of the structure, and which row of `patients`, each value is of.
    vectors : dict of str to ndarray
        Data that the declared model takes.
    """

    patients: pd.DataFrame
    visits: pd.DataFrame
    outcome_at: np.ndarray
    patient_at: np.ndarray
    vectors: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)

    @property
    def n_patients(self) -> int:
        """Number N of patients."""
        return len(self.patients)

    def covariates(self, structure: Structure) -> dict[str, np.ndarray]:
        """Return the patients' centred covariates by name."""
        return {name: self.patients[name].to_numpy() for name in structure.covariates}

    def values_on(self, coefficients: np.ndarray) -> np.ndarray:
        """Return the courses at the visits.

        Parameters
        ----------
        coefficients : ndarray, shape (..., N, K, m)
            Of each patient and outcome.

        Returns
        -------
        ndarray, shape (..., n)
        """
        own = coefficients[..., self.patient_at, self.outcome_at, :]
        time = self.visits["time"].to_numpy(dtype=np.float64)
        course: np.ndarray = own[..., -1]
        for power in range(own.shape[-1] - 2, -1, -1):
            course = own[..., power] + course * time
        return course


def _centred_patients(structure: Structure, patients: pd.DataFrame) -> pd.DataFrame:
    patients = patients.reset_index(drop=True)
    strange = sorted(set(patients["arm"]) - {structure.reference, *structure.arms})
    if strange:
        raise DataError(f"arms that the model does not have: {', '.join(strange)}")
    covariates = patients[list(structure.covariates)].astype(np.float64)
    for name in structure.covariates:
        if not np.isfinite(covariates[name]).all():
            raise DataError(f"covariate {name}: every patient needs a finite number")
    centred = covariates - covariates.mean()
    return pd.concat([patients[["patient", "arm"]], centred], axis=1)


def lay_out_visits(
    structure: Structure,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
) -> TrialLayout:
    """Lay a trial out value by value; the data of a declared model are still to come.

    Parameters
    ----------
    structure : Structure
        Outcomes, arms and covariates.
    patients : DataFrame
        Columns ``patient``, ``arm`` and the covariates, one row a patient; those
        without observations are kept.
    observations : mapping of str to DataFrame
        For each outcome, columns ``patient``, ``time`` and ``value``; those of others
        than `patients` are left out.

    Returns
    -------
    TrialLayout

    Raises
    ------
    DataError
        If an arm is not the model's, a covariate is not finite, or an outcome was never
        observed.
    """
    patients = _centred_patients(structure, patients)
    position = {patient: i for i, patient in enumerate(patients["patient"])}
    frames = []
    for k, outcome in enumerate(structure.outcomes):
        frame = observations[outcome]
        frame = frame[frame["patient"].isin(position)]
        if frame.empty:
            raise DataError(f"{outcome}: no observation of any patient")
        frame = frame.assign(
            outcome=outcome, k=k, i=frame["patient"].map(position).astype(np.int64)
        )
        frames.append(frame.sort_values(["i", "time"], kind="stable"))
    visits = pd.concat(frames, ignore_index=True)
    return TrialLayout(
        patients,
        visits[["outcome", "patient", "time", "value"]],
        visits["k"].to_numpy(dtype=np.int64),
        visits["i"].to_numpy(dtype=np.int64),
    )
