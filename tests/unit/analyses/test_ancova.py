"""Analysis of covariance against a published trial and against closed forms.

The trial is CDISC Pilot 01 (xanomeline in Alzheimer's disease): table 14-3.01 of its
report, ADAS-Cog (11) at week 24, last observation carried forward, in which site group
is a factor and the baseline a covariate. The printed table is the same in the
replications of Atorus and of the R Consortium (pilots 1 and 3); digits beyond it were
computed with R's ``lm`` and lie beside the data, in SOURCE.md.
"""

import gzip
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from alsdecline.analyses.ancova import ancova, dose_response
from alsdecline.analyses.linear_model import dependent_columns, t_inference
from alsdecline.faults import DataError

ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")
MODEL = {"response": "CHG", "factors": ["SITEGR1"], "covariates": ["BASE"]}
BY_ARM = {"arm": "TRTP", "arms": ARMS, "reference": "Placebo"}


@pytest.fixture(scope="module")
def week_24(reference):
    file = reference / "data" / "cdisc_pilot01" / "xpt" / "adqsadas_reexported.xpt.gz"
    content = io.BytesIO(gzip.decompress(file.read_bytes()))
    table = pd.read_sas(content, format="xport", encoding="utf-8")
    # pandas reads the zero of an IBM mainframe as 5.4e-79
    numbers = table.select_dtypes("number")
    table[numbers.columns] = numbers.mask(numbers.abs() < 1e-70, 0.0)
    yes = (table[["EFFFL", "ITTFL", "ANL01FL"]] == "Y").all(axis=1)
    return table[yes & (table["PARAMCD"] == "ACTOT") & (table["AVISITN"] == 24)]


@pytest.fixture(scope="module")
def results(week_24):
    return ancova(week_24, **MODEL, **BY_ARM, level=0.95)


def test_comparisons_of_arms_are_those_of_r(results):
    """Estimate, SE, p-value and interval to the digits that R's lm gave."""
    comparisons, _ = results
    expected = [
        # low - placebo, high - placebo, high - low: from SOURCE.md
        (-0.4667823575, 0.8180422223, 0.5688469713, -2.078984544, 1.145419829),
        (-1.0060135977, 0.8405293568, 0.2326410959, -2.662533555, 0.6505063591),
        (-0.5392312402, 0.8361089016, 0.5196448708, -2.187039339, 1.108576859),
    ]
    columns = ["estimate", "se", "p_value", "lower", "upper"]
    assert comparisons[columns].to_numpy() == pytest.approx(
        np.array(expected), rel=1e-9
    )
    assert comparisons["t"][0] == pytest.approx(-0.570609126, rel=1e-8)
    assert set(comparisons["df"]) == {220}


def test_comparisons_of_arms_are_the_published_ones(results):
    """Table 14-3.01 as printed, every arm against every earlier one."""
    comparisons, _ = results
    printed = [
        (
            f"{row.arm} - {row.versus}: {row.estimate:.1f} ({row.se:.2f}), "
            f"{row.lower:.1f};{row.upper:.1f}, p {row.p_value:.3f}"
        )
        for row in comparisons.itertuples()
    ]
    placebo, low, high = ARMS
    assert printed == [
        f"{low} - {placebo}: -0.5 (0.82), -2.1;1.1, p 0.569",
        f"{high} - {placebo}: -1.0 (0.84), -2.7;0.7, p 0.233",
        f"{high} - {low}: -0.5 (0.84), -2.2;1.1, p 0.520",
    ]


def test_dose_response_is_that_of_r_and_of_the_report(week_24):
    """Slope on the dose of 0, 54 or 81 mg; printed p-value 0.245."""
    result = dose_response(week_24, **MODEL, dose="TRTPN", level=0.95).iloc[0]
    assert result["estimate"] == pytest.approx(-0.01179222363, rel=1e-9)
    assert result["se"] == pytest.approx(0.01010984034, rel=1e-9)
    assert result["p_value"] == pytest.approx(0.24470567387, rel=1e-9)
    assert (result["n"], result["df"]) == (234, 221)
    half = stats.t.ppf(0.975, 221) * result["se"]
    assert result["upper"] - result["estimate"] == pytest.approx(half, rel=1e-12)
    assert result["estimate"] - result["lower"] == pytest.approx(half, rel=1e-12)


def test_patients_analysed_are_the_published_ones(results):
    """79, 81 and 74 patients, none without baseline or change."""
    _, means = results
    assert means["arm"].tolist() == list(ARMS)
    assert means["n"].tolist() == [79, 81, 74]
    assert means["n_left_out"].tolist() == [0, 0, 0]


