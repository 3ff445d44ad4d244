"""Raw data that a replay copies lie in the trial's folder, and are not left there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alsdecline.audit.clean_folder import CLEAN, clean_folder, run_in_group
from alsdecline.faults import DataError
from alsdecline.project import PROJECT

JOB = "import time, pathlib; pathlib.Path('begun').touch(); time.sleep(60)"

# a run that starts a job of its own, as Snakemake does
RUN = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {JOB!r}])"

# what is started in the background would not hear of SIGINT
REPLAY = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from alsdecline.audit.clean_folder import clean_folder, run_in_group
with clean_folder(Path()) as clean:
    (clean / "visits.csv").write_text("secret")
    run_in_group([sys.executable, "-c", {RUN!r}], clean)
"""


def test_what_is_copied_lies_in_the_trial_with_the_users_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with clean_folder(tmp_path) as clean:
            assert clean.parent == tmp_path
            assert clean.stat().st_mode & 0o777 == 0o700
            (clean / "data").mkdir()
            (clean / "data/visits.csv").write_text("secret", encoding="utf-8")
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_replay_left_is_removed_and_links_are_not_followed(
    tmp_path: Path,
) -> None:
    trial = tmp_path / "trial"
    (trial / CLEAN / "data").mkdir(parents=True)
    (trial / CLEAN / "data/visits.csv").write_text("secret", encoding="utf-8")
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/precious.txt").touch()
    (trial / CLEAN / "releases").symlink_to(tmp_path / "victim")
    with clean_folder(trial) as clean:
        assert list(clean.iterdir()) == []
    assert (tmp_path / "victim/precious.txt").exists()


def test_two_replays_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        clean_folder(tmp_path),
        pytest.raises(DataError, match="under way"),
        clean_folder(tmp_path),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / CLEAN).symlink_to(tmp_path / "victim")
    with pytest.raises(DataError, match="no folder"), clean_folder(tmp_path / "trial"):
        pass


def _leads_into(link: Path, folder: Path) -> bool:
    try:
        return str(folder) in str(link.readlink())
    except OSError:  # of another user, or gone
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_replay_that_is_stopped_leaves_neither_data_nor_processes(
    number: signal.Signals, tmp_path: Path
) -> None:
    replay = subprocess.Popen(
        [sys.executable, "-c", REPLAY],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT / "scripts")},
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while not (tmp_path / CLEAN / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (tmp_path / CLEAN / "visits.csv").exists()
    assert (tmp_path / CLEAN / "begun").exists()
    replay.send_signal(number)
    assert replay.wait(20) != 0
    assert list(tmp_path.iterdir()) == []
    in_there = [p for p in Path("/proc").glob("[0-9]*/cwd") if _leads_into(p, tmp_path)]
    assert in_there == []


def test_a_command_that_ends_tells_what_it_told(tmp_path: Path) -> None:
    done = run_in_group(["sh", "-c", "echo out; echo err >&2; exit 3"], tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")
