"""The report: one page that stands alone, the answer first."""

import base64
import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from pydantic import Field

from alsdecline import report_tables as printed
from alsdecline import report_text as text
from alsdecline.descriptions import ALL_ARMS
from alsdecline.estimates import weight_of_data
from alsdecline.figures.predictive_checks import LABELS
from alsdecline.fit_plan import FitPlan
from alsdecline.scales import CATALOGUE_VERSION, Scale
from alsdecline.settings import (
    Arms,
    Estimand,
    Outcome,
    Priors,
    Section,
    Summaries,
    Trial,
)

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "report.html.j2"


CHECK_LABELS = LABELS | {
    "prior_share_off_scale": "Prior predictive share off the scale"
}


class ReportPlan(Section):
    """The part of the settings that the report states."""

    trial: Trial = Field(description="What trial this is.")
    arms: Arms = Field(description="The arms.")
    outcomes: list[Outcome] = Field(description="The outcomes.")
    scales: dict[str, Scale] = Field(description="Scale of each outcome, by its id.")
    estimands: list[Estimand] = Field(description="The estimands.")
    primary: str = Field(description="Id of the primary estimand.")
    fit: FitPlan = Field(description="The fit that the primary estimand rests on.")
    prior_effect_sd: float = Field(description="Prior SD of the primary effect.")
    priors: Priors = Field(description="The priors.")
    summaries: Summaries = Field(description="How estimates are summarised.")
    time_origin: str = Field(description="Where months are counted from.")


@dataclasses.dataclass(frozen=True)
class Results:
    """The tables that the report prints, by name, as they were read."""

    tables: dict[str, pd.DataFrame]
    tests: pd.DataFrame


def _arm_labels(plan: ReportPlan) -> dict[str, str]:
    """Return the arms' labels by id, which lines do not break."""
    return {a.id: a.label.replace(" ", "\N{NO-BREAK SPACE}") for a in plan.arms.groups}


