"""What a fit asks of every member of the family of decline models.

A model is declared by its structure (outcomes, arms, covariates, time), its priors and
its likelihood. What its draws mean stands in :mod:`alsdecline.models.drawn`, what a
check asks of it in :mod:`alsdecline.models.checked`: an edit of these refits nothing.
Who asks knows nothing else of a model.
"""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from alsdecline.models.drawn import DrawnModel
from alsdecline.models.layout import TrialLayout

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


class DeclineModel(DrawnModel, Protocol):
    """A member of the family as it is fitted."""

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
