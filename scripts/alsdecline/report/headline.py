"""The report's first screen: the answer, and how much of it the data gave."""

from typing import Any

import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS
from alsdecline.analyses.row_names import PATIENTS
from alsdecline.fits.plan import DEFAULT, WEAK
from alsdecline.report import words as text
from alsdecline.report.cells import Cell, cell_of, ids_of
from alsdecline.report.design import printed_intervals, true_effects_in_words
from alsdecline.report.estimates import (
    GATES_MISSED,
    digits_of,
    estimate_cell,
    interval_cell,
    probability_cell,
    test_statement,
)
from alsdecline.report.first_screen import harm
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.primary_sentences import Compared, Course, MeanSlope


def estimates_by_prior(plan: ReportPlan, results: Results) -> pd.DataFrame:
    """Return the primary estimate under each prior."""
    estimand = plan.primary_estimand
    sensitivity = results.tables["prior_sensitivity"]
    return sensitivity[
        (sensitivity["outcome"] == estimand.outcome)
        & (sensitivity["model"] == estimand.model)
        & (sensitivity["quantity"] == estimand.summary)
        & (sensitivity["arm"] == estimand.treatment)
    ].set_index("prior")


def primary_estimate(
    plan: ReportPlan, results: Results, prior: str = DEFAULT
) -> pd.Series:
    """Return the row of the primary estimate, under the plan's prior or another."""
    rows = estimates_by_prior(plan, results)
    return next(row for name, row in rows.iterrows() if name == prior)


def primary_analyses(plan: ReportPlan, results: Results) -> list[dict[str, Any]]:
    """Return the primary analysis, the one with a weak prior and, if any, the test."""
    estimand = plan.primary_estimand
    rows = estimates_by_prior(plan, results)
    names = {
        DEFAULT: (
            f"Primary: {estimand.model} model, prior of the plan",
            "the primary analysis",
        ),
        WEAK: (
            f"{estimand.model.capitalize()} model, weak prior",
            "the one with a weak prior",
        ),
    }
    analyses = [
        {
            "name": name,
            "short": short,
            "row": row,
            "statement": probability_cell(row),
            "missed": not row["passed"],
        }
        for prior, (name, short) in names.items()
        for _, row in rows.loc[[prior]].iterrows()
    ]
    if estimand.summary != "slope_difference":
        return analyses
    of_patients = {
        "permutation": (
            "Patients' own slopes, permutation test",
            "the permutation test",
        ),
        "adjusted": ("Patients' own slopes, {method}", "the adjusted one"),
    }
    for test, (name, short) in of_patients.items():
        for row in results.slope_tests(estimand, test):
            if pd.notna(row["estimate"]):
                method = str(row["method"]).partition(", ")[2]
                analyses.append(
                    {
                        "name": name.format(method=method),
                        "short": short,
                        "row": row,
                        "statement": test_statement(row),
                        "missed": False,
                    }
                )
    return analyses


def _slope_row(plan: ReportPlan, results: Results, arm: str) -> pd.Series:
    """Return the row of an arm's mean slope by the primary model."""
    estimand = plan.primary_estimand
    rates = results.tables["rate_of_decline"]
    return rates[
        (rates["outcome"] == estimand.outcome)
        & (rates["model"] == estimand.model)
        & (rates["quantity"] == "mean_slope")
        & (rates["arm"] == arm)
    ].iloc[0]


def _mean_slope(plan: ReportPlan, results: Results, arm: str) -> MeanSlope:
    row = _slope_row(plan, results, arm)
    numbers = (row["estimate"], row["lower"], row["upper"])
    return MeanSlope(plan.arm_labels[arm], *numbers)


def _estimated(plan: ReportPlan, results: Results, row: pd.Series) -> Compared | Course:
    """Put the primary estimate into the form that sentences need."""
    estimand = plan.primary_estimand
    scale = plan.scales[estimand.outcome]
    arms = plan.arm_labels
    common: dict[str, Any] = {
        "outcome": next(o.label for o in plan.outcomes if o.id == estimand.outcome),
        "unit": scale.unit,
        "per": plan.per,
        "better": scale.better,
        "estimate": row["estimate"],
        "lower": row["lower"],
        "upper": row["upper"],
        "probability": row["probability"],
        "level": plan.summaries.interval,
        "digits": digits_of(row),
    }
    if estimand.summary == "slope_difference":
        return Compared(
            **common,
            treated=_mean_slope(plan, results, estimand.treatment),
            reference=_mean_slope(plan, results, plan.arms.reference),
        )
    return Course(**common, arm="" if plan.alone else arms[estimand.treatment])


