"""What a trial of this size can show at the patient level, under stated assumptions."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.analyses.design import TwoArmDesign, design_properties
from alsdecline.faults import DataError
from alsdecline.jobs.script_entry import Progress, run
from alsdecline.months import MONTHS_PER_WEEK
from alsdecline.result_tables import write_result_table
from alsdecline.settings.analysis import Design
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet

FEWEST_PATIENTS = 3
"""With fewer there is no SD of slopes to compare a difference with."""


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    outcome: str
    design: Design
    weeks: list[float]
    reference: str
    arms: list[str]
    prior_sd: float


def main(job: Any, progress: Progress) -> None:
    """Write the properties of the design, one row a property and arm.

    Raises
    ------
    DataError
        If two arms have too few patients to be compared.
    """
    given = Given.of(job)
    assumed = given.design
    months = tuple(week * MONTHS_PER_WEEK for week in given.weeks)
    counts = read_parquet(Path(job.input.adsl))["ARMCD"].value_counts()
    rows = []
    for arm in given.arms:
        n_treated, n_reference = int(counts[arm]), int(counts[given.reference])
        if n_treated + n_reference < FEWEST_PATIENTS:
            raise DataError(
                f"{job.input.adsl}: {n_treated + n_reference} patients in arms "
                f"{arm!r} and {given.reference!r}; a comparison needs at least "
                f"{FEWEST_PATIENTS}"
            )
        design = TwoArmDesign(
            n_treated=n_treated,
            n_reference=n_reference,
            months=months,
            slope_sd=assumed.sd_slope,
            residual_sd=assumed.sd_residual,
            prior_sd=given.prior_sd,
            effect=assumed.effect,
        )
        values = dataclasses.asdict(design_properties(design)) | {
            "n_treated": design.n_treated,
            "n_reference": design.n_reference,
            "assumed_effect": design.effect,
            "assumed_sd_slope": design.slope_sd,
            "assumed_sd_residual": design.residual_sd,
            "prior_sd_of_effect": design.prior_sd,
        }
        rows += [(given.outcome, arm, name, float(v)) for name, v in values.items()]
    table = pd.DataFrame(rows, columns=["outcome", "arm", "property", "value"])
    write_result_table(Path(job.output.design), table, given.data_kind)
    progress(f"{len(rows)} properties")


if __name__ == "__main__":
    run(main)
