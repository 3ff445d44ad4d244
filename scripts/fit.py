"""Fit one model under its prior, every named alternative, and without each patient."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.fits.plan import FitPlan
from alsdecline.jobs.script_entry import Facts, Progress, paths, run
from alsdecline.models.compile_cache import use_compile_cache
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet, write_json, write_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: FitPlan


def name_of(fit: Any) -> str:
    """Name a fit by its prior, and by who was left out."""
    return f"{fit.prior}, without {fit.without}" if fit.without else str(fit.prior)


def write_draws(output: Any, of_all_patients: list[Any], left_out: list[Any]) -> None:
    """Write the draws of the plan's fit, of the other priors, and without each."""
    main, *alternatives = of_all_patients
    write_parquet(Path(output.posterior), main.draws)
    none = main.draws.iloc[:0]
    for file, columns, further in (
        (output.alternatives, ["prior"], alternatives),
        (output.left_out, ["prior", "without"], left_out),
    ):
        draws = [
            fit.draws.assign(**{column: getattr(fit, column) for column in columns})
            for fit in further
        ]
        empty = none.assign(**dict.fromkeys(columns, ""))
        write_parquet(Path(file), pd.concat([empty, *draws], ignore_index=True))


def main(job: Any, progress: Progress) -> Facts:
    """Write the posterior, the others beside it, and all diagnostics.

    Returns
    -------
    mapping
        The seed of each fit and whether it met its gates.
    """
    use_compile_cache()
    # numba and PyTensor read where their caches are when they are imported
    from alsdecline.fits.data import fit_values
    from alsdecline.fits.job import run_fit, unidentified_of

    plan = Given.of(job).plan
    values = {
        outcome: read_parquet(path)
        for outcome, path in zip(plan.outcomes, paths(job.input.bds), strict=True)
    }
    adsl = next((read_parquet(path) for path in paths(job.input.adsl)), None)
    values = fit_values(plan, values, adsl)
    fits = run_fit(plan, values, progress, job.threads, adsl)
    for fit in fits:
        progress(
            f"prior {name_of(fit)}: {json.dumps(fit.attempts[-1], sort_keys=True)}"
        )
    of_all_patients = [fit for fit in fits if not fit.without]
    left_out = [fit for fit in fits if fit.without]
    write_draws(job.output, of_all_patients, left_out)
    attempts_without: dict[str, dict[str, Any]] = {fit.prior: {} for fit in left_out}
    for fit in left_out:
        attempts_without[fit.prior][fit.without] = fit.attempts
    write_json(
        Path(job.output.diagnostics),
        {
            "fit": plan.name,
            "priors": {fit.prior: fit.attempts for fit in of_all_patients},
            "left_out": attempts_without,
            "unidentified": [
                dataclasses.asdict(item) for item in unidentified_of(plan, values, adsl)
            ],
        },
    )
    last = {name_of(fit): fit.attempts[-1] for fit in fits}
    return {
        "seeds": {name: attempt["seed"] for name, attempt in last.items()},
        "gates": {
            name: {"passed": not attempt["failures"], "failures": attempt["failures"]}
            for name, attempt in last.items()
        },
    }


if __name__ == "__main__":
    run(main)
