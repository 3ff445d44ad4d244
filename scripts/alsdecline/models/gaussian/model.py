"""The Gaussian members on the interface of all: patients' effects integrated out."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alsdecline.models.interface import Posterior
from alsdecline.models.layout import TrialLayout, lay_out_visits
from alsdecline.models.mean_courses import mean_course_slopes
from alsdecline.models.prior_draws import draw_parameters
from alsdecline.models.simulate import (
    DeclineParameters,
    draw_coefficients,
    residual_sds,
    simulate_outcomes,
)
from alsdecline.models.structure import (
    OutcomePrior,
    Structure,
    prior_vectors,
    start_point,
)

if TYPE_CHECKING:
    from alsdecline.models.sampling import CompiledModel


@dataclasses.dataclass(frozen=True)
class GaussianModel:
    """A Gaussian member, as :class:`alsdecline.models.interface.DeclineModel`.

    Attributes
    ----------
    structure : Structure
        Outcomes, arms, covariates, time, ratios and variances by arm.
    priors : mapping of str to OutcomePrior
        By outcome.
    lkj_shape : float
        Shape of the LKJ prior of the correlations.
    """

    structure: Structure
    priors: Mapping[str, OutcomePrior]
    lkj_shape: float

    @property
    def parameter_names(self) -> list[str]:
        """Names of all parameters, as draws have them."""
        return self.structure.parameter_names

    @property
    def _prior_vectors(self) -> dict[str, np.ndarray]:
        return prior_vectors(self.structure, self.priors, self.lkj_shape)

    def lay_out(
        self, patients: pd.DataFrame, observations: Mapping[str, pd.DataFrame]
    ) -> TrialLayout:
        """Lay a trial out, and reduce it to the kernel's data."""
        # numba, which tables and figures do without
        from alsdecline.models.gaussian.packing import pack_trial

        trial = lay_out_visits(self.structure, patients, observations)
        packed = pack_trial(self.structure, trial.patients, observations)
        return dataclasses.replace(trial, vectors={"trial": packed})

    def compile(self, trial: TrialLayout) -> "CompiledModel":
        """Compile the declared model."""
        from alsdecline.models.gaussian.declaration import declare_model
        from alsdecline.models.sampling import compile_model

        data = trial.vectors["trial"]
        return compile_model(declare_model(self.structure, self._prior_vectors, data))

    def vectors(self, trial: TrialLayout) -> dict[str, np.ndarray]:
        """Return priors and data as the compiled model takes them."""
        return self._prior_vectors | trial.vectors

    def start(self, trial: TrialLayout) -> np.ndarray:  # noqa: ARG002, the interface's
        """Return the unconstrained point at the centre of the priors."""
        return start_point(self._prior_vectors)

    def posterior(self, points: np.ndarray, trial: TrialLayout) -> Posterior:  # noqa: ARG002
        """Name unconstrained draws."""
        from alsdecline.models.points import constrain

        return Posterior(constrain(self.structure, points), None)

    def prior_draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw n rows of parameters from the prior."""
        return draw_parameters(self.structure, self._prior_vectors, n, rng)

    def simulate(
        self,
        parameters: Mapping[str, float],
        arms: Sequence[str],
        months: np.ndarray,
        rng: np.random.Generator,
        covariates: Mapping[str, np.ndarray] | None = None,
    ) -> np.ndarray:
        """Simulate new patients, (N, K, T)."""
        true = DeclineParameters.from_names(self.structure, parameters)
        return simulate_outcomes(self.structure, true, arms, months, rng, covariates)

    def _rows(self, draws: pd.DataFrame) -> list[DeclineParameters]:
        names = self.parameter_names
        return [
            DeclineParameters.from_names(
                self.structure, dict(zip(names, row, strict=True))
            )
            for row in draws[names].to_numpy()
        ]

    def _with_residuals(
        self,
        course: np.ndarray,
        true: DeclineParameters,
        trial: TrialLayout,
        rng: np.random.Generator,
    ) -> np.ndarray:
        sds = residual_sds(self.structure, true, list(trial.patients["arm"]))
        noise = rng.standard_normal(course.size)
        values: np.ndarray = course + sds[trial.patient_at, trial.outcome_at] * noise
        return values

    def replicates(
        self, draws: pd.DataFrame, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of new patients, (S, n)."""
        arms = list(trial.patients["arm"])
        covariates = trial.covariates(self.structure)
        rows = []
        for true in self._rows(draws):
            own = draw_coefficients(self.structure, true, arms, rng, covariates)
            rows.append(self._with_residuals(trial.values_on(own), true, trial, rng))
        return np.stack(rows)

    def own_replicates(
        self, posterior: Posterior, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of the same patients, (S, n)."""
        from alsdecline.models.gaussian.packing import patient_order
        from alsdecline.models.gaussian.patient_effects import draw_patient_coefficients

        draws, structure = posterior.draws, self.structure
        seed = int(rng.integers(2**32))
        packed = trial.vectors["trial"]
        drawn = draw_patient_coefficients(structure, draws, packed, seed)
        own = np.empty_like(drawn)
        own[:, patient_order(structure, trial.patients)] = drawn
        return np.stack(
            [
                self._with_residuals(course, true, trial, rng)
                for course, true in zip(
                    trial.values_on(own), self._rows(draws), strict=True
                )
            ]
        )

    def log_likelihood(self, draws: pd.DataFrame, trial: TrialLayout) -> np.ndarray:
        """Return each patient's log-likelihood for each draw, (S, N)."""
        from alsdecline.models.gaussian.packing import patient_order
        from alsdecline.models.gaussian.patient_effects import log_likelihood_by_patient

        packed = log_likelihood_by_patient(
            self.structure, draws, trial.vectors["trial"]
        )
        result = np.empty_like(packed)
        result[:, patient_order(self.structure, trial.patients)] = packed
        return result

    def mean_slopes(
        self, draws: pd.DataFrame, horizon: float
    ) -> dict[str, dict[str, np.ndarray]]:
        """Return mean slopes from time zero to a horizon in months."""
        return {
            outcome: mean_course_slopes(self.structure, draws, outcome, horizon)
            for outcome in self.structure.outcomes
        }
