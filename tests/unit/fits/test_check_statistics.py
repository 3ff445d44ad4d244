"""Statistics of the data are as defined, and of replicates as of each alone."""

import numpy as np
import pytest

from alsdecline.fits.check_statistics import (
    PatientLines,
    lag_one_autocorrelation,
    residual_sd,
    slope_sd,
)

SEED = 20050727
# 4 visits of the first patient, 3 of the second and 1 of the third, at month 0, 1, ...
SMALL_SEEN = np.arange(4) < np.array([[4], [3], [1]])
SMALL_MONTHS = np.where(SMALL_SEEN, np.arange(4.0), 0.0)
SMALL_VALUES = np.array([50.0, 48.0, 49.0, 43.0, 40.0, 41.0, 36.0, 30.0])
VISIT_MONTHS = SMALL_MONTHS[SMALL_SEEN]
OF_SECOND = np.repeat([0.0, 1.0, 0.0], [4, 3, 1])


def lines(values: np.ndarray) -> PatientLines:
    """Lay lines through values of the small patients."""
    return PatientLines.through(values, SMALL_MONTHS, SMALL_SEEN)


def own_lines() -> tuple[list[float], list[np.ndarray]]:
    """Slopes and residuals of the two small patients who have a line."""
    slopes, residuals = [], []
    for y in (SMALL_VALUES[:4], SMALL_VALUES[4:7]):
        t = np.arange(len(y))
        line = np.polyfit(t, y, 1)
        slopes.append(line[0])
        residuals.append(y - np.polyval(line, t))
    return slopes, residuals


def test_slope_sd_is_that_of_the_patients_own_lines() -> None:
    """Slopes -2 and -2: from 50, 48, 49, 43 and 40, 41, 36; no line of one visit."""
    (first, second), _ = own_lines()
    assert (first, second) == pytest.approx((-2.0, -2.0))
    assert slope_sd(lines(SMALL_VALUES)) == pytest.approx(0.0, abs=1e-12)
    steeper = SMALL_VALUES - 3.0 * OF_SECOND * VISIT_MONTHS
    # SD of -2 and -5
    assert slope_sd(lines(steeper)) == pytest.approx(3 / np.sqrt(2))


def test_residual_sd_is_of_residuals_about_the_patients_own_lines() -> None:
    """Of 4 and 3 visits with 2 and 1 degrees of freedom; one visit has none."""
    _, residuals = own_lines()
    squares = sum(float(r @ r) for r in residuals)
    assert residual_sd(lines(SMALL_VALUES)) == pytest.approx(np.sqrt(squares / 3))
    of_one_visit = PatientLines.through(
        SMALL_VALUES[7:], SMALL_MONTHS[2:], SMALL_SEEN[2:]
    )
    assert residual_sd(of_one_visit) == 0.0


def test_lag_one_autocorrelation_is_of_residuals_about_the_patients_own_lines() -> None:
    _, residuals = own_lines()
    products = sum(float(r[1:] @ r[:-1]) for r in residuals)
    squares = sum(float(r @ r) for r in residuals)
    expected = products / squares
    assert lag_one_autocorrelation(lines(SMALL_VALUES)) == pytest.approx(expected)
    moved = SMALL_VALUES + 100 - 7 * VISIT_MONTHS
    assert lag_one_autocorrelation(lines(moved)) == pytest.approx(expected)


def test_data_without_residuals_have_no_autocorrelation() -> None:
    seen = np.ones((1, 3), dtype=bool)
    straight = PatientLines.through(
        np.array([4.0, 3.0, 2.0]), np.array([[0.0, 1.0, 2.0]]), seen
    )
    assert lag_one_autocorrelation(straight) == 0.0


def test_each_replicate_has_the_statistics_it_has_alone() -> None:
    """To the last bit, so that how many are laid out at once decides nothing."""
    rng = np.random.default_rng(SEED)
    # more patients than numpy adds without pairing, and some with one or two visits
    counts = rng.integers(1, 22, 300)
    seen = np.arange(21) < counts[:, None]
    times = np.where(seen, np.sort(rng.random((300, 21)), axis=1), 0.0)
    replicates = rng.normal(50, 10, (5, counts.sum()))
    together = PatientLines.through(replicates, times, seen)
    for statistic in (slope_sd, residual_sd, lag_one_autocorrelation):
        alone = [
            statistic(PatientLines.through(row, times, seen)) for row in replicates
        ]
        np.testing.assert_array_equal(statistic(together), alone)
