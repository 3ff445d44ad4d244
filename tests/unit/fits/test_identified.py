"""What data of its own identify is reported; what they leave to the prior is not.

Whether a quantity is identified is told here by another way: it is not, where two sets
of fixed effects give every value the same mean and the quantity different values.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import linalg

from alsdecline.fits.identified import Unidentified, unidentified
from alsdecline.fits.plan import CovariateTerm, FitPlan, Sum
from alsdecline.fits.planning import fit_plan
from alsdecline.settings.file import read_settings

PATIENTS = pd.DataFrame(
    {
        "patient": ["a", "b", "c", "d"],
        "arm": ["low", "low", "high", "high"],
        "age": [50.0, 60.0, 50.0, 70.0],
    }
)


@pytest.fixture(scope="module")
def single() -> FitPlan:
    settings = read_settings(Path(__file__).parents[3] / "config.yaml")
    return fit_plan(settings, "single", "limb")


@pytest.fixture(scope="module")
def joint() -> FitPlan:
    settings = read_settings(Path(__file__).parents[3] / "config.yaml")
    return fit_plan(settings, "joint")


def values(months: dict[str, list[float]]) -> pd.DataFrame:
    """Make observations of patients at these months."""
    rows = [
        {"patient": patient, "time": month, "value": 40.0 - month}
        for patient, of_patient in months.items()
        for month in of_patient
    ]
    return pd.DataFrame(rows, columns=["patient", "time", "value"])


EVERYBODY = {patient: [0.0, 1.0, 2.0] for patient in "abcd"}


def keys(found: list[Unidentified]) -> set[tuple[str, str]]:
    return {(item.quantity, item.arm) for item in found}


OF_HIGH = {
    ("mean_slope", "high"),
    ("change_at_horizon", "high"),
    ("slope_difference", "high"),
    ("decline_ratio", "high"),
}
OF_LOW = {
    ("mean_slope", "low"),
    ("change_at_horizon", "low"),
    ("slope_difference", "high"),
    ("decline_ratio", "high"),
}


def test_all_is_identified_where_both_arms_are_followed(single: FitPlan) -> None:
    assert unidentified(single, PATIENTS, {"limb": values(EVERYBODY)}) == []
    once = EVERYBODY | {"d": [0.0], "c": [0.0, 1.0]}
    assert unidentified(single, PATIENTS, {"limb": values(once)}) == []


def test_an_arm_that_nobody_followed_has_no_slope_and_no_difference(
    single: FitPlan,
) -> None:
    early = EVERYBODY | {"c": [0.0], "d": [0.0]}
    found = unidentified(single, PATIENTS, {"limb": values(early)})
    assert keys(found) == OF_HIGH | {("effect[limb,high]", "")}
    assert {item.reason for item in found} == {
        "no patient in arm high has a value after time zero"
    }
    absent = EVERYBODY | {"c": [], "d": []}
    found = unidentified(single, PATIENTS, {"limb": values(absent)})
    assert keys(found) == OF_HIGH | {("effect[limb,high]", "")}
    assert {item.reason for item in found} == {"no patient in arm high has a value"}


def test_a_treated_arm_keeps_its_slope_where_the_reference_has_none(
    single: FitPlan,
) -> None:
    early = EVERYBODY | {"a": [0.0], "b": [0.0]}
    found = unidentified(single, PATIENTS, {"limb": values(early)})
    parameters = {("slope[limb]", ""), ("effect[limb,high]", "")}
    assert keys(found) == OF_LOW | parameters


def test_a_ratio_needs_both_slopes(single: FitPlan) -> None:
    ratio = single.model_copy(update={"model": "ratio"})
    early = EVERYBODY | {"c": [0.0], "d": [0.0]}
    found = unidentified(ratio, PATIENTS, {"limb": values(early)})
    assert keys(found) >= OF_HIGH


def test_a_bend_needs_three_times_and_a_mean_slope_to_the_horizon_only_that_time(
    single: FitPlan,
) -> None:
    """Of two times alone a parabola's change between them is known, and no other."""
    curved = single.model_copy(update={"model": "curved", "horizon_week": 40.0})
    at_horizon = curved.horizon_time
    ends = {patient: [0.0, at_horizon] for patient in "abcd"}
    found = unidentified(curved, PATIENTS, {"limb": values(ends)})
    assert {quantity for quantity, _ in keys(found)} == {
        "slope[limb]",
        "curvature[limb]",
        "effect[limb,high]",
        "effect_curvature[limb,high]",
    }
    before = {patient: [0.0, at_horizon / 2] for patient in "abcd"}
    found = unidentified(curved, PATIENTS, {"limb": values(before)})
    assert keys(found) >= OF_HIGH | OF_LOW
    assert {item.reason for item in found} == {"the values leave it to the prior"}


