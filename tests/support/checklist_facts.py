"""The facts that checklists are filled from, of a trial of two arms and one score."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pandas as pd

from alsdecline.fits.plan import FitPlan
from alsdecline.report.checklist_answers import Facts
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.settings.analysis import Estimand, Gates, Sampler, SummariesAtHorizon
from alsdecline.settings.data import Arm, Arms, Outcome
from alsdecline.settings.decision_rule import DecisionRule, Success
from alsdecline.settings.models import Models, PriorAlternative, Priors
from alsdecline.settings.plan_lock import Deviation
from alsdecline.settings.plan_status import PlanStatus
from alsdecline.settings.supplementary import Supplementary
from alsdecline.settings.trial import Trial
from support.stated_priors import PRIOR, STATED

LOCK = PlanStatus(sentence="It is locked.", digest="sha256:abc")
RULE = DecisionRule(
    success=Success(margin=0.25, probability=0.975), basis="posterior", reason="so"
)
DEVIATION = Deviation.model_construct(
    key="horizon", locked="40", present="24", reason="", date=None
)
LOW, HIGH = "low", "high"


def plan(**changes: Any) -> ReportPlan:
    """Return the plan of a trial of two arms and one score, with a lock."""
    settings = {
        "trial": Trial(id="T1", title="A trial", disease="ALS", data_kind="real"),
        "arms": Arms(
            reference=LOW,
            groups=[Arm(id=LOW, label="1 mg"), Arm(id=HIGH, label="3 mg")],
        ),
        "outcomes": [
            Outcome(id="limb", label="Limb", parameter="L", scale="s", column="l")
        ],
        "estimands": [
            Estimand(
                id="rate",
                label="Difference in slope",
                outcome="limb",
                treatment=HIGH,
                intercurrent_events=[],
                summary="slope_difference",
                model="single",
            )
        ],
        "primary": "rate",
        "scales": {"limb": SimpleNamespace(name="limb score", unit="points")},
        "time_origin": "randomisation",
        "fit": FitPlan.model_construct(
            model="single",
            outcomes=["limb"],
            arms=[HIGH],
            sums=[],
            sampler=Sampler(
                chains=4,
                tune=500,
                draws=1000,
                target_accept=0.9,
                retry_target_accept=0.95,
                seed=1,
            ),
            gates=Gates(r_hat=1.01, ess=400, divergences=0, e_bfmi=0.3),
        ),
        "models": Models(single=["limb"]),
        "covariate_labels": {"age": "Age"},
        "priors": Priors(
            correlation_lkj=2,
            basis={"correlation_lkj": STATED},
            outcomes={"limb": PRIOR},
            alternatives={"weak": PriorAlternative(effect=10)},
        ),
        "summaries": SummariesAtHorizon(
            interval=0.95,
            ratio_thresholds=[],
            ratio_needs_decline=0.99,
            horizon_week=40,
        ),
        "horizon": "week 40",
        "time_unit": "months",
        "populations": {"ITTFL": "Who were dosed"},
        "supplementary": Supplementary(),
        "decision": None,
        "analysis_plan": LOCK,
    } | changes
    return ReportPlan.model_construct(**settings)


def by_arm(**columns: Any) -> list[dict[str, Any]]:
    return [{"arm": arm, **columns} for arm in (LOW, HIGH)]


ESTIMATE = {
    "outcome": "limb",
    "model": "single",
    "quantity": "slope_difference",
    "arm": HIGH,
    "estimate": 1.0,
    "sd": 0.5,
    "lower": 0.0,
    "upper": 2.0,
    "probability": 0.97,
    "passed": True,
}
CHECK = {"model": "single", "outcome": "limb", "observed": 0.1, "warning": False}
PRIOR_CHECK = CHECK | {"statistic": "prior_share_off_scale"}
FIT = {
    "model": "single",
    "outcomes": "limb",
    "prior": "default",
    "r_hat": 1.001,
    "ess_bulk": 2000.0,
    "ess_tail": 1500.0,
}
ENDS = [
    row | {"status": status, "reason": reason}
    for status, reason, n in (
        ("randomized", "", 5),
        ("dosed", "", 5),
        ("completed", "", 4),
        ("withdrawn", "", 1),
        ("withdrawn", "adverse event", 1),
        ("died", "", 0),
        ("no record of the end", "", 0),
    )
    for row in by_arm(n=n)
]
TABLES: dict[str, list[dict[str, Any]]] = {
    "model_checks": [CHECK | {"statistic": "slope_sd"}, PRIOR_CHECK],
    "fits": [FIT],
    "prior_sensitivity": [
        ESTIMATE | {"prior": "default"},
        ESTIMATE | {"prior": "weak", "estimate": 1.5},
    ],
    "rate_of_decline": [ESTIMATE],
    "numbers_analysed": by_arm(outcome="limb", randomized=5, patients=5),
    "disposition": ENDS,
    "exposure": by_arm(quantity="doses given, all patients", statistic="n", value=80.0),
    "baseline_characteristics": by_arm(
        characteristic="Age", level="", statistic="mean", value=60.0
    ),
    "change_from_baseline": [{"week": 40.0}],
    "adverse_events": [
        row | {"term": term, "severity": ""}
        for term in ("any", "any serious")
        for row in by_arm(patients=2)
    ],
    "influence": [],
    "decision_rule": [
        {
            "statement": "success",
            "margin": 0.25,
            "threshold": 0.975,
            "probability": 0.9,
            "error": 0.01,
            "met": False,
            "reason": "",
        }
    ],
}
PROVENANCE = {"version": "1.0", "software": {"pymc": "6.4"}}


def facts(
    tables: Mapping[str, Any] | None = None,
    provenance: Mapping[str, Any] = PROVENANCE,
    **settings: Any,
) -> Facts:
    found = {
        name: pd.DataFrame(rows) for name, rows in (TABLES | (tables or {})).items()
    }
    return Facts(plan(**settings), Results(found, pd.DataFrame()), provenance)
