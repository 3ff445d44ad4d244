"""The supplementary analyses as the report prints them, two tables for each ANCOVA."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from alsdecline.analyses.supplementary import NOT_TESTED
from alsdecline.report.cells import cell_of
from alsdecline.report.estimates import estimate_cell, interval_cell
from alsdecline.report.plan import ReportPlan
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import digits_for, number, p_value
from alsdecline.settings.data import Outcome
from alsdecline.settings.supplementary import Ancova, MixedModel
from alsdecline.time_units import singular

VARIABLES = {"BASE": "Baseline", "AVAL": "{visit}", "CHG": "Change"}

TESTED_BY = {
    "kenward_roger": "with standard errors and degrees of freedom by Kenward and Roger",
    "inner_outer": "with the degrees of freedom of nlme, which takes the variances as "
    "known",
}

FAILED = "failed"
"""Quantity, or parameter, of the row of an analysis that could not be done."""


@dataclasses.dataclass(frozen=True)
class SupplementaryAnalysis:
    """An analysis as it is printed.

    Attributes
    ----------
    label : str
        Its heading.
    method : str
        What was done, in a sentence or two.
    failure : str
        Why there is no result; empty where there is one.
    tables : dict of str to PrintedTable
        By caption.
    """

    label: str
    method: str
    failure: str
    tables: dict[str, PrintedTable]


def _rows_of(table: pd.DataFrame, analysis: str) -> pd.DataFrame:
    return table[table["analysis"] == analysis]


def _failure(rows: pd.DataFrame, column: str) -> str:
    failed = rows[rows[column] == FAILED]
    return "" if failed.empty else str(failed["note"].iloc[0])


def _estimate_cells(row: pd.Series) -> list[str]:
    """Estimate, standard error, interval and p-value."""
    digits = digits_for(row["lower"], row["upper"])
    return [
        estimate_cell(row, digits),
        cell_of(number(row["se"], digits), row, "se"),
        interval_cell(row, digits),
        cell_of(p_value(row["p_value"]), row, "p_value")
        if pd.notna(row["p_value"])
        else "",
    ]


def _parameter_cells(row: pd.Series) -> list[str]:
    """Estimate, standard error, interval, degrees of freedom and p-value."""
    if pd.isna(row["se"]):
        return [estimate_cell(row, 2), "", "", "", ""]
    *cells, p = _estimate_cells(row)
    return [*cells, cell_of(number(row["df"], 1), row, "df"), p]


def _population(plan: ReportPlan, flag: str) -> str:
    label = plan.populations.get(flag, "")
    return f"the population {label}" if label else "all patients"


def _ancova_method(plan: ReportPlan, analysis: Ancova, outcome: Outcome) -> str:
    """Say what an ANCOVA was of, and which way its differences run."""
    adjusted = [*(["the baseline"] if analysis.baseline else []), *analysis.covariates]
    adjusted += [f"{name} as a factor" for name in analysis.factors]
    carried = (
        "Patients without a value then have the last one before it carried forward, "
        "which is no estimate of what they would have had"
        + (", past death too." if plan.carried_past_death else ", but not past death.")
        if analysis.carried_forward
        else "Patients without a value then are left out."
    )
    response = "change from baseline" if analysis.response == "change" else "value"
    side = "below" if plan.scales[analysis.outcome].better == "lower" else "above"
    adjusted_for = f", adjusted for {', '.join(adjusted)}" if adjusted else ""
    return (
        f"Analysis of covariance of the {response} of {outcome.label} at "
        f"{plan.visits_compared[analysis.id]} in "
        f"{_population(plan, analysis.population)}{adjusted_for}. "
        f"{carried} Differences are of values as the scale runs: {side} 0 is better."
    )


def _described(
    rows: pd.DataFrame, arms: Mapping[str, str], arm_order: list[str], visit: str
) -> PrintedTable:
    """Print baseline, value and change of each arm."""
    present = [v for v in VARIABLES if (rows["variable"] == v).any()]
    printed = []
    for arm in arm_order:
        of_arm = rows[rows["arm"] == arm]
        last = of_arm.iloc[-1]
        cells = [cell_of(number(float(last["n"]), 0), last, "n")]
        cells += [
            cell_of(f"{number(s['mean'], 1)} ({number(s['sd'])})", s, "mean", "sd")
            for variable in present
            for _, s in of_arm[of_arm["variable"] == variable].iterrows()
        ]
        printed.append([arms[arm], *cells])
    heads = [
        f"{VARIABLES[v].format(visit=visit.capitalize())}, mean (SD)" for v in present
    ]
    return PrintedTable(["Arm", "Patients", *heads], printed)


def _compared(rows: pd.DataFrame, arms: Mapping[str, str], unit: str) -> PrintedTable:
    """Print differences, then the test of a trend in dose."""
    printed = [
        [f"{arms[row['arm']]} against {arms[row['versus']]}", *_estimate_cells(row)]
        for _, row in rows[rows["quantity"] == "difference"].iterrows()
    ]
    printed += [
        [f"Trend in dose, per {unit or 'unit'}", *_estimate_cells(row)]
        for _, row in rows[rows["quantity"] == "dose_response"].iterrows()
    ]
    return PrintedTable(["", "Estimate", "SE", "Interval", "p"], printed)


def _ancova(
    plan: ReportPlan, analysis: Ancova, tables: Mapping[str, pd.DataFrame]
) -> SupplementaryAnalysis:
    outcome = next(o for o in plan.outcomes if o.id == analysis.outcome)
    rows = _rows_of(tables["ancova"], analysis.id)
    described = _rows_of(tables["visits_compared"], analysis.id)
    failure = _failure(rows, "quantity")
    order = [arm.id for arm in plan.arms.groups]
    level = f"{100 * plan.summaries.interval:g}%"
    printed = {}
    if not failure:
        printed = {
            "By arm": _described(
                described, plan.arm_labels, order, plan.visits_compared[analysis.id]
            ),
            f"Adjusted differences with {level} intervals": _compared(
                rows, plan.arm_labels, plan.arms.dose_unit
            ),
        }
    method = _ancova_method(plan, analysis, outcome)
    return SupplementaryAnalysis(analysis.label, method, failure, printed)


def _parameter_name(name: str, arms: Mapping[str, str], unit: str) -> str:
    """Say what a parameter of a mixed model is."""
    known = {
        "intercept": "Intercept",
        "baseline": "Baseline",
        "time": f"Time, per {unit}",
        "sd(intercept)": "SD between patients, intercept",
        "sd(slope)": f"SD between patients, slope per {unit}",
        "cor(intercept,slope)": "Correlation of these",
        "sd(residual)": "Residual SD",
        "reml_log_likelihood": "Restricted log-likelihood",
        "aic": "AIC",
    }
    for arm, label in arms.items():
        known[f"arm {arm}"] = f"{label} at the start"
        known[f"time x arm {arm}"] = f"{label}, difference in slope per {unit}"
    return known[name]


def _mixed_model(
    plan: ReportPlan, analysis: MixedModel, table: pd.DataFrame
) -> SupplementaryAnalysis:
    outcome = next(o for o in plan.outcomes if o.id == analysis.outcome)
    rows = _rows_of(table, analysis.id)
    failure = _failure(rows, "parameter")
    start = (
        "values after baseline, the baseline a covariate"
        if analysis.baseline == "covariate"
        else "all values"
    )
    method = (
        f"Linear mixed model of {outcome.label} by restricted maximum likelihood in "
        f"{_population(plan, analysis.population)}: {start}; random "
        f"{' and '.join(analysis.random)}. Effects are of values as the scale runs, "
        f"{TESTED_BY[analysis.degrees_of_freedom]}."
    )
    if (rows["note"] == NOT_TESTED).any():
        method += f" Effects of time are {NOT_TESTED}."
    printed = [
        [
            _parameter_name(
                str(row["parameter"]), plan.arm_labels, singular(analysis.time_unit)
            ),
            *_parameter_cells(row),
        ]
        for _, row in rows.iterrows()
        if not failure
    ]
    level = f"{100 * plan.summaries.interval:g}%"
    tables = {
        f"Parameters with {level} intervals": PrintedTable(
            ["", "Estimate", "SE", "Interval", "df", "p"], printed
        )
    }
    return SupplementaryAnalysis(
        analysis.label, method, failure, tables if printed else {}
    )


def printed_supplementary(
    plan: ReportPlan, tables: Mapping[str, pd.DataFrame]
) -> list[SupplementaryAnalysis]:
    """Print the supplementary analyses, in the order of the plan.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    tables : mapping of str to DataFrame
        Result tables by name; those of the analyses that the plan has.

    Returns
    -------
    list of SupplementaryAnalysis
        Those that could not be done too, with the reason.
    """
    return [
        *(_ancova(plan, analysis, tables) for analysis in plan.supplementary.ancova),
        *(
            _mixed_model(plan, analysis, tables["mixed_models"])
            for analysis in plan.supplementary.mixed_models
        ),
    ]
