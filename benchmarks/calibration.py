"""Rank truths drawn from each model's prior in the posteriors of their trials.

    python benchmarks/calibration.py [--config FILE] [--directory FOLDER]
        [--arm ID=SIZE ...] [--fit NAME ...] [--replicates N] [--minutes M]

Each fit that FILE configures, whose raw files lie in FOLDER and are not read, is
calibrated on trials of the scheduled visits, no nuisances, of arms of the sizes told;
without these, what is shipped. ``<model>_<outcome>.csv`` beside FILE is written anew
after each batch, and a run that was stopped goes on from it, whatever the batches; what
other code or settings made is left out and made anew. With ``--minutes`` no batch
begins later than that. ``benchmarks/calibration_page.py`` makes the page of what is
shipped.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = PROJECT / "scripts"
sys.path.insert(0, str(SCRIPTS))

from alsdecline.models.compile_cache import (  # noqa: E402
    processor_identity,
    use_compile_cache,
)

use_compile_cache()

import pandas as pd  # noqa: E402

from alsdecline.design.calibration import (  # noqa: E402
    CalibratedDesign,
    Calibration,
    code_of,
    settings_of,
)
from alsdecline.fits.plan import FitPlan  # noqa: E402
from alsdecline.fits.planning import all_fits  # noqa: E402
from alsdecline.settings.file import read_configuration  # noqa: E402
from alsdecline.stable_files import write_csv  # noqa: E402

SHIPPED = PROJECT / "benchmarks/calibration/config.yaml"
PATIENTS = {"low": 5, "high": 4}
"""As in the bundled design."""

GAUSSIAN, EXPLICIT = 1000, 200
"""Replicates that are asked for of a fit, by whether effects are integrated out."""

BATCHES = 50
"""Of each fit; fits take turns, so that all get on alike."""


def ranks_file(folder: Path, plan: FitPlan) -> Path:
    """Return where the ranks of a fit are kept."""
    return folder / f"{plan.name.replace('/', '_')}.csv"


def calibrated_fits(
    config: Path = SHIPPED,
    folder: Path = PROJECT,
    patients: dict[str, int] = PATIENTS,
) -> Iterator[tuple[FitPlan, CalibratedDesign]]:
    """Yield the fits that a file configures, each with its trials' design."""
    settings = read_configuration(config, folder).settings
    for plan in all_fits(settings):
        times = tuple(plan.time_of(week) for week in settings.visits.schedule)
        yield plan, CalibratedDesign(patients, times)


def asked_of(plan: FitPlan) -> int:
    """Return how many replicates are asked for."""
    return GAUSSIAN if plan.member.gaussian else EXPLICIT


def made_by(plan: FitPlan, design: CalibratedDesign) -> dict[str, str]:
    """Return the digests of the model's code and of all settings, shortened."""
    return {"code": code_of(plan)[:16], "settings": settings_of(plan, design)[:16]}


def processor() -> str:
    """Return the digest of the processor, shortened: on others draws may differ."""
    return hashlib.sha256(processor_identity().encode()).hexdigest()[:16]


class Kept:
    """The ranks of one fit, in their file.

    Parameters
    ----------
    path : Path
        The file, which may be absent.
    plan, design
        What is calibrated.
    """

    def __init__(self, path: Path, plan: FitPlan, design: CalibratedDesign) -> None:
        self.path, self.plan = path, plan
        self.calibration = Calibration(plan, design)
        self.made = made_by(plan, design)
        self.ranks = pd.DataFrame({"replicate": []})
        if path.is_file():
            kept = pd.read_csv(
                path, dtype=dict.fromkeys([*self.made, "processor"], str)
            )
            mine = (kept[list(self.made)] == pd.Series(self.made)).all(axis=1)
            self.ranks = kept[mine]

    def lacking(self, n: int) -> list[int]:
        """Return which of the first n replicates are not there yet."""
        return sorted(set(range(n)) - set(self.ranks["replicate"]))

    def add(self, numbers: list[int]) -> None:
        """Make a batch of replicates, and write the file anew."""
        new = self.calibration.batch(numbers).assign(**self.made, processor=processor())
        ranks = (
            pd.concat([self.ranks, new], ignore_index=True) if len(self.ranks) else new
        )
        self.ranks = ranks.sort_values("replicate", ignore_index=True)
        write_csv(self.path, self.ranks)


def main() -> None:
    """Make what is lacking."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--config", type=Path, default=SHIPPED)
    parser.add_argument("--directory", type=Path, default=PROJECT)
    parser.add_argument("--arm", action="append", metavar="ID=SIZE", default=[])
    parser.add_argument("--fit", action="append", metavar="NAME", default=[])
    parser.add_argument("--replicates", type=int, help="instead of 1,000 and 200")
    parser.add_argument("--minutes", type=float, default=float("inf"))
    given = parser.parse_args()
    until = time.monotonic() + 60 * given.minutes
    sizes = (text.split("=") for text in given.arm)
    patients = {arm: int(size) for arm, size in sizes} or PATIENTS
    fits = [
        (Kept(ranks_file(given.config.parent, plan), plan, design), n)
        for plan, design in calibrated_fits(given.config, given.directory, patients)
        if not given.fit or plan.name in given.fit
        for n in [given.replicates or asked_of(plan)]
    ]
    for at in range(1, BATCHES + 1):
        for kept, n in fits:
            numbers = kept.lacking(max(1, n * at // BATCHES))
            if numbers and time.monotonic() < until:
                kept.add(numbers)
                print(f"{kept.plan.name}: {len(kept.ranks)} of {n}", flush=True)


if __name__ == "__main__":
    main()
