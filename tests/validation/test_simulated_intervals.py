"""What the plan's interval is worth: the simulations that the report shows.

The script that makes them is run again on some trials; with 100 patients an arm the
variances are as good as known, and its intervals are those of the closed form.
"""

import dataclasses
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.analyses.design import slope_standard_error
from alsdecline.analyses.known_variances import interval_properties
from alsdecline.fits.planning import fit_plan
from alsdecline.settings.file import read_settings
from support.trial_folder import ADSL, PROJECT, copy_bundled_trial, run_snakemake

KEPT = Path(__file__).with_name("simulated_trials.csv")
"""Analyses of the first trials of each effect, as they were made for the report."""

LARGE = 100
N_LARGE = 60


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = PROJECT / "benchmarks/simulated_intervals.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_bundled_trial(tmp_path_factory.mktemp("simulated") / "trial")
    run = run_snakemake(folder, ADSL)
    assert run.returncode == 0, run.stderr
    return folder


def test_a_table_of_trials_is_summarised_with_its_errors(script: ModuleType) -> None:
    """Of four trials three contain the effect of 3 and two exclude zero."""
    trials = pd.DataFrame(
        {
            "analysis": "one",
            "fraction": 1.0,
            "estimate": [1.0, 2.0, 4.0, 5.0],
            "lower": [-1.0, -1.0, 1.0, 4.0],
            "upper": [3.5, 5.0, 6.0, 6.0],
            "divergences": [0.0, 2.0, 0.0, np.nan],
        }
    )
    (row,) = script.coverage_table(trials, -3.0).to_dict("records")
    assert (row["coverage"], row["excludes_zero"], row["trials"]) == (0.75, 0.5, 4)
    assert row["coverage_error"] == pytest.approx(np.sqrt(0.75 * 0.25 / 4))
    assert row["bias"] == 0
    assert row["bias_error"] == pytest.approx(np.sqrt(10 / 4) / 2)
    assert row["divergent"] == 1


@pytest.mark.slow
def test_trials_made_again_have_the_numbers_that_were_kept(
    script: ModuleType, ingested: Path
) -> None:
    """Twenty: five of each effect, by every analysis.

    Draws of another processor are others: where there are any, estimates and ends
    differ by their Monte Carlo errors, of 1,000 effective draws of a normal posterior
    each, at a false-alarm probability of 1e-5 in all.
    """
    again = pd.concat(
        script.analyse((ingested, at, number, True))
        for number in range(5)
        for at in range(4)
    )
    kept = pd.read_csv(KEPT)
    keys = ["fraction", "trial", "analysis"]
    both = kept.merge(again, on=keys, suffixes=("", "_again"), validate="1:1")
    assert len(both) == len(kept) == len(again)
    drawn = both["divergences"].notna()
    sd = (both["upper"] - both["lower"]) / (2 * stats.norm.ppf(0.975))
    z = stats.norm.isf(0.5e-5 / (3 * drawn.sum())) * np.sqrt(2 / 1000)
    # of a quantile, in SDs: sqrt(p (1 - p)) over the density there
    end = np.sqrt(0.025 * 0.975) / stats.norm.pdf(stats.norm.ppf(0.025))
    for name, error in (("estimate", 1.0), ("lower", end), ("upper", end)):
        apart = (both[name] - both[f"{name}_again"]).abs()
        limit = np.where(drawn, z * error * sd, 1e-6 * (1 + both[name].abs()))
        assert (apart <= limit).all(), both.loc[apart > limit, keys].to_string()


@pytest.mark.slow
@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_with_many_patients_an_interval_is_that_of_the_closed_form(
    script: ModuleType, ingested: Path, fraction: float
) -> None:
    """Bias within 4 Monte Carlo errors (1 in 16,000), the mean width within 3%."""
    small = script.read_design(ingested)
    single = fit_plan(read_settings(PROJECT / "config.yaml"), "single", "total")
    large = dataclasses.replace(
        small,
        primary=single,
        fits=[single],
        arms=["high"] * LARGE + ["low"] * LARGE,
    )
    rows = pd.DataFrame(
        script.fitted_rows(large, fraction, number)[0] for number in range(N_LARGE)
    )
    effect = fraction * 3.0
    truth = large.truth(fraction)
    error = slope_standard_error(
        LARGE, LARGE, large.times, truth.sd_random[1], truth.sd_residual[0]
    )
    expected = interval_properties(effect, 3.0, error, 0.95)
    width = (rows["upper"] - rows["lower"]).mean()
    assert width == pytest.approx(expected.width, rel=0.03)
    bias = (rows["estimate"] - effect).mean() - expected.bias
    assert abs(bias) < 4 * rows["estimate"].std(ddof=1) / N_LARGE**0.5
