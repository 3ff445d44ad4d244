"""Attack the readers of what others may have edited: settings, data, records, ledger.

Run by ``make attacks``, or ``python benchmarks/attacks.py --minutes 10 --seed 1``. Each
file of a trial is spoilt in turn, at random but by the seed, and read as a run or an
audit reads it. Any exception but those that are told without traceback, any writing
outside the trial's folder, any program started and any reading of more than
``--longest`` seconds (more, where the machine has other work) is a failure. Of those
that come up in one place the one of the smallest file is told, and kept with its
content in ``benchmarks/attacks.json``.
"""

import argparse
import contextlib
import dataclasses
import itertools
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests")]
sys.dont_write_bytecode = True  # nothing is written beside what is attacked

import guarded  # noqa: E402
from attacked_audit import AUDITED, make_audited  # noqa: E402, all from here
from attacked_files import FILES, Target, make_files  # noqa: E402
from attacked_tables import TABLES, make_tables  # noqa: E402
from guarded import Guard  # noqa: E402
from kept_folder import KeptFolder  # noqa: E402

from alsdecline.faults import DataError  # noqa: E402
from alsdecline.settings.file import SettingsError  # noqa: E402
from alsdecline.simulation.plan import SimulationPlanError  # noqa: E402

RESULT = PROJECT / "benchmarks" / "attacks.json"

TOLD = (SettingsError, DataError, SimulationPlanError)
"""What users are told without a traceback."""

TRIALS: Mapping[str, tuple[Callable[[], None], Mapping[str, Target]]] = {
    "files": (make_files, FILES),
    "tables": (make_tables, TABLES),
    "audited": (make_audited, AUDITED),
}
"""How the folder of each trial is made, and what is attacked there."""


def _place_of(error: BaseException) -> str:
    """Name the error and the innermost place of the library where it came up."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "alsdecline" in f.filename and __file__ != f.filename]
    at = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"


@dataclasses.dataclass
class Attack:
    """Spoils one target until it fails, or often enough.

    Attributes
    ----------
    name : str
        Of the target.
    target : Target
        What is spoilt.
    folder : KeptFolder
        Of the trial, and all that lies beside it.
    guard : Guard
        Of the trial.
    tried : int
        How many files were read.
    failures : dict of str to dict
        What was found, by where it came up.
    """

    name: str
    target: Target
    folder: KeptFolder
    guard: Guard
    tried: int = 0
    failures: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)

    def _read(self, content: bytes) -> None:
        if self.target.changes:
            self.folder.put_back()
        Path(self.target.file).write_bytes(content)
        self.target.lay(content)
        self.tried += 1
        try:
            with self.guard, contextlib.suppress(*TOLD):
                self.target.read()
            self.folder.hold_outside()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            place = _place_of(error)
            known = self.failures.get(place)
            if known is None or len(content) < len(known["content"]):
                told = {"error": str(error)[:300], "content": content.decode("latin-1")}
                self.failures[place] = {"target": self.name, "place": place, **told}

    def run(self, number: int) -> None:
        """Read some spoilt files; each number has its own."""
        os.chdir(self.folder.folder)
        good = Path(self.target.file).read_bytes()
        profile = settings(
            max_examples=self.target.examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(number)(profile(given(self.target.spoil(good))(self._read)))()
        finally:
            self.folder.put_back()


def _attacks(place: Path, asked: list[str]) -> list[Attack]:
    """Make the trials of what is asked for."""
    attacks = []
    for name, (make, targets) in TRIALS.items():
        chosen = {n: target for n, target in targets.items() if n in asked}
        if chosen:
            folder = place / name / "trial"
            folder.mkdir(parents=True)
            os.chdir(folder)
            make()
            kept, guard = KeptFolder(folder), Guard(folder)
            attacks += [Attack(n, t, kept, guard) for n, t in chosen.items()]
    return attacks


def main() -> None:
    """Attack until the time is over; exit with 1 where something was found."""
    known = [name for _, targets in TRIALS.values() for name in targets]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=guarded.LONGEST)
    parser.add_argument("--target", choices=known, action="append")
    asked = parser.parse_args()
    guarded.LONGEST = asked.longest
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        attacks = _attacks(Path(name).resolve(), asked.target or known)
        number, end = asked.seed * 1_000_000, time.monotonic() + 60 * asked.minutes
        turns = ((attack, at) for at in itertools.count(number) for attack in attacks)
        while time.monotonic() < end:
            attack, at = next(turns)
            attack.run(at)
        os.chdir(PROJECT)
    found = [failure for attack in attacks for failure in attack.failures.values()]
    if found:
        RESULT.write_text(json.dumps(found, indent=1), encoding="utf-8")
    for attack in attacks:
        print(f"{attack.name}: {attack.tried} files, {len(attack.failures)} failures")
    for failure in found:
        print(f"{failure['target']}: {failure['place']}: {failure['error']}")
        print(f"  {failure['content'][:200]!r}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
