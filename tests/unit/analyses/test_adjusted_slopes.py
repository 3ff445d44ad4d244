"""Slopes adjusted for covariates, against residuals on residuals (Frisch and Waugh)."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.analyses.adjusted_slopes import adjusted_difference
from alsdecline.faults import DataError

SUBJECTS = pd.DataFrame(
    {
        "age": [61.0, 47.0, 45.0, 56.0, 77.0, 80.0, 47.0, 54.0, 50.0],
        "onset": ["limb", "bulbar", "limb", "limb", "bulbar", *["limb"] * 3, "bulbar"],
    }
)
TREATED = np.array([False] * 5 + [True] * 4)
SLOPES = np.array([-3.1, -4.0, -2.2, -3.9, -5.0, -1.0, -2.4, -0.7, -1.9])


def without(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return what other columns leave of values."""
    return values - others @ np.linalg.lstsq(others, values, rcond=None)[0]


def frame(**more: object) -> pd.DataFrame:
    arms = np.where(TREATED, "high", "low")
    return SUBJECTS.assign(slope=SLOPES, arm=arms, **more)


def test_the_difference_is_that_of_what_covariates_leave() -> None:
    kinds = {"age": "number", "onset": "category"}
    found = adjusted_difference(frame(), "high", "low", kinds, 0.9)
    limb = np.where(SUBJECTS["onset"] == "limb", 1.0, 0.0)
    others = np.column_stack([np.ones(9), SUBJECTS["age"], limb])
    arm, left = without(1.0 * TREATED, others), without(SLOPES, others)
    slope = arm @ left / (arm @ arm)
    residual = left - slope * arm
    error = np.sqrt(residual @ residual / 5 / (arm @ arm))
    assert found.degrees_of_freedom == 5  # nine patients, four coefficients
    assert found.estimate == pytest.approx(slope, rel=1e-12)
    assert found.standard_error == pytest.approx(error, rel=1e-12)
    half = stats.t.ppf(0.95, 5) * error
    assert (found.lower, found.upper) == pytest.approx((slope - half, slope + half))
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(slope) / error, 5))


def test_without_covariates_it_is_the_t_test_of_equal_variances() -> None:
    found = adjusted_difference(frame(), "high", "low", {}, 0.95)
    known = stats.ttest_ind(SLOPES[TREATED], SLOPES[~TREATED])
    assert found.p_value == pytest.approx(float(known.pvalue), rel=1e-12)


def test_what_cannot_be_told_apart_is_refused() -> None:
    again = frame(again=1.0 * TREATED)
    with pytest.raises(DataError, match="confounded"):
        adjusted_difference(again, "high", "low", {"again": "number"}, 0.95)
