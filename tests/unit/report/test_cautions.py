"""Each thing that a reader must be warned of is counted, and told where it stands."""

from typing import Any

import pandas as pd
import pytest

from alsdecline.fits.plan import FitPlan, Sum
from alsdecline.report.cautions import cautions, conflict_words
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.priors import printed_priors
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.data import Arm, Arms, Outcome, RecordedBaseline
from alsdecline.settings.models import Basis, Models, OutcomePriors, Priors
from alsdecline.value_ids import ROW_ID
from support.stated_priors import KEYS, PRIOR, STATED


def plan(prior: OutcomePriors = PRIOR, horizon: float = 40) -> ReportPlan:
    return ReportPlan.model_construct(
        arms=Arms(
            reference="low",
            groups=[Arm(id="low", label="1 mg"), Arm(id="high", label="3 mg")],
        ),
        outcomes=[
            Outcome(id=k, label=k, parameter=k.upper(), scale="s", column=k)
            for k in ("limb", "total")
        ],
        estimands=[
            Estimand.model_construct(
                id="rate",
                outcome="total",
                treatment="high",
                summary="slope_difference",
                model="joint",
            )
        ],
        primary="rate",
        fit=FitPlan.model_construct(
            model="joint",
            outcomes=["limb"],
            arms=["high"],
            sums=[Sum(id="total", parts=["limb"])],
        ),
        models=Models(joint=["limb"]),
        covariate_labels={},
        priors=Priors(
            correlation_lkj=2,
            basis={"correlation_lkj": STATED},
            outcomes={"limb": prior},
            alternatives={},
        ),
        summaries=SummariesAtHorizon(
            interval=0.95,
            ratio_thresholds=[],
            ratio_needs_decline=0.99,
            horizon_week=horizon,
        ),
        horizon=f"week {horizon:g}",
        time_unit="months",
    )


CHECK = {"model": "joint", "outcome": "limb", "statistic": "slope_sd", "warning": False}
FIT = {"model": "joint", "outcomes": "limb", "prior": "default", "passed": True}
RATE = {"quantity": "mean_slope", "estimate": 1.0, "reason": None}
FINDING = {"severity": "warning", "rule": "duplicate_record", "row": 3.0}
SD = {"parameter": "sd_slope[total]", "prior": "default", "mean": 2.0, ROW_ID: "sd"}
TEST = {
    "outcome": "total",
    "arm": "high",
    "test": "welch",
    "prior_predictive_p": 0.4,
    ROW_ID: "welch",
}


def results(**changes: Any) -> Results:
    tables: dict[str, list[dict[str, Any]]] = {
        "model_checks": [CHECK],
        "fits": [FIT],
        "rate_of_decline": [RATE],
        "findings": [],
        "change_from_baseline": [
            {"week": 0.0, "visit": "Week 0"},
            {"week": 40.0, "visit": "Week 40"},
        ],
        "design": [{"property": "assumed_sd_slope", "value": 2.2}],
        "parameters": [SD],
        "tests": [TEST],
    } | changes
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    if not tables["findings"]:
        frames["findings"] = pd.DataFrame(columns=list(FINDING))
    return Results(frames, frames.pop("tests"))


def test_where_all_is_well_nobody_is_warned() -> None:
    assert cautions(plan(), results()) == []


