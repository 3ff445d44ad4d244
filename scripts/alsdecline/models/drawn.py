"""What a table or figure asks of every member of the family: what its draws mean."""

from typing import Protocol

import numpy as np
import pandas as pd

from alsdecline.models.structure import Structure


class DrawnModel(Protocol):
    """A member of the family: K outcomes with m coefficients of time each."""

    @property
    def structure(self) -> Structure:
        """Outcomes, arms, covariates and time."""
        ...

    @property
    def parameter_names(self) -> list[str]:
        """Names of all parameters, as draws have them."""
        ...

    def mean_slopes(
        self, draws: pd.DataFrame, horizon: float
    ) -> dict[str, dict[str, np.ndarray]]:
        """Return mean slopes from time zero to a horizon.

        Returns
        -------
        dict of str to dict of str to ndarray, shape (S,)
            By outcome and arm, the reference arm first; points/time, at the means of
            the covariates.
        """
        ...
