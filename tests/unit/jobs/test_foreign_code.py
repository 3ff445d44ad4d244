"""What a trial's folder holds beside its data is neither imported nor obeyed."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alsdecline.faults import DataError
from alsdecline.jobs.foreign_code import (
    code_in,
    refuse_code_in,
    refuse_to_run_what_is_in,
    run_no_code_of,
)
from alsdecline.project import PROJECT


def test_no_search_path_leads_into_the_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    trial = tmp_path / "trial"
    for folder in (elsewhere, trial / "lib"):
        folder.mkdir(parents=True)
    monkeypatch.chdir(trial)
    ours = [str(PROJECT / "scripts"), sys.prefix, str(elsewhere)]
    monkeypatch.setattr(sys, "path", ["", str(trial), str(trial / "lib"), "lib", *ours])
    monkeypatch.setenv("PYTHONPATH", f":lib:{trial}:{elsewhere}:.:")
    monkeypatch.setenv("PYTHONSAFEPATH", "")

    run_no_code_of(Path())

    assert sys.path == ours
    assert os.environ["PYTHONPATH"] == str(elsewhere)
    assert os.environ["PYTHONSAFEPATH"] == "1"


def test_our_own_code_is_searched_where_the_trial_is_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The bundled trial lies in the project's own folder."""
    ours = [str(PROJECT / "scripts"), str(Path(sys.prefix) / "lib")]
    monkeypatch.setattr(sys, "path", [str(PROJECT), *ours])
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    run_no_code_of(PROJECT)
    assert sys.path == ours


@pytest.mark.parametrize(
    "name",
    [
        "matplotlibrc",
        "arvizrc",
        ".numba_config.yaml",
        ".snakemake/pip-deployments/numexpr.py",
        "default/config.yaml",
        "profiles/default/config.yaml",
        "profiles/default/profile.v9+.yaml",
        "profiles/slurm/config.yaml",
        "slurm/config.yaml",
    ],
)
def test_settings_of_programs_in_a_trials_folder_are_refused(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").touch()
    (tmp_path / "data").mkdir()
    assert code_in(tmp_path) == []
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).touch()
    with pytest.raises(DataError) as told:
        refuse_code_in(tmp_path)
    (line,) = str(told.value).split("\n")
    assert name.startswith(line.split(":")[0])


def test_the_projects_own_profile_is_no_trials() -> None:
    assert code_in(PROJECT) == []


CONDA = {"deployment_method": {"conda"}, "conda_prefix": None}


@pytest.mark.parametrize(
    ("arguments", "deployment", "option"),
    [
        (["snakemake", "--trust-io-cache"], {}, "--tr"),
        (["snakemake", "--trust"], {}, "--tr"),
        ([], CONDA, "--conda-prefix"),
    ],
)
def test_options_by_which_what_is_there_would_run_are_refused(
    arguments: list[str], deployment: dict[str, Any], option: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=option):
        refuse_to_run_what_is_in(tmp_path, arguments, SimpleNamespace(**deployment))


def test_environments_elsewhere_are_permitted(tmp_path: Path) -> None:
    conda = CONDA | {"conda_prefix": tmp_path / "environments"}
    refuse_to_run_what_is_in(tmp_path / "trial", ["--touch"], SimpleNamespace(**conda))
