"""Gates on computation name what is missed, and by how much."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from alsdecline.fits.diagnostics import (
    diagnose,
    energy_fraction,
    gate_failures,
    monte_carlo_error,
)
from alsdecline.settings.analysis import Gates

GATES = Gates(r_hat=1.01, ess=400, divergences=0, e_bfmi=0.3)


def test_e_bfmi_is_the_least_over_chains() -> None:
    """Mean squared change over the variance, by hand.

    First chain: changes 1, 1, 1; variance of 0, 1, 2, 3 is 5 / 4; so 0.8. Second:
    changes 2, -2, 2, mean square 4; variance 1; so 4.
    """
    energy = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 1.0, 3.0]])
    assert energy_fraction(energy) == pytest.approx(0.8)
    assert energy_fraction(energy[1:]) == pytest.approx(4.0)


def sound() -> dict[str, Any]:
    return {
        "r_hat": 1.001,
        "r_hat_of": "slope",
        "ess_bulk": 1500.0,
        "ess_bulk_of": "effect",
        "ess_tail": 1200.0,
        "ess_tail_of": "sd",
        "interval_error": 0.04,
        "interval_error_of": "effect",
        "divergences": 0,
        "e_bfmi": 0.8,
    }


@pytest.mark.parametrize(
    ("change", "failures"),
    [
        ({}, []),
        ({"r_hat": 1.01, "ess_bulk": 400.0, "e_bfmi": 0.3}, []),
        ({"r_hat": 1.0234}, ["R-hat 1.0234 of slope, limit 1.01"]),
        ({"r_hat": None}, ["R-hat undefined of slope, limit 1.01"]),
        ({"ess_bulk": 399.0}, ["bulk ESS 399 of effect, limit 400"]),
        ({"ess_tail": None}, ["tail ESS undefined of sd, limit 400"]),
        (
            {"interval_error": 0.071},
            ["error of an interval's end 7.1% of the SD of effect, limit 5%"],
        ),
        ({"divergences": 2}, ["2 divergences, limit 0"]),
        ({"e_bfmi": 0.294}, ["E-BFMI 0.29, limit 0.3"]),
        ({"e_bfmi": float("nan")}, ["E-BFMI nan, limit 0.3"]),
        (
            {"divergences": 1, "r_hat": 1.5},
            ["R-hat 1.5000 of slope, limit 1.01", "1 divergences, limit 0"],
        ),
    ],
)
def test_gates_name_what_is_missed_by_how_much(
    change: dict[str, Any], failures: list[str]
) -> None:
    assert gate_failures(sound() | change, GATES) == failures


def test_fits_of_fewer_draws_have_a_wider_limit() -> None:
    wide = sound() | {"interval_error": 0.09}
    assert gate_failures(wide, GATES, further=True) == []
    wider = sound() | {"interval_error": 0.11}
    (missed,) = gate_failures(wider, GATES, further=True)
    assert missed.endswith("11.0% of the SD of effect, limit 10%")


@pytest.fixture(scope="module")
def independent() -> np.ndarray:
    """Draws of 4 chains without autocorrelation."""
    return np.random.default_rng(20050727).normal(size=(4, 500))


def test_independent_draws_pass_every_gate(independent: np.ndarray) -> None:
    """One set of draws in 10,000 would not: R-hat - 1 is chi-squared over 4,000."""
    found = diagnose(
        {"slope": independent, "effect": independent[::-1]}, 0, independent
    )
    assert gate_failures(found, GATES, further=True) == []


def test_monte_carlo_errors_of_independent_draws_are_those_of_a_sample(
    independent: np.ndarray,
) -> None:
    """Mean sd / sqrt(n); quantile sqrt(p (1 - p) / n) over the density there.

    The effective size of 2,000 draws is itself estimated; SDs of these within 15%.
    """
    n = independent.size
    assert monte_carlo_error(independent, "mean") == pytest.approx(n**-0.5, rel=0.15)
    at = stats.norm.ppf(0.025)
    expected = np.sqrt(0.025 * 0.975 / n) / stats.norm.pdf(at)
    found = monte_carlo_error(independent, "quantile", 0.025)
    assert found == pytest.approx(expected, rel=0.25)
    assert monte_carlo_error(np.ones((4, 100)), "mean") == 0


def test_the_worst_quantity_is_named(independent: np.ndarray) -> None:
    """One chain of four shifted by 2 SDs: R-hat is far from 1 and ESS is a handful."""
    apart = independent + np.array([0.0, 0.0, 0.0, 2.0])[:, None]
    found = diagnose({"slope": independent, "effect": apart}, 0, independent)
    assert found["r_hat_of"] == found["ess_bulk_of"] == "effect"
    assert found["r_hat"] > 1.3
    assert found["ess_bulk"] < 20
    assert found["divergences"] == 0


@pytest.mark.parametrize("value", [1.0, float("nan")])
def test_a_quantity_that_does_not_vary_or_is_undefined_misses_the_gate(
    independent: np.ndarray, value: float
) -> None:
    stuck = np.full_like(independent, value)
    found = diagnose({"slope": independent, "stuck": stuck}, 0, independent)
    assert found["r_hat"] is None
    assert gate_failures(found, GATES)[0] == "R-hat undefined of stuck, limit 1.01"


def test_one_undefined_draw_misses_every_gate_of_its_quantity(
    independent: np.ndarray,
) -> None:
    holed = independent.copy()
    holed[2, 17] = np.nan
    found = diagnose({"slope": independent, "holed": holed}, 0, independent)
    assert [found[k] for k in ("r_hat", "ess_bulk", "ess_tail")] == [None] * 3
    assert found["r_hat_of"] == found["ess_tail_of"] == "holed"
