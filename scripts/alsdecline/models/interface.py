"""What every member of the family of decline models gives, declared once.

A model is declared by its structure (outcomes, arms, covariates, time), its priors and
its likelihood. All that a fit, a check or a table asks of it stands here; who asks
knows nothing else of it. :mod:`alsdecline.fits.declared` makes one of a fit's plan.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from alsdecline.models.layout import TrialLayout
from alsdecline.models.structure import Structure

if TYPE_CHECKING:  # tables and figures need no compiler
    from alsdecline.models.sampling import CompiledModel


@dataclasses.dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of a model's parameters, S of them.

    Attributes
    ----------
    draws : DataFrame
        A column for each of the model's ``parameter_names``.
    effects : DataFrame or None
        The same draws' deviations of the patients' coefficients from their means, where
        they are parameters; None where they are integrated out.
    """

    draws: pd.DataFrame
    effects: pd.DataFrame | None


class DeclineModel(Protocol):
    """A member of the family: K outcomes with m coefficients of time each."""

    @property
    def structure(self) -> Structure:
        """Outcomes, arms, covariates and time."""
        ...

    @property
    def parameter_names(self) -> list[str]:
        """Names of all parameters, as draws have them."""
        ...

    def lay_out(
        self, patients: pd.DataFrame, observations: Mapping[str, pd.DataFrame]
    ) -> TrialLayout:
        """Lay a trial out as :func:`alsdecline.models.layout.lay_out_visits` does.

        Raises
        ------
        DataError
            If the data give no proper posterior.
        """
        ...

    def compile(self, trial: TrialLayout) -> "CompiledModel":
        """Compile the declared model; good for all priors, and trials of N patients."""
        ...

    def vectors(self, trial: TrialLayout) -> dict[str, np.ndarray]:
        """Return priors and data as the compiled model takes them."""
        ...

    def start(self, trial: TrialLayout) -> np.ndarray:
        """Return the unconstrained point at the centre of the priors."""
        ...

    def posterior(self, points: np.ndarray, trial: TrialLayout) -> Posterior:
        """Name unconstrained draws, shape (S, n_dim)."""
        ...

    def prior_draws(self, n: int, rng: np.random.Generator) -> pd.DataFrame:
        """Draw n rows of parameters from the prior."""
        ...

    def simulate(
        self,
        parameters: Mapping[str, float],
        arms: Sequence[str],
        months: np.ndarray,
        rng: np.random.Generator,
        covariates: Mapping[str, np.ndarray] | None = None,
    ) -> np.ndarray:
        """Simulate new patients at months (T,) or (N, T); returns (N, K, T)."""
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

    def mean_slopes(
        self, draws: pd.DataFrame, horizon: float
    ) -> dict[str, dict[str, np.ndarray]]:
        """Return mean slopes from time zero to a horizon in months.

        Returns
        -------
        dict of str to dict of str to ndarray, shape (S,)
            By outcome and arm, the reference arm first; points a month, at the means of
            the covariates.
        """
        ...
