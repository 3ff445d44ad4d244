"""Compare decision rules on the same simulated trials."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.batches import by_scenario
from alsdecline.design.compared_rules import calibrated_thresholds, compared_rules
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.decision_rule import Success
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import Calibration


class Given(JobSettings):
    """What the job is given of the settings."""

    order: list[str]
    names: list[str]
    compared: dict[str, Success]
    calibrated: Calibration | None


def main(job: Any, progress: Progress) -> None:
    """Write one row a scenario, arm and rule."""
    given = Given.of(job)
    rules = {name: given.compared[name] for name in given.names}
    fitted = by_scenario(paths(job.input.fitted), 1)
    rows = []
    for name in given.order:
        for arm, analyses in fitted[name].groupby("arm", sort=False):
            thresholds = {}
            if given.calibrated is not None:
                without = fitted[given.calibrated.scenario]
                thresholds = calibrated_thresholds(
                    without[without["arm"] == arm],
                    rules,
                    given.calibrated.type_i_error,
                )
            rows += [
                {"scenario": name, "arm": arm} | row
                for row in compared_rules(
                    analyses.sort_values("trial"), rules, thresholds
                )
            ]
    write_result_table(Path(job.output.table), pd.DataFrame(rows), "synthetic")
    progress(f"{len(rows)} rows")


if __name__ == "__main__":
    run(main)
