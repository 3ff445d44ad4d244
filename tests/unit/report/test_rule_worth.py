"""The report says how often simulated trials meet the rule, with ids of the numbers."""

import pandas as pd

from alsdecline.report.plan import Results
from alsdecline.report.rule_worth import rule_worth
from alsdecline.settings.decision_rule import DecisionRule, Success
from alsdecline.settings.models import Normal
from alsdecline.settings.simulated_design import DesignScenario
from alsdecline.value_ids import ROW_ID
from support.first_screen import plan

RULE = DecisionRule(
    success=Success(probability=0.975), basis="type I error", reason="Simulated"
)
SIZES = {"low": 20, "high": 30}


def test_each_scenario_is_a_sentence_whose_numbers_have_ids() -> None:
    scenarios = {
        "none": DesignScenario(patients=SIZES),
        "drawn": DesignScenario(
            patients=SIZES, design_prior={"high": Normal(mean=1, sd=0.5)}
        ),
    }
    given = plan().model_copy(
        update={"decision": RULE, "rule_worth": scenarios, "rule_model": "joint"}
    )
    rows = [
        {
            "scenario": scenario,
            "arm": "high",
            "method": method,
            "patients": 30,
            "reference_patients": 20,
            "effect": effect,
            "trials": 1000,
            "success": success if method == "joint" else 0.5,
            "success_error": 0.005,
            "futile": futile,
            "futile_error": 0.01,
            ROW_ID: f"operating_characteristics/{scenario}/high/{method}",
        }
        for scenario, effect, success, futile in (
            ("other", 2.0, 0.9, 0.0),
            ("drawn", 0.98, 0.4, float("nan")),
            ("none", 0.0, 0.026, 0.31),
        )
        for method in ("t_on_slopes", "single", "joint")
    ]
    tables = {"operating_characteristics": pd.DataFrame(rows)}
    none, drawn = rule_worth(given, Results(tables, pd.DataFrame()))
    assert none.startswith("Of 1000 simulated trials with no true effect (30 patients")
    assert "it calls 2.6% (Monte Carlo standard error 0.5) a success" in none
    assert none.endswith("and 31.0% (Monte Carlo standard error 1.0) futile.")
    assert "operating_characteristics/none/high/joint:success" in none.ids
    assert "true effects drawn about 1.00 (SD 0.50)" in drawn
    assert "futile" not in drawn
    assert rule_worth(plan(), Results({}, pd.DataFrame())) == []
