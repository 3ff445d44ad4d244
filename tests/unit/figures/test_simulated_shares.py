"""Rules and averaged errors stand where tables have them; a method has one look."""

import numpy as np
import pandas as pd

from alsdecline.figures.averaged_errors import PANELS, plot_averaged_errors
from alsdecline.figures.compared_rules import plot_compared_rules
from alsdecline.figures.simulated_shares import looks
from alsdecline.settings.members import FAMILY
from alsdecline.settings.simulated_design import METHODS, Calibration
from support.small_figure import OF_SIMULATED_TRIALS as PLAN


def test_a_method_looks_the_same_whichever_others_there_are() -> None:
    all_of_them = looks([*METHODS, *FAMILY])
    assert len({str(look) for look in all_of_them.values()}) == len(all_of_them)
    for name in all_of_them:
        assert looks(["a rule", name])[name] == all_of_them[name]
    # rules have their own, whatever they are called
    rules = looks(["plan", "t_on_slopes", "single"], ())
    assert len({look["color"] for look in rules.values()}) == 3


def rules_table() -> pd.DataFrame:
    rows = [
        {"scenario": scenario, "arm": "high", "method": "joint", "rule": rule}
        for scenario in ("none", "some")
        for rule in ("plan", "surer")
    ]
    return pd.DataFrame(rows).assign(
        margin=[0.0, 0.5] * 2,
        probability=0.975,
        success=[0.02, 0.01, 0.6, 0.5],
        success_error=0.01,
        calibrated_success=[0.05, 0.05, 0.7, 0.65],
        calibrated_success_error=np.nan,
    )


def test_each_rule_is_drawn_as_it_is_and_calibrated() -> None:
    table = rules_table()
    figure = plot_compared_rules(
        PLAN, table, Calibration(scenario="none", type_i_error=0.05)
    )
    columns = ("success", "calibrated_success")
    for axes, column in zip(figure.axes, columns, strict=True):
        marks = [line for line in axes.lines if line.get_linestyle() == "None"]
        for line, rule in zip(marks, ("plan", "surer"), strict=True):
            mine = table[table["rule"] == rule]
            assert list(line.get_xdata()) == mine[column].tolist()
            assert np.rint(line.get_ydata()).tolist() == [0, 1]
    assert figure.axes[1].get_title("left") == "Type I error 0.05 in none"
    # one arm and one model are told nowhere
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == ["none", "some"]
    (legend,) = figure.legends
    assert "surer: better than 0.5" in legend.get_texts()[1].get_text()
    assert len(plot_compared_rules(PLAN, table, None).axes) == 1


def test_averaged_errors_are_drawn_by_what_is_counted() -> None:
    rows = [
        {"scenario": "drawn", "arm": "high", "method": method, "counted": counted}
        for method, counted in (
            ("welch", "significantly_better"),
            ("single", "significantly_better"),
            ("single", "success"),
        )
    ]
    table = pd.DataFrame(rows).assign(benefit=0.9)
    for k, column in enumerate(PANELS):
        table[column] = [0.1 * (k + 1), 0.15, 0.2]
        table[f"{column}_error"] = [0.01, np.nan, 0.01]
    figure = plot_averaged_errors(PLAN, table)
    for axes, column in zip(figure.axes, PANELS, strict=True):
        marks = [line for line in axes.lines if line.get_linestyle() == "None"]
        assert [float(*line.get_xdata()) for line in marks] == table[column].tolist()
        assert len(axes.lines) == len(marks) + 2  # an error that is not known is none
        right = axes.get_xlim()[1]
        assert table[column].max() < right <= 1.02
    open_, full = marks[1:]
    assert (open_.get_markerfacecolor(), full.get_markerfacecolor()) == (
        "white",
        full.get_color(),
    )
