"""The supplementary analyses are printed with what was done, and why one was not."""

import pandas as pd
import pytest

from alsdecline.report.plan import ReportPlan
from alsdecline.report.supplementary import printed_supplementary
from alsdecline.settings.analysis import SummariesAtHorizon
from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.data import Arms, Outcome
from alsdecline.settings.supplementary import Ancova, MixedModel, Supplementary

ARMS = Arms.model_validate(
    {
        "reference": "p",
        "dose_unit": "mg",
        "groups": [
            {"id": "p", "label": "Placebo", "dose": 0},
            {"id": "t", "label": "Drug", "dose": 5},
        ],
    }
)
ANCOVA = Ancova(
    id="one",
    label="Change to week 24",
    outcome="adas",
    week=24,
    response="change",
    carried_forward=True,
    population="EFFFL",
    factors=["SITE"],
    dose_response=True,
)
MIXED = MixedModel(
    id="two",
    label="By REML",
    outcome="adas",
    baseline="response",
    random=["intercept", "slope"],
    time_unit="week",
)
NUMBERS = {"se": 0.5, "df": 10, "lower": -2.0, "upper": 1.0, "p_value": 0.25}


def plan(*analyses: Ancova | MixedModel) -> ReportPlan:
    return ReportPlan.model_construct(
        arms=ARMS,
        outcomes=[
            Outcome(
                id="adas", label="ADAS-Cog", parameter="A", scale="s", column="adas"
            )
        ],
        scales={"adas": catalogue().scales["adas_cog_11"]},
        populations={"EFFFL": "Efficacy"},
        carried_past_death=False,
        summaries=SummariesAtHorizon(
            interval=0.95,
            ratio_thresholds=[],
            ratio_needs_decline=0.99,
            horizon_week=24,
        ),
        horizon="week 24",
        visits_compared={"one": "year 2"},
        time_unit="months",
        supplementary=Supplementary(
            ancova=[a for a in analyses if isinstance(a, Ancova)],
            mixed_models=[a for a in analyses if isinstance(a, MixedModel)],
        ),
    )


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    of_arm = {"n": 7.0, "mean": 2.54, "sd": 5.804}
    return {
        "visits_compared": pd.DataFrame(
            [
                {"analysis": "one", "variable": variable, "arm": arm, **of_arm}
                for variable in ("BASE", "AVAL", "CHG")
                for arm in ("p", "t")
            ]
        ),
        "ancova": pd.DataFrame(
            [
                {
                    "quantity": "difference",
                    "arm": "t",
                    "versus": "p",
                    "estimate": -0.47,
                },
                {"quantity": "dose_response", "estimate": -0.094},
            ]
        ).assign(analysis="one", note="", **NUMBERS),
        "mixed_models": pd.DataFrame(
            [
                {"parameter": "time x arm t", "estimate": -0.05, **NUMBERS},
                {"parameter": "sd(residual)", "estimate": 8.6275},
            ]
        ).assign(analysis="two", note=""),
    }


def test_an_ancova_has_its_arms_its_differences_and_its_trend(
    tables: dict[str, pd.DataFrame],
) -> None:
    (printed,) = printed_supplementary(plan(ANCOVA), tables)
    by_arm, compared = printed.tables.values()
    assert by_arm.head[2:] == [
        "Baseline, mean (SD)",
        "Year 2, mean (SD)",
        "Change, mean (SD)",
    ]
    assert by_arm.rows[0] == ["Placebo", "7", *["2.5 (5.80)"] * 3]
    minus = "\N{MINUS SIGN}"
    assert compared.rows[0][:2] == ["Drug against Placebo", f"{minus}0.47"]
    assert compared.rows[0][-1] == "p = 0.250"
    assert compared.rows[1][0] == "Trend in dose, per mg"


def test_the_method_says_population_adjustment_carrying_and_direction(
    tables: dict[str, pd.DataFrame],
) -> None:
    (printed,) = printed_supplementary(plan(ANCOVA), tables)
    for part in (
        "change from baseline of ADAS-Cog at year 2 in the population Efficacy",
        "adjusted for the baseline, SITE as a factor",
        "which is no estimate of what they would have had, but not past death.",
        "below 0 is better",
    ):
        assert part in printed.method


def test_a_mixed_model_names_its_parameters_with_their_unit_of_time(
    tables: dict[str, pd.DataFrame],
) -> None:
    (printed,) = printed_supplementary(plan(MIXED), tables)
    (table,) = printed.tables.values()
    assert table.head == ["", "Estimate", "SE", "Interval", "df", "p"]
    assert table.rows[0][0] == "Drug, difference in slope per week"
    assert table.rows[0][-2:] == ["10.0", "p = 0.250"]
    assert table.rows[1] == ["Residual SD", "8.63", "", "", "", ""]
    assert "in all patients: all values; random intercept and slope" in printed.method


def test_an_analysis_that_failed_says_why(tables: dict[str, pd.DataFrame]) -> None:
    failed = {"analysis": ["one"], "quantity": ["failed"], "note": ["confounded"]}
    tables["ancova"] = pd.DataFrame(failed)
    (printed,) = printed_supplementary(plan(ANCOVA), tables)
    assert printed.failure == "confounded"
    assert printed.tables == {}
