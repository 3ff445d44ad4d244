"""Mixed models beside those of decline: their designs, and a closed form.

A mixed model of balanced data with a random intercept estimates slopes within patients
alone, by ordinary least squares; its residual variance is that of the analysis of
variance.
"""

import numpy as np
import pandas as pd
import pytest

from alsdecline.analyses.supplementary import (
    NOT_TESTED,
    PARAMETERS,
    fit_by_reml,
    model_frame,
)
from alsdecline.settings.data import Arms
from alsdecline.settings.supplementary import MixedModel
from support.hand_trial import rows

ARMS = Arms.model_validate(
    {
        "reference": "a",
        "groups": [{"id": "b", "label": "Arm B"}, {"id": "a", "label": "Arm A"}],
    }
)
"""The reference is not the first in display order."""

ADSL = pd.DataFrame(
    {
        "USUBJID": ["P1", "P2", "P3", "P4", "P5", "P6"],
        "ARMCD": ["a", "a", "a", "b", "b", "b"],
        "EFFFL": ["Y", "Y", "N", "Y", "Y", "Y"],
    }
)

# balanced: 3 patients an arm, days 0, 28 and 56, values of a common slope and noise
DAYS = np.array([0, 28, 56])
OBSERVED = {
    "P1": (20.0, 18.0, 17.0),
    "P2": (30.0, 29.0, 26.0),
    "P3": (10.0, 9.0, 6.0),
    "P4": (21.0, 21.0, 20.0),
    "P5": (33.0, 31.0, 32.0),
    "P6": (12.0, 12.0, 10.0),
}


def longitudinal() -> pd.DataFrame:
    """Make the values of all patients, and one that is carried."""
    records = [
        {
            "USUBJID": patient,
            "ARMCD": "a" if patient < "P4" else "b",
            "ARELTM": float(day),
            "AVAL": value,
            "BASE": values[0],
            "CHG": value - values[0] if day else np.nan,
            "DTYPE": "",
        }
        for patient, values in OBSERVED.items()
        for day, value in zip(DAYS, values, strict=True)
    ]
    return pd.DataFrame([*records, {**records[-1], "DTYPE": "LOCF"}])


def model(**changes: object) -> MixedModel:
    settings = {
        "id": "m",
        "label": "M",
        "outcome": "score",
        "baseline": "response",
        "arms_differ_at_start": True,
        "random": ["intercept"],
        "time_unit": "day",
    }
    return MixedModel.model_validate(settings | changes)


@pytest.mark.parametrize(
    ("unit", "days"), [("day", 1), ("week", 7), ("month", 365.25 / 12)]
)
def test_the_time_of_a_mixed_model_is_in_its_unit(unit: str, days: float) -> None:
    one = model(time_unit=unit, random=["intercept", "slope"])
    values, fixed, random = model_frame(one, ADSL, longitudinal(), ["a", "b"])
    assert len(values) == 18  # the carried value is none
    assert list(fixed) == ["intercept", "time", "arm b", "time x arm b"]
    assert fixed["time"] == pytest.approx(np.tile(DAYS, 6) / days)
    in_b = np.repeat([0.0, 1.0], 9)
    assert fixed["time x arm b"] == pytest.approx(np.tile(DAYS, 6) / days * in_b)
    assert list(random) == ["intercept", "slope"]
    assert random["slope"] == pytest.approx(fixed["time"])


def test_a_baseline_is_a_response_or_a_covariate() -> None:
    values, fixed, _ = model_frame(
        model(baseline="covariate", arms_differ_at_start=False, population="EFFFL"),
        ADSL,
        longitudinal(),
        ["a", "b"],
    )
    assert list(fixed) == ["intercept", "baseline", "time", "time x arm b"]
    # five patients of the population, two values after baseline each
    assert (
        list(values["USUBJID"])
        == np.repeat(["P1", "P2", *["P4", "P5", "P6"]], 2).tolist()
    )
    assert list(fixed["baseline"]) == np.repeat([20, 30, 21, 33, 12], 2).tolist()


def test_effects_of_time_are_tested_with_random_slopes_alone() -> None:
    table = fit_by_reml(model(), ADSL, longitudinal(), ARMS, 0.95)
    found = table.set_index("parameter")
    of_time = found.loc[["time", "time x arm b"]]
    assert of_time["estimate"].notna().all()
    assert of_time[["se", "df", "lower", "upper", "p_value"]].isna().all(axis=None)
    assert set(of_time["note"]) == {NOT_TESTED}
    assert found.loc["arm b", "note"] == ""
    assert 0 < found.loc["arm b", "p_value"] < 1


@pytest.mark.parametrize(
    ("unit", "days"), [("day", 1), ("week", 7), ("month", 365.25 / 12)]
)
def test_balanced_slopes_are_those_within_patients(unit: str, days: float) -> None:
    one = model(time_unit=unit, degrees_of_freedom="inner_outer")
    table = fit_by_reml(one, ADSL, longitudinal(), ARMS, 0.95)
    assert list(table.columns) == PARAMETERS
    found = table.set_index("parameter")
    centred = DAYS - DAYS.mean()  # squares 28^2 + 28^2 = 1568
    values = {arm: [] for arm in "ab"}
    for patient, observed in OBSERVED.items():
        values["a" if patient < "P4" else "b"].append(observed)
    slopes = {
        arm: np.mean([np.dot(centred, v) / 1568 for v in of_arm])
        for arm, of_arm in values.items()
    }
    residual = sum(
        np.sum((np.array(v) - np.mean(v) - slopes[arm] * centred) ** 2)
        for arm, of_arm in values.items()
        for v in of_arm
    )
    # 18 values less 6 patients' means and 2 slopes
    variance = residual / 10
    assert found.loc["time", "estimate"] == pytest.approx(slopes["a"] * days, rel=1e-6)
    assert found.loc["time x arm b", "estimate"] == pytest.approx(
        (slopes["b"] - slopes["a"]) * days, rel=1e-6
    )
    assert found.loc["time", "se"] == pytest.approx(
        days * (variance / (3 * 1568)) ** 0.5, rel=1e-5
    )
    assert found.loc["time x arm b", "se"] == pytest.approx(
        days * (2 * variance / (3 * 1568)) ** 0.5, rel=1e-5
    )


def test_a_model_that_cannot_be_fitted_is_one_row_that_says_why() -> None:
    for adsl, says in (
        (ADSL.assign(EFFFL="N"), "fewer than two patients of population EFFFL have"),
        (ADSL.assign(EFFFL=["Y", *"NNNNN"]), "fewer than two patients of population"),
        (ADSL.assign(EFFFL=[*"YYY", *"NNN"]), "arm b"),
    ):
        one = model(population="EFFFL")
        table = fit_by_reml(one, adsl, longitudinal(), ARMS, 0.95)
        assert list(table.columns) == PARAMETERS
        assert rows(table, "analysis", "parameter", "estimate") == [
            ("m", "failed", None)
        ]
        (note,) = table["note"]
        assert says in note
        assert len(note) > 10
        assert "\n" not in note
