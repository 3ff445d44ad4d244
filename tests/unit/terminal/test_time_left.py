"""How long a run takes is told no more exactly than it is known."""

from pathlib import Path

import pytest

from alsdecline.terminal.time_left import (
    BUNDLED_BYTES,
    Expected,
    about,
    duration,
    raw_bytes,
    seconds_left,
    seconds_of_last_run,
)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (75, "1 min 15 s"),
     (3600, "1 h"), (5400, "1 h 30 min")],
)  # fmt: skip
def test_what_was_measured_is_told_to_the_second(seconds: float, told: str) -> None:
    assert duration(seconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(3, "a few seconds"), (44, "about 40 s"), (89, "about 1 min"),
     (100, "about 2 min"), (3000, "about 50 min"), (4000, "about 1 h 10 min")],
)  # fmt: skip
def test_what_is_guessed_is_told_as_such(seconds: float, told: str) -> None:
    assert about(seconds) == told


def test_benchmarks_are_read_by_the_names_of_jobs(tmp_path: Path) -> None:
    (tmp_path / "fit_single").mkdir()
    (tmp_path / "fit_single/limb.tsv").write_text("s\th:m:s\n12.5\t0:00:12\n", "utf-8")
    (tmp_path / "gate.tsv").write_text("", "utf-8")
    (tmp_path / "crate.tsv").write_text("s\tx\nNA\t1\n", "utf-8")
    assert seconds_of_last_run(tmp_path) == {"fit_single/limb": 12.5}


def test_a_job_that_never_ran_takes_what_others_of_its_rule_took() -> None:
    expected = Expected({"fit_single/limb": 10.0, "fit_single/fvc": 20.0})
    assert expected.of("fit_single/bulbar") == 15.0


def test_without_a_last_run_larger_raw_files_take_longer() -> None:
    small, large = Expected({}, BUNDLED_BYTES), Expected({}, 4 * BUNDLED_BYTES)
    assert large.of("fit_joint") == 4 * small.of("fit_joint")
    assert large.of("describe") == 2 * small.of("describe")
    assert Expected({}, 0).of("fit_joint") == small.of("fit_joint")


def test_fits_of_simulated_trials_take_as_long_whatever_the_raw_files() -> None:
    small, large = Expected({}, BUNDLED_BYTES), Expected({}, 4 * BUNDLED_BYTES)
    name = "fit_design/even/00000000-00000019"
    assert large.of(name) == small.of(name)


def test_what_earlier_jobs_made_is_no_raw_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("results/data/bds/limb.parquet", "data/visits.csv"):
        path = tmp_path / file
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 100)
    read = ["results/data/bds/limb.parquet", "data/visits.csv", "data/gone.csv"]
    assert raw_bytes(read) == 100


def test_a_slow_machine_shows_in_what_is_expected_but_not_by_one_short_job() -> None:
    expected = Expected({"validate": 1.0, "fit_joint": 100.0, "report": 10.0})
    expected.took("validate", 5.0)
    assert 10 < expected.of("report") < 12
    expected.took("fit_joint", 300.0)
    assert 20 < expected.of("report") < 30


def test_what_waits_for_the_fits_comes_after_the_longest_of_them() -> None:
    assert seconds_left([100.0, 10.0], [4.0, 4.0], cores=2) == 104.0
    assert seconds_left([10.0] * 10, [], cores=2) == 50.0
    assert seconds_left([], [], cores=2) == 0.0
