"""What `snakemake design` makes of what `simulated_design:` says."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from alsdecline.jobs.locked_plan import lock_plan
from alsdecline.result_tables import read_result_table
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


@pytest.mark.runs
def test_each_table_and_figure_of_a_design_is_made_with_and_without_fits(
    tmp_path: Path,
) -> None:
    folder = Path(shutil.copytree(NEXT_TRIAL, tmp_path / "next trial"))
    config = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    design = config["simulated_design"]
    design |= {"trials": 12, "batch": 12, "fitted": 8, "in_report": []}
    design["calibrated"]["scenario"] = "no_effect_n8"
    for scenario in design["scenarios"].values():
        scenario["sizes"] = [4, 8]

    def made() -> dict[str, pd.DataFrame]:
        text = yaml.safe_dump(config, sort_keys=False)
        (folder / "config.yaml").write_text(text, "utf-8")
        run = run_snakemake(folder, "--cores", "2", "design", timeout=600)
        assert run.returncode == 0, run.stderr
        return {
            path.stem: read_result_table(path)
            for path in (folder / "results/tables").glob("*.csv")
        }

    tables = made()
    assert set(tables) == {"operating_characteristics", *(n[9:] for n in MORE)}
    assert set(tables) == {
        path.stem for path in (folder / "results/figures").glob("*.svg")
    }
    names = [f"{n}_n{size}" for n in design["scenarios"] for size in (4, 8)]
    whole = tables["operating_characteristics"].set_index(["scenario", "method"])
    assert list(whole.index) == [
        (name, method) for name in names for method in (*design["methods"], "single")
    ]
    assert whole["trials"].tolist() == [12, 12, 8] * len(names)
    # what is counted of the same fits by two jobs is the same
    rules = tables["compared_rules"].set_index(["scenario", "rule"])
    averaged = tables["averaged_errors"].set_index(["scenario", "method", "counted"])
    for name in names:
        own = whole.loc[(name, "single"), "success"]
        assert rules.loc[(name, "plan"), "success"] == own
        if name.startswith("believed"):
            assert averaged.loc[(name, "single", "success"), "assurance"] == own
            by_test = averaged.loc[(name, "mixed_model", "significantly_better")]
            assert by_test["trials"] == 12
    alike = rules.loc["no_effect_n8"]
    assert alike["calibrated_success"].tolist() == [0.0, 0.0]  # of 8, 2.5% is none

    for key in ("fitted", "rules", "calibrated"):
        design.pop(key)
    of_methods = made()["operating_characteristics"]
    assert set(of_methods["method"]) == set(design["methods"])
