"""Time 1,000 simulated trials of the bundled design and of 40 patients, each fitted.

Run by ``make bench``; seconds and memory go to the terminal, and it fails beyond the
limits. The Monte Carlo SD of each trial's probabilities is at most 0.01, or chains are
drawn (``design/marginal_fit.py``); how often they were is told.
"""

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from alsdecline.models.compile_cache import use_compile_cache
from alsdecline.settings.simulated_design import DesignScenario

PROJECT = Path(__file__).resolve().parents[1]
TRIALS = 1000
SCENARIOS = (
    (DesignScenario(patients={"low": 5, "high": 4}), 150.0),
    (
        DesignScenario(
            patients={"low": 20, "high": 20},
            differences={"high": 1.0},
            withdrawal_hazard=0.02,
            missed_visit=0.04,
        ),
        200.0,
    ),
)


def main() -> None:
    """Time both."""
    use_compile_cache()
    # numba and PyTensor read where their caches are when they are imported
    from alsdecline.design.fitted import fitted_batch
    from alsdecline.fits.planning import fit_plan
    from alsdecline.fits.simulated import assumed_course
    from alsdecline.settings.file import parse_settings

    settings = parse_settings((PROJECT / "config.yaml").read_text("utf-8"), "")
    plan, assumed = fit_plan(settings, "single", "total"), assumed_course(settings)

    slow = []
    for scenario, limit in SCENARIOS:
        start = time.process_time()
        trials = range(TRIALS)
        found = fitted_batch(plan, scenario, assumed, trials, 0.95, 1, (0.0,))
        seconds = time.process_time() - start
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{sum(scenario.patients.values())} patients: {seconds:.1f} s of "
            f"{limit:.0f}, {megabytes:.0f} MB, {found['by_chains'].sum()} by chains",
            flush=True,
        )
        if seconds > limit:
            slow.append(f"{sum(scenario.patients.values())} patients")
    if slow:
        raise SystemExit(f"too slow: {', '.join(slow)}")


if __name__ == "__main__":
    main()
