"""Runs are found by name, and what is no run is refused in a line."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.faults import DataError
from alsdecline.jobs.recorded_runs import (
    last_release,
    open_run,
    read_records,
    resolve_run,
)
from alsdecline.settings.file import read_configuration
from alsdecline.settings.plan_file import plan_text
from alsdecline.stable_files import write_json
from support.hand_runs import hand_run, record
from support.short_trial import SHORT, short_trial

FIRST, SECOND = "0123456789abcdef", "0123ffff89abcdef"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """Return a trial with two releases, the later one with the smaller name."""
    folder = hand_run(tmp_path / "trial")
    hand_run(folder / "releases" / FIRST, manifest={"sequence": 2})
    hand_run(folder / "releases" / SECOND, manifest={"sequence": 1})
    return folder


def test_now_is_the_trial_itself(trial: Path) -> None:
    assert resolve_run("now", trial) == trial


@pytest.mark.parametrize("name", ["01234", FIRST, FIRST + "0" * 48])
def test_a_release_is_named_by_the_first_digits_of_its_digest(
    trial: Path, name: str
) -> None:
    assert resolve_run(name, trial) == trial / "releases" / FIRST


def test_a_path_is_taken_as_it_is(trial: Path, tmp_path: Path) -> None:
    assert resolve_run(str(tmp_path / "trial"), tmp_path) == trial


def test_digits_that_begin_two_releases_are_refused(trial: Path) -> None:
    with pytest.raises(DataError, match="begins several releases"):
        resolve_run("0123", trial)


def test_a_name_of_nothing_is_refused_with_what_there_is(trial: Path) -> None:
    with pytest.raises(DataError, match=f"no-such: neither.*{FIRST}"):
        resolve_run("no-such", trial)


def test_the_last_release_is_the_one_with_the_highest_number(trial: Path) -> None:
    assert last_release(trial) == trial / "releases" / FIRST


def test_a_trial_without_releases_has_no_last_one(tmp_path: Path) -> None:
    assert last_release(tmp_path) is None


@pytest.mark.parametrize("text", ["{}", '{"sequence": "1"}', "[]", "{"])
def test_a_release_without_a_number_is_refused_in_a_line(
    trial: Path, text: str
) -> None:
    (trial / "releases" / FIRST / "manifest.json").write_text(text)
    with pytest.raises(DataError, match="put the file back") as error:
        last_release(trial)
    assert len(str(error.value).splitlines()) == 1


def test_two_releases_with_one_number_are_refused(trial: Path) -> None:
    (trial / "releases" / FIRST / "manifest.json").write_text('{"sequence": 1}')
    with pytest.raises(DataError, match="`sequence` is 1, which"):
        last_release(trial)


def test_a_folder_without_results_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no run"):
        open_run(tmp_path)


def test_a_release_is_called_by_its_number_and_digest(trial: Path) -> None:
    assert open_run(trial / "releases" / FIRST).name == f"release 2 ({FIRST})"


def test_settings_that_cannot_be_read_are_told_and_stop_nothing(tmp_path: Path) -> None:
    run = open_run(
        hand_run(tmp_path / "old", config=lambda text: text + "new_key: 1\n")
    )
    assert run.settings is None
    assert "unknown key 'new_key'" in run.complaint


def test_the_job_that_compares_is_no_part_of_what_is_compared(tmp_path: Path) -> None:
    records = [record("ingest"), record("fit_single/limb")]
    run = open_run(
        hand_run(tmp_path / "run", records=[*records, record("compare_with_release")])
    )
    assert list(run.records) == ["fit_single/limb", "ingest"]


@pytest.mark.parametrize(
    "parts",
    [
        {"job": 1},
        {"code": []},
        {"code": {"files": {"a.py": {}}}},
        {"inputs": {"data/a.csv": [1]}},
        {"versions": {"numpy": 2}},
        {"environment": None},
    ],
)
def test_a_record_that_lacks_what_is_compared_is_refused_in_a_line(
    tmp_path: Path, parts: dict[str, Any]
) -> None:
    write_json(tmp_path / "a.json", record("a"))
    assert [*read_records([tmp_path / "a.json"])] == ["a"]
    write_json(tmp_path / "a.json", record("a") | parts)
    with pytest.raises(DataError, match=r"a\.json: is no record of a job; put") as told:
        read_records([tmp_path / "a.json"])
    assert "\n" not in str(told.value)


def test_a_release_has_the_settings_that_its_raw_files_completed(
    tmp_path: Path,
) -> None:
    """It has no raw files, which a short configuration is completed from."""
    found = read_configuration(short_trial(tmp_path / "trial"))
    folder = hand_run(
        tmp_path / "release", config=lambda _: SHORT, manifest={"sequence": 1}
    )
    plan = plan_text(found.filled.content, [])
    (folder / "results/plan.yaml").write_text(plan, encoding="utf-8")
    assert open_run(folder).settings == found.settings
