"""Time simulated trials that are fitted: by ``single``, and by ``joint``.

1,000 of the bundled design and of 40 patients, and 300 of the bundled design with three
outcomes. Run by ``make bench``; seconds of one processor and memory go to the terminal,
and it fails beyond the limits. The Monte Carlo SD of each trial's probabilities by
``single`` is at most 0.01, or chains are drawn (``design/marginal_fit.py``), as they
always are by ``joint``; how often they were is told, and how many missed a gate.
"""

import resource
import sys
import time
from pathlib import Path

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

TOGETHER = """
simulated_design:
  fitted: 1
  fitted_by: [joint]
  scenarios: {bundled: {patients: {low: 5, high: 4}}}
"""


def main() -> None:
    """Time all."""
    use_compile_cache()
    # numba and PyTensor read where their caches are when they are imported
    from alsdecline.design.fitted import fitted_batch
    from alsdecline.fits.planning import fit_plan
    from alsdecline.fits.simulated import assumed_course
    from alsdecline.settings.file import parse_settings

    bundled = (PROJECT / "config.yaml").read_text("utf-8")
    slow = []
    for model, scenario, trials, limit in ASKED:
        text = bundled + (TOGETHER if model == "joint" else "")
        settings = parse_settings(text, "")
        plan, assumed = fit_plan(settings, model, "total"), assumed_course(settings)
        start = time.process_time()
        found = fitted_batch(plan, scenario, assumed, range(trials), 0.95, 1, (0.0,))
        seconds = time.process_time() - start
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        name = f"{trials} by {model}, {sum(scenario.patients.values())} patients"
        print(
            f"{name}: {seconds:.1f} s of {limit:.0f}, {megabytes:.0f} MB, "
            f"{found['by_chains'].sum()} by chains, "
            f"{found['missed_gates'].sum()} missed a gate",
            flush=True,
        )
        if seconds > limit:
            slow.append(name)
    if slow:
        raise SystemExit(f"too slow: {', '.join(slow)}")


if __name__ == "__main__":
    main()
