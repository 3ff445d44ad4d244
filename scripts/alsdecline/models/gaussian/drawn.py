"""What draws of the Gaussian members mean."""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.models.mean_courses import mean_course_slopes
from alsdecline.models.structure import Structure


@dataclasses.dataclass(frozen=True)
class GaussianDraws:
    """A Gaussian member, as :class:`alsdecline.models.drawn.DrawnModel`.

    Attributes
    ----------
    structure : Structure
        Outcomes, arms, covariates, time, ratios and variances by arm.
    """

    structure: Structure

    @property
    def parameter_names(self) -> list[str]:
        """Names of all parameters, as draws have them."""
        return self.structure.parameter_names

    def mean_slopes(
        self, draws: pd.DataFrame, horizon: float
    ) -> dict[str, dict[str, np.ndarray]]:
        """Return mean slopes from time zero to a horizon."""
        return {
            outcome: mean_course_slopes(self.structure, draws, outcome, horizon)
            for outcome in self.structure.outcomes
        }
