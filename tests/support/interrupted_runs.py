"""Runs of the pipeline that are stopped on their way, and the documented resume."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from support.job_runs import analyse
from support.trial_folder import PROJECT, SNAKEMAKE, run_snakemake


def start_run(
    folder: Path, told: IO[str] | int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """Start the pipeline on two cores, in a process group of its own.

    What it prints goes to ``told``.
    """
    command = [SNAKEMAKE, "--snakefile", PROJECT / "Snakefile", "--cores", "2"]
    return subprocess.Popen(
        [*command, "--directory", folder],
        cwd=folder,
        stdout=told,
        stderr=told,
        start_new_session=True,
    )


def kill_all(run: subprocess.Popen[bytes]) -> None:
    """Kill a run with all its jobs, as the loss of power does."""
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def resume(folder: Path) -> set[str]:
    """Resume as documented; return the jobs that the ledger tells of since."""
    assert run_snakemake(folder, "--unlock").returncode == 0
    return analyse(folder, "--cores", "2")


def kill_and_resume(folder: Path, seconds: Iterable[float]) -> None:
    """Kill a run with all its jobs after a time; resume it, and kill it again.

    After the last of the times it is resumed and left to end.
    """
    for time_left in seconds:
        run = start_run(folder)
        time.sleep(time_left)
        kill_all(run)
        assert run_snakemake(folder, "--unlock").returncode == 0
    analyse(folder, "--cores", "2")