def test_least_squares_means_average_predictions(week_24, results):
    """The mean of predictions over all sites alike, at the mean baseline.

    The prediction is that of the redundant model with a column for every arm and every
    site, solved by the pseudoinverse: no level is set to zero.
    """
    comparisons, means = results
    dummies = [
        pd.get_dummies(week_24[column], dtype=float) for column in ("TRTP", "SITEGR1")
    ]
    baseline = week_24["BASE"].to_numpy()
    design = np.column_stack([np.ones(len(week_24)), *dummies, baseline])
    inverse = np.linalg.pinv(design)
    n_sites = dummies[1].shape[1]
    assert n_sites == 11
    for i, arm in enumerate(means["arm"]):
        of_arm = dummies[0].columns == arm
        at = np.r_[1.0, of_arm, np.full(n_sites, 1 / n_sites), baseline.mean()]
        weights = at @ inverse
        assert means["estimate"][i] == pytest.approx(weights @ week_24["CHG"], rel=1e-9)
        # residual SD of R's lm, from SOURCE.md
        se = 5.157504545 * np.linalg.norm(weights)
        assert means["se"][i] == pytest.approx(se, rel=1e-9)
    half = stats.t.ppf(0.975, 220) * means["se"].to_numpy()
    assert (means["upper"] - means["estimate"]).to_numpy() == pytest.approx(half)
    between = means["estimate"][1:].to_numpy() - means["estimate"][0]
    assert comparisons["estimate"][:2].to_numpy() == pytest.approx(between, rel=1e-9)


def test_reference_comes_first_and_rows_in_any_order(week_24, results):
    """With high as reference the differences change sign, and nothing else."""
    other = {**BY_ARM, "reference": ARMS[2]}
    shuffled = week_24.sample(frac=1.0, random_state=4)
    comparisons, means = ancova(shuffled, **MODEL, **other, level=0.95)
    assert means["arm"].tolist() == [ARMS[2], ARMS[0], ARMS[1]]
    pairs = list(zip(comparisons["arm"], comparisons["versus"], strict=True))
    assert pairs == [(ARMS[0], ARMS[2]), (ARMS[1], ARMS[2]), (ARMS[1], ARMS[0])]
    before = results[0]["estimate"].to_numpy()
    assert comparisons["estimate"].to_numpy() == pytest.approx(
        [-before[1], -before[2], before[0]], rel=1e-9
    )


# on a scale of points; scipy warns where all values of an arm are the same
scores = st.lists(st.integers(-70, 70), min_size=2).filter(lambda v: len(set(v)) > 1)


@given(scores, scores)
def test_two_arms_without_covariates_are_students_test(first, second):
    """Pooled t test and its interval, from scipy."""
    frame = pd.DataFrame(
        {"y": first + second, "arm": ["a"] * len(first) + ["b"] * len(second)}
    )
    comparisons, means = ancova(
        frame, response="y", arm="arm", arms=("a", "b"), reference="a", level=0.9
    )
    expected = stats.ttest_ind(second, first)
    interval = expected.confidence_interval(0.9)
    row = comparisons.iloc[0]
    assert row["t"] == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-9)
    assert row["df"] == expected.df
    assert [row["lower"], row["upper"]] == pytest.approx(interval, rel=1e-9, abs=1e-9)
    assert means["estimate"].tolist() == pytest.approx(
        [np.mean(first), np.mean(second)], abs=1e-9
    )


def test_one_covariate_is_the_textbook_adjustment():
    """Difference in means less pooled within-arm slope times difference in covariate.

    Snedecor and Cochran, Statistical Methods, 8th ed. 1989, chapter 18: the variance
    is s^2 (1/n1 + 1/n2 + d^2 / Sxx within), with d the difference in covariate.
    """
    rng = np.random.default_rng(5)
    arm = np.repeat(["a", "b"], [9, 14])
    x = rng.normal(30, 4, 23) + 2.0 * (arm == "b")
    y = 0.8 * x - 3.0 * (arm == "b") + rng.normal(0, 2, 23)
    frame = pd.DataFrame({"y": y, "arm": arm, "x": x})
    comparisons, _ = ancova(
        frame,
        response="y",
        arm="arm",
        arms=("a", "b"),
        reference="a",
        covariates=["x"],
        level=0.95,
    )
    mean = frame.groupby("arm")[["x", "y"]].mean()
    within = frame[["x", "y"]] - mean.loc[arm].to_numpy()
    sxx, sxy, syy = (
        (within[a] * within[b]).sum() for a, b in (("x", "x"), ("x", "y"), ("y", "y"))
    )
    difference = mean.loc["b"] - mean.loc["a"]
    variance = (syy - sxy**2 / sxx) / (23 - 3)
    row = comparisons.iloc[0]
    assert row["estimate"] == pytest.approx(
        difference["y"] - sxy / sxx * difference["x"], rel=1e-10
    )
    assert row["se"] ** 2 == pytest.approx(
        variance * (1 / 9 + 1 / 14 + difference["x"] ** 2 / sxx), rel=1e-10
    )


