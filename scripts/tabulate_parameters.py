"""The table of the parameters of every fit, under the plan's prior and the others."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.fits.identified import read_reasons
from alsdecline.fits.parameters import summarise_parameters
from alsdecline.fits.plan import DEFAULT, FitPlan
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plans: list[FitPlan]
    interval: float


def main(job: Any, progress: Progress) -> None:
    """Write the table of parameters."""
    given = Given.of(job)
    plans = given.plans
    tables = []
    for plan, posterior, alternatives, diagnostics in zip(
        plans,
        paths(job.input.posteriors),
        paths(job.input.alternatives),
        paths(job.input.diagnostics),
        strict=True,
    ):
        unidentified = read_reasons(diagnostics)
        drawn = read_parquet(alternatives)
        draws = {DEFAULT: read_parquet(posterior)}
        draws |= {name: drawn[drawn["prior"] == name] for name in plan.alternatives}
        for prior, of_prior in draws.items():
            table = summarise_parameters(plan, of_prior, given.interval, unidentified)
            table.insert(2, "prior", prior)
            tables.append(table)
    everything = pd.concat(tables, ignore_index=True)
    write_result_table(Path(job.output.parameters), everything, given.data_kind)
    progress(f"{len(everything)} parameters of {len(plans)} fits")


if __name__ == "__main__":
    run(main)
