"""Each nuisance does what it says, and nothing where it is off.

Shares are held to exact binomial quantiles, each at a false-alarm probability of at
most ``FALSE_ALARM`` should a new NumPy change the streams; no test has more than two.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.models.simulate import DeclineParameters
from alsdecline.models.structure import Structure
from alsdecline.simulation.conduct import (
    Nuisances,
    SimulatedTrial,
    VisitSchedule,
    simulate_trial,
)

FALSE_ALARM = 5e-6
STRUCTURE = Structure(("limb", "bulbar"), "low", ("high",))
VALUES = {
    "intercept[limb]": 45.0,
    "slope[limb]": -2.0,
    "effect[limb,high]": 1.0,
    "intercept[bulbar]": 32.0,
    "slope[bulbar]": -1.0,
    "effect[bulbar,high]": 0.0,
    "sd_intercept[limb]": 8.0,
    "sd_slope[limb]": 1.7,
    "sd_intercept[bulbar]": 5.0,
    "sd_slope[bulbar]": 0.75,
    "sd_residual[limb]": 2.5,
    "sd_residual[bulbar]": 1.5,
}
WEEKS = tuple(range(0, 41, 4))
LAST_DAY = 280
MONTHS_OF_TRIAL = LAST_DAY / 30.4375  # months are days / 30.4375 (statistics: data)
N = 4000


def trial(
    values: dict[str, float] | None = None, window_days: int = 0, **nuisances: Any
) -> SimulatedTrial:
    patients = pd.DataFrame(
        {
            "patient": [f"P{i:04d}" for i in range(N)],
            "arm": np.repeat(["low", "high"], N // 2),
        }
    )
    return simulate_trial(
        STRUCTURE,
        DeclineParameters.from_names(STRUCTURE, VALUES | (values or {})),
        patients,
        VisitSchedule(WEEKS, window_days),
        Nuisances(**nuisances),
        np.random.default_rng(3),
    )


def assert_binomial(count: int, n: int, probability: float) -> None:
    low, high = stats.binom.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], n, probability)
    assert low <= count <= high


@pytest.fixture(scope="module")
def plain() -> SimulatedTrial:
    return trial()


def test_without_nuisances_every_patient_has_every_value(plain: SimulatedTrial) -> None:
    seen = plain.observations
    assert len(seen) == N * 2 * len(WEEKS)
    assert not seen["value"].isna().any()
    assert (seen["day"] == 7 * seen["week"]).all()
    assert (plain.patients["status"] == "completed").all()
    assert (plain.patients["last_day"] == LAST_DAY).all()


def test_months_are_days_over_30_4375(plain: SimulatedTrial) -> None:
    seen = plain.observations
    np.testing.assert_allclose(seen["month"] * 30.4375, seen["day"])


def test_the_truth_given_is_what_the_values_came_from() -> None:
    exact = trial({"sd_residual[limb]": 0.0, "sd_residual[bulbar]": 0.0}, 3)
    seen = exact.observations.merge(exact.random_effects, on=["patient", "outcome"])
    assert len(seen) == len(exact.observations)
    limb = seen["outcome"] == "limb"
    intercept = np.where(limb, 45.0, 32.0)
    slope = np.where(limb, np.where(seen["arm"] == "high", -1.0, -2.0), -1.0)
    expected = (
        intercept
        + seen["random_intercept"]
        + (slope + seen["random_slope"]) * seen["month"]
    )
    np.testing.assert_allclose(seen["value"], expected, atol=1e-9)


def test_visits_stay_in_their_window_and_the_first_is_day_0() -> None:
    seen = trial(window_days=3).observations
    shift = seen["day"] - 7 * seen["week"]
    first = seen["week"] == 0
    assert (shift[first] == 0).all()
    assert set(shift[~first]) == {-3, -2, -1, 0, 1, 2, 3}


def test_missed_visits_have_no_row_but_the_first_is_never_missed(
    plain: SimulatedTrial,
) -> None:
    seen = trial(missed_visit=0.2).observations
    attended = seen[["patient", "week"]].drop_duplicates()
    assert (attended["week"] == 0).sum() == N
    due = N * (len(WEEKS) - 1)
    assert_binomial(due - (attended["week"] > 0).sum(), due, 0.2)
    assert len(seen) == 2 * len(attended)
    # The visits that took place are those of the trial without missed visits.
    both = seen.merge(plain.observations, on=["patient", "outcome", "week"])
    assert (both["value_x"] == both["value_y"]).all()
    assert len(both) == len(seen)


def test_missing_outcomes_are_blank_and_change_no_other_value(
    plain: SimulatedTrial,
) -> None:
    values = trial(missing_outcome=0.1).observations["value"]
    assert_binomial(values.isna().sum(), len(values), 0.1)
    there = values.notna()
    assert (values[there] == plain.observations["value"][there]).all()


def test_drop_out_has_its_hazard_and_ends_the_record() -> None:
    left = trial(dropout_hazard=0.05)
    withdrawn = left.patients["status"] == "withdrawn"
    assert set(left.patients["status"]) == {"completed", "withdrawn"}
    assert_binomial(withdrawn.sum(), N, 1 - np.exp(-0.05 * MONTHS_OF_TRIAL))
    assert (left.patients.loc[withdrawn, "last_day"] < LAST_DAY).all()
    seen = left.observations.merge(left.patients, on="patient")
    assert (seen["day"] <= seen["last_day"]).all()


def test_deaths_have_their_hazard_and_nothing_follows_them() -> None:
    ended = trial(death_hazard=0.03)
    died = ended.patients["status"] == "died"
    assert set(ended.patients["status"]) == {"completed", "died"}
    assert_binomial(died.sum(), N, 1 - np.exp(-0.03 * MONTHS_OF_TRIAL))
    seen = ended.observations.merge(ended.patients, on="patient")
    assert (seen["day"] <= seen["last_day"]).all()


def test_who_declines_faster_dies_sooner_where_hazards_follow_the_course() -> None:
    """The hazard doubles with each SD of slope; integrals over the SDs give the truth.

    Of the mean a false alarm in a million: 5 standard errors.
    """
    ended = trial(death_hazard=0.03, hazard_ratios={"limb": 2.0})
    survived = (ended.patients["status"] == "completed").to_numpy()
    z, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    survival = np.exp(-0.03 * 2.0**-z * MONTHS_OF_TRIAL)
    share = float(weights @ survival)
    assert_binomial((~survived).sum(), N, 1 - share)
    effects = ended.random_effects
    slopes = effects.loc[effects["outcome"] == "limb", "random_slope"].to_numpy()
    sd = VALUES["sd_slope[limb]"]
    mean = float(weights @ (survival * z)) / share
    second = float(weights @ (survival * z**2)) / share
    error = np.sqrt((second - mean**2) / survived.sum())
    assert mean > 0.1
    assert abs((slopes[survived] / sd).mean() - mean) < 5 * error


def test_hazards_that_follow_no_outcome_of_the_trial_are_refused() -> None:
    with pytest.raises(ValueError, match="hazard ratio of an unknown outcome: limbs"):
        trial(death_hazard=0.03, hazard_ratios={"limbs": 2.0})


def test_of_drop_out_and_death_the_first_counts() -> None:
    both = trial(dropout_hazard=0.06, death_hazard=0.03).patients["status"]
    # Competing exponentials: the share of an event is its hazard's share.
    any_event = 1 - np.exp(-0.09 * MONTHS_OF_TRIAL)
    assert_binomial((both == "died").sum(), N, any_event / 3)
    assert_binomial((both == "withdrawn").sum(), N, any_event * 2 / 3)


def test_a_withdrawal_by_design_happens_on_its_day(plain: SimulatedTrial) -> None:
    ended = trial(withdrawal_days={"P0007": 85})
    patients = ended.patients.set_index("patient")
    assert patients["status"]["P0007"] == "withdrawn"
    assert patients["last_day"]["P0007"] == 85
    assert (patients.drop(index="P0007")["status"] == "completed").all()
    own = ended.observations["patient"] == "P0007"
    assert ended.observations.loc[own, "week"].max() == 12
    others = plain.observations["patient"] != "P0007"
    pd.testing.assert_frame_equal(
        ended.observations[~own].reset_index(drop=True),
        plain.observations[others].reset_index(drop=True),
    )


def test_rounding_is_to_the_nearest_whole_point_and_of_its_outcome_alone(
    plain: SimulatedTrial,
) -> None:
    rounded = trial(whole_points=frozenset({"limb"})).observations
    limb = rounded["outcome"] == "limb"
    assert (rounded.loc[limb, "value"] % 1 == 0).all()
    change = (rounded["value"] - plain.observations["value"]).abs()
    assert change[limb].max() <= 0.5
    assert (change[~limb] == 0).all()


def test_floor_and_ceiling_hold_values_beyond_and_no_others(
    plain: SimulatedTrial,
) -> None:
    seen = trial(limits={"limb": (30.0, 50.0)}).observations
    before, after = plain.observations["value"], seen["value"]
    limb = seen["outcome"] == "limb"
    assert (after[limb & (before < 30.0)] == 30.0).all()
    assert (after[limb & (before > 50.0)] == 50.0).all()
    within = ~limb | before.between(30.0, 50.0)
    assert (after[within] == before[within]).all()
    # Both limits were put to the test.
    assert (limb & (before < 30.0)).any()
    assert (limb & (before > 50.0)).any()


@pytest.mark.parametrize(
    ("weeks", "window_days", "message"),
    [
        ((2, 4), 0, "rise from 0"),
        ((0, 4, 4), 0, "rise from 0"),
        ((), 0, "rise from 0"),
        ((0, 2, 4), 7, "would overlap"),
        ((0, 2, 4), -1, "at least 0"),
    ],
)
def test_a_schedule_on_which_visits_could_change_places_is_refused(
    weeks: tuple[int, ...], window_days: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        VisitSchedule(weeks, window_days)


def test_a_withdrawal_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown patients: P9999"):
        trial(withdrawal_days={"P9999": 85})
