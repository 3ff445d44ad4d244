"""What a reader must be warned of beside the answer, counted, each with its place."""

import dataclasses
import re
from collections.abc import Iterator

import pandas as pd

from alsdecline.report.cells import Cell, cell_of
from alsdecline.report.estimates import NOT_GIVEN
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.priors import UNSOURCED, stated_priors
from alsdecline.report.words import counted, p_value
from alsdecline.settings.proposed_priors import is_proposed
from alsdecline.time_units import SAME_WEEK

CONFLICT = 0.05
"""A prior predictive p-value below this is told as a conflict."""

FAR = 2.0
"""An assumed SD this many times the fitted one, or less than its inverse, is told."""


@dataclasses.dataclass(frozen=True)
class Caution:
    """Something to be warned of.

    Attributes
    ----------
    text : str
        What, with how many; it may print values of tables.
    anchor : str
        Id of the section that says more.
    on_fit : bool
        Whether it says that the primary model does not fit, which the headline needs.
    """

    text: str
    anchor: str
    on_fit: bool = False


def _of_checks(plan: ReportPlan, results: Results) -> Iterator[Caution]:
    checks = results.tables["model_checks"]
    failed = checks[checks["warning"].astype("boolean").fillna(False)]
    parts = plan.fit.parts_of(plan.primary_estimand.outcome)
    of_primary = failed[
        (failed["model"] == plan.fit.model) & failed["outcome"].isin(parts)
    ]
    if len(of_primary):
        checked = counted(len(of_primary), "check")
        yield Caution(
            f"The primary model does not fit its data in {checked}",
            "computation",
            on_fit=True,
        )
    if others := len(failed) - len(of_primary):
        checked = counted(others, "check")
        yield Caution(f"Other models miss {checked} against their data", "computation")


def _of_fits(results: Results) -> Iterator[Caution]:
    fits = results.tables["fits"]
    last = fits.groupby(["model", "outcomes", "prior"], sort=False).tail(1)
    if missed := int((~last["passed"].astype(bool)).sum()):
        # a primary fit that misses a gate stops the run
        fits_beside = counted(
            missed,
            "fit beside the primary one misses",
            "fits beside the primary one miss",
        )
        yield Caution(f"{fits_beside} a check", "computation")


def _of_conflict(plan: ReportPlan, results: Results) -> Iterator[Caution]:
    row = conflict_row(plan, results)
    if row is not None and row["prior_predictive_p"] < CONFLICT:
        p = p_value(row["prior_predictive_p"])
        yield Caution(
            cell_of(
                "Prior and data are in conflict: before the trial an estimate as far "
                f"off had {p}",
                row,
                "prior_predictive_p",
            ),
            "size",
        )


def conflict_row(plan: ReportPlan, results: Results) -> pd.Series | None:
    """Return the test whose estimate the primary prior is held to, if there is one."""
    if plan.primary_estimand.summary != "slope_difference":
        return None
    row = results.slope_test(plan.primary_estimand, "welch")
    return None if pd.isna(row["prior_predictive_p"]) else row


def conflict_words(plan: ReportPlan, results: Results) -> Cell:
    """Say how well the prior expected the data's own estimate; empty without one."""
    row = conflict_row(plan, results)
    if row is None:
        return Cell("")
    p = row["prior_predictive_p"]
    verdict = "they are in conflict" if p < CONFLICT else "no sign of a conflict"
    return cell_of(
        f"Before the trial the prior gave an estimate as far from its mean as the "
        f"patients' own slopes have it {p_value(p)}: {verdict}.",
        row,
        "prior_predictive_p",
    )


def _of_identification(results: Results) -> Iterator[Caution]:
    rates = results.tables["rate_of_decline"]
    left = rates[
        rates["estimate"].isna()
        & rates["reason"].notna()
        & rates["quantity"].isin(["mean_slope", "slope_difference"])
    ]
    if n := len(left):
        these = counted(n, "slope or difference is", "slopes and differences are")
        yield Caution(f"{these} {NOT_GIVEN}: left to the prior by the data", "decline")


