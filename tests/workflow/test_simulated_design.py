"""What `snakemake design` makes of what `simulated_design:` says."""

from pathlib import Path

import pytest
import yaml

from support.trial_folder import copy_bundled_trial, run_snakemake

PATIENTS = {"low": 5, "high": 4}


@pytest.mark.parametrize("sizes", [[], [4, 8]])
def test_curves_are_made_beside_the_table_of_scenarios(
    tmp_path: Path, sizes: list[int]
) -> None:
    folder = copy_bundled_trial(tmp_path / "my trial")
    config = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    scenario = {"patients": PATIENTS} | ({"sizes": sizes} if sizes else {})
    config["simulated_design"] = {"trials": 20, "scenarios": {"even": scenario}}
    (folder / "config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    run = run_snakemake(folder, "-n", "design")
    assert run.returncode == 0, run.stderr
    told = run.stdout + run.stderr
    assert "tabulate_operating_characteristics" in told
    assert "figure_operating_characteristics" in told
    assert ("tabulate_sample_sizes" in told) == bool(sizes)
