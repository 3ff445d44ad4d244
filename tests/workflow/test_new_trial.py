"""From somebody's bare file to a report, by confirmed guesses alone."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from new_trial import main
from support.brief_trial import NO_GATES
from support.job_runs import ledger_lines
from support.trial_folder import run_snakemake

pytestmark = pytest.mark.runs

TRIALS: dict[str, tuple[str, dict[str, str]]] = {
    "armd": (
        "armd_interferon/armd0_long_with_baseline.csv",
        {
            "--reference": "Placebo",
            "--better": "higher",
            "--data-kind": "real",
            "--disease": "age-related macular degeneration",
        },
    ),
    "antidepressant": (
        "rbmi_antidepressant/antidepressant_data.csv",
        {
            "--reference": "PLACEBO",
            "--better": "lower",
            "--data-kind": "real",
            "--disease": "major depressive disorder",
        },
    ),
}
"""A published trial's file, and the guesses that its user confirms."""

BRIEF = {
    "sampler": {"chains": 2, "tune": 200, "draws": 200, "further_draws": 100},
    "gates": NO_GATES,
    "priors": {"alternatives": {"weak": {"effect": 10}}},
    "figures": {"formats": ["svg"]},
}
"""So that it takes seconds: not a user's edits, who needs none."""


def settled(config: str) -> list[str]:
    """Return the lines of a configuration that hold more than a comment."""
    return [line for line in config.splitlines() if not re.match(r"\s*(#|$)", line)]


def begun(name: str, folder: Path, reference: Path) -> Path:
    """Make a trial of a published file by confirmed guesses, and return its config."""
    file, said = TRIALS[name]
    options = [part for option in said.items() for part in option]
    assert len(said) <= 6
    assert main([str(reference / "data" / file), "--dir", str(folder), *options]) == 0
    return folder / "config.yaml"


def test_a_bare_file_becomes_tables_and_planned_fits_without_an_edit(
    reference, tmp_path
):
    """The tables are made, and what is left of the report is but planned."""
    config = begun("antidepressant", tmp_path / "trial", reference)
    assert len(settled(config.read_text("utf-8"))) <= 40
    table = "results/tables/baseline_characteristics.csv"
    run = run_snakemake(config.parent, table)
    assert run.returncode == 0, run.stderr
    with (config.parent / table).open() as stream:
        arms = {row["arm"] for row in csv.DictReader(stream)}
    assert {"DRUG", "PLACEBO"} <= arms
    planned = run_snakemake(config.parent, "--dry-run")
    assert planned.returncode == 0, planned.stderr
    told = planned.stdout + planned.stderr
    assert "fit_single/hamdtl17" in told
    assert "report" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "more"), [("antidepressant", BRIEF), ("antidepressant", {}), ("armd", {})]
)
def test_a_bare_file_becomes_a_report_without_an_edit(name, more, reference, tmp_path):
    folder, (_, said) = tmp_path / name, TRIALS[name]
    config = begun(name, folder, reference)
    if more:
        text = config.read_text("utf-8") + yaml.safe_dump(more)
        config.write_text(text, encoding="utf-8")
    run = run_snakemake(folder, "--cores", "2", timeout=2400)
    assert run.returncode == 0, run.stderr
    assert {line["status"] for line in ledger_lines(folder) if "job" in line} == {
        "done"
    }
    report = (folder / "results/report.html").read_text("utf-8")
    assert said["--disease"] in report
    with (folder / "results/tables/rate_of_decline.csv").open() as stream:
        treated = {row["arm"] for row in csv.DictReader(stream)}
    assert len(treated) >= 2
