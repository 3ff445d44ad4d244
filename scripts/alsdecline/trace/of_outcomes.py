"""What each number rests on that needs no model and is of the patients' values."""

import dataclasses

from alsdecline.datasets.study_time import observed_values
from alsdecline.digests import task_seed
from alsdecline.time_units import DAYS_PER, SAME_WEEK
from alsdecline.trace.evidence import Artefact, Evidence, chosen
from alsdecline.trace.of_descriptions import (
    ARM,
    OBSERVED,
    RANDOMIZED,
    STATISTICS,
    Row,
    analysed_in_arms,
    analysed_rows,
    analysis_set,
    by_arm,
    in_arms,
    members,
)
from alsdecline.trace.results import TrialResults


def of_numbers_analysed(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a number of those in the models rests on."""
    del table
    patients = analysed_in_arms(results, [row["arm"]])
    selections = [patients]
    operations = {
        "randomized": "number of patients",
        "patients": "number of patients with a record",
        "values": "number of records",
        "without": "patients of the arm without a record",
    }
    if column != "randomized":
        everybody = members(results, patients)
        selections.append(analysed_rows(results, row["outcome"], everybody, "AVAL"))
    return Evidence(
        "ADSL" if column == "randomized" else f"BDS {row['outcome']}",
        "USUBJID",
        operations.get(column, column),
        analysis_set(results),
        "" if column == "randomized" else OBSERVED,
        by_arm(row),
        selections,
    )


def of_change_from_baseline(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a statistic of values or changes at a visit rests on."""
    del table
    bds = results.bds(row["outcome"])
    patients = in_arms(results, [row["arm"]])
    variable = row["variable"]
    mask = (
        bds.index.isin(observed_values(bds).index)
        & (bds["ANL01FL"] == "Y")
        & (bds["AVISIT"] == row["visit"])
        & ((bds["AVISITN"] - float(row["week"])).abs() < SAME_WEEK)
        & (bds["ARMCD"] == row["arm"])
        & bds[variable].notna()
    )
    where = f"AVISIT = {row['visit']}, ANL01FL = Y, {OBSERVED}, {variable} not missing"
    values = chosen(f"bds/{row['outcome']}", mask, ["USUBJID", variable], where)
    return Evidence(
        f"BDS {row['outcome']}",
        variable,
        STATISTICS.get(column, column),
        RANDOMIZED,
        where,
        by_arm(row),
        [patients, values],
    )


def of_patient_slopes(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a patient's own line rests on."""
    outcome = table.split("/")[-1]
    adsl = results.dataset("data/adsl")
    mask = adsl["USUBJID"] == row["patient"]
    where = f"USUBJID = {row['patient']}"
    patient = chosen("adsl", mask, ["USUBJID", "ARMCD"], where)
    operations = {
        "n_visits": "number of records",
        "slope": "slope of the least-squares line of AVAL on time",
        "intercept": "value of the least-squares line of AVAL at time zero",
        "se": "standard error of the slope of the least-squares line",
        "first_time": "smallest time",
        "last_time": "largest time",
        "arm": "arm of the patient",
    }
    return Evidence(
        f"BDS {outcome}",
        "AVAL",
        operations.get(column, column),
        analysis_set(results),
        f"{OBSERVED}; time is ARELTM / {DAYS_PER[results.settings.time_unit]:g}",
        [("ADSL.USUBJID", row["patient"])],
        [
            patient,
            analysed_rows(results, outcome, adsl["USUBJID"][mask], "AVAL", "ARELTM"),
        ],
    )


def of_slope_tests(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a test of the difference in the patients' slopes rests on."""
    outcome, settings = table.split("/")[-1], results.settings
    arms = [row["arm"], settings.arms.reference]
    adjusted = settings.supplementary.adjusted_for if row["test"] == "adjusted" else []
    covariates = [name.upper() for name in adjusted]
    patients = analysed_in_arms(results, arms, *covariates)
    seed = task_seed(str(settings.sampler.seed), settings.trial.id, outcome, row["arm"])
    slopes = Artefact(
        f"results/tables/patient_slopes/{outcome}.csv",
        ("patient", "arm", "slope"),
        f"arm in {', '.join(arms)}, slope not missing",
        f"{column} of the difference between the arms, by the {row['method']}",
    )
    everybody = members(results, patients)
    return Evidence(
        f"BDS {outcome}",
        "AVAL",
        slopes.operation,
        analysis_set(results),
        OBSERVED,
        [(ARM, arm) for arm in arms],
        [patients, analysed_rows(results, outcome, everybody, "AVAL", "ARELTM")],
        [slopes],
        row.get("estimand", ""),
        {"interval": settings.summaries.interval, "seed": seed},
    )


def of_interval_properties(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a property of the plan's interval rests on."""
    found = of_design(results, table, {**row, "property": column}, column)
    return dataclasses.replace(
        found,
        operation=f"{column} of the interval in repeated trials of one true effect, "
        f"{row['analysis']}",
    )


def of_design(results: TrialResults, table: str, row: Row, column: str) -> Evidence:
    """Tell what a property of the design rests on: arm sizes and assumptions."""
    del table, column
    settings = results.settings
    arms = [row["arm"], settings.arms.reference]
    assumed = settings.design
    return Evidence(
        "ADSL",
        "ARMCD",
        f"{row['property']} of a comparison of mean slopes, of the numbers of patients "
        "and the assumptions",
        analysis_set(results),
        "",
        [(ARM, arm) for arm in arms],
        [analysed_in_arms(results, arms)],
        settings={
            "design": assumed.model_dump(mode="json") if assumed else None,
            "weeks": settings.visits.schedule,
        },
    )
