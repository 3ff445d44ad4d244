"""Describe the patients, their disposition, exposure, adverse events and changes."""

from pathlib import Path
from typing import Any

from alsdecline.analyses import descriptions, dispositions
from alsdecline.analyses.analysed_rows import population_of
from alsdecline.datasets.study_time import analysed_values
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.data import Arms
from alsdecline.settings.section import JobSettings
from alsdecline.settings.tables import Characteristic
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    recorded: dispositions.Recorded
    arms: Arms
    outcomes: dict[str, str]
    populations: dict[str, str]
    modelled: list[str]
    population: str
    until_last_dose: bool
    characteristics: list[Characteristic]


def main(job: Any, progress: Progress) -> None:
    """Write the descriptive tables."""
    given = Given.of(job)
    arms = given.arms
    recorded = given.recorded
    adsl = read_parquet(Path(job.input.adsl))
    doses = read_parquet(Path(job.input.doses))
    events = read_parquet(Path(job.input.adverse_events))
    values = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    baselines = descriptions.baseline_values(values)
    tables = {
        "baseline": descriptions.baseline_characteristics(
            adsl, baselines, given.outcomes, arms, given.characteristics
        ),
        "disposition": dispositions.disposition(
            adsl, arms, recorded, given.populations
        ),
        "exposure": dispositions.exposure(adsl, doses, arms),
        "adverse_events": dispositions.adverse_events(
            adsl, events, arms, dispositions.years_followed(adsl, values)
        ),
        "analysed": descriptions.numbers_analysed(
            population_of(adsl, given.population),
            {
                outcome: analysed_values(
                    values[outcome],
                    adsl,
                    given.population,
                    until_last_dose=given.until_last_dose,
                )
                for outcome in given.modelled
            },
            arms,
        ),
        "changes": descriptions.change_from_baseline(values, arms),
    }
    for name, table in tables.items():
        if not getattr(recorded, name, True):
            tables[name] = table.iloc[:0]
    for name, table in tables.items():
        write_result_table(Path(job.output[name]), table, given.data_kind)
    progress(f"{len(adsl)} patients described")


if __name__ == "__main__":
    run(main)