WARNED = {
    "the primary model's check": (
        {"model_checks": [CHECK | {"warning": True}]},
        "The primary model does not fit its data in 1 check",
        "computation",
    ),
    "checks of others": (
        {"model_checks": [CHECK | {"warning": True, "model": "single"}] * 2},
        "Other models miss 2 checks against their data",
        "computation",
    ),
    "a gate missed": (
        {"fits": [FIT, FIT | {"prior": "weak", "passed": False}]},
        "1 fit beside the primary one misses a check",
        "computation",
    ),
    "prior and data": (
        {"tests": [TEST | {"prior_predictive_p": 0.012}]},
        (
            "Prior and data are in conflict: before the trial an estimate as far off "
            "had p = 0.012"
        ),
        "size",
    ),
    "no slope": (
        {
            "rate_of_decline": [
                RATE,
                RATE | {"estimate": float("nan"), "reason": "no patient has a value"},
            ]
        },
        "1 slope or difference is not given: left to the prior by the data",
        "decline",
    ),
    "a finding": (
        {"findings": [FINDING]},
        "1 finding on the raw data, none fatal",
        "findings",
    ),
    "an assumed SD": (
        {"parameters": [SD | {"mean": 0.5}]},
        "The design assumes an SD of slopes of 2.2, where the fitted one is 0.5",
        "size",
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_a_caution_is_counted_and_has_its_place(case: str) -> None:
    changes, text, anchor = WARNED[case]
    (caution,) = cautions(plan(), results(**changes))
    assert (caution.text, caution.anchor) == (text, anchor)
    assert caution.on_fit is text.startswith("The primary model")


def test_a_retry_that_met_its_gates_is_no_caution() -> None:
    attempts = [FIT | {"passed": False}, FIT]
    assert cautions(plan(), results(fits=attempts)) == []


def test_a_note_on_the_raw_data_is_no_caution() -> None:
    note = {"severity": "note", "rule": "rows_left_out", "row": float("nan")}
    assert cautions(plan(), results(findings=[note])) == []


def test_no_value_at_time_zero_is_told_beside_the_findings() -> None:
    nobody = {"severity": "warning", "rule": "no_baseline", "row": float("nan")}
    found = cautions(plan(), results(findings=[nobody]))
    assert [c.text.partition(":")[0] for c in found] == [
        "1 finding on the raw data, none fatal",
        "The models have no value at time zero",
    ]


@pytest.mark.parametrize(("use", "n"), [("change", 1), ("row", 0)])
def test_a_baseline_that_no_model_takes_leaves_time_zero_without_values(
    use: str, n: int
) -> None:
    """The limb is a part of the total, which is the primary outcome."""
    whole = plan()
    limb, total = whole.outcomes
    baseline = RecordedBaseline.model_validate({"column": "entry", "use": use})
    outcomes = [limb.model_copy(update={"baseline": baseline}), total]
    told = cautions(whole.model_copy(update={"outcomes": outcomes}), results())
    assert sum("no value at time zero" in c.text for c in told) == n


def test_a_horizon_that_is_no_visit_or_past_the_last_is_told() -> None:
    told = [c.text for c in cautions(plan(horizon=26), results())]
    assert told == ["Week 26, to which changes are given, is no scheduled visit"]
    # tables have twelve digits, and thirty days are no whole weeks
    assert cautions(plan(horizon=40 + 1e-9), results()) == []
    told = [c.text for c in cautions(plan(horizon=52), results())]
    assert told[1] == "Changes to week 52 reach past the last visit, week 40"


@pytest.mark.parametrize(
    ("label", "dose", "told"),
    [
        ("3 mg", 3.0, False),
        ("3 mg", 1.0, True),
        ("0.5 mg/kg", 0.5, False),
        ("high dose", 3.0, False),
        ("3 mg", None, False),
    ],
)
def test_a_label_that_contradicts_its_dose_is_told(
    label: str, dose: float | None, told: bool
) -> None:
    groups = [Arm(id="low", label="low"), Arm(id="high", label=label, dose=dose)]
    other = plan().model_copy(update={"arms": Arms(reference="low", groups=groups)})
    found = [caution.text for caution in cautions(other, results())]
    assert found == (
        [f"The arm labelled '3 mg' has a dose of {dose:g}"] if told else []
    )


def test_priors_without_source_or_reason_are_counted() -> None:
    basis = PRIOR.basis | {"slope": Basis(source="a registry"), "effect_sd": Basis()}
    prior = PRIOR.model_copy(update={"basis": basis})
    (caution,) = cautions(plan(prior), results())
    assert caution.text == "2 priors are unsourced assumptions"


@pytest.mark.parametrize(
    ("p", "verdict"), [(0.4, "no sign of a conflict"), (0.01, "they are in conflict")]
)
def test_the_prior_predictive_p_is_said_with_its_value(p: float, verdict: str) -> None:
    words = conflict_words(plan(), results(tests=[TEST | {"prior_predictive_p": p}]))
    assert words.endswith(f"p = {p:.3f}: {verdict}.")
    assert words.ids == ("welch:prior_predictive_p",)
    without = TEST | {"prior_predictive_p": float("nan")}
    assert conflict_words(plan(), results(tests=[without])) == ""


def test_proposed_priors_are_counted_apart_from_unsourced_ones() -> None:
    proposed = Basis(source="proposed", reason="the SD of the baselines")
    bases = dict.fromkeys(KEYS[:2], proposed) | dict.fromkeys(KEYS[2:], STATED)
    mixed = plan(PRIOR.model_copy(update={"basis": bases}))
    told = [(c.text, c.anchor) for c in cautions(mixed, results())]
    assert told == [
        (
            (
                "2 priors are proposed by the software, and confirmed by nobody with a "
                "source"
            ),
            "methods",
        )
    ]
    del bases["sd_slope"]
    mixed = plan(PRIOR.model_copy(update={"basis": bases}))
    told = [(c.text, c.anchor) for c in cautions(mixed, results())]
    assert told[1] == ("1 prior is an unsourced assumption", "methods")


def test_the_table_of_priors_says_what_is_proposed_and_why() -> None:
    proposed = Basis(source="proposed: by rule", reason="the SD of the baselines")
    bases = {"slope": proposed, "baseline": STATED}
    table = printed_priors(plan(PRIOR.model_copy(update={"basis": bases})))
    rows = {row[2]: row[4:] for row in table.rows}
    assert rows["mean slope of the reference arm"] == [
        "proposed, not confirmed",
        "the SD of the baselines",
    ]
    assert rows["mean at time zero"] == ["a registry", "the same patients"]
    assert rows["residual SD"][0] == "unsourced assumption"
