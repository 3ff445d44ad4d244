"""One job fits a model under every prior, and without each patient."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alsdecline.faults import DataError
from alsdecline.fits.data import fit_patients
from alsdecline.fits.job import Fit, patients_left_out, run_fit
from alsdecline.fits.plan import CovariateTerm, FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.models.explicit.model import ExplicitModel
from alsdecline.models.layout import TrialLayout
from alsdecline.models.sampling import CompiledModel
from alsdecline.settings.file import read_settings
from alsdecline.settings.models import CovariatePrior
from support.trial_folder import PROJECT

PATIENTS = {"P1": "low", "P2": "high", "P3": "low", "P4": "high"}


@pytest.fixture(scope="module")
def plan() -> FitPlan:
    settings = read_settings(Path(PROJECT / "config.yaml"))
    short = settings.sampler.model_copy(update={"chains": 2, "tune": 200, "draws": 100})
    whole = fit_plan(settings, "single", "limb")
    weak = {"weak": whole.alternatives["weak"]}
    return whole.model_copy(update={"sampler": short, "alternatives": weak})


def bds(rise: float = 0.0) -> pd.DataFrame:
    """Simulate four patients; P4's values are higher by `rise`."""
    rng = np.random.default_rng(7)
    days = np.arange(0, 280, 28)
    frames = [
        pd.DataFrame(
            {
                "USUBJID": patient,
                "ARMCD": arm,
                "ARELTM": 1.0 * days,
                "AVAL": 45 - 2 * days / 30.4375 + rng.normal(0, 3, days.size),
                "DTYPE": "",
            }
        )
        for patient, arm in PATIENTS.items()
    ]
    frames[-1]["AVAL"] += rise
    return pd.concat(frames, ignore_index=True)


def fits(plan: FitPlan, values: pd.DataFrame) -> dict[tuple[str, str], Fit]:
    found = run_fit(plan, {"limb": values}, lambda _: None)
    return {(fit.prior, fit.without): fit for fit in found}


@pytest.fixture(scope="module")
def fitted(plan: FitPlan) -> dict[tuple[str, str], Fit]:
    return fits(plan, bds())


def test_the_plans_prior_comes_first_then_the_others_then_each_patient_left_out(
    fitted: dict[tuple[str, str], Fit],
) -> None:
    without = [("default", patient) for patient in PATIENTS]
    assert list(fitted) == [("default", ""), ("weak", ""), *without]


def test_the_values_of_who_is_left_out_do_not_matter_and_the_others_do(
    plan: FitPlan, fitted: dict[tuple[str, str], Fit]
) -> None:
    again = fits(plan, bds(rise=30.0))
    same = ("default", "P4")
    pd.testing.assert_frame_equal(again[same].draws, fitted[same].draws)
    other = ("default", "P1")
    assert not again[other].draws.equals(fitted[other].draws)


def test_cores_do_not_change_a_bit(
    plan: FitPlan, fitted: dict[tuple[str, str], Fit]
) -> None:
    once = plan.model_copy(update={"leave_out_at_most": 0})
    for fit in run_fit(once, {"limb": bds()}, lambda _: None, cores=2):
        draws = fitted[fit.prior, fit.without].draws
        pd.testing.assert_frame_equal(fit.draws, draws, check_exact=True)


def left_out(plan: FitPlan, values: dict[str, pd.DataFrame]) -> list[str]:
    return patients_left_out(plan, values, fit_patients(plan, values, None))


def test_nobody_is_left_out_where_there_are_more_than_the_plan_says(
    plan: FitPlan,
) -> None:
    values = {"limb": bds()}
    assert left_out(plan, values) == list(PATIENTS)
    few = plan.model_copy(update={"leave_out_at_most": 3})
    assert left_out(few, values) == []


def test_nobody_is_left_out_without_whom_an_arm_would_be_empty(plan: FitPlan) -> None:
    values = bds()
    one_in_high = values[values["USUBJID"] != "P4"]
    assert left_out(plan, {"limb": one_in_high}) == ["P1", "P3"]


def test_a_primary_estimate_that_would_be_its_prior_stops_the_run(
    plan: FitPlan,
) -> None:
    primary = ("limb", "slope_difference", "high")
    of_primary = plan.model_copy(update={"primary_quantity": primary})
    values = bds()
    in_high = values["USUBJID"].isin(["P2", "P4"])
    early = values[~in_high | (values["ARELTM"] <= 0)]
    with pytest.raises(DataError, match="would be its prior: no patient in arm high"):
        run_fit(of_primary, {"limb": early}, lambda _: None)


@pytest.fixture(scope="module")
def robust_plan() -> FitPlan:
    settings = read_settings(Path(PROJECT / "config.yaml"))
    short = settings.sampler.model_copy(update={"chains": 2, "tune": 200, "draws": 100})
    terms = [CovariateTerm(name="age", setting="age", column="AGE", level=None)]
    whole = fit_plan(settings, "robust", "limb")
    prior = whole.priors["limb"].model_copy(
        update={"covariates": {"age": CovariatePrior(baseline_sd=0.5, slope_sd=0.1)}}
    )
    return whole.model_copy(
        update={
            "sampler": short,
            "alternatives": {},
            "covariates": terms,
            "priors": {"limb": prior},
        }
    )


def robust_fits(plan: FitPlan, values: pd.DataFrame) -> dict[str, Fit]:
    adsl = pd.DataFrame({"USUBJID": [*PATIENTS], "AGE": [50.0, 60.0, 65.0, 70.0]})
    found = run_fit(plan, {"limb": values}, lambda _: None, adsl=adsl)
    return {fit.without: fit for fit in found}


@pytest.mark.slow
def test_explicit_members_leave_patients_out_with_one_compilation(
    robust_plan: FitPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their effects stay, without observations, and the others do not feel them."""
    compiled: list[int] = []
    compile_once = ExplicitModel.compile

    def counted(model: ExplicitModel, trial: TrialLayout) -> CompiledModel:
        compiled.append(trial.n_patients)
        return compile_once(model, trial)

    monkeypatch.setattr(ExplicitModel, "compile", counted)
    first = robust_fits(robust_plan, bds())
    assert compiled == [4]
    assert list(first) == ["", *PATIENTS]
    again = robust_fits(robust_plan, bds(rise=30.0))
    pd.testing.assert_frame_equal(again["P4"].draws, first["P4"].draws)
    assert not again["P1"].draws.equals(first["P1"].draws)
    assert "covariate_slope[limb,age]" in first[""].draws
    reported = first[""].attempts[-1]
    assert {"r_hat_of", "ess_bulk_of", "failures"} <= set(reported)
