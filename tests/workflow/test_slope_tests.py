"""The tests of the patients' slopes, of the trial of short fits, enumerated here."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from alsdecline.result_tables import read_result_table


def p_value(slopes: np.ndarray, treated: np.ndarray) -> float:
    """Share of all allocations with as large a difference in means."""

    def difference(chosen: np.ndarray) -> float:
        inside = np.isin(np.arange(slopes.size), chosen)
        return abs(slopes[inside].mean() - slopes[~inside].mean())

    made = difference(np.flatnonzero(treated))
    all_of_them = [
        difference(np.array(chosen))
        for chosen in combinations(range(slopes.size), int(treated.sum()))
    ]
    return float(np.mean(np.array(all_of_them) >= made - 1e-12))


@pytest.mark.parametrize("outcome", ["limb", "total"])
def test_each_test_is_that_of_the_slopes_and_each_patient_is_left_out(
    brief_once: Path, outcome: str
) -> None:
    tables = brief_once / "results/tables"
    frame = read_result_table(tables / f"patient_slopes/{outcome}.csv")
    slopes = frame["slope"].to_numpy()
    treated = (frame["arm"] == "high").to_numpy()
    tests = read_result_table(tables / f"slope_tests/{outcome}.csv").set_index("test")
    permutation = tests.loc["permutation"]
    assert permutation["p_value"] == pytest.approx(p_value(slopes, treated))
    assert permutation["mean_treated"] == pytest.approx(slopes[treated].mean())
    without = {}
    for i, patient in enumerate(frame["patient"]):
        others = np.arange(len(frame)) != i
        without[patient] = p_value(slopes[others], treated[others])
    assert permutation["p_least"] == pytest.approx(min(without.values()))
    assert permutation["p_most"] == pytest.approx(max(without.values()))
    assert without[permutation["p_least_without"]] == min(without.values())
    assert without[permutation["p_most_without"]] == max(without.values())
    welch = stats.ttest_ind(slopes[treated], slopes[~treated], equal_var=False)
    assert tests.loc["welch", "p_value"] == pytest.approx(welch.pvalue)
    ranks = stats.mannwhitneyu(slopes[treated], slopes[~treated], method="exact")
    assert tests.loc["wilcoxon", "p_value"] == pytest.approx(ranks.pvalue)
