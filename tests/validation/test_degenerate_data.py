"""Data that hardly are any give finite draws and diagnostics, or one line why not."""

import itertools
from collections.abc import Callable
from pathlib import Path

import arviz_stats
import numpy as np
import pandas as pd
import pytest

from alsdecline.faults import DataError
from alsdecline.fits.job import Fit, run_fit
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.models.gaussian.packing import exactly_fitted
from alsdecline.settings.file import read_settings

SEED = 20050727
DAYS = [1 + 14 * visit for visit in range(21)]
TWO_WEEKS = DAYS[:2]


def fit_of(model: str, outcome: str = "") -> FitPlan:
    """Take the bundled plan's fit, under its prior alone and of all patients."""
    settings = read_settings(Path(__file__).parents[2] / "config.yaml")
    plan = fit_plan(settings, model, outcome)
    return plan.model_copy(
        update={"alternatives": {}, "leave_out_at_most": 0, "primary": False}
    )


def dataset(
    n_low: int,
    n_high: int,
    days: list[int],
    value: Callable[[int, int], float],
    outcome: str = "limb",
) -> pd.DataFrame:
    """Make an analysis dataset; values are of the patient's number and study day."""
    rows = [
        (f"p{i}", "low" if i < n_low else "high", day - 1.0, float(value(i, day)))
        for i, day in itertools.product(range(n_low + n_high), days)
    ]
    frame = pd.DataFrame(rows, columns=["USUBJID", "ARMCD", "ARELTM", "AVAL"])
    return frame.assign(DTYPE="", PARAMCD=outcome)


def noisy_lines(level: float = 45.0) -> Callable[[int, int], float]:
    rng = np.random.default_rng(SEED)
    return lambda i, day: level + 3 * (i % 3) - 0.07 * day + rng.normal(0, 2)


def fitted(plan: FitPlan, values: dict[str, pd.DataFrame]) -> Fit:
    """Fit, and see that all draws are finite and every diagnostic says something."""
    [fit] = run_fit(plan, values, lambda _: None)
    assert np.isfinite(fit.draws.to_numpy(dtype=float)).all()
    for name in ("r_hat", "ess_bulk", "ess_tail", "e_bfmi"):
        assert np.isfinite(fit.attempts[-1][name])
    return fit


def refusal(plan: FitPlan, values: dict[str, pd.DataFrame]) -> str:
    with pytest.raises(DataError) as caught:
        run_fit(plan, values, lambda _: None)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_one_patient_an_arm_says_little_and_its_diagnostics_are_there() -> None:
    """Two patients leave an SD between them nearly to its prior: a hard shape.

    The divergences of this fixed seed must be told, not hidden.
    """
    plan = fit_of("single", "limb")
    fit = fitted(plan, {"limb": dataset(1, 1, DAYS, noisy_lines())})
    diagnostics = fit.attempts[-1]
    told = any("divergences" in failure for failure in diagnostics["failures"])
    assert told == (diagnostics["divergences"] > 0)
    # 21 visits tell the residual SD even so; the made-up one is 2
    assert 1.4 < fit.draws["sd_residual[limb]"].mean() < 2.8
    # nearer to the prior's 2.2 than to what several patients would tell
    assert 0.5 < fit.draws["effect[limb,high]"].std() < 1.7


def test_one_visit_each_at_time_zero_leaves_slopes_to_their_prior() -> None:
    """Means and SDs of two parameters, off by 5 errors once in 400,000 runs."""
    plan = fit_of("single", "limb")
    fit = fitted(plan, {"limb": dataset(4, 5, DAYS[:1], noisy_lines())})
    prior = plan.priors["limb"]
    assert prior.effect_sd is not None
    for name, mean, sd in (
        ("slope[limb]", prior.slope.mean, prior.slope.sd),
        ("effect[limb,high]", 0.0, prior.effect_sd),
    ):
        draws = fit.draws[name].to_numpy().reshape(plan.sampler.chains, -1)
        errors = [float(arviz_stats.mcse(draws, method=m)) for m in ("mean", "sd")]
        assert abs(draws.mean() - mean) < 5 * errors[0]
        assert abs(draws.std() - sd) < 5 * errors[1]


