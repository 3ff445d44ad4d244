"""How much of the primary estimate is the prior: in patients, and by power-scaling."""

from alsdecline.analyses.prior_weight import patients_worth
from alsdecline.fits.plan import WEAK
from alsdecline.report import words as text
from alsdecline.report.cells import Cell, cell_of
from alsdecline.report.headline import primary_estimate
from alsdecline.report.plan import ReportPlan, Results

SENSITIVE = 0.05
"""Sensitivity to power-scaling from which an estimate counts as sensitive."""


LEAST = 0.1
"""Part of a patient below which no number says more."""


def prior_in_patients(plan: ReportPlan, results: Results) -> str:
    """Say of how many patients the prior is worth the data; empty where it cannot be.

    The number stands in no table: it is computed here of the prior, and of what is
    printed beside it.
    """
    if plan.fit.member.arms_multiply:  # then it is no normal prior
        return ""
    weak = primary_estimate(plan, results, WEAK)
    factors = plan.fit.alternatives[WEAK]
    compares = plan.primary_estimand.summary == "slope_difference"
    factor = factors.effect if compares else factors.slope
    analysed = results.tables["numbers_analysed"]
    outcome = plan.fit.parts_of(plan.primary_estimand.outcome)[0]
    patients = float(analysed.loc[analysed["outcome"] == outcome, "patients"].sum())
    worth = patients_worth(plan.prior.sd, weak["sd"], factor * plan.prior.sd, patients)
    if worth is None:
        return ""
    size = f"about {text.two_digits(worth)}" if worth >= LEAST else f"less than {LEAST}"
    return f"{size} of the {patients:.0f} patients analysed"


def prior_weight(plan: ReportPlan, results: Results) -> str:
    """Say what the prior weighs, and how that is measured; empty where it cannot be."""
    worth = prior_in_patients(plan, results)
    if not worth:
        return ""
    return (
        f"It says as much as the data of {worth} (its precision over what one of them "
        "gives under the weak prior)."
    )


def power_scaling(results: Results) -> Cell:
    """Say what the estimate rests on as power-scaling has it; empty without it."""
    scaled = results.tables["power_scaling"]
    if scaled.empty:
        return Cell("")
    [(_, row)] = scaled.iterrows()
    to_prior, to_likelihood = (
        row[column] >= SENSITIVE for column in ("to_prior", "to_likelihood")
    )
    if to_prior and to_likelihood:
        verdict = "it moves with both, as where they disagree or the data are few"
    elif to_prior:
        verdict = "it rests on the prior more than on the data"
    else:
        verdict = "it does not rest on the prior"
    return cell_of(
        "Given a little more weight (power-scaling; an estimate that moves by "
        f"{text.number(SENSITIVE)} counts as sensitive), the prior moves the estimate "
        f"by {text.number(row['to_prior'])} and the likelihood by "
        f"{text.number(row['to_likelihood'])}: {verdict}.",
        row,
        "to_prior",
        "to_likelihood",
    )
