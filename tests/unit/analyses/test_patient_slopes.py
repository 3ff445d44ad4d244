"""Ordinary least-squares slopes, patient by patient."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from alsdecline.analyses.patient_slopes import ordinary_slopes

# reaction times of two subjects of lme4's sleepstudy, days 0 to 9 (ms)
SLEEPSTUDY = {
    308: "249.5600 258.7047 250.8006 321.4398 356.8519 "
    "414.6901 382.2038 290.1486 430.5853 466.3535",
    335: "241.6083 273.9472 254.4907 270.8021 251.4519 "
    "254.6362 245.4523 235.3110 235.7541 237.2466",
}


def observations(**patients: tuple[list[float], list[float]]) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"patient": name, "time": months, "value": values})
        for name, (months, values) in patients.items()
    ).reset_index(drop=True)


def test_published_sleepstudy_coefficients():
    """R: ``coef(lme4::lmList(Reaction ~ Days | Subject, sleepstudy))``."""
    data = pd.concat(
        pd.DataFrame(
            {
                "patient": subject,
                "time": range(10),
                "value": [float(v) for v in values.split()],
            }
        )
        for subject, values in SLEEPSTUDY.items()
    )
    slopes = ordinary_slopes(data).set_index("patient")
    assert slopes["intercept"].to_dict() == pytest.approx(
        {308: 244.1927, 335: 263.0347}, abs=5e-5
    )
    assert slopes["slope"].to_dict() == pytest.approx(
        {308: 21.764702, 335: -2.881034}, abs=5e-7
    )


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 40), st.integers(0, 102)),
            min_size=3,
            max_size=12,
            unique_by=lambda visit: visit[0],
        ),
        min_size=1,
        max_size=5,
    )
)
def test_agrees_with_linregress(courses):
    """Slope and intercept are those of a separate regression.

    So is the standard error, by ``polyfit``, since linregress takes it from 1 - r^2,
    which cancels near a perfect fit.
    """
    patients = {
        f"P{i}": ([float(m) for m, _ in course], [float(v) for _, v in course])
        for i, course in enumerate(courses)
    }
    result = ordinary_slopes(observations(**patients)).set_index("patient")
    for name, (months, values) in patients.items():
        expected = stats.linregress(months, values)
        row = result.loc[name]
        assert row["n_visits"] == len(months)
        assert row["slope"] == pytest.approx(expected.slope, abs=1e-9)
        assert row["intercept"] == pytest.approx(expected.intercept, abs=1e-9)
        covariance = np.polyfit(months, values, 1, cov=True)[1]
        assert row["se"] == pytest.approx(covariance[0, 0] ** 0.5, abs=1e-7)


def test_what_too_few_visits_leave_undefined():
    """One time gives no slope; two values give a slope without an error.

    Three times of 0.1 do not have 0.1 for their mean in binary.
    """
    result = ordinary_slopes(
        observations(
            none=([0.0, 1.0], [np.nan, np.nan]),
            one=([2.0], [50.0]),
            same_time=([0.1, 0.1, 0.1], [50.0, 52.0, 54.0]),
            three=([0.0, 1.0, 2.0], [60.0, 57.0, 54.0]),
            two=([0.1, 0.8], [50.1, 48.0]),
        )
    ).set_index("patient")
    assert result["n_visits"].to_dict() == {
        "none": 0,
        "one": 1,
        "same_time": 3,
        "three": 3,
        "two": 2,
    }
    assert set(result.index[result["slope"].isna()]) == {"none", "one", "same_time"}
    assert set(result.index[result["intercept"].isna()]) == {"none", "one", "same_time"}
    assert set(result.index[result["se"].notna()]) == {"three"}
    assert result.loc["two", "slope"] == pytest.approx(-3.0)
    assert result.loc["two", "intercept"] == pytest.approx(50.4)
    assert result.loc["three", "se"] == pytest.approx(0.0, abs=1e-12)


def test_missing_values_are_not_visits():
    """A missing value moves neither the slope nor the first and last month."""
    result = ordinary_slopes(
        observations(a=([0.0, 1.0, 2.0, 3.0], [np.nan, 10.0, 8.0, np.nan]))
    ).iloc[0]
    assert result["n_visits"] == 2
    assert result["slope"] == -2.0
    assert (result["first_time"], result["last_time"]) == (1.0, 2.0)


def test_sorted_whatever_the_order_of_rows():
    """The order of rows, their labels and further columns do not matter."""
    data = observations(
        b=([0.0, 1.0, 4.0], [9.0, 7.0, 3.0]), a=([0.0, 2.0], [5.0, 4.0])
    )
    expected = ordinary_slopes(data)
    shuffled = data.iloc[[3, 1, 4, 0, 2]].assign(visit=1)
    shuffled.index = pd.Index([7, 7, 7, 7, 7])
    assert expected["patient"].tolist() == ["a", "b"]
    pd.testing.assert_frame_equal(ordinary_slopes(shuffled), expected)


def test_no_observations_give_no_rows():
    """An empty table is a table of no patients, with all columns."""
    empty = observations(a=([0.0], [1.0])).iloc[:0]
    assert ordinary_slopes(empty).columns.tolist() == [
        "patient",
        "n_visits",
        "slope",
        "intercept",
        "se",
        "first_time",
        "last_time",
    ]
    assert ordinary_slopes(empty).empty


def test_large_level_does_not_cost_precision():
    """Values and times far from zero keep the slope and a tiny standard error."""
    months = np.arange(5.0)
    wiggle = 1e-3 * np.array([1.0, -1.0, 0.0, -1.0, 1.0])
    near = stats.linregress(months, wiggle)
    far = ordinary_slopes(
        observations(a=(list(months + 1e5), list(1e6 - 3.0 * months + wiggle)))
    ).iloc[0]
    assert far["slope"] == pytest.approx(near.slope - 3.0, abs=1e-9)
    assert far["se"] == pytest.approx(near.stderr, rel=1e-6)


@pytest.mark.parametrize(
    ("column", "value"), [("patient", None), ("time", np.nan), ("value", np.inf)]
)
def test_error_names_column_and_row(column, value):
    """Input without a defined slope is refused with its place."""
    data = observations(a=([0.0, 1.0], [5.0, 4.0]))
    data[column] = data[column].astype(object)
    data.loc[1, column] = value
    with pytest.raises(ValueError, match=f"column '{column}', row 1"):
        ordinary_slopes(data)


def test_error_names_absent_column():
    """A table without months is refused by name."""
    with pytest.raises(ValueError, match="no column 'time'"):
        ordinary_slopes(pd.DataFrame({"patient": ["a"], "value": [1.0]}))
