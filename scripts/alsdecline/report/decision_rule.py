"""The plan's decision rule in words: what it asked, what was found, what it says."""

import dataclasses
import math

import pandas as pd

from alsdecline.report.cells import Cell, cell_of
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.words import number
from alsdecline.settings.decision_rule import BASES, DecisionRule

CLOSE = 2
"""Monte Carlo errors within which a probability is too near its threshold to tell."""

MOST_DIGITS = 8


@dataclasses.dataclass(frozen=True)
class JudgedRule:
    """A decision rule and what the results say of it.

    Attributes
    ----------
    verdict : str
        A sentence.
    statements : list of Cell
        What was asked of the posterior and what it gave, a sentence each.
    basis : str
        By what the numbers were chosen.
    close : str
        That a probability is too near its threshold for these draws; empty if not.
    """

    verdict: str
    statements: list[Cell]
    basis: str
    close: str


def told_apart(value: float, threshold: float) -> str:
    """Print a probability with as many digits as tell on which side it lies."""
    for digits in range(3, MOST_DIGITS):
        text = number(value, digits)
        side = (float(text) > threshold) - (float(text) < threshold)
        if side == (value > threshold) - (value < threshold):
            return text
    return repr(value)


def _asked(plan: ReportPlan, row: pd.Series) -> str:
    """Say which event the probability is of."""
    estimand = plan.primary_estimand
    unit = f"{plan.scales[estimand.outcome].unit} a {plan.per}"
    arm = plan.arm_labels[estimand.treatment]
    margin = float(row["margin"])
    size = f"{number(abs(margin), _digits(margin))} {unit}"
    if estimand.summary == "mean_slope":
        signed = f"{number(margin, _digits(margin))} {unit}"
        return f"that the mean slope on {arm} is better than {signed}"
    if margin > 0:
        return f"that the course is better on {arm} by more than {size}"
    if margin < 0:
        return f"that the course on {arm} is worse by less than {size}, or better"
    return f"that the course is better on {arm}"


def _digits(value: float) -> int:
    """Return the decimals that a setting is written with, at least two."""
    return max(2, len(f"{value:.10f}".rstrip("0").partition(".")[2]))


def _sentence(plan: ReportPlan, row: pd.Series) -> Cell:
    success = row["statement"] == "success"
    called = "a success" if success else "futile"
    side = "above" if success else "below"
    threshold = f"{row['threshold']:g}"
    asked = (
        f"The plan calls the trial {called} where the probability {_asked(plan, row)} "
        f"is {side} {threshold}"
    )
    if row["reason"]:
        return Cell(f"{asked}; it cannot be told: {row['reason']}.")
    printed = told_apart(row["probability"], row["threshold"])
    return cell_of(f"{asked}; it is {printed}.", row, "probability")


def _verdict(rule: DecisionRule, met: dict[str, bool], unknown: bool) -> str:
    by = "By the plan's decision rule"
    if unknown:
        return f"{by} nothing can be called: the data do not identify the quantity."
    if met["success"] and met.get("futility"):
        return (
            f"{by} this is a success, and yet the effect is held to be smaller than "
            "the least that was said to be worth having."
        )
    if met["success"]:
        return f"{by} this is a success."
    if met.get("futility"):
        return f"{by} this is futile."
    return f"{by} the result is called {rule.inconclusive}."


def judged_rule(plan: ReportPlan, results: Results) -> JudgedRule | None:
    """Put the decision rule and its result into words.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        With the table ``decision_rule``, where the plan has a rule.

    Returns
    -------
    JudgedRule or None
        None where the plan has no rule.
    """
    if plan.decision is None:
        return None
    table = results.tables["decision_rule"]
    rows = [row.fillna({"reason": ""}) for _, row in table.iterrows()]
    met = {row["statement"]: bool(row["met"]) for row in rows}
    near = any(
        abs(row["probability"] - row["threshold"]) < CLOSE * row["error"]
        for row in rows
        if math.isfinite(row["error"])
    )
    basis = plan.decision.basis
    return JudgedRule(
        _verdict(plan.decision, met, any(row["reason"] for row in rows)),
        [_sentence(plan, row) for row in rows],
        f"The numbers were chosen by {BASES[basis]} ({basis}): "
        f"{plan.decision.reason.rstrip('. ')}.",
        "The probability lies within two Monte Carlo errors of its threshold: other "
        "draws could give another answer, more of them (`sampler: draws`) will tell."
        if near
        else "",
    )
