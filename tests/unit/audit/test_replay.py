"""A replay compares bytes on the same platform, and elsewhere what numbers may do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from alsdecline.audit import replay as module
from alsdecline.audit.replay import (
    differing_bytes,
    differing_numbers,
    replay,
    replay_text,
    run_again,
    same_platform,
)
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import Chain
from alsdecline.jobs.locked_plan import held_lock, lock_plan
from alsdecline.stable_files import write_parquet
from support.hand_runs import hand_run, rate
from support.trial_folder import PROJECT

DESCRIPTION = "tables/baseline_characteristics"
RATES = "tables/rate_of_decline"


def chain(*jobs: tuple[str, str]) -> Chain:
    """Make a ledger of jobs on a processor with a lock, and of another event."""
    lines: list[dict[str, Any]] = [{"event": "run", "processor": "none of these"}]
    lines += [
        {"event": "job", "processor": processor, "depends": {"environment": lock}}
        for processor, lock in jobs
    ]
    return Chain(lines, [], [], [])


@pytest.mark.parametrize(
    ("last", "same"),
    [(("X", "env:1"), True), (("Y", "env:1"), False), (("X", "env:2"), False)],
)
def test_the_platform_is_the_same_if_every_job_had_it(
    last: tuple[str, str], same: bool
) -> None:
    assert same_platform(chain(("X", "env:1"), last), "env:1", "X") is same


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


def described(value: float, level: str = "women") -> dict[str, Any]:
    """Make a run with a table that no sampling comes into."""
    return {DESCRIPTION: [{"characteristic": "Sex", "level": level, "value": value}]}


def runs(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> list[Path]:
    pairs = zip(("old", "new"), (old, new), strict=True)
    return [hand_run(folder / name, tables=tables) for name, tables in pairs]


def test_a_table_may_differ_by_what_another_processor_does(tmp_path: Path) -> None:
    # the tolerance at 100 is 1e-8 x (1 + 100) = 1.01e-6
    near = runs(tmp_path / "near", described(100), described(100.000001))
    far = runs(tmp_path / "far", described(100), described(100.000002))
    assert differing_numbers(*near) == []
    assert differing_numbers(*far) == [f"results/{DESCRIPTION}.csv"]


def test_a_table_whose_text_differs_is_another(tmp_path: Path) -> None:
    both = runs(tmp_path, described(1), described(1, "men"))
    assert differing_numbers(*both) == [f"results/{DESCRIPTION}.csv"]


def test_a_table_with_a_row_more_is_another(tmp_path: Path) -> None:
    twice = {DESCRIPTION: described(1)[DESCRIPTION] * 2}
    assert differing_numbers(*runs(tmp_path, described(1), twice)) == [
        f"results/{DESCRIPTION}.csv"
    ]


def draws(sd: float, seed: int) -> pd.DataFrame:
    """Make 4 chains of 100 independent draws: the error of a mean is sd / 20."""
    generator = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "chain": np.repeat(np.arange(4), 100),
            "draw": np.tile(np.arange(100), 4),
            "slope[limb]": generator.normal(-5, sd, 400),
            "effect[limb,high]": generator.normal(1, sd, 400),
        }
    )


@pytest.mark.parametrize(("sd", "differs"), [(1.0, False), (0.001, True)])
def test_a_sampled_estimate_may_move_by_monte_carlo_error(
    tmp_path: Path, sd: float, differs: bool
) -> None:
    # four errors of both runs are 4 x sqrt(2) x sd / 20, or 0.28 sd; a move of 0.01 is
    # far from it on either side
    of = {"model": "single", "outcome": "limb"}
    both = runs(
        tmp_path,
        {RATES: [rate(1.0, 0.5, 2.0, 0.9, **of)]},
        {RATES: [rate(1.01, 0.5, 2.0, 0.9, **of)]},
    )
    for seed, folder in enumerate(both):
        path = folder / "results/fits/single/limb/posterior.parquet"
        write_parquet(path, draws(sd, seed))
    found = differing_numbers(*both)
    assert [name.split(":")[0] for name in found] == ["rate_of_decline"] * differs


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
    asked = (tmp_path, trial, ["data/visits.csv"], 1)
    assert replay(*asked, exact=True) == {
        "same": True,
        "comparison": "bytes",
        "differing": [],
    }
    (trial / "results/tables/design.csv").write_text("other\n", encoding="utf-8")
    assert replay(*asked, exact=True) == {
        "same": False,
        "comparison": "bytes",
        "differing": ["results/tables/design.csv"],
    }
    # nothing is left of the clean folders
    assert not any(Path(command[-1]).exists() for command in commands)


@pytest.mark.usefixtures("commands")
def test_a_replay_on_another_platform_compares_numbers(
    tmp_path: Path, trial: Path
) -> None:
    for folder in (trial, tmp_path / "same"):
        folder_of(folder, {"config.yaml": "value\n1.0\n"})
    folder_of(trial, {"results/tables/design.csv": "value\n1.000000001\n"})
    assert replay(tmp_path, trial, [], 1, exact=False) == {
        "same": True,
        "comparison": "numbers",
        "differing": [],
    }


def test_people_read_what_differs_and_how_it_was_compared() -> None:
    same = {"same": True, "comparison": "bytes", "differing": []}
    assert replay_text(same) == (
        "the same results, compared byte by byte, on the platform of the recorded run"
    )
    other = {"same": False, "comparison": "numbers", "differing": ["a.csv", "b: rate"]}
    assert replay_text(other) == (
        "a.csv\nb: rate\nOTHER results, compared on another platform: tables to 1e-08, "
        "estimates within Monte Carlo error"
    )
