"""Each patient's slope, and the permutation test on the difference in mean slopes."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.analyses.patient_slopes import ordinary_slopes
from alsdecline.analyses.permutation import permutation_test
from alsdecline.datasets.study_time import model_observations
from alsdecline.digests import task_seed
from alsdecline.jobs.script_entry import Facts, Progress, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet

COLUMNS = [
    "estimand",
    "outcome",
    "method",
    "arm",
    "estimate",
    "lower",
    "upper",
    "p_value",
    "n_treated",
    "n_reference",
    "n_allocations",
    "exact",
    "smallest_attainable_p",
    "excluded",
]


class Given(JobSettings):
    """What the job is given of the settings."""

    data_kind: str
    study: str
    seed: int
    outcome: str
    estimands: dict[str, str]
    sign: int
    reference: str
    arms: list[str]
    interval: float


def seed_of(given: Given, arm: str) -> int:
    """Seed of an arm's test, used where there are too many allocations for all."""
    return task_seed(str(given.seed), given.study, given.outcome, arm)


def test_arm(slopes: pd.DataFrame, arm: str, given: Given) -> dict[str, object] | None:
    """Compare one arm with the reference; nothing where an arm has no slope."""
    compared = slopes[slopes["arm"].isin([arm, given.reference])]
    used = compared[compared["slope"].notna()]
    treated = (used["arm"] == arm).to_numpy(dtype=bool)
    row: dict[str, object] = {
        "estimand": given.estimands[arm],
        "outcome": given.outcome,
        "method": "permutation test of patients' slopes",
        "arm": arm,
        "n_treated": int(treated.sum()),
        "n_reference": int((~treated).sum()),
        "excluded": " ".join(compared.loc[compared["slope"].isna(), "patient"]),
    }
    if treated.all() or not treated.any():
        return row
    result = permutation_test(
        used["slope"].to_numpy() * given.sign,
        treated,
        seed=seed_of(given, arm),
        confidence=given.interval,
    )
    return row | {
        "estimate": result.estimate,
        "lower": result.lower,
        "upper": result.upper,
        "p_value": result.p_value,
        "n_allocations": result.n_allocations,
        "exact": result.exact,
        "smallest_attainable_p": result.smallest_attainable_p,
    }


def main(job: Any, progress: Progress) -> Facts:
    """Write the patients' slopes and the tests; return the tests' seeds."""
    given = Given.of(job)
    observations = model_observations(read_parquet(Path(job.input.bds)))
    slopes = ordinary_slopes(observations)
    adsl = read_parquet(Path(job.input.adsl))
    arms = adsl[["USUBJID", "ARMCD"]].set_axis(["patient", "arm"], axis="columns")
    slopes = arms.merge(slopes, on="patient", how="left")
    slopes["n_visits"] = slopes["n_visits"].fillna(0)
    slopes.insert(0, "outcome", given.outcome)
    write_result_table(Path(job.output.slopes), slopes, given.data_kind)
    rows = [test_arm(slopes, arm, given) for arm in given.arms]
    write_result_table(
        Path(job.output.tests),
        pd.DataFrame(rows).reindex(columns=COLUMNS),
        given.data_kind,
    )
    progress(f"{given.outcome}: {len(slopes)} patients")
    return {"seeds": {arm: seed_of(given, arm) for arm in given.arms}}


if __name__ == "__main__":
    run(main)
