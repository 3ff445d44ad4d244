"""The models of decline in the report's words: the primary one and those beside it."""

import dataclasses
from collections.abc import Iterator

import pandas as pd

from alsdecline.report.estimates import printed_rates
from alsdecline.report.plan import ReportPlan
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import listed, number
from alsdecline.settings.members import HORIZON_MATTERS, NOT_GAUSSIAN, Member

WORDS: dict[str, str] = {
    "joint": "takes the measured outcomes together",
    "single": "takes each outcome by itself",
    "ratio": "has an arm multiply the patients' slopes in place of adding to them",
    "curved": "lets the patients' courses bend: a term in the square of time, with its "
    "own effect of the arm and its own variation between patients",
    "robust": "has residuals of Student's t, on which single odd values weigh less",
    "bounded": "takes a score as beta-binomial on its scale, with a course that is "
    "straight on the logit scale, and so never leaves floor and ceiling",
}
"""What each does, after 'which' or 'it'."""


BOUNDED_CAVEAT = (
    "A beta-binomial score cannot vary less about a patient's course than a binomial "
    "one: where values vary less, the intervals of the bounded model are too wide."
)


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


def _bounded_warnings(plan: ReportPlan, checks: pd.DataFrame) -> Iterator[str]:
    """Say where values vary less than the bounded model would have it."""
    warned = checks[(checks["model"] == "bounded") & checks["warning"]]
    labels = _labels(plan)
    for _, row in warned[warned["statistic"] == "residual_sd"].iterrows():
        if row["observed"] < row["lower"]:
            yield (
                f"Here they do: values of {labels[row['outcome']]} vary about the "
                f"patients' lines with an SD of {number(row['observed'])}, where the "
                f"model would have produced {number(row['lower'])} to "
                f"{number(row['upper'])}."
            )


def notes_of(plan: ReportPlan, model: Member, checks: pd.DataFrame) -> list[str]:
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
    if model in HORIZON_MATTERS:
        notes.append(
            f"Courses of the {model} model are no straight lines: its mean slope is "
            "the mean change from time zero to week "
            f"{plan.summaries.horizon_week:g}, divided by the time."
        )
    if model == "bounded":
        notes.append(" ".join([BOUNDED_CAVEAT, *_bounded_warnings(plan, checks)]))
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
    summaries = plan.summaries
    models: list[Member] = list(dict.fromkeys(rates["model"]))
    return [
        OtherModel(
            model,
            WORDS[model],
            printed_rates(
                rates[rates["model"] == model],
                _labels(plan),
                plan.arm_labels,
                summaries.horizon_week,
                summaries.interval,
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


def _course(plan: ReportPlan) -> str:
    """Say what course the primary model gives the patients."""
    origin = plan.time_origin.replace("_", " ")
    if plan.fit.model == "bounded":
        return (
            "Every patient's score is beta-binomial from 0 to the maximum of the "
            "scale; the logit of its mean share follows a straight line in time from "
            f"{origin}. Intercepts and slopes of these lines vary"
        )
    if plan.fit.model == "curved":
        return (
            f"Every patient's values follow a parabola in time from {origin}. "
            "Intercepts, slopes and the terms in the square of time vary"
        )
    return (
        f"Every patient's values follow a straight line in time from {origin}. "
        "Intercepts and slopes vary"
    )


def _arms(plan: ReportPlan) -> str:
    """Say how the primary model has the arms differ."""
    if not plan.fit.arms:
        return ""
    differ = {
        "ratio": "differ by the factor that multiplies their patients' slopes",
        "curved": "differ in the means of the other terms",
        "bounded": "differ in the mean slope of the logit",
    }.get(plan.fit.model, "differ in the mean slope")
    return f"the arms share the mean at time zero and {differ}; "


def _residuals(plan: ReportPlan) -> str:
    values = {
        "robust": "residuals have Student's t distribution and are independent",
        "bounded": "values are independent given these lines",
        "joint": "residuals are normal and independent, also between outcomes",
    }
    return values.get(plan.fit.model, "residuals are normal and independent")


def _further(plan: ReportPlan) -> Iterator[str]:
    """Say what all models take beside the outcomes and the arms."""
    if names := covariate_names(plan):
        yield (
            f"Every model has {listed(names)} shift a patient's intercept and slope; "
            "estimates are at the means of the patients analysed."
        )
    if plan.models.variances_by_arm:
        yield (
            "SDs of slopes and residuals differ between the arms, except in the "
            f"{' and the '.join(NOT_GAUSSIAN)} model."
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
    first = (
        f"{_course(plan)} between patients as multivariate normal; {_arms(plan)}"
        f"{_residuals(plan)}."
    )
    return " ".join([first, *_further(plan)])


def handling_of_effects(plan: ReportPlan) -> str:
    """Say how the patients' own terms of the primary model are dealt with."""
    terms = "intercepts and slopes"
    if plan.fit.model == "curved":
        terms = "intercepts, slopes and terms in the square of time"
    if plan.fit.model in NOT_GAUSSIAN:
        return f"The patients' own {terms} are sampled together with the parameters,"
    return f"The patients' own {terms} are integrated out exactly"


def _normal(sd: float) -> str:
    return f"Normal(0, {sd:g})"


def further_priors(plan: ReportPlan) -> PrintedTable:
    """Print the priors that only some models have, and those of covariates."""
    rows, models = [], plan.models
    for outcome, label in _labels(plan).items():
        prior = plan.priors.outcomes.get(outcome)
        if prior is None:
            continue
        if outcome in models.ratio:
            rows.append([label, "ratio", "log ratio", _normal(prior.log_ratio_sd)])
        if outcome in models.curved and prior.curvature_sd and prior.sd_curvature:
            mean = _normal(prior.curvature_sd)
            term = "term in the square of time, and each difference in it"
            rows.append([label, "curved", term, mean])
            spread = f"Half-normal({prior.sd_curvature:g})"
            rows.append([label, "curved", "its SD between patients", spread])
        if outcome in models.robust:
            freedom = "Gamma(2, 0.1), above 2"
            rows.append([label, "robust", "degrees of freedom", freedom])
        if models.variances_by_arm and prior.log_sd_ratio_sd is not None:
            text = _normal(prior.log_sd_ratio_sd)
            rows.append([label, "", "log ratio of SDs between arms", text])
        for name, covariate_prior in prior.covariates.items():
            named = plan.covariate_labels[name]
            at_zero = _normal(covariate_prior.baseline_sd)
            slope = _normal(covariate_prior.slope_sd)
            rows.append([label, "", f"{named}: at time zero", at_zero])
            rows.append([label, "", f"{named}: slope", slope])
    return PrintedTable(["Outcome", "Model", "Of", "Prior"], rows)


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
