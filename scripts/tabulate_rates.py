"""The table of rates of decline, and the same under alternative priors."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.digests import read_spec
from alsdecline.estimates import summarise_fit
from alsdecline.fit_plan import plan_from_spec
from alsdecline.script_entry import Progress, paths, run
from alsdecline.settings import Estimand, Summaries
from alsdecline.stable_files import read_parquet, write_csv


def main(job: Any, progress: Progress) -> None:
    """Write the tables of rates and of prior sensitivity."""
    spec = read_spec(job.params.spec)
    plans = [plan_from_spec(plan) for plan in spec["plans"]]
    summaries = Summaries.model_validate(spec["summaries"])
    estimands = [Estimand.model_validate(e) for e in spec["estimands"]]
    rates, alternatives = [], []
    for plan, posterior, others in zip(
        plans, paths(job.input.posteriors), paths(job.input.alternatives), strict=True
    ):
        draws = read_parquet(posterior)
        table = summarise_fit(plan, draws, summaries, estimands)
        rates.append(table)
        alternatives.append(table.assign(prior="default"))
        for prior, mine in read_parquet(others).groupby("prior", sort=True):
            table = summarise_fit(plan, mine, summaries, estimands)
            alternatives.append(table.assign(prior=prior))
    write_csv(Path(job.output.rates), pd.concat(rates, ignore_index=True))
    sensitivity = pd.concat(alternatives, ignore_index=True)
    sensitivity = sensitivity[sensitivity["quantity"] == "slope_difference"]
    write_csv(Path(job.output.sensitivity), sensitivity)
    progress(f"{len(plans)} fits summarised")


if __name__ == "__main__":
    run(main)