def test_a_patient_without_values_changes_no_draw() -> None:
    plan = fit_of("single", "limb")
    values = dataset(4, 5, DAYS[:8], noisy_lines())
    absent = values["USUBJID"] == "p3"
    empty = values.assign(AVAL=values["AVAL"].mask(absent))
    with_rows, without = (
        fitted(plan, {"limb": frame}) for frame in (empty, values[~absent])
    )
    pd.testing.assert_frame_equal(with_rows.draws, without.draws, check_exact=True)


def test_a_patient_without_one_of_three_outcomes_is_fitted_by_the_others() -> None:
    plan = fit_of("joint")
    values = {
        outcome: dataset(4, 5, DAYS, noisy_lines(level), outcome)
        for outcome, level in (("limb", 45.0), ("bulbar", 30.0), ("fvc", 85.0))
    }
    values["fvc"] = values["fvc"][values["fvc"]["USUBJID"] != "p3"]
    # that draws are finite does not depend on how many there are
    sampler = plan.sampler.model_copy(update={"tune": 300, "draws": 300})
    fitted(plan.model_copy(update={"sampler": sampler}), values)


@pytest.mark.parametrize(
    ("days", "value"),
    [
        (DAYS, lambda _i, _day: 45.0),
        (DAYS, lambda _i, _day: 0.0),
        (DAYS[:1], lambda _i, _day: 45.0),
        (TWO_WEEKS, lambda _i, _day: 45.0),
        (TWO_WEEKS, lambda i, _day: 40.0 + i),
        (DAYS, lambda i, _day: 40.0 + i),
        (DAYS, lambda i, day: 40.0 + i - (0.05 + 0.01 * i) * day),
        (TWO_WEEKS, lambda i, day: 45.0 - 0.01 * (i + 1) * (day - 1)),
    ],
    ids=[
        "constant",
        "all at the floor",
        "constant, one visit",
        "constant, two visits",
        "constant in each patient, two visits",
        "constant in each patient",
        "exact lines",
        "equal baselines, two visits",
    ],
)
def test_values_without_variation_are_refused_in_a_line(
    days: list[int], value: Callable[[int, int], float]
) -> None:
    """Their posterior is improper; the sampler heads for 0 and does not come back."""
    message = refusal(fit_of("single", "limb"), {"limb": dataset(4, 5, days, value)})
    assert message == (
        "single/limb: the values of 'limb' lie exactly on lines, without variation to "
        "estimate SDs from; correct the values, or take the outcome out under "
        "`models:`"
    )


def test_one_outcome_at_the_floor_is_named_among_several() -> None:
    values = {
        outcome: dataset(4, 5, DAYS, noisy_lines(), outcome)
        for outcome in ("limb", "bulbar", "fvc")
    }
    values["bulbar"] = values["bulbar"].assign(AVAL=0.0)
    assert "joint: the values of 'bulbar' lie" in refusal(fit_of("joint"), values)


@pytest.mark.parametrize(("n_low", "n_high", "arm"), [(4, 0, "high"), (0, 5, "low")])
def test_a_primary_estimate_without_patients_of_an_arm_is_refused_in_a_line(
    n_low: int, n_high: int, arm: str
) -> None:
    """Else its effect would be shown as a result, and be its prior."""
    frame = dataset(n_low, n_high, DAYS, noisy_lines())
    primary = ("limb", "slope_difference", "high")
    plan = fit_of("single", "limb").model_copy(update={"primary_quantity": primary})
    assert refusal(plan, {"limb": frame}) == (
        "single/limb: the primary estimate, slope_difference of 'limb' for arm 'high', "
        f"would be its prior: no patient in arm {arm} has a value. Add the values, or "
        "plan another primary estimand"
    )


def test_few_values_that_fit_exactly_because_they_are_few_are_not_refused() -> None:
    """Nor is a single value off the lines: there is a posterior then."""

    def observed(frame: pd.DataFrame) -> pd.DataFrame:
        names = {"USUBJID": "patient", "ARMCD": "arm"} | {
            "ARELTM": "time",
            "AVAL": "value",
        }
        return frame.rename(columns=names)

    two_visits = observed(dataset(4, 5, TWO_WEEKS, noisy_lines()))
    assert not exactly_fitted(two_visits, 2)
    assert not exactly_fitted(observed(dataset(1, 1, [1], noisy_lines())), 2)
    floor = observed(dataset(4, 5, DAYS, lambda _i, _day: 0.0))
    assert exactly_fitted(floor, 2)
    floor.loc[5, "value"] = 1.0
    assert not exactly_fitted(floor, 2)
