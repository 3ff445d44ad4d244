"""Items of guidelines are filled by facts of the trial, or said to be unmet."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from alsdecline.report import (
    checklist_of_models,
    checklist_of_patients,
    checklist_of_plan,
)
from alsdecline.report.checklist_answers import Answer, Facts
from alsdecline.report.checklists import filled_checklists, read_checklists
from alsdecline.settings.data import Arm, Arms
from alsdecline.settings.models import (
    Basis,
    Covariate,
    Models,
)
from alsdecline.settings.plan_status import PlanStatus
from alsdecline.settings.trial import Trial
from support.checklist_facts import (
    CHECK,
    DEVIATION,
    ENDS,
    ESTIMATE,
    FIT,
    LOCK,
    LOW,
    PRIOR_CHECK,
    PROVENANCE,
    RULE,
    TABLES,
    by_arm,
    facts,
    plan,
)
from support.stated_priors import PRIOR
from support.trial_folder import PROJECT


def answers(given: Facts) -> dict[str, Answer]:
    lists = filled_checklists(given.plan, given.results, given.provenance)
    return {item.answer: answer for one in lists for item, answer in one.rows}


UNKNOWABLE = {
    "why_bayesian",
    "data_access",
    "interim_analyses",
    "recruitment_dates",
    "concomitant_care",
}
"""What no configuration and no table has."""

ONE_ARM = {
    "arms": Arms(reference=LOW, groups=[Arm(id=LOW, label="1 mg")]),
    "estimands": [
        plan().primary_estimand.model_copy(
            update={"summary": "mean_slope", "treatment": LOW}
        )
    ],
    "fit": plan().fit.model_copy(update={"arms": []}),
    "tables": {
        name: [row for row in rows if row.get("arm", LOW) == LOW]
        for name, rows in TABLES.items()
    }
    | {
        "prior_sensitivity": [
            ESTIMATE | {"prior": "default", "quantity": "mean_slope", "arm": LOW}
        ],
        "rate_of_decline": [ESTIMATE | {"quantity": "mean_slope", "arm": LOW}],
    },
}
WITHOUT_REASON = [
    row for row in ENDS if not (row["status"] == "withdrawn" and row["reason"])
]
CHANGED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "one arm": (
        ONE_ARM,
        {
            "methods_of_comparison",
            "flow",
            "likelihood",
            "sample_size",
            "who_is_included",
        },
    ),
    "no adverse events": (
        {"tables": {"adverse_events": []}},
        {"harms", "methods_of_comparison"},
    ),
    "no doses": (
        {
            "tables": {
                "exposure": [],
                "disposition": [r for r in ENDS if r["status"] != "dosed"],
            }
        },
        {"delivery", "flow"},
    ),
    "ends without a reason": ({"tables": {"disposition": WITHOUT_REASON}}, {"losses"}),
    "no ends": ({"tables": {"disposition": ENDS[:4]}}, {"losses"}),
    "no characteristics": (
        {
            "tables": {
                "baseline_characteristics": by_arm(
                    characteristic="Patients", level="", statistic="n", value=5.0
                )
            }
        },
        {"baseline"},
    ),
    "patients without a value": (
        {
            "tables": {
                "numbers_analysed": by_arm(outcome="limb", randomized=5, patients=4)
            }
        },
        {"missing_data", "flow"},
    ),
    "no estimate": (
        {
            "tables": {
                "prior_sensitivity": [
                    ESTIMATE | {"prior": "default", "estimate": np.nan}
                ],
                "rate_of_decline": [ESTIMATE | {"estimate": np.nan}],
            }
        },
        {
            *("posterior_summary", "central_tendency", "variance"),
            *("results_by_outcome", "prior_sensitivity"),
        },
    ),
    "no visit at the horizon": (
        {"tables": {"change_from_baseline": [{"week": 24.0}]}},
        {"results_by_outcome"},
    ),
    "chains that have not met": (
        {"tables": {"fits": [FIT | {"r_hat": 1.2}]}},
        {"convergence"},
    ),
    "no R-hat": ({"tables": {"fits": [FIT | {"r_hat": np.nan}]}}, {"convergence"}),
    "few draws that count": (
        {"tables": {"fits": [FIT, FIT | {"prior": "weak", "ess_tail": 90.0}]}},
        {"resolution"},
    ),
    "no check": (
        {
            "tables": {
                "model_checks": [CHECK | {"model": "joint", "statistic": "slope_sd"}]
            }
        },
        {"posterior_predictions", "prior_predictions"},
    ),
    "a mismatch": (
        {
            "tables": {
                "model_checks": [
                    CHECK | {"statistic": "slope_sd", "warning": True},
                    PRIOR_CHECK,
                ]
            }
        },
        {"posterior_predictions"},
    ),
    "a prior without a reason": (
        {
            "priors": plan().priors.model_copy(
                update={"basis": {"correlation_lkj": Basis(source="a registry")}}
            )
        },
        {"priors_justified"},
    ),
    "another model, a covariate": (
        {
            "models": Models(
                single=["limb"], robust=["limb"], covariates=[Covariate(column="age")]
            ),
            "priors": plan().priors.model_copy(
                update={
                    "alternatives": {},
                    "outcomes": {"limb": PRIOR},
                }
            ),
        },
        {
            *("variables", "likelihood", "priors_specified", "priors_justified"),
            "formal_statement",
            *("additional_methods", "additional_results"),
        },
    ),
    "a decision rule": (
        {"decision": RULE},
        {
            *("decision_procedure", "loss_function", "decision_limits"),
            "decision_sensitivity",
        },
    ),
    "no lock": (
        {"analysis_plan": PlanStatus(sentence="It is not locked.")},
        {
            *("changes_of_plan", "plan_access"),
            *("additional_methods", "additional_results"),
        },
    ),
    "a deviation": (
        {"analysis_plan": LOCK.model_copy(update={"deviations": [DEVIATION]})},
        {"changes_of_plan", "additional_methods", "additional_results"},
    ),
    "a registered trial": (
        {
            "trial": Trial(
                id="T1",
                title="A trial",
                disease="ALS",
                data_kind="real",
                note="Registered as NCT01234567.",
            )
        },
        {"registration"},
    ),
    "another goal": (
        {
            "estimands": [
                plan().primary_estimand.model_copy(update={"label": "Something else"})
            ]
        },
        {"goals"},
    ),
    "another time": ({"horizon": "week 24"}, {"outcomes"}),
    "another sampler": (
        {
            "fit": plan().fit.model_copy(
                update={"sampler": plan().fit.sampler.model_copy(update={"chains": 8})}
            )
        },
        {"technique"},
    ),
    "other software": ({"provenance": PROVENANCE | {"version": "2.0"}}, {"software"}),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_trial_of_another_kind_has_other_answers(name: str) -> None:
    changes, expected = CHANGED[name]
    before, after = answers(facts()), answers(facts(**changes))
    assert expected <= {key for key in before if before[key] != after[key]}


def test_no_item_is_filled_whatever_the_trial() -> None:
    items = {item.answer for one in read_checklists() for item in one.items}
    changed = set().union(*(expected for _, expected in CHANGED.values()))
    assert items - changed == UNKNOWABLE
    assert not any(answers(facts())[key].met for key in UNKNOWABLE)


UNMET: dict[str, set[str]] = {
    "one arm": {"methods_of_comparison", "flow"},
    "no adverse events": {"harms"},
    "no doses": {"delivery", "flow"},
    "ends without a reason": {"losses"},
    "no estimate": {"posterior_summary", "variance", "results_by_outcome"},
    "chains that have not met": {"convergence"},
    "no R-hat": {"convergence"},
    "few draws that count": {"resolution"},
    "no check": {"posterior_predictions", "prior_predictions"},
    "a prior without a reason": {"priors_justified"},
    "a decision rule": {"decision_sensitivity"},
    "no lock": {"changes_of_plan", "additional_methods"},
    "a deviation": {"changes_of_plan"},
}


@pytest.mark.parametrize("name", UNMET)
def test_what_a_trial_lacks_is_unmet_and_said(name: str) -> None:
    before, after = answers(facts()), answers(facts(**CHANGED[name][0]))
    for key in UNMET[name]:
        assert before[key].met, key
        assert not after[key].met, key
        assert after[key].text, key


def test_a_registered_trial_still_lacks_the_date() -> None:
    answer = answers(facts(**CHANGED["a registered trial"][0]))["registration"]
    assert not answer.met
    assert answer.text.startswith("NCT01234567; its link and date")


def test_items_are_filled_by_functions_of_their_own() -> None:
    modules = (checklist_of_models, checklist_of_plan, checklist_of_patients)
    names = {module.__name__ for module in modules}
    fills: list[Callable[[Facts], Answer]] = [
        item.fill for one in read_checklists() for item in one.items
    ]
    assert {fill.__module__ for fill in fills} == names


def test_each_list_says_what_was_read_and_one_without_a_text_has_no_items() -> None:
    for one in read_checklists():
        assert one.source
        assert bool(one.read) == bool(one.items)
        assert one.items or one.not_read
    assert [one.name for one in read_checklists() if not one.items] == ["FDA"]


def test_the_summary_counts_what_is_filled_and_names_what_is_not() -> None:
    given = facts()
    robust = filled_checklists(given.plan, given.results, given.provenance)[1]
    assert robust.summary == "7 items of 7 filled."
    given = facts(**CHANGED["a prior without a reason"][0])
    robust = filled_checklists(given.plan, given.results, given.provenance)[1]
    assert robust.summary == "6 items of 7 filled; unmet: 2."


def test_numbers_of_tables_carry_their_ids() -> None:
    named = {
        name: [row | {"row_id": f"{name}/{n}"} for n, row in enumerate(rows)]
        for name, rows in TABLES.items()
    }
    found = answers(facts(named))
    assert found["convergence"].text.ids == ("fits/0:r_hat",)
    assert len(found["flow"].text.ids) == 6
    assert re.search(r"\d", found["harms"].text)


def anchors() -> set[str]:
    """Return the anchors of the report's sections, tables and figures."""
    folder = PROJECT / "scripts/templates/report"
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.html.j2"))
    placed = re.findall(r'<(?:h2|caption|figure)[^>]* id="([\w-]+)"', text)
    tables = re.findall(r'\{\{ table\(.*id="([\w-]+)"\)', text)
    figures = re.findall(r'\{\{ figure\("(\w+)"', text)
    return {
        *placed,
        *(f"table-{name}" for name in tables),
        *(f"figure-{name}" for name in figures),
    }


@pytest.mark.parametrize("name", CHANGED)
def test_answers_lead_to_what_has_a_number_on_the_page(name: str) -> None:
    for key, answer in answers(facts(**CHANGED[name][0])).items():
        assert set(answer.at) <= anchors(), key
