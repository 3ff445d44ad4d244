"""The report says how far one patient moves the primary estimate."""

import pandas as pd
import pytest

from alsdecline.fits.plan import FitPlan
from alsdecline.report.influence import not_left_out, printed_influence
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


WEAK = pd.Series({"estimate": 1.5, "lower": -0.1, "upper": 3.1})


def influence(prior: str = "default", **lower: float) -> pd.DataFrame:
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
                "prior": prior,
                "without": patient,
                "passed": patient != "P3",
            }
            for patient, low in lower.items()
        ]
    )


def test_who_moves_the_estimate_most_stands_first(plan: ReportPlan) -> None:
    printed = printed_influence(
        plan, influence(P1=-0.3, P2=-0.9, P3=-0.1), PRIMARY, WEAK
    )
    assert printed is not None
    minus = "\N{MINUS SIGN}"
    assert [row[0].split()[0] for row in printed.table.rows] == ["P2", "P1", "P3"]
    assert printed.table.rows[0][-1] == f"{minus}0.70"
    assert printed.table.rows[2][0] == "P3 (computation missed its gates)"
    said = printed.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "runs from 0.30 to 1.10" in said
    assert "no single patient decides" in printed.sentence


def test_a_patient_who_turns_the_answer_is_named(plan: ReportPlan) -> None:
    printed = printed_influence(plan, influence(P1=-0.3, P2=0.1), PRIMARY, WEAK)
    assert printed is not None
    assert "without P2 the interval would lie otherwise about zero" in printed.sentence


def test_nothing_is_said_where_nobody_was_left_out(plan: ReportPlan) -> None:
    assert printed_influence(plan, influence(P1=0.0).iloc[:0], PRIMARY, WEAK) is None


def test_patients_too_many_to_be_left_out_are_told(plan: ReportPlan) -> None:
    """Of two outcomes with 31 and 30 patients in two arms; up to 30 would be."""
    fit = FitPlan.model_construct(outcomes=["limb", "bulbar"], leave_out_at_most=30)
    of_fit = plan.model_copy(update={"fit": fit})
    analysed = pd.DataFrame(
        {
            "outcome": ["limb", "limb", "bulbar", "bulbar", "fvc"],
            "patients": [15, 16, 15, 15, 90],
        }
    )
    nobody = influence(P1=0.0).iloc[:0]
    tables = {"influence": nobody, "numbers_analysed": analysed}
    assert "more than 30" in not_left_out(of_fit, tables)
    fewer = {"influence": nobody, "numbers_analysed": analysed[2:]}
    assert not_left_out(of_fit, fewer) == ""
    done = {"influence": influence(P1=0.0), "numbers_analysed": analysed}
    assert not_left_out(of_fit, done) == ""


def test_what_the_prior_keeps_still_shows_with_the_weak_one(plan: ReportPlan) -> None:
    both = [influence(P1=-0.3, P2=-0.2), influence("weak", P1=-1.0, P2=0.4)]
    printed = printed_influence(plan, pd.concat(both), PRIMARY, WEAK)
    assert printed is not None
    assert len(printed.table.rows) == 2
    assert "no single patient decides" in printed.sentence
    said = printed.weak_sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "With one patient left out in turn the estimate with the weak prior runs from "
        "0.20 to 1.60, where it is 1.50 with all; without P2 the interval would lie "
        "otherwise about zero."
    )


def test_nothing_is_said_of_a_weak_prior_without_fits(plan: ReportPlan) -> None:
    printed = printed_influence(plan, influence(P1=0.0), PRIMARY, WEAK)
    assert printed is not None
    assert printed.weak_sentence == ""
