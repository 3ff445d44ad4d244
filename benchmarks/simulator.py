"""Time 10,000 simulated trials, of 40 patients, 21 visits and 3 outcomes, on one core.

Run by ``make bench``; seconds and memory go to the terminal, and it fails beyond the
limit. Without nuisances, with all but items, and with the items of one outcome too.
"""

import dataclasses
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from alsdecline.design.nuisances import Departure, Items, Nuisances, Recording
from alsdecline.design.simulated_trials import Scenario, simulate_trials
from alsdecline.design.trial_design import Arm, StratifiedBlocks, TrialDesign
from alsdecline.design.truth import Curve, Difference, OutcomeTruth, Ratio, Truth

TRIALS, BATCH, LIMIT = 10_000, 500, 30.0
MONTHS = tuple(14 / 30.4375 * visit for visit in range(21))
DESIGN = TrialDesign(
    (Arm("low", 20), Arm("high", 20)),
    MONTHS,
    window=0.1,
    accrual=12.0,
    closes=24.0,
    strata=StratifiedBlocks((0.7, 0.3), (2, 2)),
)
CORRELATION = np.eye(6)
CORRELATION[1, 3] = CORRELATION[3, 1] = 0.3
TRUTH = Truth(
    (
        OutcomeTruth("limb", 45, -2.2, 8, 1.7, 2.5, {"high": Difference(1.2)}),
        OutcomeTruth("bulbar", 32, -0.85, 5, 0.75, 1.5, {"high": Ratio(0.7)}),
        OutcomeTruth("fvc", 85, -2.5, 15, 2.2, 5.5, {"high": Curve((0, 9), (0, 5))}),
    ),
    tuple(map(tuple, CORRELATION)),
)
NUISANCES = Nuisances(
    Departure(0.02, {"limb": 1.5}),
    Departure(0.01, {"fvc": 1.5}),
    0.04,
    0.02,
    {
        "limb": Recording(1, 0, 63),
        "bulbar": Recording(1, 0, 39),
        "fvc": Recording(1, 1),
    },
)
OF_ITEMS = NUISANCES.recording | {"limb": Recording(items=Items(21, 3, 0.6, 0.3))}


def main() -> None:
    """Time all three."""
    slow = []
    for name, nuisances in (
        ("no nuisances", Nuisances()),
        ("all but items", NUISANCES),
        ("with 21 items", dataclasses.replace(NUISANCES, recording=OF_ITEMS)),
    ):
        start = time.process_time()
        for first in range(0, TRIALS, BATCH):
            scenario = Scenario(DESIGN, TRUTH, nuisances)
            simulate_trials(scenario, 1, range(first, first + BATCH))
        seconds = time.process_time() - start
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {seconds:.1f} s of {LIMIT:.0f}, {megabytes:.0f} MB", flush=True)
        if seconds > LIMIT:
            slow.append(name)
    if slow:
        raise SystemExit(f"slower than {LIMIT:.0f} s: {', '.join(slow)}")


if __name__ == "__main__":
    main()