def _from_column(plan: ReportPlan) -> bool:
    """Tell whether the primary outcome's baselines are a column that no model takes."""
    parts = plan.fit.parts_of(plan.primary_estimand.outcome)
    return any(
        outcome.baseline is not None and outcome.baseline.use == "change"
        for outcome in plan.outcomes
        if outcome.id in parts
    )


def _of_findings(plan: ReportPlan, results: Results) -> Iterator[Caution]:
    findings = results.tables["findings"]
    if n := int((findings["severity"] != "note").sum()):
        yield Caution(
            f"{counted(n, 'finding')} on the raw data, none fatal",
            "findings",
        )
    nobody = findings[(findings["rule"] == "no_baseline") & findings["row"].isna()]
    if len(nobody) or _from_column(plan):
        yield Caution(
            "The models have no value at time zero: that the arms had the same mean "
            "there is an assumption, and bears on the effect",
            "findings",
        )


def _of_labels(plan: ReportPlan) -> Iterator[Caution]:
    """Yield arms whose labels have numbers, but not that of their dose."""
    for arm in plan.arms.groups:
        numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", arm.label)]
        if arm.dose is not None and numbers and arm.dose not in numbers:
            yield Caution(
                f"The arm labelled {arm.label!r} has a dose of {arm.dose:g}", "patients"
            )


def _of_leftovers(plan: ReportPlan, results: Results) -> Iterator[Caution]:
    """Yield what looks as if it had been left from another trial."""
    yield from _of_labels(plan)
    changes = results.tables["change_from_baseline"]
    weeks = changes["week"].dropna()
    horizon = plan.summaries.horizon_week
    if len(weeks) and not ((weeks - horizon).abs() < SAME_WEEK).any():
        yield Caution(
            f"{plan.horizon.capitalize()}, to which changes are given, is no scheduled "
            "visit",
            "decline",
        )
    if horizon > weeks.max() + SAME_WEEK:
        last = str(changes.sort_values("week")["visit"].iloc[-1]).lower()
        yield Caution(
            f"Changes to {plan.horizon} reach past the last visit, {last}", "decline"
        )
    design = results.tables.get("design")
    parameters = results.tables.get("parameters")
    if design is None or parameters is None:
        return
    assumed = dict(zip(design["property"], design["value"], strict=True))
    outcome = plan.primary_estimand.outcome
    for name, key in (("sd_slope", "slopes"), ("sd_residual", "residuals")):
        rows = parameters[
            (parameters["parameter"] == f"{name}[{outcome}]")
            & (parameters["prior"] == "default")
        ]
        told = assumed.get(f"assumed_{name}")
        if rows.empty or told is None:
            continue
        fitted = rows.iloc[0]["mean"]
        if not 1 / FAR < told / fitted < FAR:
            yield Caution(
                cell_of(
                    f"The design assumes an SD of {key} of {told:g}, where the fitted "
                    f"one is {fitted:.2g}",
                    rows.iloc[0],
                    "mean",
                ),
                "size",
            )


def _of_priors(plan: ReportPlan) -> Iterator[Caution]:
    priors = stated_priors(plan)
    if proposed := sum(is_proposed(prior.basis) for prior in priors):
        what = counted(proposed, "prior is", "priors are")
        yield Caution(
            f"{what} proposed by the software, and confirmed by nobody with a source",
            "methods",
        )
    unsourced = sum(
        not (prior.basis.stated or is_proposed(prior.basis)) for prior in priors
    )
    if unsourced:
        how_many = counted(unsourced, "prior is", "priors are")
        what = f"an {UNSOURCED}" if unsourced == 1 else f"{UNSOURCED}s"
        yield Caution(f"{how_many} {what}", "methods")


def cautions(plan: ReportPlan, results: Results) -> list[Caution]:
    """Gather what the reader must be warned of, the gravest first.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.

    Returns
    -------
    list of Caution
    """
    return [
        *_of_checks(plan, results),
        *_of_conflict(plan, results),
        *_of_identification(results),
        *_of_leftovers(plan, results),
        *_of_fits(results),
        *_of_findings(plan, results),
        *_of_priors(plan),
    ]
