"""What a trial of this size can show at the patient level, under stated assumptions."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.analyses.design import design_properties
from alsdecline.digests import read_spec
from alsdecline.faults import DataError
from alsdecline.jobs.script_entry import Progress, run
from alsdecline.months import MONTHS_PER_WEEK
from alsdecline.result_tables import write_result_table
from alsdecline.settings.analysis import Design
from alsdecline.stable_files import read_parquet

FEWEST_PATIENTS = 3
"""With fewer there is no SD of slopes to compare a difference with."""


def main(job: Any, progress: Progress) -> None:
    """Write the properties of the design, one row a property and arm.

    Raises
    ------
    DataError
        If two arms have too few patients to be compared.
    """
    spec = read_spec(job.params.spec)
    design = Design.model_validate(spec["design"])
    months = [week * MONTHS_PER_WEEK for week in spec["weeks"]]
    counts = read_parquet(Path(job.input.adsl))["ARMCD"].value_counts()
    rows = []
    for arm in spec["arms"]:
        patients = int(counts[arm]) + int(counts[spec["reference"]])
        if patients < FEWEST_PATIENTS:
            raise DataError(
                f"{job.input.adsl}: {patients} patients in arms {arm!r} and "
                f"{spec['reference']!r}; a comparison needs at least {FEWEST_PATIENTS}"
            )
        properties = design_properties(
            int(counts[arm]),
            int(counts[spec["reference"]]),
            months,
            design.sd_slope,
            design.sd_residual,
            spec["prior_sd"],
            design.effect,
        )
        named = dataclasses.asdict(properties) | {
            "n_treated": int(counts[arm]),
            "n_reference": int(counts[spec["reference"]]),
            "assumed_effect": design.effect,
            "assumed_sd_slope": design.sd_slope,
            "assumed_sd_residual": design.sd_residual,
            "prior_sd_of_effect": spec["prior_sd"],
        }
        rows += [(spec["outcome"], arm, name, float(v)) for name, v in named.items()]
    table = pd.DataFrame(rows, columns=["outcome", "arm", "property", "value"])
    write_result_table(Path(job.output.design), table, spec["data_kind"])
    progress(f"{len(rows)} properties")


if __name__ == "__main__":
    run(main)