def test_a_level_that_no_patient_has_is_not_identified(single: FitPlan) -> None:
    term = CovariateTerm(name="sex=F", setting="sex", column="SEX", level="F")
    plan = single.model_copy(update={"covariates": [term]})
    patients = PATIENTS.assign(**{"sex=F": 0.0})
    found = unidentified(plan, patients, {"limb": values(EVERYBODY)})
    assert keys(found) == {
        ("covariate[limb,sex=F]", ""),
        ("covariate_slope[limb,sex=F]", ""),
    }


def test_a_sum_needs_every_part_and_a_pair_both(joint: FitPlan) -> None:
    plan = joint.model_copy(
        update={"outcomes": ["limb", "bulbar"], "pairs": [["limb", "bulbar"]]}
    )
    assert plan.sums == [Sum(id="total", parts=["limb", "bulbar"])]
    early = EVERYBODY | {"c": [0.0], "d": [0.0]}
    found = unidentified(
        plan, PATIENTS, {"limb": values(EVERYBODY), "bulbar": values(early)}
    )
    of_total = [item for item in found if item.outcome == "total"]
    assert keys(of_total) == OF_HIGH
    assert {item.reason for item in of_total} == {
        "bulbar: no patient in arm high has a value after time zero"
    }
    assert ("fraction_slowed_difference", "high") in keys(found)
    assert not [item for item in found if item.outcome == "limb"]


def _by_null_space(frame: pd.DataFrame) -> set[tuple[str, str]]:
    """Tell what two sets of effects with the same means differ in.

    Effects: intercept, slope, effect, age, age x time.
    """
    own = PATIENTS.set_index("patient").loc[frame["patient"]]
    month = frame["time"].to_numpy()
    high = (own["arm"] == "high").to_numpy(float)
    age = own["age"].to_numpy() - PATIENTS["age"].mean()
    design = np.column_stack(
        [np.ones(len(frame)), month, high * month, age, age * month]
    )
    null = linalg.null_space(design, rcond=1e-9)
    contrasts = {
        ("mean_slope", "low"): [0, 1, 0, 0, 0],
        ("mean_slope", "high"): [0, 1, 1, 0, 0],
        ("slope_difference", "high"): [0, 0, 1, 0, 0],
        ("covariate[limb,age]", ""): [0, 0, 0, 1, 0],
        ("covariate_slope[limb,age]", ""): [0, 0, 0, 0, 1],
    }
    return {
        key
        for key, contrast in contrasts.items()
        if null.size and np.abs(np.array(contrast) @ null).max() > 1e-7
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_is_identified_is_what_no_other_effects_explain(
    single: FitPlan, seed: int
) -> None:
    """Designs drawn at random, many of them too small for all effects."""
    rng = np.random.default_rng(seed)
    term = CovariateTerm(name="age", setting="age", column="AGE", level=None)
    plan = single.model_copy(update={"covariates": [term]})
    months = {
        patient: list(rng.choice([0.0, 0.0, 1.5, 6.0], rng.integers(0, 3)))
        for patient in "abcd"
    }
    frame = values(months)
    if frame.empty:
        frame = values({"a": [0.0]})
    found = keys(unidentified(plan, PATIENTS, {"limb": frame}))
    expected = _by_null_space(frame)
    assert {key for key in found if key in {*expected, *_ALL}} == expected


_ALL = {
    ("mean_slope", "low"),
    ("mean_slope", "high"),
    ("slope_difference", "high"),
    ("covariate[limb,age]", ""),
    ("covariate_slope[limb,age]", ""),
}
