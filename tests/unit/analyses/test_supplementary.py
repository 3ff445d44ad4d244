"""Analyses beside the models: what values they take, and closed forms of the results.

Without covariates an ANCOVA is a comparison of means; with the baseline it is the
difference of means less the pooled slope within arms times that of baselines.
"""

import numpy as np
import pandas as pd
import pytest

from alsdecline.analyses.supplementary import (
    ESTIMATES,
    STATISTICS,
    compare_at_visit,
    describe_visit,
    visit_values,
)
from alsdecline.settings.data import Arms
from alsdecline.settings.supplementary import Ancova
from support.hand_trial import rows

ARMS = Arms.model_validate(
    {
        "reference": "a",
        "groups": [
            {"id": "b", "label": "Arm B", "dose": 2},
            {"id": "a", "label": "Arm A", "dose": 0},
        ],
    }
)
"""The reference is not the first in display order."""

ADSL = pd.DataFrame(
    {
        "USUBJID": ["P1", "P2", "P3", "P4", "P5", "P6"],
        "ARMCD": ["a", "a", "a", "b", "b", "b"],
        "EFFFL": ["Y", "Y", "N", "Y", "Y", "Y"],
        "AGE": [50.0, 60, 70, 55, 65, 75],
        "SITE": ["1", "1", "2", "1", "2", "2"],
    }
)
PLAN = {
    "id": "w4",
    "label": "Week 4",
    "outcome": "score",
    "week": 4,
    "response": "change",
    "baseline": False,
}


def plan(**changes: object) -> Ancova:
    return Ancova.model_validate(PLAN | changes)


def bds(*values: tuple[object, ...]) -> pd.DataFrame:
    """Make analysis values: patient, week, value, base, flag, DTYPE."""
    columns = ["USUBJID", "AVISITN", "AVAL", "BASE", "ANL01FL", "DTYPE"]
    frame = pd.DataFrame(values, columns=columns)
    arms = dict(zip(ADSL["USUBJID"], ADSL["ARMCD"], strict=True))
    return frame.assign(
        ARMCD=frame["USUBJID"].map(arms), CHG=frame["AVAL"] - frame["BASE"]
    )


VALUES = bds(
    ("P1", 0, 10.0, 10.0, "Y", ""),
    ("P1", 4, 9.0, 10.0, "", ""),  # farther from the target
    ("P1", 4, 8.0, 10.0, "Y", ""),
    ("P1", 8, 1.0, 10.0, "Y", ""),  # another visit
    ("P2", 4, 9.0, 12.0, "Y", "LOCF"),
    ("P3", 4, 5.0, 9.0, "Y", ""),
    ("P4", 4, 7.0, 8.0, "Y", ""),
    ("P5", 4, 6.0, 6.0, "Y", ""),
    ("P6", None, 3.0, 11.0, "", ""),
)


def test_a_visit_has_the_values_that_stand_for_it_alone() -> None:
    found = visit_values(plan(), ADSL, VALUES, ARMS)
    assert rows(found, "USUBJID", "ARMCD", "AVAL", "BASE", "CHG", "DOSE") == [
        ("P1", "a", 8, 10, -2, 0),
        ("P3", "a", 5, 9, -4, 0),
        ("P4", "b", 7, 8, -1, 2),
        ("P5", "b", 6, 6, 0, 2),
    ]


def test_carried_values_are_taken_where_the_plan_says_so() -> None:
    found = visit_values(plan(carried_forward=True), ADSL, VALUES, ARMS)
    assert list(found["USUBJID"]) == ["P1", "P2", "P3", "P4", "P5"]


def test_a_population_leaves_out_who_is_not_in_it() -> None:
    found = visit_values(plan(population="EFFFL"), ADSL, VALUES, ARMS)
    assert list(found["USUBJID"]) == ["P1", "P4", "P5"]


def test_covariates_come_with_the_patient() -> None:
    one = plan(factors=["site"], covariates=["age"])
    found = visit_values(one, ADSL, VALUES, ARMS)
    assert rows(found, "USUBJID", "SITE", "AGE") == [
        ("P1", "1", 50),
        ("P3", "2", 70),
        ("P4", "1", 55),
        ("P5", "2", 65),
    ]


def test_a_visit_of_no_whole_week_is_named_by_a_few_digits() -> None:
    values = VALUES.assign(AVISITN=VALUES["AVISITN"] * 30 / 28)
    assert len(visit_values(plan(week=4.2857), ADSL, values, ARMS)) == 4


def test_the_description_of_a_visit_is_that_of_its_values() -> None:
    table = describe_visit(plan(), visit_values(plan(), ADSL, VALUES, ARMS), ARMS)
    assert list(table.columns) == STATISTICS
    # arm a: baselines 10 and 9, values 8 and 5, changes -2 and -4
    assert rows(table, "variable", "arm", "n", "mean", "median", "min", "max") == [
        ("BASE", "b", 2, 7, 7, 6, 8),
        ("BASE", "a", 2, 9.5, 9.5, 9, 10),
        ("AVAL", "b", 2, 6.5, 6.5, 6, 7),
        ("AVAL", "a", 2, 6.5, 6.5, 5, 8),
        ("CHG", "b", 2, -0.5, -0.5, -1, 0),
        ("CHG", "a", 2, -3, -3, -4, -2),
    ]
    # two values have the standard deviation of half their distance, times root 2
    assert table["sd"].iloc[-1] == pytest.approx(2**0.5)


