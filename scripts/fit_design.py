"""A batch of simulated trials of one scenario, each fitted."""

from pathlib import Path
from typing import Any

from alsdecline.fits.plan import FitPlan
from alsdecline.jobs.script_entry import Progress, run
from alsdecline.models.compile_cache import use_compile_cache
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import AssumedCourse, DesignScenario
from alsdecline.stable_files import write_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: FitPlan
    scenario: DesignScenario
    assumed: AssumedCourse
    first: int
    last: int
    level: float
    seed: int
    margins: tuple[float, ...]


def main(job: Any, progress: Progress) -> None:
    """Write one row a trial and arm."""
    use_compile_cache()
    # numba and PyTensor read where their caches are when they are imported
    from alsdecline.design.fitted import fitted_batch

    given = Given.of(job)
    trials = range(given.first, given.last + 1)
    table = fitted_batch(
        given.plan,
        given.scenario,
        given.assumed,
        trials,
        given.level,
        given.seed,
        given.margins,
    )
    table.insert(2, "method", given.plan.model)
    write_parquet(Path(job.output.analyses), table)
    of_trials = table.groupby("trial")[["by_chains", "missed_gates"]].any().sum()
    progress(
        f"{len(trials)} trials, {of_trials['by_chains']} by chains, of which "
        f"{of_trials['missed_gates']} missed a gate"
    )


if __name__ == "__main__":
    run(main)
