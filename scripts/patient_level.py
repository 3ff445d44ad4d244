"""Each patient's slope, and tests of the difference between the arms in them."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alsdecline.analyses.adjusted_slopes import adjusted_difference
from alsdecline.analyses.analysed_rows import population_of
from alsdecline.analyses.patient_slopes import ordinary_slopes
from alsdecline.analyses.permutation import permutation_test
from alsdecline.analyses.prior_conflict import prior_predictive_p
from alsdecline.analyses.two_samples import welch, wilcoxon
from alsdecline.datasets.study_time import analysed_values, model_observations
from alsdecline.digests import task_seed
from alsdecline.faults import DataError
from alsdecline.jobs.script_entry import Facts, Progress, run
from alsdecline.result_tables import write_result_table
from alsdecline.settings.models import Normal
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet
from alsdecline.time_units import TimeUnit

COLUMNS = [
    "estimand",
    "outcome",
    "test",
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
    "standard_error",
    "degrees_of_freedom",
    "prior_predictive_p",
    "mean_treated",
    "mean_reference",
    "p_least",
    "p_least_without",
    "p_most",
    "p_most_without",
    "excluded",
    "without_covariates",
    "reason",
]
METHODS = {
    "permutation": "permutation test of patients' slopes",
    "welch": "Welch's t test of patients' slopes",
    "wilcoxon": "Wilcoxon's test of patients' slopes, Hodges-Lehmann shift",
    "adjusted": "least squares of patients' slopes, adjusted for {covariates}",
}
"""The tests by their ids, in the order in which they are shown."""


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
    prior: Normal | None
    population: str
    until_last_dose: bool
    leave_out_at_most: int
    time_unit: TimeUnit
    adjusted_for: dict[str, str]
    labels: dict[str, str]

    @property
    def methods(self) -> dict[str, str]:
        """The tests that there are, by their ids, with what they are called."""
        named = ", ".join(self.labels[name] for name in self.adjusted_for)
        return {
            test: method.format(covariates=named)
            for test, method in METHODS.items()
            if test != "adjusted" or self.adjusted_for
        }


def seed_of(given: Given, arm: str) -> int:
    """Seed of an arm's test, used where there are too many allocations for all."""
    return task_seed(str(given.seed), given.study, given.outcome, arm)


def _by_permutation(
    slopes: np.ndarray, treated: np.ndarray, arm: str, given: Given
) -> dict[str, object]:
    found = permutation_test(
        slopes, treated, seed=seed_of(given, arm), confidence=given.interval
    )
    return {
        "estimate": found.estimate,
        "lower": found.lower,
        "upper": found.upper,
        "p_value": found.p_value,
        "n_allocations": found.n_allocations,
        "exact": found.exact,
        "smallest_attainable_p": found.smallest_attainable_p,
    }


def _without_each(
    used: pd.DataFrame, treated: np.ndarray, arm: str, given: Given
) -> dict[str, object]:
    """Return the least and the largest p-value with one patient left out."""
    if len(used) > given.leave_out_at_most:
        return {}
    values = used["slope"].to_numpy(dtype=np.float64) * given.sign
    p_values: dict[str, float] = {}
    for i, patient in enumerate(used["patient"]):
        others = np.arange(len(used)) != i
        if treated[others].any() and not treated[others].all():
            p_values[str(patient)] = permutation_test(
                values[others],
                treated[others],
                seed=seed_of(given, arm),
                confidence=given.interval,
            ).p_value
    if not p_values:
        return {}
    least, most = (f(p_values, key=p_values.__getitem__) for f in (min, max))
    return {
        "p_least": p_values[least],
        "p_least_without": least,
        "p_most": p_values[most],
        "p_most_without": most,
    }


def _by_welch(
    slopes: np.ndarray, treated: np.ndarray, given: Given
) -> dict[str, object]:
    try:
        found = welch(slopes[treated], slopes[~treated], given.interval)
    except ValueError:  # too few slopes for it, and the row says how many
        return {}
    row: dict[str, object] = dataclasses.asdict(found)
    if given.prior is not None:
        row["prior_predictive_p"] = prior_predictive_p(
            found.estimate,
            found.standard_error,
            found.degrees_of_freedom,
            given.prior.mean,
            given.prior.sd,
        )
    return row


