"""What is ranked of a replicate, and that a model of another prior is found by it."""

import numpy as np
import pandas as pd
import pytest

from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.models.compile_cache import use_compile_cache

use_compile_cache()

from alsdecline.design.calibration import (  # noqa: E402
    N_KEPT,
    CalibratedDesign,
    Calibration,
    ranked_quantities,
)
from alsdecline.design.rank_uniformity import p_values, uniform_depths  # noqa: E402
from alsdecline.fits.checked import checked_model  # noqa: E402
from alsdecline.settings.file import read_settings  # noqa: E402
from support.trial_folder import PROJECT  # noqa: E402

SIX_VISITS = CalibratedDesign({"low": 5, "high": 4}, (0.0, 2.0, 4.0, 6.0, 8.0, 9.0))
N_REPLICATES = 60


@pytest.fixture(scope="module")
def settings():
    return read_settings(PROJECT / "config.yaml")


@pytest.fixture(scope="module")
def single(settings) -> FitPlan:
    return fit_plan(settings, "single", "total")


def test_arms_have_their_sizes() -> None:
    assert SIX_VISITS.arms == ["low"] * 5 + ["high"] * 4


def test_rates_and_differences_are_ranked_once_each_and_sums_too(settings) -> None:
    """Of draws whose rates can be added by hand; a total is limb and bulbar."""
    plan = fit_plan(settings, "joint")
    model = checked_model(plan)
    draws = pd.DataFrame(0.0, index=range(2), columns=model.parameter_names)
    draws["slope[limb]"], draws["slope[bulbar]"] = [-2.0, -3.0], [-1.0, -0.5]
    draws["effect[limb,high]"], draws["effect[bulbar,high]"] = [0.5, 1.0], [0.25, 0.0]
    found = ranked_quantities(plan, model, draws)
    assert found["rate[total,low]"].tolist() == [-3.0, -3.5]
    assert found["difference[total,high]"].tolist() == [0.75, 1.0]
    assert found["rate[limb,high]"].tolist() == [-1.5, -2.0]
    assert not [n for n in found if n.startswith(("slope[", "effect["))]
    rest = [n for n in model.parameter_names if not n.startswith(("slope[", "effect["))]
    assert set(rest) <= set(found)
    assert found.columns.is_unique


@pytest.mark.slow
def test_a_replicate_is_the_same_in_any_batch(single: FitPlan) -> None:
    together = Calibration(single, SIX_VISITS).batch([3, 4])
    alone = Calibration(single, SIX_VISITS).batch([4])
    pd.testing.assert_frame_equal(together.tail(1).reset_index(drop=True), alone)


@pytest.mark.slow
def test_truths_of_another_prior_are_found_and_those_of_the_models_own_are_not(
    single: FitPlan,
) -> None:
    """Truths whose effects vary five times as much as the model has them.

    Of the right ones each of two quantities fails once in 1,000.
    """
    own = Calibration(single, SIX_VISITS)
    priors = {
        k: p.model_copy(update={"effect_sd": 15.0}) for k, p in single.priors.items()
    }
    wide = Calibration(single.model_copy(update={"priors": priors}), SIX_VISITS)
    null = uniform_depths(N_REPLICATES, N_KEPT, 20_000, 1)
    names = ["difference[total,high]", "log_likelihood"]
    right = own.batch(range(N_REPLICATES))[names].to_numpy()
    own.simulated = wide.simulated  # type: ignore[method-assign]
    wrong = own.batch(range(N_REPLICATES))[names].to_numpy()
    assert (p_values(right, N_KEPT, null) > 1e-3).all()
    assert p_values(wrong, N_KEPT, null)[0] <= 1e-3
    # truths are too far out at either side, as posteriors too narrow would have them
    assert np.std(wrong[:, 0]) / N_KEPT > 0.35
