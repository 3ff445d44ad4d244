"""The members that are not Gaussian as they are fitted."""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from alsdecline.models.explicit.drawn import ExplicitDraws
from alsdecline.models.explicit.layout import explicit_priors, lay_out
from alsdecline.models.interface import Posterior
from alsdecline.models.layout import TrialLayout

if TYPE_CHECKING:
    from alsdecline.models.sampling import CompiledModel


@dataclasses.dataclass(frozen=True)
class ExplicitModel(ExplicitDraws):
    """A :class:`alsdecline.models.interface.DeclineModel` that is not Gaussian."""

    def lay_out(
        self, patients: pd.DataFrame, observations: Mapping[str, pd.DataFrame]
    ) -> TrialLayout:
        """Lay a trial out for the member."""
        return lay_out(self.member, patients, observations)

    def compile(self, trial: TrialLayout) -> "CompiledModel":
        """Compile the declared model; good for all trials of as many patients."""
        # PyMC, which tables and figures do without
        from alsdecline.models.explicit.declaration import declare_explicit
        from alsdecline.models.sampling import compile_model

        priors = explicit_priors(self.member)
        return compile_model(
            declare_explicit(self.member, priors, trial.vectors, trial.n_patients)
        )

    def vectors(self, trial: TrialLayout) -> dict[str, np.ndarray]:
        """Return priors and data as the compiled model takes them."""
        return explicit_priors(self.member) | trial.vectors

    def start(self, trial: TrialLayout) -> np.ndarray:
        """Return the unconstrained point at the centre of the priors."""
        from alsdecline.models.explicit.points import explicit_start

        return explicit_start(self.member, trial.n_patients)

    def posterior(self, points: np.ndarray, trial: TrialLayout) -> Posterior:
        """Name unconstrained draws."""
        from alsdecline.models.explicit.points import named_draws

        return Posterior(*named_draws(self.member, trial.patients, points))
