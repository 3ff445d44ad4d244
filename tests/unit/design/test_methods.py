"""Methods on many trials at once give what those on one trial give, and theory."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.analyses.ancova import ancova
from alsdecline.analyses.mixed_model import fit_mixed_model, parameter_table
from alsdecline.analyses.patient_slopes import ordinary_slopes
from alsdecline.analyses.permutation import permutation_test
from alsdecline.analyses.two_samples import welch
from alsdecline.design.comparison import Comparison, Estimates
from alsdecline.design.mixed_models import mixed_model
from alsdecline.design.nuisances import Departure, Nuisances
from alsdecline.design.simulated_trials import Scenario, simulate_trials
from alsdecline.design.slope_tests import permutation, t_on_slopes
from alsdecline.design.trial_design import Arm, StratifiedBlocks, TrialDesign
from alsdecline.design.truth import Difference, OutcomeTruth, Truth
from alsdecline.design.visit_ancova import ancova_of_last_value

FALSE_ALARM = 1e-5
LEVEL = 0.95
MONTHS = tuple(28 / 30.4375 * i for i in range(11))
LIMB = OutcomeTruth("limb", 45.0, -2.2, 8.0, 1.7, 2.5, {"high": Difference(1.2)})
BULBAR = OutcomeTruth("bulbar", 32.0, -0.85, 5.0, 0.75, 1.5)
DESIGN = TrialDesign((Arm("low", 5), Arm("mid", 3), Arm("high", 4)), MONTHS, window=0.1)
NUISANCES = Nuisances(Departure(0.05), missed_visit=0.1)
METHODS: dict[str, Callable[[Comparison], Estimates]] = {
    "student": lambda data: t_on_slopes(data, LEVEL),
    "welch": lambda data: t_on_slopes(data, LEVEL, equal_variances=False),
    "permutation": lambda data: permutation(data, LEVEL, 7),
    "ancova": lambda data: ancova_of_last_value(data, LEVEL),
    "mixed model": lambda data: mixed_model(data, LEVEL),
}


def compared(
    numbers: range | list[int],
    design: TrialDesign = DESIGN,
    limb: OutcomeTruth = LIMB,
    nuisances: Nuisances = NUISANCES,
) -> Comparison:
    scenario = Scenario(design, Truth((BULBAR, limb)), nuisances)
    trials = simulate_trials(scenario, 7, numbers)
    return Comparison.of(scenario, trials, "limb", "high", ("low",))


def frame_of(data: Comparison, b: int) -> pd.DataFrame:
    """Observations of one trial, a row each."""
    i, t = np.nonzero(np.isfinite(data.responses[b]))
    return pd.DataFrame(
        {
            "patient": [f"p{n:02d}" for n in i],
            "time": data.times[b][i, t],
            "value": data.responses[b][i, t],
            "visit": t,
            "arm": np.where(data.treated[b][i], "high", "low"),
        }
    )


@pytest.fixture(scope="module")
def data() -> Comparison:
    return compared(range(6))


def assert_same(
    got: Estimates, b: int, expected: list[float], rel: float = 1e-9
) -> None:
    found = [got.estimate[b], got.lower[b], got.upper[b], got.p_value[b]]
    assert found == pytest.approx(expected, rel=rel)


def test_the_third_arm_is_left_out(data: Comparison) -> None:
    assert (data.compared.sum(axis=1) == 9).all()
    assert (data.treated.sum(axis=1) == 4).all()
    assert np.isnan(data.responses[~data.compared]).all()


def test_slopes_and_their_t_tests_are_those_of_one_trial(data: Comparison) -> None:
    by_student, by_welch, by_permutation = (
        METHODS[name](data) for name in ("student", "welch", "permutation")
    )
    for b in range(6):
        frame = frame_of(data, b)
        table = ordinary_slopes(frame).dropna(subset=["slope"])
        arm = frame.groupby("patient")["arm"].first()
        treated = table["patient"].map(arm).to_numpy() == "high"
        slopes = table["slope"].to_numpy()
        student = stats.ttest_ind(slopes[treated], slopes[~treated])
        interval = student.confidence_interval(LEVEL)
        estimate = slopes[treated].mean() - slopes[~treated].mean()
        ends = [interval.low, interval.high, student.pvalue]
        assert_same(by_student, b, [estimate, *ends])
        for got, one in (
            (by_welch, welch(slopes[treated], slopes[~treated], LEVEL)),
            (by_permutation, permutation_test(slopes, treated, seed=0)),
        ):
            assert_same(got, b, [one.estimate, one.lower, one.upper, one.p_value])


def test_analysis_of_covariance_is_that_of_one_trial(data: Comparison) -> None:
    got = METHODS["ancova"](data)
    for b in range(6):
        frame = frame_of(data, b)
        patients = frame.groupby("patient")
        later = frame[frame["visit"] > 0].groupby("patient")["value"].last()
        table = pd.DataFrame(
            {
                "last": later,
                "baseline": patients["value"].first(),
                "arm": patients["arm"].first(),
            }
        )
        pairs, _ = ancova(
            table,
            response="last",
            arm="arm",
            arms=["low", "high"],
            reference="low",
            covariates=["baseline"],
            level=LEVEL,
        )
        one = pairs.iloc[0]
        ends = [one[name] / MONTHS[-1] for name in ("estimate", "lower", "upper")]
        assert_same(got, b, [*ends, one["p_value"]])


def test_mixed_models_are_those_of_one_trial(data: Comparison) -> None:
    """Within what two searches for the same maximum leave."""
    got = METHODS["mixed model"](data)
    for b in range(2):
        frame = frame_of(data, b)
        ones, time = np.ones(len(frame)), frame["time"].to_numpy()
        lines = {"intercept": ones, "time": time}
        effect = time * (frame["arm"] == "high")
        fit = fit_mixed_model(
            frame["value"], {**lines, "effect": effect}, frame["patient"], lines
        )
        one = parameter_table(fit, LEVEL).set_index("parameter").loc["effect"]
        ends = [one[name] for name in ("estimate", "lower", "upper", "p_value")]
        assert_same(got, b, ends, rel=1e-4)


def test_a_variance_of_zero_is_found_as_in_one_trial() -> None:
    """Slopes that do not vary: in some trials the best SD of them is zero."""
    still = dataclasses.replace(LIMB, sd_slope=0.0)
    data = compared(range(2), limb=still, nuisances=Nuisances())
    got = mixed_model(data, LEVEL)
    at_zero = 0
    for b in range(2):
        frame = frame_of(data, b)
        ones, time = np.ones(len(frame)), frame["time"].to_numpy()
        lines = {"intercept": ones, "time": time}
        effect = time * (frame["arm"] == "high")
        fit = fit_mixed_model(
            frame["value"], {**lines, "effect": effect}, frame["patient"], lines
        )
        at_zero += np.linalg.matrix_rank(fit.random_covariance) < 2
        one = parameter_table(fit, LEVEL).set_index("parameter").loc["effect"]
        ends = [one[name] for name in ("estimate", "lower", "upper", "p_value")]
        assert_same(got, b, ends, rel=1e-3)
    assert at_zero > 0


@pytest.mark.parametrize("name", METHODS)
def test_a_trials_result_does_not_depend_on_its_batch(
    name: str, data: Comparison
) -> None:
    together, alone = METHODS[name](data), METHODS[name](compared([4]))
    for field in dataclasses.fields(Estimates):
        whole = getattr(together, field.name)[4:5].tobytes()
        assert getattr(alone, field.name).tobytes() == whole


@pytest.mark.parametrize("name", METHODS)
def test_a_trial_without_slopes_fails_alone(name: str, data: Comparison) -> None:
    """In one the treated have no value, in one nobody has more than one."""
    responses = data.responses.copy()
    responses[1][data.treated[1]] = np.nan
    responses[2, :, 1:] = np.nan
    got = METHODS[name](dataclasses.replace(data, responses=responses))
    assert np.isnan(got.p_value).tolist() == [False, True, True, False, False, False]
    assert np.isfinite(got.estimate).tolist() == np.isfinite(got.p_value).tolist()


def test_four_against_five_reject_by_six_of_126_allocations() -> None:
    """All p-values are n/126; without effect 6/126 of trials have one below 0.05."""
    null = dataclasses.replace(LIMB, effects={})
    design = TrialDesign((Arm("low", 5), Arm("high", 4)), MONTHS)
    p = permutation(compared(range(3000), design, null, Nuisances()), LEVEL, 7).p_value
    assert p * 126 == pytest.approx(np.rint(p * 126))
    found = stats.binomtest(int((p <= 0.05).sum()), p.size, 6 / 126)
    assert found.pvalue > FALSE_ALARM


def test_methods_reject_at_their_level_without_an_effect() -> None:
    """Approximate ones within 0.02 of it and chance, of 12 patients."""
    null = dataclasses.replace(LIMB, effects={})
    design = TrialDesign((Arm("low", 6), Arm("high", 6)), MONTHS)
    data = compared(range(1500), design, null, Nuisances(missed_visit=0.1))
    for name, slack in (("student", 0.0), ("ancova", 0.0), ("mixed model", 0.02)):
        p = METHODS[name](data).p_value
        rejected = int((p <= 0.05).sum())
        low, high = stats.binom.ppf(
            [FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], p.size, [0.05 - slack, 0.05 + slack]
        )
        assert low <= rejected <= high, name


def test_permutations_keep_to_the_strata() -> None:
    """Strata that differ by far: within them no allocation looks like the effect."""
    limb = dataclasses.replace(
        LIMB, effects={}, sd_slope=0.1, stratum_slopes=(0.0, -30.0)
    )
    blocks = StratifiedBlocks((0.5, 0.5), (1, 1))
    design = TrialDesign((Arm("low", 6), Arm("high", 6)), MONTHS, strata=blocks)
    data = compared(range(200), design, limb, Nuisances())
    stratified = permutation(data, LEVEL, 7).p_value
    ignored = dataclasses.replace(data, stratum=np.zeros_like(data.stratum))
    assert (stratified <= 0.05).mean() > 0.01
    assert (permutation(ignored, LEVEL, 7).p_value <= 0.05).mean() < 0.01
