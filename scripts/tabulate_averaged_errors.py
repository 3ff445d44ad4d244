"""What successes of trials are worth whose true effects a design prior draws."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.averaged_errors import averaged_errors
from alsdecline.design.batches import with_fits
from alsdecline.design.decided_trials import counted
from alsdecline.design.planned import true_effects
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.decision_rule import DecisionRule
from alsdecline.settings.members import FAMILY
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import (
    METHODS,
    AssumedCourse,
    DesignScenario,
)

ORDER = (*METHODS, *FAMILY)
"""Of methods and models, as they are shown."""


class Given(JobSettings):
    """What the job is given of the settings."""

    order: list[str]
    scenarios: dict[str, DesignScenario]
    decision: DecisionRule | None
    assumed: AssumedCourse
    level: float
    seed: int


def main(job: Any, progress: Progress) -> None:
    """Write one row a scenario, arm, method and what is counted."""
    given = Given.of(job)
    read = with_fits(paths(job.input.analyses), paths(job.input.fitted))
    rows = []
    for name in given.order:
        analyses = read[name]
        for arm, prior in given.scenarios[name].design_prior.items():
            for method in [m for m in ORDER if m in set(analyses["method"])]:
                of = analyses[(analyses["arm"] == arm) & (analyses["method"] == method)]
                effects = true_effects(
                    given.scenarios[name],
                    given.assumed,
                    arm,
                    of["trial"].to_numpy(),
                    given.seed,
                )
                for counts, won in counted(of, given.decision, given.level).items():
                    found = averaged_errors(effects, won.to_numpy(dtype=bool))
                    rows.append(
                        {"scenario": name, "arm": arm, "method": method}
                        | {"counted": counts}
                        | {"prior_mean": prior.mean, "prior_sd": prior.sd}
                        | dataclasses.asdict(found)
                    )
    table = pd.DataFrame(rows)
    write_result_table(Path(job.output.table), table, "synthetic")
    progress(f"{len(table)} rows")


if __name__ == "__main__":
    run(main)
