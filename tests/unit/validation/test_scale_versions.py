"""Totals of ALSFRS among those of ALSFRS-R are told; a clean trial has none."""

from pathlib import Path

import numpy as np
import pytest

from support.hand_trial import findings_in, plan_of

PLAN = plan_of(
    {"id": "alsfrs_r", "parameter": "ALSFRSR", "scale": "alsfrs_r", "column": "total"},
    visits={"weeks": list(range(0, 41, 4)), "window_days": None},
    data={"cutoff": None},
)


def totals(seed: int, from_week: int, patients: int = 9) -> dict[str, str]:
    """Draw totals as PRO-ACT has them; from a week on they lack 8 points."""
    rng = np.random.default_rng(seed)
    weeks = np.arange(0, 41, 4)
    slope = rng.normal(-1.03, 0.76, patients).clip(max=0)
    level = rng.normal(38, 4, patients)[:, None] + slope[:, None] * weeks / 4.345
    points = level + rng.normal(0, 1.77, level.shape) - 8 * (weeks >= from_week)
    days = np.datetime64("2020-01-06") + 7 * weeks
    rows = [
        f"P{i},{week},{day},{min(max(round(points[i, j]), 0), 48)}"
        for i in range(patients)
        for j, (week, day) in enumerate(zip(weeks, days, strict=True))
    ]
    subjects = [f"P{i},{'ab'[i % 2]},2020-01-06" for i in range(patients)]
    return {
        "visits": "\n".join(["patient,visit_week,visit_date,total", *rows, ""]),
        "subjects": "\n".join(["patient,arm,randomisation_date", *subjects, ""]),
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_version_that_changes_for_all_is_told_once(seed: int, tmp_path: Path) -> None:
    _, found = findings_in(tmp_path, PLAN, **totals(seed, from_week=20))
    (change,) = [f for f in found if f.rule == "scale_version"]
    assert (change.row, change.column) == (7, "total")
    assert "ALSFRS (10 items, 40 points)" in change.message


@pytest.mark.parametrize("seed", range(4))
def test_decline_alone_is_no_change_of_version(seed: int, tmp_path: Path) -> None:
    _, found = findings_in(tmp_path, PLAN, **totals(seed, from_week=99))
    assert [f for f in found if f.rule == "scale_version"] == []
