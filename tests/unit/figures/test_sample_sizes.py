"""Power stands at its size, with an interval as wide as its Monte Carlo error."""

import numpy as np
import pandas as pd

from alsdecline.figures.sample_sizes import RULE, plot_sample_sizes
from support.small_figure import OF_SIMULATED_TRIALS as PLAN


def test_lines_and_intervals_are_where_the_table_has_them() -> None:
    sizes = [10.0, 20.0, 40.0]
    rows = [
        {"curve": curve, "arm": "high", "method": method}
        | {"patients": size * odds, "reference_patients": size}
        for curve, odds in (("even", 1), ("uneven", 2), (None, 1))
        for size in sizes
        for method in ("welch", "single")
    ]
    shares = np.linspace(0.05, 0.95, len(rows))
    table = pd.DataFrame(rows).assign(rejected=shares, rejected_error=0.02)
    of_rule = table["method"] == "single"
    table["success"] = np.where(of_rule, 1 - shares, np.nan)
    table["success_error"] = np.where(of_rule, 0.02, np.nan)
    figure = plot_sample_sizes(PLAN, table, 0.8)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["even", "uneven"]
    labels = [axes.get_xlabel() for axes in figure.axes]
    assert labels == ["Patients in each arm", "Patients on the reference"]
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_marker() != "None"]
        mine = table[table["curve"] == axes.get_title(loc="left")]
        known = [mine[mine["method"] == m]["rejected"] for m in ("welch", "single")]
        known.append(mine["success"].dropna())
        left, right = axes.get_xlim()
        assert left < min(sizes) < max(sizes) < right
        assert len(lines) == len(axes.collections) == 3
        for line, errors, shown in zip(lines, axes.collections, known, strict=True):
            assert list(line.get_xdata()) == sizes
            assert list(line.get_ydata()) == shown.tolist()
            for (low, high), share in zip(errors.get_segments(), shown, strict=True):
                assert low[1] == max(0.0, share - 1.96 * 0.02)
                assert high[1] == min(1.0, share + 1.96 * 0.02)
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    assert named[-3:] == [RULE, "Wanted, 0.8", "Level of the tests, 0.1"]
