"""Time simulated trials that are fitted: by ``single``, and by ``joint``.

1,000 of the bundled design and of 40 patients, and 300 of the bundled design with three
outcomes, each in two batches at once, as a design's jobs are run on 2 cores. Run by
``make bench``; seconds, those of the processors and the memory of one batch go to the
terminal, and it fails beyond the limits. The Monte Carlo SD of each trial's
probabilities by ``single`` is at most 0.01, or chains are drawn
(``design/marginal_fit.py``), as they always are by ``joint``; how often they were is
told, and how many missed a gate.
"""

import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from alsdecline.models.compile_cache import use_compile_cache
from alsdecline.settings.simulated_design import DesignScenario

PROJECT = Path(__file__).resolve().parents[1]
BUNDLED = DesignScenario(patients={"low": 5, "high": 4})
LARGER = DesignScenario(
    patients={"low": 20, "high": 20},
    differences={"high": 1.0},
    withdrawal_hazard=0.02,
    missed_visit=0.04,
)
ASKED = (
    ("single", BUNDLED, 1000, 150.0),
    ("single", LARGER, 1000, 200.0),
    ("joint", BUNDLED, 300, 300.0),
)
"""Model, scenario, trials, and most seconds of all together."""

CORES = 2

TOGETHER = """
simulated_design:
  fitted: 1
  fitted_by: [joint]
  scenarios: {bundled: {patients: {low: 5, high: 4}}}
"""


class Batch(NamedTuple):
    """What the fits of one batch cost, and what became of them."""

    processor_seconds: float
    megabytes: float
    by_chains: int
    missed_gates: int


def fit_batch(model: str, scenario: DesignScenario, trials: range) -> Batch:
    """Fit some simulated trials, as a job of a design does."""
    use_compile_cache()
    # numba and PyTensor read where their caches are when they are imported
    from alsdecline.design.fitted import fitted_batch
    from alsdecline.fits.planning import fit_plan
    from alsdecline.fits.simulated import assumed_course
    from alsdecline.settings.file import parse_settings

    bundled = (PROJECT / "config.yaml").read_text("utf-8")
    text = bundled + (TOGETHER if model == "joint" else "")
    settings = parse_settings(text, "")
    plan, assumed = fit_plan(settings, model, "total"), assumed_course(settings)
    found = fitted_batch(plan, scenario, assumed, trials, 0.95, 1, (0.0,))
    return Batch(
        time.process_time(),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        int(found["by_chains"].sum()),
        int(found["missed_gates"].sum()),
    )


def main() -> None:
    """Time all."""
    slow = []
    for model, scenario, trials, limit in ASKED:
        halves = [
            range(core * trials // CORES, (core + 1) * trials // CORES)
            for core in range(CORES)
        ]
        start = time.perf_counter()
        # started anew, as jobs are
        with ProcessPoolExecutor(CORES, multiprocessing.get_context("spawn")) as pool:
            made = [pool.submit(fit_batch, model, scenario, half) for half in halves]
            batches = [batch.result() for batch in made]
        seconds = time.perf_counter() - start
        name = f"{trials} by {model}, {sum(scenario.patients.values())} patients"
        print(
            f"{name}: {seconds:.1f} s of {limit:.0f} on {CORES} cores "
            f"(processors {sum(b.processor_seconds for b in batches):.1f} s), "
            f"{max(b.megabytes for b in batches):.0f} MB, "
            f"{sum(b.by_chains for b in batches)} by chains, "
            f"{sum(b.missed_gates for b in batches)} missed a gate",
            flush=True,
        )
        if seconds > limit:
            slow.append(name)
    if slow:
        raise SystemExit(f"too slow: {', '.join(slow)}")


if __name__ == "__main__":
    main()
