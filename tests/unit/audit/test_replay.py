"""A replay compares bytes on the same platform, and elsewhere what numbers may do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from alsdecline.audit import replay as module
from alsdecline.audit.answers import ReplayAnswer
from alsdecline.audit.replay import (
    compare_numbers,
    differing_bytes,
    replay,
    replay_text,
    run_again,
)
from alsdecline.audit.replay_platform import Platform
from alsdecline.faults import DataError
from alsdecline.jobs.locked_plan import held_lock, lock_plan
from alsdecline.stable_files import write_json
from alsdecline.trial_paths import link_before
from support.hand_runs import made_record
from support.trial_folder import PROJECT

TIMES = "results/logs/, results/benchmarks/, results/ledger/: they carry times"
HERE = Platform("env:1", "X")


def folder_of(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_results_that_differ_in_bytes_or_are_absent_are_named(tmp_path: Path) -> None:
    one = {
        "results/tables/design.csv": "1\n",
        "results/tables/b.csv": "1\n",
        "results/report.html": "<p>",
    }
    other = {
        "results/tables/design.csv": "1\n",
        "results/tables/b.csv": "1.0\n",
        "results/tables/c.csv": "1\n",
    }
    ours = folder_of(tmp_path / "one", one)
    theirs = folder_of(tmp_path / "other", other)
    differing = ["results/report.html", "results/tables/b.csv", "results/tables/c.csv"]
    assert differing_bytes(ours, theirs) == differing
    assert differing_bytes(theirs, ours) == differing


def test_what_carries_times_and_what_is_no_result_is_not_compared(
    tmp_path: Path,
) -> None:
    names = ["logs/fit.log", "benchmarks/fit.tsv", "ledger/ledger.jsonl"]
    sides = [
        folder_of(
            tmp_path / side,
            {"config.yaml": side} | {f"results/{name}": side for name in names},
        )
        for side in ("one", "other")
    ]
    assert differing_bytes(*sides) == []


type Command = list[str]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[Command]:
    """Note commands in place of running them; each copies what it was given."""
    noted: list[Command] = []

    def run(command: Command, _: Path) -> subprocess.CompletedProcess[str]:
        noted.append(command)
        clean = Path(command[command.index("--directory") + 1])
        text = (clean / "config.yaml").read_text(encoding="utf-8")
        folder_of(clean, {"results/tables/design.csv": text})
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(module, "run_in_group", run)
    return noted


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    return folder_of(
        tmp_path / "trial",
        {
            "config.yaml": "study: A\n",
            "data/visits.csv": "patient\n",
            "results/tables/design.csv": "study: A\n",
        },
    )


def test_a_clean_folder_gets_the_configuration_and_the_raw_files_alone(
    tmp_path: Path, trial: Path, commands: list[Command]
) -> None:
    (trial / "notes.txt").write_text("mine", encoding="utf-8")
    clean = tmp_path / "clean"
    run_again(tmp_path / "project", trial, clean, ["data/visits.csv"], 3)
    given = {str(p.relative_to(clean)) for p in clean.rglob("*") if p.is_file()}
    assert given == {"config.yaml", "data/visits.csv", "results/tables/design.csv"}
    (command,) = commands
    assert command == [
        *(sys.executable, "-P", "-m", "snakemake", "--cores", "3"),
        *("--snakefile", str(tmp_path / "project/Snakefile")),
        *("--directory", str(clean)),
    ]


def test_raw_files_behind_a_link_are_so_in_the_clean_folder(
    tmp_path: Path, trial: Path, commands: list[Command]
) -> None:
    """Else records, which name the link, would be told to differ."""
    (trial / "data").rename(tmp_path / "storage")
    (trial / "data").symlink_to("../storage")
    (tmp_path / "storage/events.csv").touch()
    clean = tmp_path / "clean"
    run_again(tmp_path, trial, clean, ["data/visits.csv", "data/events.csv"], 1)
    assert len(commands) == 1
    assert link_before(clean, "data/visits.csv") == "data"
    assert (clean / "data/visits.csv").read_text(encoding="utf-8") == "patient\n"
    assert not (clean / "config.yaml").is_symlink()


def test_a_locked_plan_and_the_releases_go_into_the_clean_folder(
    tmp_path: Path, trial: Path, commands: list[Command]
) -> None:
    config = (PROJECT / "config.yaml").read_text(encoding="utf-8")
    folder_of(trial, {"config.yaml": config, "releases/0123/manifest.json": "{}"})
    lock = lock_plan(trial)
    clean = tmp_path / "clean"
    run_again(tmp_path, trial, clean, ["data/visits.csv"], 1)
    assert len(commands) == 1
    assert held_lock(clean) == lock
    assert (clean / "releases/0123/manifest.json").is_file()


def test_a_run_that_fails_is_told_with_its_last_ten_lines(
    tmp_path: Path, trial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"line {number}" for number in range(1, 13)]
    failed = subprocess.CompletedProcess([], 1, "", "\n".join(lines))
    monkeypatch.setattr(module, "run_in_group", lambda *_: failed)
    with pytest.raises(DataError) as told:
        run_again(tmp_path, trial, tmp_path / "clean", [], 1)
    first, *rest = str(told.value).split("\n")
    assert first == "the run could not be made again:"
    assert rest == lines[2:]


def test_a_replay_says_whether_bytes_are_the_same(
    tmp_path: Path, trial: Path, commands: list[Command]
) -> None:
    asked = (tmp_path, trial, ["data/visits.csv"], 1, HERE)
    same: dict[str, Any] = {
        "same": True,
        "comparison": "bytes",
        "other_platform": [],
        "differing": [],
        "not_compared": [TIMES],
    }
    assert replay(*asked) == same
    (trial / "results/tables/design.csv").write_text("other\n", encoding="utf-8")
    differing = ["results/tables/design.csv"]
    assert replay(*asked) == same | {"same": False, "differing": differing}
    # nothing is left of the clean folders
    assert not any(Path(command[-1]).exists() for command in commands)


@pytest.mark.usefixtures("commands")
def test_a_replay_on_another_platform_compares_numbers(
    tmp_path: Path, trial: Path
) -> None:
    folder_of(trial, {"config.yaml": "value\n1.0\n"})
    record = made_record("tabulate_design", ["results/tables/design.csv"])
    folder_of(trial, {"results/tables/design.csv": "value\n1.000000001\n"})
    write_json(trial / "results/records/tabulate_design.json", record)
    asked = (tmp_path, trial, [], 1, Platform("env:2", "X"))
    done = replay(*asked)
    assert done["comparison"] == "numbers"
    # of which the replay here makes none
    assert done["differing"] == ["results/records/tabulate_design.json"]
    folder_of(trial, {"results/tables/design.csv": "value\n1.0000001\n"})
    assert replay(*asked)["differing"] == [
        "results/records/tabulate_design.json",
        "results/tables/design.csv",
    ]


def test_a_table_that_nobody_declared_is_told(tmp_path: Path) -> None:
    extra = "results/tables/extra.csv"
    ours = folder_of(tmp_path / "one", {extra: "a\n1\n"})
    theirs = folder_of(tmp_path / "other", {"results/tables/design.csv": "a\n1\n"})
    assert compare_numbers(ours, theirs, differing_bytes(ours, theirs)) == (
        ["results/tables/design.csv", extra],
        [],
    )


def test_what_is_not_compared_is_named(tmp_path: Path) -> None:
    names = [
        "results/fits/joint/diagnostics.json",
        "results/ro-crate-metadata.json",
        "results/report.html",
    ]
    both = [
        folder_of(tmp_path / side, dict.fromkeys(names, f'{{"a": "{side}"}}'))
        for side in ("one", "other")
    ]
    assert compare_numbers(*both, names) == (names[2:], names[:2])


def test_people_read_what_differs_and_how_it_was_compared() -> None:
    same: ReplayAnswer = {
        "same": True,
        "comparison": "bytes",
        "other_platform": [],
        "differing": [],
        "not_compared": ["results/logs/: they carry times"],
    }
    assert replay_text(same) == (
        "not compared: results/logs/: they carry times\n"
        "the same results, compared byte by byte, on the platform of the recorded run"
    )
    other: ReplayAnswer = {
        "same": False,
        "comparison": "numbers",
        "other_platform": ["fit_joint ran on Y"],
        "differing": ["a.csv", "b: rate"],
        "not_compared": [],
    }
    assert replay_text(other) == (
        "another platform: fit_joint ran on Y\na.csv\nb: rate\nOTHER results, "
        "compared on another platform: fits within Monte Carlo error, what follows "
        "from them and all else to 1e-08"
    )
