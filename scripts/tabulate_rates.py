"""The table of rates of decline, and the same under alternative priors."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.fits.estimates import summarise_fit
from alsdecline.fits.identified import read_reasons
from alsdecline.fits.plan import DEFAULT, FitPlan
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table, write_result_table
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plans: list[FitPlan]
    summaries: SummariesAtHorizon
    estimands: list[Estimand]


def gates_passed(attempts: pd.DataFrame) -> dict[tuple[str, str, str], bool]:
    """Return whether the last attempt of each fit met its gates."""
    keys = zip(attempts["model"], attempts["outcomes"], attempts["prior"], strict=True)
    return dict(zip(keys, attempts["passed"].astype(bool), strict=True))


def main(job: Any, progress: Progress) -> None:
    """Write the tables of rates and of prior sensitivity."""
    given = Given.of(job)
    plans = given.plans
    passed = gates_passed(read_result_table(Path(job.input.fits)))
    tables = []
    for plan, posterior, alternatives, diagnostics in zip(
        plans,
        paths(job.input.posteriors),
        paths(job.input.alternatives),
        paths(job.input.diagnostics),
        strict=True,
    ):
        unidentified = read_reasons(diagnostics)
        draws = {DEFAULT: read_parquet(posterior)}
        drawn = read_parquet(alternatives)
        draws |= {name: drawn[drawn["prior"] == name] for name in plan.alternatives}
        for prior, of_prior in draws.items():
            only = None if prior == DEFAULT else plan.shown
            table = summarise_fit(
                plan, of_prior, given.summaries, given.estimands, only, unidentified
            )
            verdict = passed[plan.model, " ".join(plan.outcomes), prior]
            tables.append(table.assign(prior=prior, passed=verdict))
    everything = pd.concat(tables, ignore_index=True)
    rates = everything[everything["prior"] == DEFAULT].drop(columns="prior")
    write_result_table(Path(job.output.rates), rates, given.data_kind)
    sensitivity = everything[everything["quantity"].isin(plans[0].shown)]
    write_result_table(Path(job.output.sensitivity), sensitivity, given.data_kind)
    progress(f"{len(plans)} fits summarised")


if __name__ == "__main__":
    run(main)
