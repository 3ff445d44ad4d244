"""Collect how the fits' computation went, and check the models against the data."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.digests import task_seed
from alsdecline.fits.checked import checked_model
from alsdecline.fits.data import fit_observations, fit_patients, fit_values
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.predictive_checks import check_model
from alsdecline.jobs.script_entry import Facts, Progress, paths, run
from alsdecline.models.compile_cache import use_compile_cache
from alsdecline.models.layout import lay_out_visits
from alsdecline.result_tables import write_result_table
from alsdecline.settings.scales import Scale
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_json, read_parquet

ATTEMPT_COLUMNS = [
    "model",
    "outcomes",
    "prior",
    "attempt",
    "target_accept",
    "r_hat",
    "r_hat_of",
    "ess_bulk",
    "ess_bulk_of",
    "ess_tail",
    "ess_tail_of",
    "interval_error",
    "interval_error_of",
    "divergences",
    "e_bfmi",
    "passed",
    "failures",
]


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plans: list[FitPlan]
    scales: dict[str, Scale]


def attempts_table(plans: list[Any], diagnostics: list[dict[str, Any]]) -> pd.DataFrame:
    """Tabulate every attempt of every fit."""
    rows = [
        {
            **attempt,
            "model": plan.model,
            "outcomes": " ".join(plan.outcomes),
            "prior": prior,
            "attempt": number,
            "passed": not attempt["failures"],
            "failures": "; ".join(attempt["failures"]),
        }
        for plan, record in zip(plans, diagnostics, strict=True)
        for prior, attempts in record["priors"].items()
        for number, attempt in enumerate(attempts, start=1)
    ]
    return pd.DataFrame(rows)[ATTEMPT_COLUMNS]


def main(job: Any, progress: Progress) -> Facts:
    """Write attempts, checks and power-scaling; return the replicates' seeds."""
    use_compile_cache()
    # numba reads where its cache is when it is imported
    from alsdecline.fits.power_scaling import COLUMNS, power_scaling

    given = Given.of(job)
    plans = given.plans
    diagnostics = [read_json(path) for path in paths(job.input.diagnostics)]
    attempts = attempts_table(plans, diagnostics)
    write_result_table(Path(job.output.fits), attempts, given.data_kind)
    bds = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    adsl = next((read_parquet(path) for path in paths(job.input.adsl)), None)
    seeds = {
        plan.name: task_seed(str(plan.sampler.seed), plan.trial, plan.name, "checks")
        for plan in plans
    }

    def checked(plan: FitPlan, path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
        model, values = checked_model(plan), fit_values(plan, bds, adsl)
        patients = fit_patients(plan, values, adsl)
        observations = fit_observations(plan, values)
        trial = lay_out_visits(model.structure, patients, observations)
        rng = np.random.default_rng(seeds[plan.name])
        draws = read_parquet(path)
        table = check_model(model, trial, draws, given.scales, rng)
        table.insert(0, "model", plan.model)
        if not (plan.primary and plan.member.gaussian):
            return table, pd.DataFrame(columns=COLUMNS)
        return table, power_scaling(plan, draws, model.lay_out(patients, observations))

    # each fit has random numbers of its own, and NumPy runs beside NumPy
    with ThreadPoolExecutor(job.threads) as pool:
        results = list(pool.map(checked, plans, paths(job.input.posteriors)))
    checks = [table for table, _ in results]
    of_primary = [table for _, table in results if len(table)]
    scaled = of_primary[0] if of_primary else pd.DataFrame(columns=COLUMNS)
    write_result_table(Path(job.output.power_scaling), scaled, given.data_kind)
    model_checks = pd.concat(checks, ignore_index=True)
    write_result_table(Path(job.output.model_checks), model_checks, given.data_kind)
    progress(
        f"{int(attempts['passed'].sum())} of {len(attempts)} fits pass their gates; "
        f"{int(model_checks['warning'].sum())} of {len(model_checks)} model checks warn"
    )
    return {"seeds": seeds}


if __name__ == "__main__":
    run(main)
