"""Compare decision rules on the same simulated trials."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.batches import fits_by_scenario
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
    """Write one row a scenario, arm, model and rule."""
    given = Given.of(job)
    rules = {name: given.compared[name] for name in given.names}
    fitted = fits_by_scenario(paths(job.input.fitted))
    rows = []
    for name in given.order:
        of_model = fitted[name].groupby(["arm", "method"], sort=False)
        for (arm, model), analyses in of_model:
            thresholds = {}
            if given.calibrated is not None:
                without = fitted[given.calibrated.scenario]
                thresholds = calibrated_thresholds(
                    without[(without["arm"] == arm) & (without["method"] == model)],
                    rules,
                    given.calibrated.type_i_error,
                )
            rows += [
                {"scenario": name, "arm": arm, "method": model} | row
                for row in compared_rules(
                    analyses.sort_values("trial"), rules, thresholds
                )
            ]
    write_result_table(Path(job.output.table), pd.DataFrame(rows), "synthetic")
    progress(f"{len(rows)} rows")


if __name__ == "__main__":
    run(main)
