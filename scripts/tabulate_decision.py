"""The plan's decision rule, and whether it was met."""

from pathlib import Path
from typing import Any

from alsdecline.fits.decision_rule import judged
from alsdecline.fits.identified import read_reasons
from alsdecline.fits.plan import FitPlan
from alsdecline.jobs.script_entry import Progress, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.decision_rule import DecisionRule
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plan: FitPlan
    summaries: SummariesAtHorizon
    estimand: Estimand
    rule: DecisionRule


def main(job: Any, progress: Progress) -> None:
    """Write what the rule says of the primary posterior."""
    given = Given.of(job)
    table = judged(
        given.plan,
        read_parquet(Path(job.input.posterior)),
        given.summaries,
        given.estimand,
        given.rule,
        read_reasons(Path(job.input.diagnostics)),
    )
    write_result_table(Path(job.output.decision), table, given.data_kind)
    for row in table.itertuples():
        progress(f"{row.statement} {'met' if row.met else 'not met'}")


if __name__ == "__main__":
    run(main)
