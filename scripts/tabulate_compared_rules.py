"""Compare decision rules on the same simulated trials."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.design.batches import fits_by_scenario
from alsdecline.design.compared_rules import rows_of_rules
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
    rows = rows_of_rules(
        {name: fitted[name] for name in given.order}, rules, given.calibrated
    )
    table = pd.DataFrame(rows)
    write_result_table(Path(job.output.table), table, "synthetic")
    progress(f"{len(table)} rows")


if __name__ == "__main__":
    run(main)
