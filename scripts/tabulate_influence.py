"""The table of estimates with each patient left out."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.fits.estimates import COLUMNS, summarise_fit
from alsdecline.fits.identified import read_reasons
from alsdecline.fits.plan import FitPlan
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_json, read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plans: list[FitPlan]
    summaries: SummariesAtHorizon
    estimands: list[Estimand]


def main(job: Any, progress: Progress) -> None:
    """Write what the estimands are about, once without each patient."""
    given = Given.of(job)
    plans = given.plans
    tables = []
    for plan, left_out, diagnostics in zip(
        plans, paths(job.input.left_out), paths(job.input.diagnostics), strict=True
    ):
        record = read_json(diagnostics)["left_out"]
        stacked = read_parquet(left_out)
        for (prior, patient), draws in stacked.groupby(["prior", "without"], sort=True):
            table = summarise_fit(
                plan,
                draws,
                given.summaries,
                given.estimands,
                plan.shown,
                read_reasons(diagnostics),
            )
            passed = not record[str(prior)][str(patient)][-1]["failures"]
            table = table.assign(prior=str(prior), without=str(patient))
            tables.append(table.assign(passed=passed))
    columns = [*COLUMNS, "prior", "without", "passed"]
    everything = pd.concat([pd.DataFrame(columns=columns), *tables], ignore_index=True)
    write_result_table(Path(job.output.influence), everything[columns], given.data_kind)
    progress(f"{len(tables)} fits without a patient")


if __name__ == "__main__":
    run(main)
