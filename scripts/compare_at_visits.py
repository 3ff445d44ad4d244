"""Compare the arms at one visit, by analysis of covariance."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.analyses.supplementary import (
    SupplementaryPlan,
    compare_at_visit,
    describe_visit,
    visit_values,
)
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plan: SupplementaryPlan


def main(job: Any, progress: Progress) -> None:
    """Write the description of each visit that is compared, and the comparisons."""
    given = Given.of(job)
    plan = given.plan
    adsl = read_parquet(Path(job.input.adsl))
    values = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    described, compared = [], []
    for ancova in plan.ancova:
        frame = visit_values(ancova, adsl, values[ancova.outcome], plan.arms)
        described.append(describe_visit(ancova, frame, plan.arms))
        compared.append(compare_at_visit(ancova, frame, plan.arms, plan.level))
        progress(f"{ancova.id}: {len(frame)} patients")
    for file, parts in (
        (job.output.described, described),
        (job.output.compared, compared),
    ):
        table = pd.concat(parts, ignore_index=True)
        write_result_table(Path(file), table, given.data_kind)


if __name__ == "__main__":
    run(main)
