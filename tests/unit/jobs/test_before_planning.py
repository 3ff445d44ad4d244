"""What is not there before a run begins is told with what is."""

from pathlib import Path

import pytest

from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_settings, raw_files
from support.trial_folder import copy_bundled_trial, replaced


def refusal(trial: Path) -> str:
    with pytest.raises(DataError) as refused:
        load_settings({}, trial)
    return str(refused.value)


@pytest.mark.parametrize(
    "name", ["visit.csv", "Visits.CSV", "visits_2005.csv", "../visits.csv"]
)
def test_a_raw_file_of_another_name_is_named(name: str, tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    moved = (trial / "data" / name).resolve()
    (trial / "data/visits.csv").rename(moved)
    there = moved.relative_to(trial.resolve()).as_posix()
    told = refusal(trial)
    assert told.startswith("data/visits.csv: no such raw file; did you mean ")
    assert Path(there).name in told
    assert there in told.partition("There are ")[2].split(", ")


def test_a_file_that_another_table_names_is_not_meant(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    (trial / "data/events.csv").unlink()
    told = refusal(trial)
    assert told.startswith("data/events.csv: no such raw file; put it there, or")
    assert "adverse" not in told


def test_decisions_are_an_input_as_the_raw_files_are(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    named = "  decisions: data/decisions.csv\n  cutoff: 2005"
    replaced("config.yaml", "  cutoff: 2005", named)(trial)
    assert refusal(trial).startswith("data/decisions.csv: no such file of decisions;")
    (trial / "data/decisions.csv").write_text("kind\n")
    assert "data/decisions.csv" in raw_files(load_settings({}, trial))
