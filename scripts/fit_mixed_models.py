"""Fit linear mixed models by restricted maximum likelihood."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.analyses.supplementary import SupplementaryPlan, fit_by_reml
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plan: SupplementaryPlan


def main(job: Any, progress: Progress) -> None:
    """Write the parameters of every model."""
    given = Given.of(job)
    plan = given.plan
    adsl = read_parquet(Path(job.input.adsl))
    values = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    fits = []
    for model in plan.mixed_models:
        progress(f"{model.id}: {model.label}")
        bds = values[model.outcome]
        fits.append(fit_by_reml(model, adsl, bds, plan.arms, plan.level))
    table = pd.concat(fits, ignore_index=True)
    write_result_table(Path(job.output.fits), table, given.data_kind)


if __name__ == "__main__":
    run(main)