def _by_wilcoxon(
    slopes: np.ndarray, treated: np.ndarray, given: Given
) -> dict[str, object]:
    found = wilcoxon(slopes[treated], slopes[~treated], given.interval)
    return dataclasses.asdict(found)


def _adjusted(used: pd.DataFrame, arm: str, given: Given) -> dict[str, object]:
    """Compare the slopes adjusted for covariates, of the patients who have all."""
    known = used.dropna(subset=list(given.adjusted_for))
    without = used.loc[~used.index.isin(known.index), "patient"]
    treated = (known["arm"] == arm).to_numpy(dtype=bool)
    row: dict[str, object] = {
        "n_treated": int(treated.sum()),
        "n_reference": int((~treated).sum()),
        "without_covariates": " ".join(without),
    }
    try:
        found = adjusted_difference(
            known.assign(slope=known["slope"] * given.sign),
            arm,
            given.reference,
            given.adjusted_for,
            given.interval,
        )
    except DataError as error:
        return row | {"reason": str(error)}
    return row | dataclasses.asdict(found)


def tests_of_arm(
    slopes: pd.DataFrame, arm: str, given: Given
) -> list[dict[str, object]]:
    """Compare one arm with the reference; without numbers where an arm has no slope."""
    compared = slopes[slopes["arm"].isin([arm, given.reference])]
    used = compared[compared["slope"].notna()]
    treated = (used["arm"] == arm).to_numpy(dtype=bool)
    row: dict[str, object] = {
        "estimand": given.estimands[arm],
        "outcome": given.outcome,
        "arm": arm,
        "n_treated": int(treated.sum()),
        "n_reference": int((~treated).sum()),
        "excluded": " ".join(compared.loc[compared["slope"].isna(), "patient"]),
    }
    methods = given.methods
    found: dict[str, dict[str, object]] = {test: {} for test in methods}
    if treated.any() and not treated.all():
        values = used["slope"].to_numpy(dtype=np.float64) * given.sign
        means = {
            "mean_treated": used.loc[treated, "slope"].mean(),
            "mean_reference": used.loc[~treated, "slope"].mean(),
        }
        found = {
            "permutation": _by_permutation(values, treated, arm, given)
            | means
            | _without_each(used, treated, arm, given),
            "welch": _by_welch(values, treated, given),
            "wilcoxon": _by_wilcoxon(values, treated, given),
        }
        if given.adjusted_for:
            found["adjusted"] = _adjusted(used, arm, given)
    return [
        row | {"test": test, "method": methods[test]} | numbers
        for test, numbers in found.items()
    ]


def main(job: Any, progress: Progress) -> Facts:
    """Write the patients' slopes and the tests; return the tests' seeds."""
    given = Given.of(job)
    adsl = read_parquet(Path(job.input.adsl))
    values = analysed_values(
        read_parquet(Path(job.input.bds)),
        adsl,
        given.population,
        until_last_dose=given.until_last_dose,
    )
    slopes = ordinary_slopes(model_observations(values, given.time_unit))
    adsl = population_of(adsl, given.population)
    names = {"USUBJID": "patient", "ARMCD": "arm"}
    names |= {name.upper(): name for name in given.adjusted_for}
    subjects = adsl[list(names)].rename(columns=names)
    slopes = subjects.merge(slopes, on="patient", how="left")
    slopes["n_visits"] = slopes["n_visits"].fillna(0)
    slopes.insert(0, "outcome", given.outcome)
    own = slopes.drop(columns=list(given.adjusted_for))
    write_result_table(Path(job.output.slopes), own, given.data_kind)
    rows = [row for arm in given.arms for row in tests_of_arm(slopes, arm, given)]
    write_result_table(
        Path(job.output.tests),
        pd.DataFrame(rows).reindex(columns=COLUMNS),
        given.data_kind,
    )
    progress(f"{given.outcome}: {len(slopes)} patients")
    return {"seeds": {arm: seed_of(given, arm) for arm in given.arms}}


if __name__ == "__main__":
    run(main)
