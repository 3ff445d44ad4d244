"""Turn accepted raw files into analysis datasets; keep lineage apart."""

from pathlib import Path
from typing import Any

from alsdecline.datasets.adsl import subject_level, with_population_flags
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import record_lineage, value_lineage
from alsdecline.datasets.relative_days import day_zeros, in_days
from alsdecline.datasets.visit_times import with_visit_days
from alsdecline.digests import sha256_of_file
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.raw.files import read_trial_files
from alsdecline.raw.trial_decisions import decisions_table
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_csv, write_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: DataPlan


def main(job: Any, progress: Progress) -> None:
    """Write ADSL, exposure, adverse events, a BDS for each outcome, and lineage."""
    plan = Given.of(job).plan
    files, _ = read_trial_files(plan, Path())
    files = with_visit_days(plan, files)
    adsl = subject_level(plan, files)
    digests = {t.file: sha256_of_file(Path(t.file)) for t in files.sources.values()}
    doses, events = dose_records(plan, files), adverse_event_records(plan, files)
    measured = measured_values(plan, files, adsl)
    values = analysis_values(plan, measured, adsl)
    flagged = with_population_flags(plan, adsl, values)
    of_values = value_lineage(plan, files, measured, digests)
    frames = {
        job.output.adsl: flagged,
        job.output.doses: doses,
        job.output.adverse_events: events,
        job.output.lineage: of_values,
        **dict(zip(paths(job.output.bds), values.values(), strict=True)),
    }
    if plan.pseudonyms:
        zeros = day_zeros(flagged, [doses, events, *values.values()])
        frames = {path: in_days(frame, zeros) for path, frame in frames.items()}
    for path, frame in frames.items():
        write_parquet(Path(path), frame)
    of_records = record_lineage(plan, files, adsl, measured, digests)
    write_parquet(Path(job.output.patient_lineage), of_records)
    write_csv(Path(job.output.decisions), decisions_table(files.decisions))
    progress(f"{len(adsl)} patients, {len(values)} outcomes")


if __name__ == "__main__":
    run(main)
