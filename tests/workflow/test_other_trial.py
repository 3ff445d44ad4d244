"""Another trial by its folder alone: three arms, one outcome on which higher is worse.

Arms are called 0, 1 and 2, ids begin with zeros, no file but subjects and visits, and
only ``single`` is fitted. All data are simulated here.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from alsdecline.result_tables import read_result_table
from support.job_runs import analyse
from support.once import Once
from support.trial_folder import PROJECT

WEEKS = [0, 8, 16, 24, 32]
SLOPES = {"0": 1.5, "1": 1.0, "2": 0.2}


def write_trial(folder: Path) -> None:
    config = yaml.safe_load((PROJECT / "config.yaml").read_text(encoding="utf-8"))
    config["data"] = {
        "subjects": {"file": "subjects.csv"},
        "visits": {"file": "visits.csv"},
        "cutoff": "2021-12-31",
    }
    groups = [{"id": arm, "label": f"arm {arm} ($)"} for arm in SLOPES]
    config["arms"] = {"reference": "0", "groups": groups}
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
    estimand = config["estimands"][0] | {"outcome": "burden", "model": "single"}
    config["estimands"] = [
        estimand | {"id": f"arm_{arm}", "treatment": arm} for arm in ("1", "2")
    ]
    config["primary"] = "arm_2"
    config["models"] = {"single": ["burden"]}
    prior = config["priors"]["outcomes"]["total"]
    prior |= {"baseline": {"mean": 30, "sd": 15}, "slope": {"mean": 1.5, "sd": 2}}
    config["priors"]["outcomes"] = {"burden": prior | {"effect_sd": 3}}
    config["summaries"] |= {"horizon_week": 32, "equality_of_effects": []}
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    (folder / "config.yaml").write_text(text, encoding="utf-8")

    rng = np.random.default_rng(20240229)
    subjects, visits = ["patient,arm,randomisation_date"], []
    for number in range(36):
        patient, arm = f"{number + 1:03d}", str(number % 3)
        subjects.append(f"{patient},{arm},2020-03-02")
        start, slope = rng.normal(30, 5), rng.normal(SLOPES[arm], 0.3)
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

    return once("other", make) / "results"


def test_effects_are_improvements_whichever_way_the_scale_runs(results: Path) -> None:
    """The truths are 1.3 and 0.5 points a month slower; 5 SDs miss once in 1e6."""
    rates = read_result_table(results / "tables" / "rate_of_decline.csv")
    for arm, truth in (("1", 0.5), ("2", 1.3)):
        row = rates[(rates["quantity"] == "slope_difference") & (rates["arm"] == arm)]
        assert row["estimand"].tolist() == [f"arm_{arm}"]
        assert abs(row["estimate"].iloc[0] - truth) < 5 * row["sd"].iloc[0]
    worse = rates[rates["quantity"] == "mean_slope"].set_index("arm")["probability"]
    assert worse["0"] > 0.999


def test_the_report_has_every_arm_and_claims_nothing_of_what_was_not_recorded(
    results: Path,
) -> None:
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "Burden worsened by an estimated" in page
    assert "On this scale higher is worse." in page
    assert "Adverse events are not part of this analysis." in page
    assert "any serious" not in page
    assert ">died<" not in page
    for arm in ("1", "2"):
        effects = results / "figures" / f"effects_{arm}.svg"
        assert effects.stat().st_size > 10_000
    primary = [
        "(primary)" in (results / "figures" / f"effects_{arm}.svg").read_text()
        for arm in ("1", "2")
    ]
    assert primary == [False, True]
    slopes = read_result_table(results / "tables/patient_slopes/burden.csv")
    assert slopes["patient"].iloc[0] == "001"
