"""A trial of one file in twelve lines goes through to a report, and so does its plan.

The fits are as short as the sampler's settings permit, which the twelve lines do not
say.
"""

import random
import shutil
from pathlib import Path

import pytest
import yaml

from support.brief_trial import NO_GATES
from support.job_runs import TIMED, analyse
from support.once import Once
from support.short_trial import SHORT, WEEKS, short_trial
from support.trial_folder import results_of

pytestmark = pytest.mark.slow

BRIEF = {
    "sampler": {"chains": 2, "tune": 100, "draws": 100, "further_draws": 100},
    "gates": NO_GATES,
    "influence": {"patients_at_most": 0},
    "figures": {"formats": ["svg"]},
}


def rows() -> list[str]:
    """Return header and rows of twenty patients who lose half a letter a week."""
    chance = random.Random(20270401)
    found = ["subject,treatment,week,letters_read"]
    for number in range(20):
        arm = ("placebo", "active")[number % 2]
        start, slope = chance.gauss(60, 8), chance.gauss(-0.4, 0.1)
        found += [
            f"P{number:02},{arm},{week},{start + slope * week + chance.gauss(0, 2):.1f}"
            for week in WEEKS
        ]
    return found


@pytest.fixture(scope="module")
def analysed(once: Once) -> Path:
    def make(folder: Path) -> None:
        short_trial(folder, SHORT + yaml.safe_dump(BRIEF), rows())
        analyse(folder, "--cores", "2")

    return once("short configuration", make)


def test_the_report_says_which_priors_nobody_confirmed(analysed: Path) -> None:
    report = (analysed / "results/report.html").read_text("utf-8")
    assert "7 priors are proposed by the software" in report
    assert report.count("proposed, not confirmed") == 7
    assert "unsourced assumption" not in report


def test_the_plan_as_configuration_fits_nothing_again(
    analysed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "trial"
    shutil.copytree(analysed, folder)
    before = results_of(folder, *TIMED)
    shutil.copyfile(folder / "results/plan.yaml", folder / "config.yaml")
    # the report has what every job recorded
    last = {"write_plan", "report", "report_documents", "crate"}
    assert analyse(folder, "--cores", "2") == last
    after = results_of(folder, *TIMED)
    differing = {name for name in before if before[name] != after[name]}
    print(sorted(differing))
    assert {name for name in differing if "crate" not in name} == {
        "results/plan.yaml",  # in which nothing is filled in now
        "results/records/write_plan.json",
        "results/records/report.json",
    }


def test_a_value_after_baseline_moves_no_prior(analysed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    shutil.copytree(analysed, folder)
    path = folder / "letters.csv"
    lines = path.read_text("utf-8").splitlines()
    later = next(i for i, line in enumerate(lines) if line.startswith("P03,active,12,"))
    first = next(i for i, line in enumerate(lines) if line.startswith("P03,active,0,"))
    lines[later] = "P03,active,12,7.5"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    ran = analyse(folder, "--cores", "2")
    assert "write_plan" not in ran
    assert {"ingest", "fit_single/letters_read", "report"} <= ran
    lines[first] = "P03,active,0,99"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert {"write_plan", "fit_single/letters_read"} <= analyse(folder, "--cores", "2")
