"""The Gaussian members as they are checked: they draw data and weigh them."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alsdecline.models.gaussian.model import GaussianModel
from alsdecline.models.interface import Posterior
from alsdecline.models.layout import TrialLayout
from alsdecline.models.prior_draws import draw_parameters
from alsdecline.models.simulate import (
    DeclineParameters,
    PatientDesign,
    draw_coefficients,
    residual_sds,
    simulate_outcomes,
)


@dataclasses.dataclass(frozen=True)
class CheckedGaussian(GaussianModel):
    """A Gaussian member, as :class:`alsdecline.models.checked.CheckedModel`."""

    def prior_draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw n rows of parameters from the prior."""
        return draw_parameters(self.structure, self._prior_vectors, n, rng)

    def simulate(
        self,
        parameters: Mapping[str, float],
        arms: Sequence[str],
        times: np.ndarray,
        rng: np.random.Generator,
        covariates: Mapping[str, np.ndarray] | None = None,
    ) -> np.ndarray:
        """Simulate new patients, (N, K, T)."""
        true = DeclineParameters.from_names(self.structure, parameters)
        return simulate_outcomes(self.structure, true, arms, times, rng, covariates)

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
        patients: PatientDesign,
        rng: np.random.Generator,
    ) -> np.ndarray:
        sds = residual_sds(self.structure, true, patients)
        noise = rng.standard_normal(course.size)
        noise *= sds[trial.patient_at, trial.outcome_at]
        noise += course
        return noise

    def replicates(
        self, draws: pd.DataFrame, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of new patients, (S, n)."""
        patients = self._patients(trial)
        n_outcomes = len(self.structure.outcomes)
        at = trial.patient_at * n_outcomes + trial.outcome_at
        time = trial.visits["time"].to_numpy(dtype=np.float64)
        rows = np.empty((len(draws), len(at)))
        for row, true in zip(rows, self._rows(draws), strict=True):
            own = draw_coefficients(self.structure, true, patients, rng)
            # as trial.values_on(own), whose indices by two arrays take thrice as long
            *lower, highest = own.reshape(-1, own.shape[-1]).T
            course = highest.take(at)
            for coefficient in reversed(lower):
                course *= time
                course += coefficient.take(at)
            rng.standard_normal(out=row)
            row *= residual_sds(self.structure, true, patients).reshape(-1).take(at)
            row += course
        return rows

    def _patients(self, trial: TrialLayout) -> PatientDesign:
        arms = list(trial.patients["arm"])
        return PatientDesign.of(self.structure, arms, trial.covariates(self.structure))

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
        patients = self._patients(trial)
        return np.stack(
            [
                self._with_residuals(course, true, trial, patients, rng)
                for course, true in zip(
                    trial.values_on(own), self._rows(draws), strict=True
                )
            ]
        )

    def log_prior(self, draws: pd.DataFrame) -> np.ndarray:
        """Return the log prior density of each draw, up to a constant, (S,)."""
        structure, vectors = self.structure, self._prior_vectors
        normal = draws[list(structure.coefficient_names)].to_numpy()
        standard = (normal - vectors["coefficient_mean"]) / vectors["coefficient_sd"]
        squares = (standard**2).sum(axis=1)
        if "effect_precision" in vectors:
            k = len(structure.outcomes)
            precision = vectors["effect_precision"].reshape(k, k)
            for positions in structure.effect_positions:
                own = standard[:, positions]
                squares += np.einsum("si,ij,sj->s", own, precision, own)
                squares -= (own**2).sum(axis=1)
        scales = draws[list(structure.scale_names)].to_numpy() / vectors["scale_sd"]
        determinants = np.array(
            [np.linalg.slogdet(row.correlation)[1] for row in self._rows(draws)]
        )
        of_correlations = (self.lkj_shape - 1.0) * determinants
        found: np.ndarray = of_correlations - (squares + (scales**2).sum(axis=1)) / 2
        return found

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
