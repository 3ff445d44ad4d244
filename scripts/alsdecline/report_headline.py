"""The report's first screen: the answer, and how much of it the data gave."""

import math
from typing import Any

import pandas as pd

from alsdecline import report_text as text
from alsdecline.descriptions import ALL_ARMS
from alsdecline.estimates import weight_of_data
from alsdecline.fit_plan import DEFAULT
from alsdecline.report_estimates import GATES_MISSED, STATEMENTS, test_statement
from alsdecline.report_plan import ReportPlan, Results

WEAK = "weak"
"""The alternative prior that is shown beside the plan's."""


def _by_prior(plan: ReportPlan, results: Results) -> pd.DataFrame:
    """Return the primary estimate under each prior."""
    estimand = plan.primary_estimand
    sensitivity = results.tables["prior_sensitivity"]
    return sensitivity[
        (sensitivity["outcome"] == estimand.outcome)
        & (sensitivity["model"] == estimand.model)
        & (sensitivity["quantity"] == estimand.summary)
        & (sensitivity["arm"] == estimand.treatment)
    ].set_index("prior")


def primary_estimate(plan: ReportPlan, results: Results) -> pd.Series:
    """Return the row of the primary estimate, under the plan's prior."""
    rows = _by_prior(plan, results)
    return next(row for prior, row in rows.iterrows() if prior == DEFAULT)


def _analyses(plan: ReportPlan, results: Results) -> list[dict[str, Any]]:
    """Return the primary analysis, the one with a weak prior and, if any, the test."""
    estimand = plan.primary_estimand
    rows = _by_prior(plan, results)
    names = {
        DEFAULT: (
            f"Primary: {estimand.model} model, prior of the plan",
            "the primary analysis",
        ),
        WEAK: (f"{estimand.model} model, weak prior", "the one with a weak prior"),
    }
    said = STATEMENTS[estimand.summary]
    analyses = [
        {
            "name": name,
            "short": short,
            "row": rows.loc[prior],
            "statement": f"{said}: {text.percent(rows['probability'][prior])}",
            "sound": bool(rows["passed"][prior]),
            "missed": not rows["passed"][prior],
        }
        for prior, (name, short) in names.items()
    ]
    if estimand.summary != "slope_difference":
        return analyses
    tests = results.tests
    test = tests[
        (tests["outcome"] == estimand.outcome) & (tests["arm"] == estimand.treatment)
    ].iloc[0]
    if pd.notna(test["estimate"]):
        analyses.append(
            {
                "name": "Patients' own slopes, permutation test",
                "short": "the permutation test",
                "row": test,
                "statement": test_statement(test),
                "sound": math.isfinite(test["upper"] - test["lower"]),
                "missed": False,
            }
        )
    return analyses


def _estimated(plan: ReportPlan, row: pd.Series) -> text.Compared | text.Course:
    """Put the primary estimate into the form that sentences need."""
    estimand = plan.primary_estimand
    scale = plan.scales[estimand.outcome]
    arms = plan.arm_labels
    common: dict[str, Any] = {
        "outcome": next(o.label for o in plan.outcomes if o.id == estimand.outcome),
        "unit": scale.unit,
        "better": scale.better,
        "estimate": row["estimate"],
        "lower": row["lower"],
        "upper": row["upper"],
        "probability": row["probability"],
        "level": plan.summaries.interval,
    }
    if estimand.summary == "slope_difference":
        return text.Compared(
            **common,
            treated=arms[estimand.treatment],
            reference=arms[plan.arms.reference],
        )
    return text.Course(**common, arm="" if plan.alone else arms[estimand.treatment])


def _beside_comparison(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Gather what stands beside a comparison: the design, the reference arm's slope."""
    estimand = plan.primary_estimand
    design = results.tables["design"]
    design = design[design["arm"] == estimand.treatment]
    rates = results.tables["rate_of_decline"]
    slope = rates[
        (rates["outcome"] == estimand.outcome)
        & (rates["model"] == estimand.model)
        & (rates["quantity"] == "mean_slope")
        & (rates["arm"] == plan.arms.reference)
    ].iloc[0]
    return {
        "design": dict(zip(design["property"], design["value"], strict=True)),
        "reference_slope": text.number(slope["estimate"]),
        "reference_interval": text.interval(slope["lower"], slope["upper"]),
    }


def headline(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Gather the first screen: the answer, and what a trial of this size can show.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.

    Returns
    -------
    dict
        Sentences, printed numbers and rows. ``design``, ``reference_slope`` and
        ``reference_interval`` are there only where the primary estimand compares arms.
    """
    analyses = _analyses(plan, results)
    primary = analyses[0]["row"]
    estimated = _estimated(plan, primary)
    compares = isinstance(estimated, text.Compared)
    digits = estimated.digits
    baseline = results.tables["baseline_characteristics"]
    everybody = (baseline["characteristic"] == "Patients") & (
        baseline["arm"] == ALL_ARMS
    )
    return {
        "estimated": estimated,
        "compares": compares,
        "answer": estimated.answer(),
        "certainty": estimated.certainty(),
        "agreement": text.agreement(
            [
                (a["short"], a["row"]["estimate"], a["row"]["lower"], a["row"]["upper"])
                for a in analyses
                if a["sound"]
            ]
        ),
        "beside": [
            [
                a["name"] + GATES_MISSED * a["missed"],
                text.number(a["row"]["estimate"], digits),
                text.interval(a["row"]["lower"], a["row"]["upper"], digits),
                a["statement"],
            ]
            for a in analyses
        ],
        "weight": text.weight(weight_of_data(plan.prior.sd, primary["sd"])),
        "estimate": text.number(primary["estimate"], digits),
        "weak_estimate": text.number(analyses[1]["row"]["estimate"], digits),
        "n_patients": int(baseline.loc[everybody, "value"].iloc[0]),
        **(_beside_comparison(plan, results) if compares else {}),
    }
