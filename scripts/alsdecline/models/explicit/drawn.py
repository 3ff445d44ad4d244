"""What draws of the members that are not Gaussian mean."""

import dataclasses

import numpy as np
import pandas as pd

from alsdecline.models.explicit.courses import mean_slopes
from alsdecline.models.explicit.member import ExplicitMember, parameter_names
from alsdecline.models.structure import Structure


@dataclasses.dataclass(frozen=True)
class ExplicitDraws:
    """``robust`` or ``bounded``, as :class:`alsdecline.models.drawn.DrawnModel`.

    Attributes
    ----------
    member : ExplicitMember
        What is declared.
    """

    member: ExplicitMember

    @property
    def structure(self) -> Structure:
        """Outcomes, arms, covariates and time."""
        return self.member.structure

    @property
    def parameter_names(self) -> list[str]:
        """Names of all parameters, as draws have them."""
        return parameter_names(self.member)

    def mean_slopes(
        self, draws: pd.DataFrame, horizon: float
    ) -> dict[str, dict[str, np.ndarray]]:
        """Return mean slopes from time zero to a horizon."""
        return mean_slopes(self.member, draws, horizon)
