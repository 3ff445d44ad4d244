"""What a trial of this size can show at the patient level, under stated assumptions."""

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.analyses.analysed_rows import population_of
from alsdecline.analyses.design import TwoArmDesign, design_properties
from alsdecline.analyses.known_variances import (
    BY_FORMULA,
    FRACTIONS,
    interval_properties,
)
from alsdecline.faults import DataError
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.analysis import Design
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet

INTERVAL_COLUMNS = [
    "outcome",
    "arm",
    "analysis",
    "effect",
    "trials",
    "coverage",
    "coverage_error",
    "bias",
    "bias_error",
    "excludes_zero",
    "excludes_zero_error",
    "width",
    "divergent",
    "note",
]

FEWEST_PATIENTS = 3
"""With fewer there is no SD of slopes to compare a difference with."""


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    outcome: str
    design: Design
    times: list[float]
    reference: str
    arms: list[str]
    prior_sd: float
    level: float
    mean_slope: float
    simulated_with: str
    population: str


def by_formula(
    given: Given, design: TwoArmDesign, standard_error: float, arm: str
) -> pd.DataFrame:
    """Return what the interval of the plan is worth, the variances being known."""
    effects = [fraction * abs(given.mean_slope) for fraction in FRACTIONS]
    rows = [
        {"effect": effect}
        | dataclasses.asdict(
            interval_properties(effect, design.prior_sd, standard_error, given.level)
        )
        for effect in effects
    ]
    return pd.DataFrame(rows).assign(arm=arm, analysis=BY_FORMULA, note="")


def read_simulated(path: Path) -> pd.DataFrame:
    """Read what simulated trials have shown.

    Raises
    ------
    DataError
        If it is not what the script writes.
    """
    remedy = "make it again by benchmarks/simulated_intervals.py"
    try:
        table = pd.read_csv(path)
    except (ValueError, UnicodeError):
        raise DataError(f"{path}: no table of simulated trials; {remedy}") from None
    needed = {"arm", "patients", "made_by", "analysis", "effect"}
    if lacking := sorted(needed - set(table)):
        raise DataError(f"{path}: no column {', '.join(lacking)}; {remedy}")
    return table


def by_simulation(
    given: Given, simulated: pd.DataFrame, arm: str, patients: str
) -> pd.DataFrame:
    """Return what intervals of simulated trials were worth; say if they are others."""
    of_arm = simulated[simulated["arm"] == arm]
    if (of_arm["made_by"] != given.simulated_with).any():
        note = "made with earlier code or settings"
    elif (of_arm["patients"] != patients).any():
        note = "made for other numbers of patients"
    else:
        note = ""
    return of_arm.drop(columns=["made_by", "patients"]).assign(note=note)


def main(job: Any, progress: Progress) -> None:
    """Write the properties of the design, one row a property and arm.

    Raises
    ------
    DataError
        If two arms have too few patients to be compared, or what was simulated cannot
        be read.
    """
    given = Given.of(job)
    assumed = given.design
    simulated = [read_simulated(path) for path in paths(job.input.simulated)]
    adsl = population_of(read_parquet(Path(job.input.adsl)), given.population)
    counts = adsl["ARMCD"].value_counts()
    rows, intervals = [], []
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
            times=tuple(given.times),
            slope_sd=assumed.sd_slope,
            residual_sd=assumed.sd_residual,
            prior_sd=given.prior_sd,
            effect=assumed.effect,
        )
        found = design_properties(design)
        intervals.append(by_formula(given, design, found.slope_standard_error, arm))
        intervals += [
            by_simulation(given, table, arm, f"{n_treated} {n_reference}")
            for table in simulated
        ]
        values = dataclasses.asdict(found) | {
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
    worth = pd.concat(intervals, ignore_index=True).assign(outcome=given.outcome)
    worth = worth.reindex(columns=INTERVAL_COLUMNS)
    write_result_table(Path(job.output.intervals), worth, given.data_kind)
    progress(f"{len(rows)} properties")


if __name__ == "__main__":
    run(main)