def test_what_has_no_baseline_is_not_described_by_one() -> None:
    values = VALUES.assign(BASE=np.nan, CHG=np.nan)
    frame = visit_values(plan(), ADSL, values, ARMS)
    table = describe_visit(plan(), frame, ARMS)
    assert set(table["variable"]) == {"AVAL"}
    empty = describe_visit(plan(), frame.iloc[:0], ARMS)
    assert empty.empty
    assert list(empty.columns) == STATISTICS


def compare(one: Ancova, values: pd.DataFrame = VALUES) -> pd.DataFrame:
    frame = visit_values(one, ADSL, values, ARMS)
    table = compare_at_visit(one, frame, ARMS, 0.95)
    assert list(table.columns) == ESTIMATES
    assert set(table["analysis"]) == {"w4"}
    return table.set_index("quantity")


def test_without_covariates_means_are_compared() -> None:
    table = compare(plan())
    difference = table.loc["difference"]
    # -0.5 of b less -3 of a; squares about the means 2 + 0.5 on 2 degrees of freedom
    assert (difference["arm"], difference["versus"]) == ("b", "a")
    assert difference["estimate"] == pytest.approx(2.5)
    assert difference["df"] == 2
    assert difference["se"] == pytest.approx((1.25 * (1 / 2 + 1 / 2)) ** 0.5)
    # t with 2 degrees of freedom has the quantile 4.3027 (tables) at 0.975, and the
    # two-sided p-value 1 - t / root(2 + t^2)
    half = 4.30265273 * difference["se"]
    assert difference["lower"] == pytest.approx(2.5 - half, rel=1e-8)
    assert difference["upper"] == pytest.approx(2.5 + half, rel=1e-8)
    t = 2.5 / difference["se"]
    assert difference["p_value"] == pytest.approx(1 - t / (2 + t**2) ** 0.5)
    assert rows(table.loc[["ls_mean"]], "arm", "estimate") == [
        ("a", pytest.approx(-3)),
        ("b", pytest.approx(-0.5)),
    ]
    assert set(table["note"]) == {""}


def test_the_response_may_be_the_value_itself() -> None:
    # 6.5 in both arms
    table = compare(plan(response="value"))
    assert table.loc["difference", "estimate"] == pytest.approx(0, abs=1e-12)


def test_the_baseline_adjusts_by_its_slope_within_arms() -> None:
    table = compare(plan(baseline=True, carried_forward=True))
    # arm a: baselines 10, 12, 9, changes -2, -3, -4; arm b: 8, 6 and -1, 0. About the
    # means, squares of baselines are 14/3 and 2, products 1 and -1: the slope is 0
    assert table.loc["difference", "estimate"] == pytest.approx(-0.5 + 3)
    assert table.loc["difference", "df"] == 2
    values = VALUES.assign(CHG=VALUES["CHG"].where(VALUES["AVAL"] != 6, -1.0))
    # now the changes of b are both -1, products 1 and 0, and the slope 1 / (20/3)
    slope = 3 / 20
    adjusted = -1 + 3 - slope * (7 - 31 / 3)
    table = compare(plan(baseline=True, carried_forward=True), values)
    assert table.loc["difference", "estimate"] == pytest.approx(adjusted)


def test_the_trend_in_dose_is_the_slope_of_a_line() -> None:
    table = compare(plan(dose_response=True))
    # two doses, 0 and 2: half the difference of means, with its p-value
    assert table.loc["dose_response", "estimate"] == pytest.approx(2.5 / 2)
    assert table.loc["dose_response", "p_value"] == pytest.approx(
        table.loc["difference", "p_value"]
    )


FAILURES = {
    "nobody at the visit": (
        plan(week=12, population="EFFFL"),
        VALUES,
        (
            "week 12: no patient of population EFFFL in arm b, a has a change from "
            "baseline; where it is the baseline that is missing, write `response: "
            "value` and `baseline: false`, or, where a column of the subjects has it, "
            "`baseline: {column: NAME, use: row}` below the outcome; else choose "
            "another week or population"
        ),
    ),
    "one arm alone": (
        plan(),
        VALUES[VALUES["ARMCD"] == "b"],
        "week 4: no patient in arm a has a change from baseline; where it",
    ),
    "nobody has a baseline": (
        plan(),
        VALUES.assign(BASE=np.nan, CHG=np.nan),
        "week 4: no patient in arm b, a has a change from baseline",
    ),
    "a factor that is the arm": (
        plan(factors=["arm_again"]),
        VALUES,
        "linearly dependent",
    ),
    "a covariate that is the same for all": (
        plan(covariates=["one"]),
        VALUES,
        "covariate 'ONE' is 1.0 for every patient analysed: leave it out of the model",
    ),
    "no patients left over": (
        plan(factors=["site"], covariates=["age"]),
        VALUES,
        "4 patients for 4 coefficients leave no residual degrees of freedom; pool",
    ),
    "nobody has the covariate": (
        plan(covariates=["nothing"]),
        VALUES,
        "no patient of arm 'a' has response, factors and covariates",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_an_analysis_that_cannot_be_done_is_one_row_that_says_why(name: str) -> None:
    one, values, says = FAILURES[name]
    adsl = ADSL.assign(ARM_AGAIN=ADSL["ARMCD"], ONE=1.0, NOTHING=np.nan)
    frame = visit_values(one, adsl, values, ARMS)
    table = compare_at_visit(one, frame, ARMS, 0.95)
    assert list(table.columns) == ESTIMATES
    assert rows(table, "analysis", "quantity", "estimate") == [("w4", "failed", None)]
    (note,) = table["note"]
    assert says in note
    assert len(note) > 20
    assert "\n" not in note