def _primary_rows(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Rows of the primary estimate, the weak-prior one and the test."""
    estimand = next(e for e in plan.estimands if e.id == plan.primary)
    sensitivity = results.tables["prior_sensitivity"]
    mine = sensitivity[
        (sensitivity["outcome"] == estimand.outcome)
        & (sensitivity["model"] == estimand.model)
        & (sensitivity["arm"] == estimand.treatment)
    ].set_index("prior")
    tests = results.tests
    test = tests[
        (tests["outcome"] == estimand.outcome) & (tests["arm"] == estimand.treatment)
    ].iloc[0]
    return {
        "estimand": estimand,
        "default": mine.loc["default"],
        "weak": mine.loc["weak"],
        "test": test,
    }


def _analyses(rows: Mapping[str, Any], model: str) -> list[dict[str, Any]]:
    """Return the primary analysis, the one with a weak prior, and the test."""
    primary, weak, test = rows["default"], rows["weak"], rows["test"]
    analyses = [
        {
            "name": f"Primary: {model} model, prior of the plan",
            "short": "the primary analysis",
            "row": primary,
            "statement": f"slower: {text.percent(primary['probability'])}",
            "sound": bool(primary["passed"]),
        },
        {
            "name": f"{model} model, weak prior",
            "short": "the one with a weak prior",
            "row": weak,
            "statement": f"slower: {text.percent(weak['probability'])}",
            "sound": bool(weak["passed"]),
        },
    ]
    if pd.notna(test["estimate"]):
        analyses.append(
            {
                "name": "Patients' own slopes, permutation test",
                "short": "the permutation test",
                "row": test,
                "statement": printed.test_statement(test),
                "sound": math.isfinite(test["upper"] - test["lower"]),
            }
        )
    return analyses


def _headline(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Gather the first screen: the answer, and what a trial of this size can show."""
    rows = _primary_rows(plan, results)
    estimand, primary = rows["estimand"], rows["default"]
    arms = _arm_labels(plan)
    scale = plan.scales[estimand.outcome]
    compared = text.Compared(
        outcome=next(o.label for o in plan.outcomes if o.id == estimand.outcome),
        unit=scale.unit,
        treated=arms[estimand.treatment],
        reference=arms[plan.arms.reference],
        better=scale.better,
        estimate=primary["estimate"],
        lower=primary["lower"],
        upper=primary["upper"],
        probability=primary["probability"],
        level=plan.summaries.interval,
    )
    design = results.tables["design"]
    design = design[design["arm"] == estimand.treatment]
    baseline = results.tables["baseline_characteristics"]
    everybody = (baseline["characteristic"] == "Patients") & (
        baseline["arm"] == ALL_ARMS
    )
    rates = results.tables["rate_of_decline"]
    slope = rates[
        (rates["outcome"] == estimand.outcome)
        & (rates["model"] == estimand.model)
        & (rates["quantity"] == "mean_slope")
        & (rates["arm"] == plan.arms.reference)
    ].iloc[0]
    analyses = _analyses(rows, estimand.model)
    digits = text.digits_for(compared.lower, compared.upper)
    return {
        "compared": compared,
        "answer": text.answer(compared),
        "certainty": text.certainty(compared),
        "agreement": text.agreement(
            [
                (a["short"], a["row"]["estimate"], a["row"]["lower"], a["row"]["upper"])
                for a in analyses
                if a["sound"]
            ]
        ),
        "beside": [
            [
                a["name"] + printed.GATES_MISSED * (a["row"].get("passed") is False),
                text.number(a["row"]["estimate"], digits),
                text.interval(a["row"]["lower"], a["row"]["upper"], digits),
                a["statement"],
            ]
            for a in analyses
        ],
        "weight": text.weight(weight_of_data(plan.prior_effect_sd, primary["sd"])),
        "estimate": text.number(primary["estimate"], digits),
        "weak_estimate": text.number(rows["weak"]["estimate"], digits),
        "design": dict(zip(design["property"], design["value"], strict=True)),
        "reference_slope": text.number(slope["estimate"]),
        "reference_interval": text.interval(slope["lower"], slope["upper"]),
        "n_patients": int(baseline.loc[everybody, "value"].iloc[0]),
    }


def _tables(plan: ReportPlan, results: Results) -> dict[str, printed.PrintedTable]:
    """All tables of the report as they are printed."""
    tables = results.tables
    arms = _arm_labels(plan)
    labels = printed.arm_labels(list(arms.items()))
    outcomes = {o.id: o.label for o in plan.outcomes}
    baseline = tables["baseline_characteristics"]
    patients = baseline[baseline["characteristic"] == "Patients"]
    counts = {row["arm"]: int(row["value"]) for _, row in patients.iterrows()}
    characteristics = baseline[baseline["characteristic"] != "Patients"]
    rates, level = tables["rate_of_decline"], plan.summaries.interval
    horizon = plan.summaries.horizon_week
    model = plan.fit.model
    main, other = rates[rates["model"] == model], rates[rates["model"] != model]
    return {
        "baseline": printed.printed_statistics(
            characteristics, ["characteristic", "level"], labels, counts
        ),
        "disposition": printed.printed_counts(
            tables["disposition"], ["status", "reason"], "n", labels, counts
        ),
        "analysed": printed.printed_frame(
            tables["numbers_analysed"].assign(
                outcome=tables["numbers_analysed"]["outcome"].map(outcomes),
                arm=tables["numbers_analysed"]["arm"].map(arms),
            ),
            {
                "outcome": "Outcome",
                "arm": "Arm",
                "randomized": "Randomized",
                "patients": "Analysed",
                "values": "Values",
                "without": "Patients without a value",
            },
        ),
        "changes": printed.printed_changes(
            tables["change_from_baseline"], outcomes, arms, horizon
        ),
        "exposure": printed.printed_statistics(
            tables["exposure"], ["quantity"], labels, counts
        ),
        "adverse_events": printed.printed_counts(
            tables["adverse_events"], ["term", "severity"], "patients", labels, counts
        ),
        "rates": printed.printed_rates(main, outcomes, arms, horizon, level),
        "other_rates": printed.printed_rates(other, outcomes, arms, horizon, level),
        "effects": printed.printed_effects(
            tables["prior_sensitivity"], results.tests, outcomes, arms, level
        ),
        "fits": printed.printed_frame(
            tables["fits"],
            {
                "model": "Model",
                "outcomes": "Outcomes",
                "prior": "Prior",
                "attempt": "Attempt",
                "r_hat": "R-hat, largest",
                "ess_bulk": "Bulk ESS, smallest",
                "ess_tail": "Tail ESS, smallest",
                "divergences": "Divergences",
                "e_bfmi": "E-BFMI",
                "failures": "Gates missed",
            },
        ),
        "checks": printed.printed_frame(
            tables["model_checks"].assign(
                warning=tables["model_checks"]["warning"].map(
                    {True: "warning", False: ""}
                ),
                outcome=tables["model_checks"]["outcome"].map(outcomes),
                statistic=tables["model_checks"]["statistic"].replace(CHECK_LABELS),
            ),
            {
                "model": "Model",
                "outcome": "Outcome",
                "statistic": "Statistic",
                "observed": "Value",
                "lower": "Replicates, 2.5%",
                "upper": "97.5%",
                "tail_probability": "Tail probability",
                "warning": "",
            },
        ),
        "findings": printed.printed_frame(
            tables["findings"].astype({"row": "Int64"}),
            {
                "severity": "Severity",
                "file": "File",
                "row": "Row",
                "column": "Column",
                "value": "Value",
                "message": "Finding",
            },
        ),
    }


def _embedded(path: Path) -> str:
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:image/svg+xml;base64,{content}"


def render_report(
    plan: ReportPlan,
    results: Results,
    figures: Mapping[str, Path],
    provenance: Mapping[str, Mapping[str, str]],
) -> str:
    """Render the report.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.
    figures : mapping of str to Path
        SVG files by name.
    provenance : mapping
        Digests of raw files, versions of software.

    Returns
    -------
    str
        HTML that needs no other file.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = text.number
    environment.filters["percent"] = text.percent
    environment.filters["exactly"] = lambda value: f"{value:g}".replace("-", text.MINUS)
    return environment.get_template(TEMPLATE.name).render(
        plan=plan,
        outcomes={o.id: o.label for o in plan.outcomes},
        other_model="single" if plan.fit.model == "joint" else "joint",
        catalogue_version=CATALOGUE_VERSION,
        arms=_arm_labels(plan),
        headline=_headline(plan, results),
        tables=_tables(plan, results),
        figures={name: _embedded(path) for name, path in figures.items()},
        provenance=provenance,
    )
