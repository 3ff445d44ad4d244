"""What the first screen is made of, by hand: a plan, and its tables of results."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from alsdecline.fits.plan import FitPlan
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.data import Arm, Arms, Outcome
from alsdecline.settings.models import Normal, OutcomePriors, PriorAlternative
from alsdecline.settings.scales import Scale
from alsdecline.value_ids import ROW_ID

MINUS = "\N{MINUS SIGN}"
MISSED = " (computation missed its gates)"
ARMS = [Arm(id="low", label="1 mg"), Arm(id="high", label="3 mg")]


def plan(summary: str = "slope_difference", arms: Sequence[Arm] = ARMS) -> ReportPlan:
    """Make a plan whose primary estimate is of the arm called high."""
    return ReportPlan.model_construct(
        arms=Arms(reference="low", groups=list(arms)),
        outcomes=[
            Outcome(id="fvc", label="FVC", parameter="B", scale="s", column="fvc"),
            Outcome(id="limb", label="Limb", parameter="A", scale="s", column="limb"),
        ],
        scales={
            "limb": Scale(
                name="limb", unit="points", minimum=0, better="higher", source="made up"
            )
        },
        estimands=[
            Estimand(
                id=name,
                label=name,
                outcome=outcome,
                treatment="high",
                population="all",
                intercurrent_events=[],
                summary=summary,
                model="joint",
            )
            for name, outcome in (("other", "fvc"), ("rate", "limb"))
        ],
        primary="rate",
        fit=FitPlan.model_construct(
            model="joint",
            sums=[],
            priors={"limb": OutcomePriors.model_construct(slope=Normal(mean=-2, sd=1))},
            alternatives={"weak": PriorAlternative(effect=10, slope=10)},
        ),
        prior=Normal(mean=0, sd=0.5),
        summaries=SummariesAtHorizon(
            interval=0.9,
            ratio_thresholds=[],
            ratio_needs_decline=0.99,
            horizon_week=40,
        ),
        horizon="week 40",
        time_unit="months",
    )


def estimate(
    numbers: tuple[float, float, float], **columns: Any
) -> dict[str, str | float]:
    """Make a row of estimate and interval."""
    row = {
        "outcome": "limb",
        "model": "joint",
        "quantity": "slope_difference",
        "arm": "high",
        "prior": "default",
        "probability": 0.88,
        "sd": 0.4,
        "passed": True,
        **dict(zip(("estimate", "lower", "upper"), numbers, strict=True)),
        **columns,
    }
    keys = [row[key] for key in ("outcome", "model", "quantity", "arm", "prior")]
    return row | {ROW_ID: "/".join(str(key) for key in keys)}


PRIMARY = estimate((0.5, -0.25, 1.25))
WEAK = estimate((0.75, 0.05, 1.45), prior="weak", probability=0.96, sd=0.45)
# which no sentence about a difference may take for the primary one
OTHERS = [
    estimate((9.0, 8.0, 10.0), **of)
    for of in (
        {"outcome": "fvc"},
        {"model": "single"},
        {"quantity": "mean_slope"},
        {"arm": "low"},
        {"prior": "tight"},
    )
]
TEST: dict[str, Any] = {
    "outcome": "limb",
    "arm": "high",
    "estimate": 0.6,
    "lower": -0.1,
    "upper": 1.3,
    "p_value": 0.061,
    "n_treated": 4,
    "n_reference": 5,
    "n_allocations": 1260,
    "smallest_attainable_p": 0.02,
    "exact": True,
    "test": "permutation",
    "method": "permutation test of patients' slopes",
    "prior_predictive_p": float("nan"),
    "mean_treated": -0.9,
    "mean_reference": -1.5,
    "p_least": 0.0208,
    "p_least_without": "P3",
    "p_most": 0.2,
    "p_most_without": "P7",
    ROW_ID: "test",
}
REFERENCE = estimate((-1.5, -2.0, -1.0), arm="low", quantity="mean_slope")
TREATED = estimate((-1.0, -1.5, -0.5), arm="high", quantity="mean_slope")
DESIGN = [
    {"arm": arm, "property": name, "value": value, ROW_ID: f"{arm}/{name}"}
    for arm, name, value in (
        ("high", "power", 0.3),
        ("high", "n_treated", 4.0),
        ("middle", "power", 0.9),
    )
]
WORTH = {
    "arm": "high",
    "effect": 1.0,
    "trials": float("nan"),
    "coverage": 0.954,
    "bias": -0.25,
    "excludes_zero": 0.31,
    "note": None,
    ROW_ID: "worth",
}
ERRORS = {"coverage_error": 0.0123, "bias_error": 0.02, "excludes_zero_error": 0.03}
SIMULATED = WORTH | ERRORS | {"trials": 200.0, "note": "made with earlier code"}
INTERVALS = [
    WORTH | {"analysis": "variances known"},
    WORTH | {"analysis": "variances known", "arm": "middle"},
    SIMULATED | {"analysis": "single, default prior"},
    SIMULATED | {"analysis": "joint, default prior"},
]
BASELINE = [
    {"characteristic": what, "arm": arm, "value": value, ROW_ID: f"{what}/{arm}"}
    for what, arm, value in (
        ("Patients", "high", 4.0),
        ("Age", "all", 60.0),
        ("Patients", "all", 9.0),
    )
]


SCALED = {"to_prior": 0.031, "to_likelihood": 0.12, ROW_ID: "scaled"}
ANALYSED = [
    {"outcome": outcome, "arm": arm, "patients": n, ROW_ID: f"analysed/{outcome}/{arm}"}
    for outcome, arm, n in (
        ("limb", "low", 5.0),
        ("limb", "high", 4.0),
        ("fvc", "low", 5.0),
    )
]
HARM = [
    {
        "term": term,
        "severity": severity,
        "arm": arm,
        "patients": patients,
        "percent": 25.0 * patients,
        "events": events,
        "rate": events / 3.0,
        ROW_ID: f"harm/{term}/{severity}/{arm}",
    }
    for term, severity, arm, patients, events in (
        ("any", None, "low", 1.0, 1.0),
        ("any", None, "high", 3.0, 12.0),
        ("any", "mild", "high", 2.0, 9.0),
        ("any serious", None, "low", 0.0, 0.0),
        ("any serious", None, "high", 1.0, 2.0),
    )
]


def results(
    *estimates: dict[str, Any],
    tests: Sequence[dict[str, Any]] = (TEST,),
    others: Sequence[dict[str, Any]] = OTHERS,
) -> Results:
    """Make the tables that the first screen reads; the given estimates stand last."""
    rates = [
        REFERENCE | {"outcome": "fvc"},
        REFERENCE | {"model": "single"},
        REFERENCE | {"quantity": "change_at_horizon"},
        REFERENCE,
        TREATED,
    ]
    wrong = {"estimate": 7.0, "lower": 6.0, "upper": 8.0}
    right = (REFERENCE, TREATED)
    return Results(
        {
            "prior_sensitivity": pd.DataFrame([*others, *estimates]),
            "rate_of_decline": pd.DataFrame(
                [r if r in right else r | wrong for r in rates]
            ),
            "design": pd.DataFrame(DESIGN),
            "baseline_characteristics": pd.DataFrame(BASELINE),
            "interval_properties": pd.DataFrame(INTERVALS),
            "adverse_events": pd.DataFrame(HARM),
            "numbers_analysed": pd.DataFrame(ANALYSED),
            "power_scaling": pd.DataFrame([SCALED]),
        },
        pd.DataFrame([TEST | {"outcome": "fvc"}, TEST | {"arm": "middle"}, *tests]),
    )
