"""Each property of each method stands at its scenario, with its Monte Carlo error."""

import numpy as np
import pandas as pd
import pytest

from alsdecline.figures.operating_characteristics import plot_operating_characteristics
from support.small_figure import OF_SIMULATED_TRIALS as PLAN


def table(arms: list[str]) -> pd.DataFrame:
    rows = [
        {"scenario": scenario, "arm": arm, "method": method, "effect": 1 / 3}
        for scenario in ("none", "some")
        for arm in arms
        for method in ("welch", "ancova")
    ]
    shares = np.linspace(0.1, 0.9, len(rows))
    return pd.DataFrame(rows).assign(
        rejected=shares, rejected_error=0.01, coverage=1 - shares, coverage_error=np.nan
    )


@pytest.mark.parametrize("arms", [["high"], ["mid", "high"]])
def test_marks_are_where_the_table_has_them(arms: list[str]) -> None:
    rows = table(arms)
    figure = plot_operating_characteristics(PLAN, rows, 0.0)
    for axes, column in zip(figure.axes, ("rejected", "coverage"), strict=True):
        marks = [line for line in axes.lines if line.get_linestyle() == "None"]
        for line, method in zip(marks, ("welch", "ancova"), strict=True):
            mine = rows[rows["method"] == method]
            assert list(line.get_xdata()) == mine[column].tolist()
            assert np.rint(line.get_ydata()).tolist() == list(range(len(mine)))
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    first = "none\neffect 0.333" if len(arms) == 1 else "none, mid\neffect 0.333"
    assert labels[0] == first
    assert "0.1" in figure.axes[0].get_xlabel()


def test_what_a_rule_decides_by_is_drawn_of_fitted_trials() -> None:
    rows = table(["high"]).replace({"method": {"ancova": "single"}})
    fitted = rows["method"] == "single"
    quantiles = {"q05": 0.1, "q25": 0.3, "q50": 0.6, "q75": 0.7, "q95": 0.9}
    for name, value in quantiles.items():
        rows[f"probability_{name}"] = np.where(fitted, value, np.nan)
    *_, axes = plot_operating_characteristics(PLAN, rows, 0.5).axes
    assert axes.get_title("left") == "Better by 0.5"
    ends = [
        {(start[0], end[0]) for start, end in drawn.get_segments()}
        for drawn in axes.collections
    ]
    assert ends == [{(0.1, 0.9)}, {(0.3, 0.7)}]
    (medians,) = axes.lines
    assert list(medians.get_xdata()) == [0.6, 0.6]
    assert np.rint(medians.get_ydata()).tolist() == [0, 1]