FRAME = pd.DataFrame(
    {
        "patient": [f"P{i}" for i in range(12)],
        "arm": ["a", "b", "c"] * 4,
        "y": [1.0, 4.0, 2.0, 3.0, 9.0, 5.0, 2.0, 6.0, 7.0, 0.0, 3.0, 8.0],
        "site": [
            "s1",
            "s1",
            "s3",
            "s1",
            "s2",
            "s3",
            "s2",
            "s2",
            "s3",
            "s2",
            "s1",
            "s3",
        ],
        "sex": ["f", "m", "m", "f", "f", "m", "m", "f", "f", "m", "m", "f"],
        "age": [50.0, 61.0, 47.0, 70.0, 58.0, 66.0, 52.0, 49.0, 73.0, 64.0, 55.0, 60.0],
        "dose": [0.0, 5.0, 10.0] * 4,
    }
).set_index("patient")
SMALL = {"response": "y", "arm": "arm", "arms": ("a", "b", "c"), "reference": "a"}


def test_incomplete_rows_are_left_out_and_counted():
    """A missing response, factor or covariate each loses the patient it is of."""
    frame = FRAME.copy()
    frame.loc["P0", "y"] = np.nan
    frame.loc["P3", "age"] = np.nan
    frame.loc["P4", "sex"] = None
    model = {**SMALL, "factors": ["sex"], "covariates": ["age"], "level": 0.95}
    comparisons, means = ancova(frame, **model)
    assert means["n"].tolist() == [2, 3, 4]
    assert means["n_left_out"].tolist() == [2, 1, 0]
    rest = ancova(frame.drop(index=["P0", "P3", "P4"]), **model)
    pd.testing.assert_frame_equal(comparisons, rest[0])


@pytest.mark.parametrize(
    ("changes", "model", "message"),
    [
        ({}, {"factors": ["site"]}, "effects of arm c, site s3 are confounded"),
        ({}, {"covariates": ["dose"]}, "effects of arm a, arm c, dose are confo"),
        ({"age": 60.0}, {"covariates": ["age"]}, "'age' is 60.0 for every patient"),
        ({"age": FRAME.index}, {"factors": ["age"]}, "12 patients for 14 coefficients"),
        ({"y": 3.0}, {}, "'y' is fitted without error"),
        ({"y": 2.0 * FRAME["age"]}, {"covariates": ["age"]}, "without error"),
        ({"y": ["-"] * 12}, {}, "column 'y', row 'P0': '-' is not a finite number"),
        ({"age": np.inf}, {"covariates": ["age"]}, "row 'P0': 'inf' is not a finite"),
        ({"arm": ["a", "b", "d"] * 4}, {}, "row 'P2': 'd' is not one of the arms"),
        ({"arm": ["a", "b", None] * 4}, {}, "row 'P2': .* is not one of the arms"),
        ({"y": [1.0, 2.0, np.nan] * 4}, {}, "no patient of arm 'c'"),
        ({}, {"covariates": ["bmi"]}, "no column 'bmi'; found arm, y, site"),
    ],
)
def test_refuses_data_without_an_answer(changes, model, message):
    """Each fault is told in one line that names what it is of."""
    with pytest.raises(DataError, match=message) as caught:
        ancova(FRAME.assign(**changes), **SMALL, **model, level=0.95)
    assert "\n" not in str(caught.value)


def test_dose_response_refuses_one_dose():
    """A dose that all patients had has no slope."""
    with pytest.raises(DataError, match=r"'dose' is 5\.0 for every patient"):
        dose_response(FRAME.assign(dose=5.0), response="y", dose="dose", level=0.95)


def test_refuses_a_reference_that_is_no_arm():
    """And a confidence level in per cent."""
    with pytest.raises(ValueError, match="reference 'd' is not an arm: a, b, c"):
        ancova(FRAME, **{**SMALL, "reference": "d"}, level=0.95)
    with pytest.raises(ValueError, match="confidence level 95 is not between"):
        t_inference([1.0], [1.0], [5], level=95)


def test_dependent_columns_are_those_of_the_dependence():
    """Columns that can be estimated are not named, whatever their units."""
    rng = np.random.default_rng(2)
    first, other, second = rng.normal(size=(3, 20)) * [[1e-6], [1e6], [1.0]]
    design = np.column_stack([first, other, second, first * 3e5 - second])
    assert dependent_columns(design, list("abcd")) == ["a", "c", "d"]
    assert dependent_columns(design[:, :3], list("abc")) == []
    assert dependent_columns(np.zeros((4, 1)), ["zero"]) == ["zero"]
