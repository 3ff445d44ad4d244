"""The observed means over the model's lines are of those seen at each visit."""

import numpy as np
import pandas as pd
import pytest

from alsdecline.figures.decline import observed_changes, plot_decline
from alsdecline.figures.style import FigurePlan

BDS = pd.DataFrame(
    {
        "ARMCD": ["low", "low", "low", "high", "high", "low"],
        "AVISITN": [4.0, 4.0, 8.0, 4.0, None, 4.0],
        "CHG": [-1.0, -3.0, -5.0, 1.0, 2.0, 40.0],
        "ANL01FL": ["Y", "Y", "Y", "Y", "Y", ""],
        "DTYPE": ["", "", "LOCF", "", "", ""],
    }
)
PLAN = FigurePlan.model_validate(
    {
        "outcomes": [{"id": "limb", "label": "Limb", "unit": "u", "better": "higher"}],
        "arms": [{"id": "low", "label": "Low"}, {"id": "high", "label": "High"}],
        "data_kind": "synthetic",
        "width_inches": 6,
        "dpi": 100,
        "interval": 0.95,
        "time_unit": "months",
        "schedule_unit": "weeks",
        "time_zero": 0,
    }
)


def test_means_are_of_values_that_stand_for_visits_and_were_measured() -> None:
    found = observed_changes(BDS).set_index(["ARMCD", "AVISITN"])
    assert found["mean"].to_dict() == {("low", 4.0): -2.0, ("high", 4.0): 1.0}
    assert found["n"].to_dict() == {("low", 4.0): 2, ("high", 4.0): 1}


def test_each_arm_has_its_line_and_its_marks_and_one_without_a_slope_has_none() -> None:
    weeks = np.array([0.0, 8.0])
    drawn = np.stack([np.zeros(50), np.linspace(-4, -2, 50)])
    figure = plot_decline(
        PLAN, {"limb": {"low": drawn}}, weeks, "single", {"limb": observed_changes(BDS)}
    )
    marks = [
        line
        for line in figure.axes[0].lines
        if line.get_linestyle() in {"None", "none"}
    ]
    (own,) = [line for line in marks if len(line.get_xdata())]
    assert list(own.get_ydata()) == [-2.0]
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    assert any(line.get_ydata()[-1] == pytest.approx(-3) for line in lines)