def _own_slopes(plan: ReportPlan, test: pd.Series, slopes: list[pd.Series]) -> Cell:
    """Put the means of the patients' own slopes beside those of the model."""
    if pd.isna(test["estimate"]):
        return Cell("")
    arms = plan.arm_labels
    reference, treated = slopes
    said = [
        f"{text.number(test[column])} on {arms[row['arm']]}, where the model has "
        f"{estimate_cell(row)}"
        for column, row in (("mean_reference", reference), ("mean_treated", treated))
    ]
    return Cell(
        f"their means are {said[0]}, and {said[1]}. The model takes arms to start "
        "alike, weighs patients by their visits and draws them towards the prior.",
        [
            *ids_of(test, "mean_reference"),
            *ids_of(reference, "estimate"),
            *ids_of(test, "mean_treated"),
            *ids_of(treated, "estimate"),
        ],
    )


def _test_without(test: pd.Series) -> Cell:
    """Say between what the permutation test's p-value lies without single patients."""
    if pd.isna(test["p_least"]):
        return Cell("")
    return cell_of(
        f"The permutation test has {text.p_value(test['p_least'])} without "
        f"{test['p_least_without']} and {text.p_value(test['p_most'])} without "
        f"{test['p_most_without']}.",
        test,
        "p_least",
        "p_most",
    )


def _beside_comparison(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Gather what stands beside a comparison: the design, and the arms' slopes."""
    estimand = plan.primary_estimand
    design = results.tables["design"]
    design = design[design["arm"] == estimand.treatment]
    slopes = [
        _slope_row(plan, results, arm)
        for arm in (plan.arms.reference, estimand.treatment)
    ]
    test = results.slope_test(estimand, "permutation")
    return {
        "own_slopes": _own_slopes(plan, test, slopes),
        "test_without": _test_without(test),
        "true_effects": true_effects_in_words(plan),
        "intervals": printed_intervals(plan, results.tables["interval_properties"]),
        "design": dict(zip(design["property"], design["value"], strict=True)),
        "design_ids": {
            row["property"]: ids_of(row, "value") for _, row in design.iterrows()
        },
        "slopes": [
            (plan.arm_labels[row["arm"]], estimate_cell(row), interval_cell(row))
            for row in slopes
        ],
    }


def _agreement(analyses: list[dict[str, Any]]) -> Cell:
    """Compare the analyses, and tell which values the range of estimates is of."""
    rows = [a["row"] for a in analyses]
    statement = text.agreement(
        [
            (a["short"], a["row"]["estimate"], a["row"]["lower"], a["row"]["upper"])
            for a in analyses
        ]
    )
    if not statement:
        return Cell("")
    ends = [f(rows, key=lambda row: float(row["estimate"])) for f in (min, max)]
    shown = dict.fromkeys(text.number(row["estimate"]) for row in ends)
    ids = [
        value_id for row in ends[: len(shown)] for value_id in ids_of(row, "estimate")
    ]
    return Cell(statement, ids)


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
        Sentences, printed numbers and rows. ``design`` and ``slopes`` are there only
        where the primary estimand compares arms.
    """
    analyses = primary_analyses(plan, results)
    primary = analyses[0]["row"]
    estimated = _estimated(plan, results, primary)
    compares = isinstance(estimated, Compared)
    baseline = results.tables["baseline_characteristics"]
    everybody = (baseline["characteristic"] == PATIENTS) & (baseline["arm"] == ALL_ARMS)
    together = baseline[everybody].iloc[0]
    # only then does the sentence say how far it reaches
    open_ = compares and estimated.lower <= 0 <= estimated.upper
    return {
        "estimated": estimated,
        "compares": compares,
        "answer": cell_of(
            estimated.answer(),
            primary,
            *("estimate", "lower", "upper", "probability"),
            complement="probability" if estimated.turned else "",
        ),
        "certainty": cell_of(
            estimated.certainty(), primary, *(["lower", "upper"] if open_ else [])
        ),
        "agreement": _agreement(analyses),
        "beside": [
            [
                a["name"] + GATES_MISSED * a["missed"],
                estimate_cell(a["row"]),
                interval_cell(a["row"]),
                a["statement"],
            ]
            for a in analyses
        ],
        "estimate": estimate_cell(primary),
        "weak_estimate": estimate_cell(analyses[1]["row"]),
        "harm": harm(plan, results),
        "n_patients": cell_of(text.number(together["value"], 0), together, "value"),
        **(_beside_comparison(plan, results) if compares else {}),
    }
