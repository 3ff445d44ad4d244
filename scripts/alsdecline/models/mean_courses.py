"""The slope of the mean course, from draws of the parameters."""

import numpy as np
import pandas as pd

from alsdecline.models.structure import Structure


def mean_course_slopes(
    structure: Structure, draws: pd.DataFrame, outcome: str, horizon: float
) -> dict[str, np.ndarray]:
    """Return the mean slopes of one outcome from time zero to a horizon.

    The change of the mean course from time zero to the horizon divided by the time, at
    the means of the covariates. A straight course has the same slope to any horizon; of
    one with a term in t^2 it is slope + curvature x horizon. A ratio multiplies all of
    it.

    Parameters
    ----------
    structure : Structure
        Outcomes and arms.
    draws : DataFrame
        S rows, with the columns that ``structure.coefficient_names`` names.
    outcome : str
        One of the structure's.
    horizon : float
        Time since time zero.

    Returns
    -------
    dict of str to ndarray, shape (S,)
        By arm, the reference arm first; per unit of time.
    """

    def drawn(name: str) -> np.ndarray:
        values: np.ndarray = draws[name].to_numpy()
        return values

    reference = drawn(f"slope[{outcome}]")
    if structure.curved:
        reference = reference + drawn(f"curvature[{outcome}]") * horizon
    slopes = {structure.reference: reference}
    for arm in structure.arms:
        of = f"[{outcome},{arm}]"
        if structure.ratio:
            slopes[arm] = reference * np.exp(drawn(f"log_ratio{of}"))
            continue
        slopes[arm] = reference + drawn(f"effect{of}")
        if structure.curved:
            slopes[arm] = slopes[arm] + drawn(f"effect_curvature{of}") * horizon
    return slopes
