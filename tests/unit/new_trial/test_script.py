"""The command: a folder is made whole or not at all, and nobody sees a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from new_trial import main
from support.new_trials import csv_text, visits

PROJECT = Path(__file__).parents[3]


def new_trial(
    *arguments: object, columns: str = "100"
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    environment = os.environ | {"COLUMNS": columns, "PYTHONPATH": ""}
    script = PROJECT / "scripts" / "new_trial.py"
    return subprocess.run(
        [sys.executable, str(script), *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_trial_is_made_and_what_is_left_to_decide_is_told(tmp_path):
    (tmp_path / "v.csv").write_text(csv_text(visits()))
    done = new_trial(tmp_path / "v.csv", "--dir", tmp_path / "t", "--data-kind", "real")

    assert done.returncode == 0
    assert done.stderr == ""
    assert "reference arm" in done.stdout
    lines = (tmp_path / "t/config.yaml").read_text().splitlines()
    asked = 1 + next(i for i, line in enumerate(lines) if "# decide: " in line)
    assert f"line {asked}: which arm are the others compared with?" in done.stdout
    assert "    reference: placebo\n    reference: active\n" in done.stdout
    refused = f"config.yaml, line {asked + 2}: key 'reference' is there twice"
    assert f"snakemake -n: {refused}" in done.stdout
    assert (tmp_path / "t/data/v.csv").read_bytes() == (tmp_path / "v.csv").read_bytes()
    assert sorted(p.name for p in (tmp_path / "t").iterdir()) == ["config.yaml", "data"]


def test_where_all_is_said_snakemake_has_nothing_to_refuse(tmp_path):
    (tmp_path / "v.csv").write_text(csv_text(visits()))
    said = ["--data-kind", "real", "--reference", "placebo"]
    done = new_trial(tmp_path / "v.csv", "--dir", tmp_path / "a trial's", *said)

    assert done.returncode == 0
    assert "snakemake -n: Nothing is left to decide." in done.stdout
    assert done.stdout.splitlines()[-1].endswith(
        f"--directory '{tmp_path}/a trial'\"'\"'s'"
    )


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path, capsys):
    (tmp_path / "v.csv").write_text(csv_text(visits()))
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "mine").write_text("mine")

    assert main([str(tmp_path / "v.csv"), "--dir", str(tmp_path / "t")]) == 2
    assert "is there already and is not overwritten" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "t").iterdir()] == ["mine"]


def test_what_the_data_contradict_leaves_no_folder(tmp_path, capsys):
    rows = visits()
    rows[1]["arm"] = "placebo"
    (tmp_path / "v.csv").write_text(csv_text(rows))

    assert main([str(tmp_path / "v.csv"), "--dir", str(tmp_path / "t")]) == 2
    assert "differs within 1 patient:" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["v.csv"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys):
    (tmp_path / "v.csv").write_text(csv_text(visits()))
    (tmp_path / "file").touch()
    status = main([str(tmp_path / "v.csv"), "--dir", str(tmp_path / "file" / "t")])

    assert status == 2
    assert "cannot be written" in capsys.readouterr().err
    assert {p.name for p in tmp_path.iterdir()} == {"v.csv", "file"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"a,b\n\x1b[31m,2\n",
        b"\x80" * 50,
        b'"' * 9,
        b"a;b\n" * 3,
    ],
)
def test_no_file_ends_in_a_traceback_or_reaches_the_terminal(tmp_path, content, capsys):
    (tmp_path / "v.csv").write_bytes(content)

    assert main([str(tmp_path / "v.csv"), "--dir", str(tmp_path / "t")]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(("v.csv", "Nothing was made"))
    assert "\x1b" not in printed.out + printed.err
    assert [p.name for p in tmp_path.iterdir()] == ["v.csv"]
