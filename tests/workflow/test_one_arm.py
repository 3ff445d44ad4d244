"""A trial with one arm by its folder alone: its slope, and nothing that compares.

One outcome on which higher is worse, simulated here; the fits are as short as the
sampler's settings permit, and the gates are set for that.
"""

import re
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.report.glossary import visible_text
from alsdecline.result_tables import read_result_table
from support.brief_trial import NO_GATES
from support.burden_trial import OUTCOME, write_burden_trial
from support.configurations import Change
from support.job_runs import analyse
from support.once import Once

pytestmark = pytest.mark.runs

SLOPE = 1.2
"""True mean slope, points a month."""

MARK = 1.3
"""The slope to be better than, here below it."""

COMPARING = re.compile(
    r"\b(against|compar\w+|differ\w*|slower|faster|more slowly|permut\w+|allocat\w+|"
    r"reference|effects?|ratio|random\w+ (?:to|without)|arms)\b",
    re.IGNORECASE,
)


ALONE: list[Change] = [
    ("design", None),
    ("trial.title", "A run-in without treatment"),
    ("trial.note", ""),
    ("arms.groups.0.label", "Run-in"),
    (
        "estimands",
        [
            {
                "id": "rate_burden",
                "label": "Mean rate of worsening of burden",
                "outcome": "burden",
                "treatment": "all_in",
                "population": "all",
                "intercurrent_events": [{"event": "death", "strategy": "while alive"}],
                "summary": "mean_slope",
                "model": "single",
            }
        ],
    ),
    ("primary", "rate_burden"),
    (f"{OUTCOME}.effect_sd", None),
    (f"{OUTCOME}.slope", {"mean": 1, "sd": 2}),
    ("priors.alternatives", {"weak": {"slope": 10, "between": 3}}),
    ("sampler.tune", 300),
    ("sampler.draws", 300),
    ("sampler.further_draws", 100),
    (
        "gates",
        NO_GATES | {"r_hat": 1.1, "ess": 100, "divergences": 20, "e_bfmi": 0.3},
    ),
    ("priors.effect_correlation", None),
    ("priors.basis", None),
    ("summaries.equality_of_effects", None),
    ("summaries.ratio_thresholds", []),
    (
        "decision",
        {
            "success": {"margin": MARK, "probability": 0.6},
            "basis": "posterior",
            "reason": "Made up",
        },
    ),
]


@pytest.fixture(scope="module")
def results(once: Once) -> Path:
    def make(folder: Path) -> None:
        write_burden_trial(
            folder,
            {"all_in": SLOPE},
            patients=15,
            weeks=[0, 4, 8, 12, 24],
            between=0.4,
            seed=20240301,
            changes=ALONE,
        )
        analyse(folder, "--cores", "2")

    return once("one arm", make) / "results"


def test_the_slope_is_recovered_and_is_the_estimand(results: Path) -> None:
    """The truth is 1.2 points a month; 5 SDs miss once in 1e6."""
    rates = read_result_table(results / "tables/rate_of_decline.csv")
    assert set(rates["quantity"]) == {"mean_slope", "change_at_horizon"}
    (slope,) = rates[rates["quantity"] == "mean_slope"].to_dict("records")
    assert slope["estimand"] == "rate_burden"
    assert abs(slope["estimate"] - SLOPE) < 5 * slope["sd"]
    assert slope["probability"] > 0.999
    change = rates[rates["quantity"] == "change_at_horizon"]
    assert change["estimand"].tolist() == ["supplements rate_burden"]


def test_the_slope_is_shown_under_every_prior(results: Path) -> None:
    shown = read_result_table(results / "tables/prior_sensitivity.csv")
    assert shown["quantity"].tolist() == ["mean_slope", "mean_slope"]
    assert shown["prior"].tolist() == ["default", "weak"]


def test_nothing_is_made_that_compares_arms(results: Path) -> None:
    tests = read_result_table(results / "tables/slope_tests/burden.csv")
    assert tests.empty
    assert {"estimand", "arm", "estimate", "p_value"} <= set(tests.columns)
    assert not (results / "tables/design.csv").exists()
    assert list((results / "figures").glob("effects_*")) == []


def test_the_report_answers_without_a_word_of_comparison(results: Path) -> None:
    page = (results / "report.html").read_text(encoding="utf-8")
    text = visible_text(page)
    assert "Burden rose by an estimated 1." in text
    assert "probability that it worsens: > 99%" in text
    assert "On this scale higher is worse." in text
    assert "What n = 15 can show" in text
    assert "holds the mean slope to be normal about 1 with an SD of 2.00" in text
    # but for what guidelines ask of trials that compare
    asked = re.compile(r'<h2[^>]*id="checklists".*?(?=<h2)', re.DOTALL)
    assert COMPARING.findall(visible_text(asked.sub("", page))) == []
    main, _, _ = page.partition("</main>")
    sections = re.findall(r"<h2.*?(?=<h2|$)", main, re.DOTALL)
    numbers = [re.findall(r'<span class="number">(\d+)', part)[0] for part in sections]
    assert numbers == [str(n) for n in range(1, len(sections) + 1)]
    assert len(sections) > 10
    assert all(re.search(r"</h2>\s*<(p|div|figure|dl)", part) for part in sections)


def test_the_decision_rule_is_held_to_the_posterior(results: Path) -> None:
    table = read_result_table(results / "tables/decision_rule.csv")
    draws = pd.read_parquet(results / "fits/single/burden/posterior.parquet")
    [row] = [row for _, row in table.iterrows()]
    below = (draws["slope[burden]"] < MARK).mean()
    assert row["probability"] == pytest.approx(below)
    assert row["met"] == (below > 0.6)
    page = (results / "report.html").read_text("utf-8")
    assert "this is a success." in page if row["met"] else "called inconclusive" in page
