"""How each method does in the simulated trials of each scenario."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.comparison import Estimates
from alsdecline.design.performance import performance
from alsdecline.design.planned import true_effect
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    DesignScenario,
    MethodName,
)
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    order: list[str]
    scenarios: dict[str, DesignScenario]
    methods: list[MethodName]
    assumed: AssumedCourse
    level: float


def main(job: Any, progress: Progress) -> None:
    """Write one row a scenario, arm and method."""
    given = Given.of(job)
    by_scenario: dict[str, list[pd.DataFrame]] = {}
    for path in paths(job.input.analyses):
        by_scenario.setdefault(path.parent.name, []).append(read_parquet(path))
    rows = []
    for name in given.order:
        scenario = given.scenarios[name]
        analyses = pd.concat(by_scenario[name]).sort_values("trial")
        for arm in scenario.patients:
            if arm == given.assumed.reference:
                continue
            effect = true_effect(scenario, given.assumed, arm)
            for method in given.methods:
                of = (analyses["arm"] == arm) & (analyses["method"] == method)
                columns = ("estimate", "lower", "upper", "p_value")
                estimates = Estimates(
                    *(analyses.loc[of, c].to_numpy() for c in columns)
                )
                found = performance(estimates, effect, 1.0 - given.level)
                rows.append(
                    {"scenario": name, "arm": arm, "method": method, "effect": effect}
                    | dataclasses.asdict(found)
                )
    table = pd.DataFrame(rows)
    # made up, whatever the trial that they are configured with
    write_result_table(Path(job.output.table), table, "synthetic")
    failed = int(table["failed"].sum())
    progress(f"{len(table)} rows, {failed} analyses failed")


if __name__ == "__main__":
    run(main)
