"""Stop runs on their way in every manner, and see that nothing is lost by it.

Run by ``make interruptions``, or ``python benchmarks/interruptions.py --kills 20``. A
trial of few and short fits is analysed undisturbed first. Then runs of it are killed
with all their jobs, interrupted (SIGINT) and terminated (SIGTERM), find the disk full,
or find another run at work in the same folder, at moments drawn by the seed over the
length of the run. Each stopped run goes on as documented, to be stopped again at the
next of its moments (:data:`STOPS_OF_ONE_RUN`), and at last to be finished.

Right after each stop, every result that is there must have the bytes of the undisturbed
run, and a stop that a user is to be told of must not show a traceback. After the last,
all results must have these bytes, ``audit.py verify`` must hold, and the ledger must
have every line and every event that was there at any stop. The table is kept in
``benchmarks/interruptions.json``.
"""

import argparse
import contextlib
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests")]

from stopped_runs import (  # noqa: E402, known from here
    Stopped,
    Undisturbed,
    analyse_undisturbed,
    small_disk,
)

from alsdecline.digests import canonical_json, code_digest  # noqa: E402
from alsdecline.jobs.surroundings import processor  # noqa: E402
from alsdecline.jobs.workflow_files import workflow_meanings  # noqa: E402
from alsdecline.stable_files import write_json  # noqa: E402
from support.brief_trial import brief_trial  # noqa: E402
from support.trial_folder import run_snakemake  # noqa: E402

RESULT = PROJECT / "benchmarks" / "interruptions.json"
STOPS_OF_ONE_RUN = 5
"""So many stops cost one run, and the time that each needs to plan again."""


def stop_and_finish(
    stopped: Stopped, stops: Sequence[tuple[str, float]]
) -> list[dict[str, Any]]:
    """Stop a run several times on its way, finish it, and return the rows.

    Parameters
    ----------
    stopped : Stopped
        Of a folder that is not there yet.
    stops : sequence of (str, float)
        How, and at which part of the undisturbed run.
    """
    brief_trial(stopped.folder)
    for how, moment in sorted(stops, key=lambda stop: stop[1]):
        if stopped.rows:
            run_snakemake(stopped.folder, "--unlock")
        stopped.stop(how, moment)
    stopped.finish()
    return stopped.rows


def code_now() -> str:
    """Digest of what all scripts and rules mean."""
    scripts = sorted((PROJECT / "scripts").glob("*.py"))
    meant = {path.name: code_digest(path) for path in scripts}
    meant |= workflow_meanings(PROJECT)
    return hashlib.sha256(canonical_json(meant).encode()).hexdigest()


def rows_of(
    folder: Path, undisturbed: Undisturbed, asked: argparse.Namespace
) -> Iterator[list[dict[str, Any]]]:
    """Stop runs in all manners; yield the rows of one run after another."""
    draw = random.Random(asked.seed)
    with contextlib.ExitStack() as stack:
        disk = folder / "disk"
        try:
            stack.enter_context(small_disk(disk))
        except (OSError, subprocess.CalledProcessError) as error:
            yield [{"stop": "full disk", "not_done": str(error), "faults": []}]
        else:
            full = [("full disk", draw.random()) for _ in range(asked.full_disks)]
            yield stop_and_finish(Stopped(disk / "trial", folder, undisturbed), full)
    signals = [(how, draw.random()) for how in ("SIGINT", "SIGTERM")]
    yield stop_and_finish(Stopped(folder / "signals", folder, undisturbed), signals)
    together = Stopped(brief_trial(folder / "together"), folder, undisturbed)
    together.run_at_once(draw.uniform(0.2, 0.8))
    together.finish()
    yield together.rows
    kills = [("kill -9", draw.random()) for _ in range(asked.kills)]
    runs = -(-len(kills) // STOPS_OF_ONE_RUN)
    for number in range(runs):
        stopped = Stopped(folder / f"kills{number}", folder, undisturbed)
        yield stop_and_finish(stopped, sorted(kills)[number::runs])


def main() -> None:
    """Stop runs, write the table, and exit with 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--full-disks", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    # a shell has what it starts in the background ignore it, and so would the runs
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rows: list[dict[str, Any]] = []
    head = {"code": code_now(), "processor": processor(), **vars(asked)}
    with tempfile.TemporaryDirectory() as name:
        undisturbed = analyse_undisturbed(Path(name) / "undisturbed")
        head |= {"seconds": round(undisturbed.seconds, 1)}
        head |= {"jobs": len(undisturbed.jobs)}
        for more in rows_of(Path(name).resolve(), undisturbed, asked):
            rows += more
            write_json(RESULT, head | {"stops": rows})
    amiss = [row for row in rows if row["faults"]]
    late = sum("too late" in row["stop"] for row in rows)
    print(f"{len(rows)} stops, {late} of them too late")
    print(f"{len(amiss)} after which something does not hold")
    print(*(json.dumps(row, indent=1) for row in amiss), sep="\n")
    sys.exit(1 if amiss else 0)


if __name__ == "__main__":
    main()
