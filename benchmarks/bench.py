"""Time the bundled trial as its users meet it: whole, unchanged, one value changed.

Run by ``make bench`` from a ready environment; each figure is the wall time of one
whole ``snakemake`` process on 2 cores. The figures go to the terminal and, with the
processor's model, to ``benchmarks/bench.json``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from alsdecline.jobs.surroundings import processor  # noqa: E402, known from here

SNAKEMAKE = Path(sys.executable).with_name("snakemake")
CORES = 2


def bundled_trial(folder: Path) -> Path:
    """Put the bundled trial into a folder, to be made."""
    shutil.copytree(PROJECT / "data", folder / "data")
    shutil.copy(PROJECT / "config.yaml", folder)
    return folder


def run_trial(trial: Path, cache: Path, *targets: str) -> float:
    """Run the pipeline in a trial's folder.

    Parameters
    ----------
    trial : Path
        The folder.
    cache : Path
        Where compiled code is kept.
    *targets : str
        What to make; all if none is named.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    RuntimeError
        If the run fails; with what it printed.
    """
    command = [SNAKEMAKE, f"-c{CORES}", "--snakefile", PROJECT / "Snakefile"]
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "--directory", trial, *targets],
        env=os.environ | {"XDG_CACHE_HOME": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return seconds


def change_one_bulbar_value(trial: Path) -> None:
    """Take a point off the last bulbar score of the visits file, and off its total."""
    path = trial / "data" / "visits.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    bulbar, total = names.index("norris_bulbar"), names.index("norris_total")
    for number in range(len(lines) - 1, 0, -1):
        cells = lines[number].split(",")
        if cells[bulbar] and cells[total]:
            cells[bulbar] = str(int(cells[bulbar]) - 1)
            cells[total] = str(int(cells[total]) - 1)
            lines[number] = ",".join(cells)
            break
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        first = run_trial(bundled_trial(Path(folder) / "first"), cache)
        trial = bundled_trial(Path(folder) / "trial")
        figures = {
            "whole trial, nothing compiled before": first,
            "whole trial": run_trial(trial, cache),
        }
        figures["nothing to do"] = run_trial(trial, cache)
        change_one_bulbar_value(trial)
        figures["one bulbar value changed"] = run_trial(trial, cache)
    print(f"{processor()}, {CORES} cores, seconds of wall time")
    for name, seconds in figures.items():
        print(f"{seconds:8.1f}  {name}")
    record = {"processor": processor(), "cores": CORES, "seconds": figures}
    path = Path(__file__).with_name("bench.json")
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
