"""The models of decline in the report's words: the primary one and those beside it."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pandas as pd

from alsdecline.report.estimates import printed_rates
from alsdecline.report.formulas import model_formulas
from alsdecline.report.member_words import WORDS, MemberWords
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.priors import (
    alternatives_in_words,
    own_effect_sd,
    printed_priors,
)
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import listed, number
from alsdecline.settings.analysis import CARRIED_OUT
from alsdecline.settings.members import FAMILY


@dataclasses.dataclass(frozen=True)
class OtherModel:
    """A model beside the primary one.

    Attributes
    ----------
    name, words : str
        Its id, and what it does, after 'which'.
    rates : PrintedTable
        Its rates of decline.
    notes : list of str
        What must be known to read them.
    """

    name: str
    words: str
    rates: PrintedTable
    notes: list[str]


def _labels(plan: ReportPlan) -> dict[str, str]:
    return {outcome.id: outcome.label for outcome in plan.outcomes}


def _varying_less(plan: ReportPlan, model: str, checks: pd.DataFrame) -> Iterator[str]:
    """Say where values vary less about the patients' courses than a model has them."""
    warned = checks[(checks["model"] == model) & checks["warning"]]
    labels = _labels(plan)
    for _, row in warned[warned["statistic"] == "residual_sd"].iterrows():
        if row["observed"] < row["lower"]:
            yield (
                f"Here they do: values of {labels[row['outcome']]} vary about the "
                f"patients' lines with an SD of {number(row['observed'])}, where the "
                f"model would have produced {number(row['lower'])} to "
                f"{number(row['upper'])}."
            )


def notes_of(plan: ReportPlan, model: str, checks: pd.DataFrame) -> list[str]:
    """Return what must be known to read a model's estimates.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    model : str
        A member of the family.
    checks : DataFrame
        The table of model checks.

    Returns
    -------
    list of str
    """
    notes = []
    if not FAMILY[model].straight:
        notes.append(
            f"Courses of the {model} model are no straight lines: its mean slope is "
            f"the mean change from time zero to {plan.horizon}, divided by the time."
        )
    if caveat := WORDS[model].on_small_variation:
        notes.append(" ".join([caveat, *_varying_less(plan, model, checks)]))
    return notes


def other_models(
    plan: ReportPlan, rates: pd.DataFrame, checks: pd.DataFrame
) -> list[OtherModel]:
    """Print the models beside the primary one, in the order of the table of rates.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    rates, checks : DataFrame
        The tables of rates of decline and of model checks.

    Returns
    -------
    list of OtherModel
    """
    models = dict.fromkeys(rates["model"])
    return [
        OtherModel(
            model,
            WORDS[model].does,
            printed_rates(
                rates[rates["model"] == model],
                plan,
            ),
            notes_of(plan, model, checks),
        )
        for model in models
        if model != plan.fit.model
    ]


def covariate_names(plan: ReportPlan) -> list[str]:
    """Return the covariates as they are named in sentences."""
    return [
        plan.covariate_labels[covariate.column]
        + (
            f" ({listed(covariate.levels[1:])}, with {covariate.levels[0]} as the "
            "level to start from)"
            if covariate.levels
            else ""
        )
        for covariate in plan.models.covariates
    ]


def _further(plan: ReportPlan) -> Iterator[str]:
    """Say what all models take beside the outcomes and the arms."""
    if names := covariate_names(plan):
        yield (
            f"Every model has {listed(names)} shift a patient's intercept and slope; "
            "estimates are at the means of the patients analysed."
        )
    if plan.models.variances_by_arm:
        others = [
            f"the {name}" for name, member in FAMILY.items() if not member.gaussian
        ]
        yield (
            "SDs of slopes and residuals differ between the arms, except in "
            f"{listed(others)} model."
        )


def course_of_the_model(plan: ReportPlan) -> str:
    """Say what the primary model assumes of courses, arms and residuals.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.

    Returns
    -------
    str
        Sentences.
    """
    words = WORDS[plan.fit.model]
    course = words.course.format(origin=plan.time_origin.replace("_", " "))
    shared = f"the arms share the mean at time zero and {words.arms}; "
    first = (
        f"{course} between patients as multivariate normal; "
        f"{shared if plan.fit.arms else ''}{words.residuals}."
    )
    return " ".join([first, *_further(plan)])


def handling_of_effects(plan: ReportPlan) -> str:
    """Say how the patients' own terms of the primary model are dealt with."""
    terms = WORDS[plan.fit.model].terms
    if plan.fit.member.gaussian:
        return f"The patients' own {terms} are integrated out exactly"
    return f"The patients' own {terms} are sampled together with the parameters,"


def words_of_fitted(plan: ReportPlan) -> list[MemberWords]:
    """Return the words of the members that are fitted."""
    return [WORDS[model] for model, ids in plan.models.by_member.items() if ids]


def printed_comparison(plan: ReportPlan, comparison: pd.DataFrame) -> PrintedTable:
    """Print how well the models of one outcome predict its patients."""
    labels = _labels(plan)
    rows = [
        [
            labels[row["outcome"]],
            row["model"],
            number(row["elpd"], 1),
            number(row["difference"], 1),
            number(row["se_difference"], 1),
            number(row["refitted"], 0),
            number(row["pareto_k"]),
            "" if pd.isna(row["unreliable"]) else str(row["unreliable"]),
        ]
        for _, row in comparison.iterrows()
    ]
    return PrintedTable(
        [
            "Outcome",
            "Model",
            "Log predictive density",
            "From the highest",
            "SE of that",
            "Patients refitted without",
            "Pareto k of the others, largest",
            "Unreliable patients",
        ],
        rows,
    )


def of_the_report(plan: ReportPlan, results: Results) -> dict[str, Any]:
    """Say of the models what the section of methods has."""
    rates, checks = results.tables["rate_of_decline"], results.tables["model_checks"]
    comparison = results.tables.get("model_comparison")
    return {
        "course": course_of_the_model(plan),
        "effects": handling_of_effects(plan),
        "notes": notes_of(plan, plan.fit.model, checks),
        "fitted": words_of_fitted(plan),
        "others": other_models(plan, rates, checks),
        "formulas": model_formulas(plan),
        "priors": printed_priors(plan),
        "carried_out": CARRIED_OUT,
        "own_prior": own_effect_sd(plan),
        "alternatives": alternatives_in_words(plan),
        "comparison": None
        if comparison is None
        else printed_comparison(plan, comparison),
    }
