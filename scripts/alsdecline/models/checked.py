"""What a check against the data asks of every member of the family."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from alsdecline.models.interface import DeclineModel, Posterior
from alsdecline.models.layout import TrialLayout


class CheckedModel(DeclineModel, Protocol):
    """A member of the family as it is checked: it draws data and weighs them."""

    def prior_draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw n rows of parameters from the prior."""
        ...

    def simulate(
        self,
        parameters: Mapping[str, float],
        arms: Sequence[str],
        times: np.ndarray,
        rng: np.random.Generator,
        covariates: Mapping[str, np.ndarray] | None = None,
    ) -> np.ndarray:
        """Simulate new patients at times (T,) or (N, T); returns (N, K, T)."""
        ...

    def replicates(
        self, draws: pd.DataFrame, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of new patients of its arms and covariates.

        Draws of the prior give the prior predictive distribution, those of the
        posterior the posterior predictive one.

        Returns
        -------
        ndarray, shape (S, n)
            In the order of ``trial.visits``.
        """
        ...

    def own_replicates(
        self, posterior: Posterior, trial: TrialLayout, rng: np.random.Generator
    ) -> np.ndarray:
        """Draw the trial's values anew, of the same patients; (S, n)."""
        ...

    def log_likelihood(self, draws: pd.DataFrame, trial: TrialLayout) -> np.ndarray:
        """Return each patient's log-likelihood, effects integrated out.

        Returns
        -------
        ndarray, shape (S, N)
            In the order of ``trial.patients``.
        """
        ...
