"""A batch of simulated trials of one scenario, and what each method says of each."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.design.planned import analysed_batch
from alsdecline.jobs.script_entry import Progress, run
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    DesignScenario,
    MethodName,
)
from alsdecline.stable_files import write_parquet

AT_ONCE = 2_000_000
"""Values that are simulated at once: what more there are of a batch comes later."""


class Given(JobSettings):
    """What the job is given of the settings."""

    scenario: DesignScenario
    assumed: AssumedCourse
    methods: list[MethodName]
    first: int
    last: int
    level: float
    seed: int


def main(job: Any, progress: Progress) -> None:
    """Write one row a trial, arm and method."""
    given = Given.of(job)
    visits = len(given.scenario.weeks or given.assumed.weeks)
    size = max(1, AT_ONCE // (visits * sum(given.scenario.patients.values())))
    parts = []
    for first in range(given.first, given.last + 1, size):
        trials = range(first, min(first + size, given.last + 1))
        found = analysed_batch(
            given.scenario,
            given.assumed,
            given.methods,
            trials,
            given.level,
            given.seed,
        )
        parts += [
            pd.DataFrame(
                {
                    "trial": np.arange(trials.start, trials.stop),
                    "arm": arm,
                    "method": method,
                    "estimate": estimates.estimate,
                    "lower": estimates.lower,
                    "upper": estimates.upper,
                    "p_value": estimates.p_value,
                }
            )
            for (arm, method), estimates in found.items()
        ]
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values(["arm", "method", "trial"], ignore_index=True)
    write_parquet(Path(job.output.analyses), table)
    progress(f"{given.last + 1 - given.first} trials")


if __name__ == "__main__":
    run(main)
