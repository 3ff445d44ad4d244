"""The Gaussian members as they are fitted: patients' effects integrated out."""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alsdecline.models.gaussian.drawn import GaussianDraws
from alsdecline.models.interface import Posterior
from alsdecline.models.layout import TrialLayout, lay_out_visits
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.structure import ModelPrior

if TYPE_CHECKING:
    from alsdecline.models.sampling import CompiledModel


@dataclasses.dataclass(frozen=True)
class GaussianModel(GaussianDraws):
    """A Gaussian member, as :class:`alsdecline.models.interface.DeclineModel`.

    Attributes
    ----------
    priors : mapping of str to ModelPrior
        By outcome.
    lkj_shape : float
        Shape of the LKJ prior of the correlations.
    effect_correlation : float
        Of an arm's effects on the outcomes a priori, as benefits.
    """

    priors: Mapping[str, ModelPrior]
    lkj_shape: float
    effect_correlation: float = 0.0

    @property
    def _prior_vectors(self) -> dict[str, np.ndarray]:
        return prior_vectors(
            self.structure, self.priors, self.lkj_shape, self.effect_correlation
        )

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
