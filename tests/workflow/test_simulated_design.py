"""What `snakemake design` makes of what `simulated_design:` says."""

import shutil
from pathlib import Path

import pytest
import yaml

from alsdecline.jobs.locked_plan import lock_plan
from alsdecline.settings.members import FAMILY
from support.trial_folder import PROJECT, copy_bundled_trial, run_snakemake

PATIENTS = {"low": 5, "high": 4}


MORE = {
    "tabulate_sample_sizes": {"scenarios": {"even": {"sizes": [4, 8]}}},
    "tabulate_averaged_errors": {
        "scenarios": {"even": {"design_prior": {"high": {"mean": 0.5, "sd": 0.5}}}}
    },
    "tabulate_compared_rules": {
        "fitted": 20,
        "fitted_by": ["joint", "single"],
        "rules": {"surer": {"margin": 0.0, "probability": 0.99}},
    },
}
"""What asks for each table that a design may have."""


@pytest.mark.parametrize("table", [None, *MORE])
def test_only_the_tables_that_are_asked_for_are_made(
    tmp_path: Path, table: str | None
) -> None:
    folder = copy_bundled_trial(tmp_path / "my trial")
    config = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    more = MORE[table] if table else {}
    scenario = {"patients": PATIENTS} | more.get("scenarios", {}).get("even", {})
    config["simulated_design"] = (
        {"trials": 20} | more | {"scenarios": {"even": scenario}}
    )
    (folder / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    run = run_snakemake(folder, "-n", "design")
    assert run.returncode == 0, run.stderr
    told = run.stdout + run.stderr
    assert "tabulate_operating_characteristics" in told
    assert "figure_operating_characteristics" in told
    assert {name for name in MORE if name in told} == ({table} if table else set())
    drawn = table is not None and table.replace("tabulate", "figure") in told
    assert drawn == (table is not None)
    fitted = {model for model in FAMILY if f"fit_design/even/{model}/" in told}
    assert fitted == set(more.get("fitted_by", []))


NEXT_TRIAL = PROJECT / "docs/how_to/next_trial"


def test_a_trial_is_sized_and_its_plan_locked_before_it_has_any_data(
    tmp_path: Path,
) -> None:
    """And all that needs data is refused, each file in a line."""
    folder = Path(shutil.copytree(NEXT_TRIAL, tmp_path / "next trial"))
    planned = run_snakemake(folder, "-n", "design")
    assert planned.returncode == 0, planned.stderr
    assert "fit_design/third_slower_n60/" in planned.stdout
    refused = run_snakemake(folder, "-n")
    assert refused.returncode == 1
    told = refused.stderr.splitlines()
    assert [line.split(":")[0] for line in told[:-1]] == [
        "data/subjects.csv",
        "data/visits.csv",
    ]
    assert told[-1] == "`snakemake design` needs none of them"
    lock = lock_plan(folder)
    assert (lock.blinded, lock.fits_existed) == (True, False)
    (folder / "data").mkdir()
    (folder / "data/subjects.csv").write_text("subject_id\n", encoding="utf-8")
    begun = run_snakemake(folder, "-n", "design")
    assert begun.returncode == 1
    assert begun.stderr.startswith("data/visits.csv: no such raw file; put it there")
