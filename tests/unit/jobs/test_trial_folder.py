"""A folder that is no trial's is told with the one that may be meant."""

from pathlib import Path

import pytest

from alsdecline.jobs.before_planning import no_trial_in


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    for name in ("my_trial", "another"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.yaml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "meant"),
    [("my_trail", "my_trial"), ("My_trial", "my_trial"), ("anothr", "another")],
)
def test_a_mistyped_folder_is_told_with_the_trial_beside_it(
    trials: Path, folder: str, meant: str
) -> None:
    assert no_trial_in(trials / folder) == (
        f"{trials}/{folder} has no config.yaml, so it is no trial's folder. "
        f"Did you mean --directory {trials}/{meant}?"
    )


def test_the_folder_above_is_told_with_the_trials_within(trials: Path) -> None:
    told = no_trial_in(trials)
    assert told.endswith(f"mean --directory {trials}/another or {trials}/my_trial?")


@pytest.mark.parametrize("name", ["config.yml", "Config.YAML", "config.yaml.txt"])
def test_a_misspelt_configuration_is_told_as_such(name: str, tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / name).touch()
    told = no_trial_in(tmp_path / "trial")
    assert told.endswith(f"no trial's folder; rename {name} to config.yaml")


def test_without_any_trial_about_it_says_what_to_choose(tmp_path: Path) -> None:
    told = no_trial_in(tmp_path / "trial\nx")
    assert told.startswith(f"{tmp_path}/trial\\nx has no config.yaml")
    assert told.endswith("choose a folder with a config.yaml by --directory")
