"""How each method does in the simulated trials of each scenario."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.batches import with_fits
from alsdecline.design.comparison import Estimates
from alsdecline.design.decided_trials import decided
from alsdecline.design.performance import (
    performance,
    significance_level,
)
from alsdecline.design.planned import true_effects
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.decision_rule import DecisionRule
from alsdecline.settings.members import MemberName
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    DesignScenario,
    MethodName,
)


class Given(JobSettings):
    """What the job is given of the settings."""

    order: list[str]
    scenarios: dict[str, DesignScenario]
    curves: dict[str, str]
    methods: list[MethodName]
    models: list[MemberName]
    decision: DecisionRule | None
    assumed: AssumedCourse
    level: float
    seed: int


def main(job: Any, progress: Progress) -> None:
    """Write one row a scenario, arm and method."""
    given = Given.of(job)
    read = with_fits(paths(job.input.analyses), paths(job.input.fitted))
    rows = []
    for name in given.order:
        scenario, analyses = given.scenarios[name], read[name]
        for arm in scenario.patients:
            if arm == given.assumed.reference:
                continue
            for method in [*given.methods, *given.models]:
                of = analyses[(analyses["arm"] == arm) & (analyses["method"] == method)]
                columns = ("estimate", "lower", "upper", "p_value")
                estimates = Estimates(*(of[column].to_numpy() for column in columns))
                numbers = of["trial"].to_numpy()
                effects = true_effects(
                    scenario, given.assumed, arm, numbers, given.seed
                )
                found = performance(estimates, effects, significance_level(given.level))
                rows.append(
                    {"scenario": name, "arm": arm, "method": method}
                    | {
                        "curve": given.curves.get(name, ""),
                        "effect": float(effects.mean()),
                    }
                    | {"patients": scenario.patients[arm]}
                    | {"reference_patients": scenario.patients[given.assumed.reference]}
                    | dataclasses.asdict(found)
                    | (
                        decided(of, given.decision, given.level)
                        if method in given.models
                        else {}
                    )
                )
    table = pd.DataFrame(rows)
    # made up, whatever the trial that they are configured with
    write_result_table(Path(job.output.table), table, "synthetic")
    failed = int(table["failed"].sum())
    progress(f"{len(table)} rows, {failed} analyses failed")


if __name__ == "__main__":
    run(main)
