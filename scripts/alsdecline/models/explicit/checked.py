"""The members that are not Gaussian as they are checked: they draw and weigh data."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alsdecline.models.explicit.likelihood import log_likelihood_by_patient
from alsdecline.models.explicit.model import ExplicitModel
from alsdecline.models.explicit.simulate import (
    course_parameters,
    draw_values,
    prior_draws,
    simulate_explicit,
    within_values,
)
from alsdecline.models.interface import Posterior
from alsdecline.models.layout import TrialLayout
from alsdecline.models.simulate import (
    PatientDesign,
    draw_random_effects,
    mean_coefficients,
)


@dataclasses.dataclass(frozen=True)
class CheckedExplicit(ExplicitModel):
    """``robust`` or ``bounded``, as :class:`alsdecline.models.checked.CheckedModel`."""

    def prior_draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw n rows of parameters from the prior."""
        return prior_draws(self.member, n, rng)

    def simulate(
        self,
        parameters: Mapping[str, float],
        arms: Sequence[str],
        times: np.ndarray,
        rng: np.random.Generator,
        covariates: Mapping[str, np.ndarray] | None = None,
    ) -> np.ndarray:
        """Simulate new patients, (N, K, T)."""
        return simulate_explicit(self.member, parameters, arms, times, rng, covariates)

    def replicates(
        self, draws: pd.DataFrame, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of new patients, (S, n)."""
        return self._replicates(draws, None, trial, rng)

    def own_replicates(
        self, posterior: Posterior, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of the same patients, (S, n)."""
        assert posterior.effects is not None
        effects = posterior.effects.to_numpy()
        return self._replicates(posterior.draws, effects, trial, rng)

    def _replicates(
        self,
        draws: pd.DataFrame,
        effects: np.ndarray | None,
        trial: TrialLayout,
        rng: np.random.Generator,
    ) -> np.ndarray:
        structure, member, names = self.structure, self.member, self.parameter_names
        patients = PatientDesign.of(
            structure, list(trial.patients["arm"]), trial.covariates(structure)
        )
        of = trial.outcome_at
        tops = (
            np.array([member.maxima[k] for k in structure.outcomes])[of]
            if (member.bounded)
            else None
        )
        shape = (trial.n_patients, len(structure.outcomes), structure.n_coefficients)
        rows = []
        for s, values in enumerate(draws[names].to_numpy()):
            row = dict(zip(names, values, strict=True))
            true = course_parameters(member, row)
            own = (
                draw_random_effects(true, trial.n_patients, rng)
                if effects is None
                else effects[s].reshape(shape)
            )
            own = own + mean_coefficients(structure, true, patients)
            within = within_values(member, row)[:, of]
            rows.append(draw_values(trial.values_on(own), within, rng, tops))
        return np.stack(rows)

    def log_likelihood(self, draws: pd.DataFrame, trial: TrialLayout) -> np.ndarray:
        """Return each patient's log-likelihood for each draw, (S, N)."""
        return log_likelihood_by_patient(self.member, draws, trial)
