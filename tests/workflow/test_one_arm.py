"""A trial with one arm by its folder alone: its slope, and nothing that compares.

One outcome on which higher is worse, simulated here; the fits are as short as the
sampler's settings permit, and the gates are set for that.
"""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from alsdecline.result_tables import read_result_table
from support.job_runs import analyse
from support.once import Once
from support.trial_folder import PROJECT

WEEKS = [0, 4, 8, 12, 24]
SLOPE = 1.2
"""True mean slope, points a month."""

COMPARING = re.compile(
    r"\b(against|compar\w+|differ\w*|slower|faster|more slowly|permut\w+|allocat\w+|"
    r"reference|effects?|ratio|random\w+ (?:to|without)|arms)\b",
    re.IGNORECASE,
)


def write_trial(folder: Path) -> None:
    config = yaml.safe_load((PROJECT / "config.yaml").read_text(encoding="utf-8"))
    del config["design"]
    config["data"] = {
        "subjects": {"file": "subjects.csv"},
        "visits": {"file": "visits.csv"},
        "cutoff": "2021-12-31",
    }
    config["trial"] |= {"title": "A run-in without treatment", "note": ""}
    config["arms"] = {
        "reference": "all_in",
        "groups": [{"id": "all_in", "label": "Run-in"}],
    }
    config["scales"] = {
        "burden": {
            "name": "burden",
            "unit": "points",
            "minimum": 0,
            "maximum": 100,
            "better": "lower",
            "source": "made up for this test",
        }
    }
    outcome = {"id": "burden", "label": "Burden", "parameter": "BURDEN"}
    config["outcomes"] = [outcome | {"scale": "burden", "column": "burden"}]
    config["visits"] = {"weeks": WEEKS, "window_days": 6}
    config["estimands"] = [
        {
            "id": "rate_burden",
            "label": "Mean rate of worsening of burden",
            "outcome": "burden",
            "treatment": "all_in",
            "population": "all patients",
            "intercurrent_events": [{"event": "death", "strategy": "while alive"}],
            "summary": "mean_slope",
            "model": "single",
        }
    ]
    config["primary"] = "rate_burden"
    config["models"] = {"single": ["burden"]}
    prior = config["priors"]["outcomes"]["total"]
    del prior["effect_sd"]
    prior |= {"baseline": {"mean": 30, "sd": 15}, "slope": {"mean": 1, "sd": 2}}
    config["priors"]["outcomes"] = {"burden": prior}
    config["priors"]["alternatives"] = {"weak": {"slope": 10, "between": 3}}
    config["sampler"] |= {"tune": 300, "draws": 300}
    config["gates"] |= {"r_hat": 1.1, "ess": 100, "divergences": 20}
    del config["summaries"]["equality_of_effects"]
    config["summaries"] |= {"horizon_week": 24, "ratio_thresholds": []}
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    (folder / "config.yaml").write_text(text, encoding="utf-8")

    rng = np.random.default_rng(20240301)
    subjects, visits = ["patient,arm,randomisation_date"], []
    for number in range(15):
        patient = f"{number + 1:02d}"
        subjects.append(f"{patient},all_in,2020-03-02")
        start, slope = rng.normal(30, 5), rng.normal(SLOPE, 0.4)
        for week in WEEKS:
            day = np.datetime64("2020-03-02") + np.timedelta64(7 * week, "D")
            value = start + slope * 7 * week / 30.4375 + rng.normal(0, 1)
            visits.append(f"{patient},{day},{week},{max(value, 0):.2f}")
    (folder / "subjects.csv").write_text("\n".join(subjects) + "\n")
    header = "patient,visit_date,visit_week,burden\n"
    (folder / "visits.csv").write_text(header + "\n".join(visits) + "\n")


@pytest.fixture(scope="module")
def results(once: Once) -> Path:
    def make(folder: Path) -> None:
        folder.mkdir()
        write_trial(folder)
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
    tests = read_result_table(results / "tables/permutation_tests/burden.csv")
    assert tests.empty
    assert {"estimand", "arm", "estimate", "p_value"} <= set(tests.columns)
    assert not (results / "tables/design.csv").exists()
    assert list((results / "figures").glob("effects_*")) == []


def test_the_report_answers_without_a_word_of_comparison(results: Path) -> None:
    page = (results / "report.html").read_text(encoding="utf-8")
    hidden = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)
    text = re.sub(r"\s+", " ", hidden.sub(" ", page))
    assert "Burden rose by an estimated 1." in text
    assert "probability that it worsens: &gt; 99%" in text
    assert "On this scale higher is worse." in text
    assert "What n = 15 can show" in text
    assert "holds the mean slope to be normal about 1 with an SD of 2.00" in text
    assert COMPARING.findall(text) == []
    headings = re.findall(r"<h2.*?(?=<h2|</main>)", page, re.DOTALL)
    assert len(headings) == 12
    assert all(re.search(r"</h2>\s*<(p|div|figure)", part) for part in headings)
