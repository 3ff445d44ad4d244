"""The attacks on readers notice what they are to notice."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

WATCHED = """
import os, socket, subprocess, sys, time
from pathlib import Path
sys.path.insert(0, {benchmarks!r})
import guarded
guarded.LONGEST = 0.5
folder = Path({folder!r})
inside, outside = folder / "inside", folder.parent / "outside"
try:
    with guarded.Guard(folder):
        {deed}
except BaseException as error:
    print(type(error).__name__)
"""

DEEDS = {
    "outside.write_text('x')": "Outside",
    "os.open(outside, os.O_CREAT | os.O_WRONLY)": "Outside",
    "(folder / '../outside').mkdir()": "Outside",
    "os.utime(folder.parent)": "Outside",
    "(folder / 'link').symlink_to('x'); os.rename(folder / 'link', outside)": "Outside",
    "(folder / 'a').symlink_to('../..'); (folder / 'a/outside').touch()": "Outside",
    "(folder / 'a').symlink_to('../..'); (folder / 'a').unlink()": "",
    "subprocess.run(['true'])": "Outside",
    "time.sleep(3)": "Hang",
    "1 / 0": "ZeroDivisionError",
    "inside.write_text('x'); inside.read_text(); inside.unlink()": "",
    "Path(sys.executable).read_bytes()": "",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_leaves_the_folder_hangs_or_starts_a_program_is_stopped(
    tmp_path: Path, deed: str
) -> None:
    folder = tmp_path / "trial"
    folder.mkdir()
    code = WATCHED.format(benchmarks=str(BENCHMARKS), folder=str(folder), deed=deed)
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == DEEDS[deed]
    assert not (tmp_path / "outside").exists()


READERS = (
    *("the table of visits", "a packed table", "a transport file", "a workbook"),
    *("a Parquet file", "a transport file of version 8", "a SAS dataset"),
    *("a Dataset-JSON file", "a Dataset-JSON file in lines", "a file of German Excel"),
    "a file of UTF-16",
)


@pytest.mark.slow
def test_no_reader_of_raw_files_fails_for_a_minute() -> None:
    """`make attacks` goes on for ten; other tests may take the machine's time."""
    command = [sys.executable, "-B", str(BENCHMARKS / "attacks.py"), "--minutes", "1"]
    command += ["--longest", "60", "--seed", "7"]
    command += [part for name in READERS for part in ("--target", name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.slow
def test_the_trials_that_are_attacked_hold_before() -> None:
    """A fault of theirs would be found first, and nothing behind it."""
    command = [sys.executable, "-B", str(BENCHMARKS / "attacks.py"), "--minutes", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "a forged trial: 0 files, 0 failures" in done.stdout.splitlines()
