"""What `snakemake design` makes of what `simulated_design:` says."""

from pathlib import Path

import pytest
import yaml

from support.trial_folder import copy_bundled_trial, run_snakemake

PATIENTS = {"low": 5, "high": 4}


MORE = {
    "tabulate_sample_sizes": {"scenarios": {"even": {"sizes": [4, 8]}}},
    "tabulate_averaged_errors": {
        "scenarios": {"even": {"design_prior": {"high": {"mean": 0.5, "sd": 0.5}}}}
    },
    "tabulate_compared_rules": {
        "fitted": 20,
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
