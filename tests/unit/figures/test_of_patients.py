"""Figures of many patients: means without a model, and axes that outliers leave."""

import numpy as np
import pandas as pd
import pytest

from alsdecline.figures.patient_slopes import (
    axis_limits,
    mean_interval,
    plot_patient_slopes,
)
from alsdecline.figures.style import FigurePlan, legend_below, new_figure, wrapped
from alsdecline.figures.trajectories import plot_trajectories, visit_means


@pytest.fixture
def plan() -> FigurePlan:
    return FigurePlan.model_validate(
        {
            "outcomes": [
                {"id": "x", "label": "X", "unit": "points", "better": "lower"}
            ],
            "arms": [
                {"id": "a", "label": "Placebo"},
                {"id": "b", "label": "Xanomeline high dose (81 mg)"},
            ],
            "data_kind": "synthetic",
            "width_inches": 8,
            "dpi": 50,
            "interval": 0.95,
            "time_unit": "months",
            "schedule_unit": "weeks",
            "time_zero": 0,
        }
    )


def slopes(values: list[float], n_visits: int = 4) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "patient": [f"P{i:03d}" for i in range(len(values))],
            "arm": ["ab"[i % 2] for i in range(len(values))],
            "n_visits": float(n_visits),
            "slope": values,
            "se": 0.1,
        }
    )


def test_the_axis_ends_where_slopes_are_far_out() -> None:
    """Quartiles of -2, -1, 0, 1, 2 are -1 and 1: it ends 6 past them, at -7 and 7."""
    spread = [-2.0, -1.0, 0.0, 1.0, 2.0]
    nothing = np.array([np.nan])
    assert axis_limits(np.array(spread), nothing) == pytest.approx((-2.16, 2.16))
    ends = np.array([-50.0, 3.0])
    low, high = axis_limits(np.array(spread), ends)
    assert (low, high) == pytest.approx((-7 - 0.4, 3 + 0.4))


def test_the_axis_has_all_slopes_where_half_are_alike() -> None:
    """Of a coarse scale most slopes are 0, and no other is far out for that."""
    limits = axis_limits(np.array([0.0, 0, 0, 0, 5]), np.array([np.nan]))
    assert limits == pytest.approx((-0.2, 5.2))


def test_the_interval_of_a_mean_is_students() -> None:
    """Of 1, 2, 3: SD 1, t quantile of 2 degrees of freedom 4.302653 (any table)."""
    low, high = mean_interval(np.array([1.0, 2.0, 3.0]), 0.95)
    assert (low, high) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5))
    assert mean_interval(np.array([1.5]), 0.95) == (1.5, 1.5)


def test_far_slopes_and_those_of_two_visits_are_explained(plan: FigurePlan) -> None:
    values = [*np.linspace(-1, 1, 40), 30.0]
    table = slopes(values)
    figure = plot_patient_slopes(plan, {"x": table})
    left, right = figure.axes[0].get_xlim()
    assert -5 < left < -1
    assert 1 < right < 5
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[2:] == ["beyond the axis"]
    figure = plot_patient_slopes(plan, {"x": slopes(list(np.linspace(-1, 1, 40)), 2)})
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[2:] == ["from 2 visits alone"]


def test_few_patients_are_named(plan: FigurePlan) -> None:
    figure = plot_patient_slopes(plan, {"x": slopes([0.1, 0.2, 0.3, 0.4])})
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert sorted(names) == ["P000", "P001", "P002", "P003"]


def bds(patients: int, arm: str) -> pd.DataFrame:
    """Three visits of each patient, who starts at its number and rises by 1 a visit."""
    rows = [
        (f"{arm}{i:03d}", arm, 56.0 * v, 8.0 * v, f"Week {8 * v}", float(i + v), "Y")
        for i in range(patients)
        for v in range(3)
    ]
    columns = ["USUBJID", "ARMCD", "ARELTM", "AVISITN", "AVISIT", "AVAL", "ANL01FL"]
    return pd.DataFrame(rows, columns=columns).assign(DTYPE="")


def test_visit_means_are_of_those_seen_then() -> None:
    frame = bds(4, "a").assign(time=lambda f: f["ARELTM"] / 7)
    # three of four come to week 8, two to week 16
    seen = frame.drop(index=[1, 2, 5])
    means = visit_means(seen)
    assert means.index.tolist() == [0.0, 8.0]
    assert means["mean"].tolist() == [1.5, 3.0]
    assert means["time"].tolist() == [0.0, 8.0]


def test_only_an_arm_of_many_has_its_mean_drawn(plan: FigurePlan) -> None:
    frame = pd.concat([bds(12, "a"), bds(13, "b")], ignore_index=True)
    figure = plot_trajectories(plan, {"x": frame})
    # a line a patient; the mean and the white line below it
    assert [len(axes.lines) for axes in figure.axes] == [12, 15]


def test_of_very_many_patients_some_are_drawn_and_a_band_of_all(
    plan: FigurePlan,
) -> None:
    """Of 200 all; of 201 the first and the last are among 200, and the band is of all.

    At week 0 they have 0 to 200: the central 90% are from 10 to 190.
    """
    frame = pd.concat([bds(200, "a"), bds(201, "b")], ignore_index=True)
    figure = plot_trajectories(plan, {"x": frame})
    assert [len(axes.lines) for axes in figure.axes] == [202, 202]
    assert [len(axes.collections) for axes in figure.axes] == [0, 1]
    starts = [line.get_ydata()[0] for line in figure.axes[1].lines]
    assert {0.0, 200.0} <= set(starts)
    band = figure.axes[1].collections[0].get_paths()[0].vertices
    at_start = band[band[:, 0] == 0, 1]
    assert (at_start.min(), at_start.max()) == pytest.approx((10.0, 190.0))


def test_slopes_of_very_many_patients_are_a_curve_in_order(plan: FigurePlan) -> None:
    """Of 201 patients an arm; one lies far out, and the curve ends at an arrow."""
    values = [*np.linspace(-1, 1, 401), 30.0]
    figure = plot_patient_slopes(plan, {"x": slopes(values, 2)})
    curves = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]
    assert len(curves) == 2
    for curve in curves:
        assert (np.diff(curve.get_xdata()) <= 0).all()
        assert curve.get_xdata()[-1] == pytest.approx(-1, abs=0.01)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[2:] == ["beyond the axis"]


def test_carried_values_are_not_drawn_as_measured(plan: FigurePlan) -> None:
    frame = bds(3, "a")
    carried = frame.tail(1).assign(AVISITN=24.0, DTYPE="LOCF", AVAL=99.0)
    figure = plot_trajectories(plan, {"x": pd.concat([frame, carried])})
    drawn = [value for line in figure.axes[0].lines for value in line.get_ydata()]
    assert 99.0 not in drawn


def test_long_labels_are_broken_and_legends_have_the_columns_that_fit(
    plan: FigurePlan,
) -> None:
    label = "ADAS-Cog (11), Xanomeline high dose (81 mg) (n = 84)"
    assert wrapped("ADAS-Cog (11)", 2.2) == "ADAS-Cog (11)"
    assert wrapped(label, 2.2).count("\n") == 1
    figure = new_figure(plan, 2)
    handles = figure.subplots().plot(np.zeros((2, 6)))
    for handle in handles:
        handle.set_label(label)
    legend_below(figure, plan, handles)
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert box.width < figure.bbox.width
