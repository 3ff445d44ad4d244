"""The report says how far one patient moves the primary estimate."""

import pandas as pd
import pytest

from alsdecline.report.influence import printed_influence
from alsdecline.report.plan import ReportPlan
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon

PRIMARY = pd.Series({"estimate": 1.0, "lower": -0.2, "upper": 2.2})


@pytest.fixture
def plan() -> ReportPlan:
    estimand = Estimand(
        id="rate",
        label="Rate",
        outcome="total",
        treatment="high",
        population="all",
        intercurrent_events=[],
        summary="slope_difference",
        model="joint",
    )
    return ReportPlan.model_construct(
        estimands=[estimand],
        primary="rate",
        summaries=SummariesAtHorizon(
            interval=0.95,
            ratio_thresholds=[],
            ratio_needs_decline=0.99,
            horizon_week=40,
        ),
        horizon="week 40",
        time_unit="months",
    )


def influence(**lower: float) -> pd.DataFrame:
    """Estimates without each patient: 1.2 above the lower ends that are given."""
    return pd.DataFrame(
        [
            {
                "outcome": "total",
                "model": "joint",
                "quantity": "slope_difference",
                "arm": "high",
                "estimate": low + 1.2,
                "lower": low,
                "upper": low + 2.4,
                "probability": 0.9,
                "without": patient,
                "passed": patient != "P3",
            }
            for patient, low in lower.items()
        ]
    )


def test_who_moves_the_estimate_most_stands_first(plan: ReportPlan) -> None:
    printed = printed_influence(plan, influence(P1=-0.3, P2=-0.9, P3=-0.1), PRIMARY)
    assert printed is not None
    minus = "\N{MINUS SIGN}"
    assert [row[0].split()[0] for row in printed.table.rows] == ["P2", "P1", "P3"]
    assert printed.table.rows[0][-1] == f"{minus}0.70"
    assert printed.table.rows[2][0] == "P3 (computation missed its gates)"
    said = printed.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "runs from 0.30 to 1.10" in said
    assert "no single patient decides" in printed.sentence


def test_a_patient_who_turns_the_answer_is_named(plan: ReportPlan) -> None:
    printed = printed_influence(plan, influence(P1=-0.3, P2=0.1), PRIMARY)
    assert printed is not None
    assert "without P2 the interval would lie otherwise about zero" in printed.sentence


def test_nothing_is_said_where_nobody_was_left_out(plan: ReportPlan) -> None:
    assert printed_influence(plan, influence(P1=0.0).iloc[:0], PRIMARY) is None
