"""Models are compared by how they predict patients; what fails is refitted or told."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.fits.comparison import COLUMNS, compare_models, patient_densities
from alsdecline.fits.planning import fit_plan
from alsdecline.models.layout import TrialLayout
from alsdecline.settings.file import read_settings
from support.trial_folder import PROJECT


def table(elpd: list[float], pareto_k: list[float]) -> pd.DataFrame:
    patients = ["P1", "P2", "P3"]
    return pd.DataFrame({"patient": patients, "elpd": elpd, "pareto_k": pareto_k})


def test_differences_are_from_the_highest_with_their_error_over_patients() -> None:
    """Differences 0, 2 and 4 less: a sum of 6, and sqrt(3 x 8 / 2) = sqrt(12)."""
    settings = read_settings(PROJECT / "config.yaml")
    single = fit_plan(settings, "single", "limb")
    robust = fit_plan(settings, "robust", "limb")
    found = compare_models(
        [single, robust],
        {
            "single/limb": table([-5.0, -6.0, -7.0], [0.1, np.nan, 0.2]),
            "robust/limb": table([-5.0, -8.0, -11.0], [0.9, 0.3, 0.8]),
        },
    )
    assert list(found) == COLUMNS
    first, second = found.to_dict("records")
    assert (first["elpd"], first["difference"], first["refitted"]) == (-18.0, 0.0, 1)
    assert first["unreliable"] == ""
    assert first["se"] == pytest.approx(np.sqrt(3 * 2 / 2))
    assert (second["elpd"], second["difference"]) == (-24.0, -6.0)
    assert second["se_difference"] == pytest.approx(np.sqrt(12))
    assert (second["pareto_k"], second["unreliable"]) == (0.9, "P1 P3")


class OneMean:
    """Values y_i ~ N(mu, 1): a patient far off cannot be left out by weights."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def log_likelihood(self, draws: pd.DataFrame, _: TrialLayout) -> np.ndarray:
        misses = self.values - draws["mu"].to_numpy()[:, None]
        densities: np.ndarray = -0.5 * misses**2 - 0.5 * np.log(2 * np.pi)
        return densities


def test_a_patient_whom_weights_cannot_leave_out_is_taken_of_the_fit_without() -> None:
    """y_i given the others is N(mean, 1 + 1 / (n - 1)).

    By 1,000 draws its log density has a standard error of about 0.6 at 8, and would be
    off by 5 by the fit to all.
    """
    rng = np.random.default_rng(20050727)
    values = np.array([0.3, -0.5, 0.1, 0.9, -0.2, 8.0])
    ids = [f"P{i}" for i in range(6)]

    def posterior(kept: np.ndarray) -> pd.DataFrame:
        mu = kept.mean() + rng.standard_normal(4000) / np.sqrt(kept.size)
        return pd.DataFrame({"chain": np.repeat(range(4), 1000), "mu": mu})

    trial = TrialLayout(
        pd.DataFrame({"patient": ids}), pd.DataFrame(), np.empty(0), np.empty(0)
    )
    model: Any = OneMean(values)
    nobody = posterior(values[:5]).assign(without="nobody")
    found = patient_densities(model, posterior(values), nobody, trial)
    assert found["pareto_k"].iloc[5] > 0.67
    without = posterior(values[:5]).assign(without="P5")
    refitted = patient_densities(model, posterior(values), without, trial)
    assert refitted["pareto_k"].isna().tolist() == [False] * 5 + [True]
    exact = stats.norm(values[:5].mean(), np.sqrt(1 + 1 / 5)).logpdf(8.0)
    assert refitted["elpd"].iloc[5] == pytest.approx(exact, abs=3.0)
