"""Sizes that have a wanted power, against those of normal theory."""

import math

import numpy as np
import pytest
from scipy import stats

from alsdecline.design.sample_sizes import size_with_error, size_with_share

SIZES = np.array([10.0, 20.0, 40.0, 80.0])


def power(patients: float) -> float:
    """Power of a two-sided test at 0.05 of a difference of half an SD, SDs known."""
    return float(stats.norm.cdf(0.5 * math.sqrt(patients / 2) - stats.norm.isf(0.025)))


@pytest.mark.parametrize("wanted", [0.3, 0.5, 0.8])
def test_it_is_the_size_of_the_closed_form(wanted: float) -> None:
    shares = np.array([power(size) for size in SIZES])
    z = stats.norm.isf(0.025) + stats.norm.ppf(wanted)
    assert size_with_share(SIZES, shares, wanted) == pytest.approx(8 * z**2)


def test_outside_the_sizes_none_is_told() -> None:
    shares = np.array([0.2, 0.3, 0.5, 0.7])
    assert math.isnan(size_with_share(SIZES, shares, 0.8))
    assert math.isnan(size_with_share(SIZES, shares, 0.1))
    assert size_with_share(SIZES, np.array([0.0, 0.0, 1.0, 1.0]), 0.5) > 20


def test_the_interval_is_of_where_the_band_crosses() -> None:
    """Its ends are as far as the error of the share over the slope of power."""
    shares = np.array([power(size) for size in SIZES])
    wanted, error = 0.8, 1e-3
    size, lower, upper = size_with_error(
        SIZES, shares, np.full(4, error), wanted, z=1.96
    )
    slope = (power(size + 0.01) - power(size - 0.01)) / 0.02
    # the line between two sizes moves by the error at both, at which slopes differ
    assert (upper - lower) / 2 == pytest.approx(1.96 * error / slope, rel=0.3)
    assert lower < size < upper
