"""Wrong generating values are refused in one line that says where and why."""

import subprocess
import sys
from pathlib import Path

import pytest

from alsdecline.simulation.plan import SimulationPlanError, read_plan

ROOT = Path(__file__).parents[3]
PLAN = ROOT / "data" / "simulation.yaml"


def simulate(plan: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    script = ROOT / "scripts" / "simulate_trial.py"
    return subprocess.run(
        [sys.executable, script, plan, folder],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed: 20050727", "sead: 1", "trial.sead: unknown key"),
        ("seed: 20050727", "prefix: 1", "trial.seed: missing; add it"),
        ("missed_visit: 0.04", "missed_visit: 1.5", "nuisances.missed_visit: "),
        ("value: 0.3", "value: 3", "correlations.0.value: "),
        ("reference: low", "reference: none", "'none' is not one of the arms"),
        ("{high: 1.2}", "{higher: 1.2}", "effect[limb,higher]"),
        ("'slope:limb'", "'slope:arm'", "slope:arm"),
        ("parts: [limb,", "parts: [arm,", "totals: no outcome ['arm']"),
        ("IGF-004", "IGF-010", "subjects are IGF-001 to IGF-009"),
        ("{patients: 5,", "{patients: 500,", "504 patients, each randomised on a"),
        ("week: 23", "week: 40", "must precede week 40"),
        ("window_days: 3", "window_days: 7", "would overlap"),
        ("mild: 0.7", "mild: 0.8", "must sum to 1"),
        ("arms:", "arms: {", "not valid YAML"),
        ("week: 23", "week: 0x17", "nuisances.withdrawals.0.week: it is a number to"),
        ("week: 23", "week: 1:30", "it is a number in sixties"),
        ("week: 23", "week: yes", "week: a number is needed here"),
        ("seed: 20050727", "seed: 1\n  seed: 2", "key 'seed' is there twice"),
        ("missed_visit: 0.04", 'missed_visit: "nan"', "missed_visit: "),
        ("last_week: 40", "last_week: 100000000000", "visits.last_week: "),
        ("{patients: 5,", "{patients: 100000000000,", ".patients: "),
        ("arms:", "arms: " + "[" * 10_000, "line 1"),
    ],
)
def test_a_wrong_plan_is_refused_in_one_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = PLAN.read_text("utf-8")
    assert old in text
    plan = tmp_path / "plan.yaml"
    plan.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(SimulationPlanError) as refusal:
        read_plan(plan)
    said = str(refusal.value)
    assert said.startswith(f"{plan}: ")
    assert message in said
    assert "\n" not in said


def test_the_command_shows_the_line_and_writes_nothing(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN.read_text("utf-8") + "color: red\n", "utf-8")
    done = simulate(plan, tmp_path / "out")
    assert done.returncode == 1
    expected = "color: unknown key; correct its spelling or remove it"
    assert done.stderr == f"{plan}: {expected}\n"
    assert not (tmp_path / "out").exists()


def test_a_plan_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = simulate(tmp_path / "none.yaml", tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path / 'none.yaml'}: No such file or directory\n"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file", "utf-8")
    done = simulate(PLAN, taken)
    assert done.returncode == 1
    assert done.stderr == f"{taken}: cannot be written: File exists\n"
