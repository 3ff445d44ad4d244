"""Another trial by its folder alone: three arms, one outcome on which higher is worse.

Arms are called 0, 1 and 2, ids begin with zeros, no file but subjects and visits, and
only ``single`` is fitted. All data are simulated here.
"""

from pathlib import Path

import pytest

from alsdecline.result_tables import read_result_table
from support.burden_trial import OUTCOME, write_burden_trial
from support.configurations import Change
from support.job_runs import analyse
from support.once import Once

SLOPES = {"0": 1.5, "1": 1.0, "2": 0.2}


CHANGES: list[Change] = [
    (
        "estimands",
        [
            {
                "id": f"arm_{arm}",
                "label": f"Mean rate of worsening, arm {arm}",
                "outcome": "burden",
                "treatment": arm,
                "population": "all",
                "intercurrent_events": [{"event": "death", "strategy": "while alive"}],
                "summary": "slope_difference",
                "model": "single",
            }
            for arm in ("1", "2")
        ],
    ),
    ("primary", "arm_2"),
    (f"{OUTCOME}.slope", {"mean": 1.5, "sd": 2}),
    (f"{OUTCOME}.effect_sd", 3),
]


# among the tests of minutes, test_new_trial.py has a trial where lower is better
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(once: Once) -> Path:
    def make(folder: Path) -> None:
        write_burden_trial(
            folder,
            SLOPES,
            patients=36,
            weeks=[0, 8, 16, 24, 32],
            between=0.3,
            seed=20240229,
            changes=CHANGES,
        )
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
    page = (results / "report.html").read_text(encoding="utf-8").replace("\xa0", " ")
    assert (
        "Burden did not clearly change on arm 2 ($) and worsened on arm 0 ($): by"
        in page
    )
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
