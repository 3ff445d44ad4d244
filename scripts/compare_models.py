"""The table of how well the models of one outcome predict its patients."""

from pathlib import Path
from typing import Any

from alsdecline.fits.plan import DEFAULT, FitPlan
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.models.compile_cache import use_compile_cache
from alsdecline.result_tables import write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    plans: list[FitPlan]


def main(job: Any, progress: Progress) -> None:
    """Write the table of models by outcome."""
    use_compile_cache()
    # numba reads where its cache is when it is imported
    from alsdecline.fits.checked import checked_model
    from alsdecline.fits.comparison import compare_models, patient_densities
    from alsdecline.fits.data import fit_observations, fit_patients, fit_values

    given = Given.of(job)
    plans = given.plans
    bds = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    adsl = next((read_parquet(path) for path in paths(job.input.adsl)), None)
    densities = {}
    for plan, path, left_out in zip(
        plans, paths(job.input.posteriors), paths(job.input.left_out), strict=True
    ):
        model, values = checked_model(plan), fit_values(plan, bds, adsl)
        patients = fit_patients(plan, values, adsl)
        trial = model.lay_out(patients, fit_observations(plan, values))
        stacked = read_parquet(left_out)
        of_plan = stacked[stacked["prior"] == DEFAULT]
        densities[plan.name] = patient_densities(
            model, read_parquet(path), of_plan, trial
        )
        progress(f"{plan.name}: {len(densities[plan.name])} patients")
    table = compare_models(plans, densities)
    write_result_table(Path(job.output.comparison), table, given.data_kind)


if __name__ == "__main__":
    run(main)
