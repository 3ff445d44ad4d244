"""The table of parameters has each parameter's moments and its Monte Carlo error."""

import numpy as np
import pandas as pd
import pytest

from alsdecline.fits.parameters import COLUMNS, summarise_parameters
from alsdecline.fits.planning import fit_plan
from alsdecline.settings.file import read_settings
from support.trial_folder import PROJECT

CHAINS, DRAWS = 4, 1000


@pytest.fixture(scope="module")
def summary() -> pd.DataFrame:
    """Summarise independent normal draws of mean 3 and SD 2 of every parameter."""
    plan = fit_plan(read_settings(PROJECT / "config.yaml"), "single", "limb")
    rng = np.random.default_rng(20050727)
    names = plan.structure.parameter_names
    draws = pd.DataFrame(rng.normal(3, 2, (CHAINS * DRAWS, len(names))), columns=names)
    draws.insert(0, "chain", np.repeat(np.arange(CHAINS), DRAWS))
    return summarise_parameters(plan, draws, interval=0.9)


def test_every_parameter_has_a_row(summary: pd.DataFrame) -> None:
    assert list(summary.columns) == COLUMNS
    assert summary["parameter"].tolist() == [
        "intercept[limb]",
        "slope[limb]",
        "effect[limb,high]",
        "sd_intercept[limb]",
        "sd_slope[limb]",
        "sd_residual[limb]",
        "correlation[slope:limb,intercept:limb]",
    ]
    assert set(summary["model"]) == {"single"}


def test_moments_and_intervals_are_those_of_the_draws(summary: pd.DataFrame) -> None:
    """Means are within 5 SDs of 3 in all but 4 of a million rows."""
    error = 2 / np.sqrt(CHAINS * DRAWS)
    assert (summary["mean"] - 3).abs().max() < 5 * error
    # the 5% and 95% quantiles of the normal distribution lie 1.645 SDs from its mean
    assert summary["lower"].to_numpy() == pytest.approx(3 - 1.645 * 2, abs=0.3)
    assert summary["upper"].to_numpy() == pytest.approx(3 + 1.645 * 2, abs=0.3)


def test_the_error_of_independent_draws_is_their_sd_over_the_root_of_their_number(
    summary: pd.DataFrame,
) -> None:
    expected = summary["sd"] / np.sqrt(CHAINS * DRAWS)
    assert (summary["mcse"] / expected).to_numpy() == pytest.approx(1, abs=0.15)
