"""What each number rests on that describes patients, doses and events."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS, STANDARDISED
from alsdecline.analyses.row_names import (
    ANY,
    ANY_RELATED,
    ANY_SERIOUS,
    Described,
    baseline_names,
    term_names,
    unique_names,
)
from alsdecline.datasets.study_time import analysed_values, observed_values
from alsdecline.trace.evidence import Evidence, Selection, chosen
from alsdecline.trace.results import TrialResults

RANDOMIZED = "All randomized patients: ADSL.ITTFL = Y"
ARM = "ADSL.ARMCD"
OBSERVED = "DTYPE empty, AVAL not missing (measured, not carried forward)"

STATISTICS = {
    "n": "number of patients with a value",
    "mean": "arithmetic mean",
    "sd": "standard deviation, n - 1 in the denominator",
    "median": "median",
    "min": "minimum",
    "max": "maximum",
    "percent": "100 x count / patients of the arm",
    STANDARDISED: "difference of the arm's mean or share from the reference's / root "
    "of the mean of the two variances",
}

Row = Mapping[str, str]
"""The cells of a table's row, as text."""


def in_arms(results: TrialResults, arms: list[str], *variables: str) -> Selection:
    """Select the patients of arms; all, where one is :data:`ALL_ARMS`."""
    adsl = results.dataset("data/adsl")
    everybody = ALL_ARMS in arms
    mask = adsl["ARMCD"].isin(arms) | everybody
    where = "all rows" if everybody else f"ARMCD in {', '.join(arms)}"
    return chosen("adsl", mask, ["USUBJID", "ARMCD", *variables], where)


def measured_rows(
    results: TrialResults, outcome: str, patients: pd.Series, *variables: str
) -> Selection:
    """Select the measured values of an outcome of patients."""
    bds = results.bds(outcome)
    used = observed_values(bds)
    mask = bds.index.isin(used.index) & results.of_patients(
        f"data/bds/{outcome}", patients
    )
    return chosen(f"bds/{outcome}", mask, ["USUBJID", *variables], OBSERVED)


def analysis_set(results: TrialResults) -> str:
    """Name the patients whom fits, tests and counts of those analysed are of."""
    flag = results.settings.analysed_population
    if not flag:
        return RANDOMIZED
    return f"{results.settings.populations[flag].label}: ADSL.{flag} = Y"


def analysed_in_arms(
    results: TrialResults, arms: list[str], *variables: str
) -> Selection:
    """Select the patients of arms whom fits, tests and counts are of."""
    flag = results.settings.analysed_population
    found = in_arms(results, arms, *variables)
    if not flag:
        return found
    adsl = results.dataset("data/adsl")
    inside = (adsl[flag] == "Y").to_numpy()
    return dataclasses.replace(
        found,
        rows=found.rows[inside[found.rows]],
        variables=(*found.variables, flag),
        where=f"{found.where}, {flag} = Y",
    )


def analysed_rows(
    results: TrialResults, outcome: str, patients: pd.Series, *variables: str
) -> Selection:
    """Select the measured values of patients that fits, tests and counts are of."""
    settings = results.settings
    found = measured_rows(results, outcome, patients, *variables)
    if not settings.until_last_dose:
        return found
    bds = results.bds(outcome)
    counted = analysed_values(
        bds, results.dataset("data/adsl"), "", until_last_dose=True
    )
    inside = bds.index.isin(counted.index)
    return dataclasses.replace(
        found,
        rows=found.rows[inside[found.rows]],
        where=f"{found.where}, until the last dose",
    )


def members(results: TrialResults, selection: Selection) -> pd.Series:
    """Return the identifiers of selected patients."""
    return results.dataset("data/adsl")["USUBJID"].iloc[selection.rows]


def by_arm(row: Row) -> list[tuple[str, str]]:
    """Return the grouping by arm; none where all arms are together."""
    return [] if row["arm"] == ALL_ARMS else [(ARM, row["arm"])]


def _described(results: TrialResults) -> dict[str, Described]:
    """Return what the rows at baseline are about, by their names."""
    outcomes = {outcome.id: outcome.label for outcome in results.plan.outcomes}
    characteristics = results.plan.data.subjects.characteristics
    names = baseline_names(characteristics, outcomes)
    return {name: described for described, name in names.items()}


def of_baseline_characteristics(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a baseline characteristic rests on."""
    del table, column
    name, statistic = row["characteristic"], row["statistic"]
    groupings = by_arm(row)
    arms = [row["arm"]]
    if statistic == STANDARDISED:
        arms.append(results.plan.arms.reference)
    described = _described(results).get(name)
    if described is not None and described.kind == "characteristic":
        variable = described.id.upper()
        count = f"number of patients with {variable} = {row['level']}"
        operation = STATISTICS[statistic]
        if row["level"]:
            groupings.append((f"ADSL.{variable}", row["level"]))
            if statistic == "n":
                operation = count
            elif statistic == "percent":
                operation = f"100 x {count} / of the arm"
        selection = in_arms(results, arms, variable)
        return Evidence(
            "ADSL", variable, operation, RANDOMIZED, "", groupings, [selection]
        )
    if described is None:  # how many patients there are
        selection = in_arms(results, [row["arm"]])
        return Evidence(
            "ADSL",
            "USUBJID",
            "number of patients",
            RANDOMIZED,
            "",
            groupings,
            [selection],
        )
    outcome = next(o for o in results.plan.outcomes if o.id == described.id)
    bds = results.bds(outcome.id)
    patients = in_arms(results, arms)
    inside = results.of_patients(f"data/bds/{outcome.id}", members(results, patients))
    mask = (bds["ABLFL"] == "Y") & inside
    where = "ABLFL = Y"
    values = chosen(f"bds/{outcome.id}", mask, ["USUBJID", "AVAL"], where)
    return Evidence(
        f"BDS {outcome.parameter}",
        "AVAL",
        STATISTICS[statistic],
        RANDOMIZED,
        f"{outcome.parameter}: {where}",
        groupings,
        [patients, values],
    )


def of_disposition(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a count of what became of patients rests on."""
    del table
    status, reason = row["status"], row["reason"]
    labels = {flag: p.label for flag, p in results.plan.populations.items()}
    flags = {name: flag for flag, name in unique_names(labels).items()}
    if status == "randomized":
        variables, subset = ["ITTFL"], "ADSL.ITTFL = Y"
    elif status == "dosed":
        variables, subset = ["SAFFL"], "ADSL.SAFFL = Y"
    elif status == "in the population":
        variables, subset = [flags[reason]], f"ADSL.{flags[reason]} = Y"
    elif status == "no record of the end":
        variables, subset = ["EOSSTT"], "ADSL.EOSSTT missing"
    else:
        variables, subset = ["EOSSTT"], f"ADSL.EOSSTT = {status}"
        if reason:
            variables.append("DCSREAS")
            subset += f" and ADSL.DCSREAS = {reason}"
    count = "number of patients in the data subset"
    return Evidence(
        "ADSL",
        variables[-1],
        count if column == "n" else f"100 x {count} / of the arm",
        RANDOMIZED,
        subset,
        by_arm(row),
        [in_arms(results, [row["arm"]], *variables)],
    )


def of_exposure(results: TrialResults, table: str, row: Row, column: str) -> Evidence:
    """Tell what a statistic of the doses rests on."""
    del table, column
    doses = results.dataset("data/adex")
    patients = in_arms(results, [row["arm"]])
    inside = results.of_patients("data/adex", members(results, patients))
    mask = (doses["GIVENFL"] == "Y") & inside
    quantity, statistic = row["quantity"], row["statistic"]
    dose = f"dose, {results.plan.arms.dose_unit}".rstrip(", ")
    counts = {
        "patients dosed": "number of patients with a record",
        "doses given, all patients": "number of records",
        "periods of dosing, all patients": "number of records",
    }
    of_patients = {
        dose: (["ADOSE", "ASTDT", "AENDT"], "mean of ADOSE over days"),
        "days from first to last dose": (
            ["ASTDT", "AENDT"],
            "last AENDT - first ASTDT, days",
        ),
    }
    variables, summary = of_patients.get(quantity, (["ADOSE"], "number of records"))
    operation = counts.get(
        quantity, f"{STATISTICS[statistic]}; of each patient: {summary}"
    )
    return Evidence(
        "ADEX",
        variables[0],
        operation,
        RANDOMIZED,
        "ADEX.GIVENFL = Y",
        by_arm(row),
        [patients, chosen("adex", mask, ["USUBJID", *variables], "GIVENFL = Y")],
    )


FOLLOWED = (
    "sum of years from time zero to EOSDT or, where it is missing, to the last ADT"
)


def _followed(results: TrialResults, arm: str) -> list[Selection]:
    """Select what tells how long the patients of an arm were under observation."""
    patients = in_arms(results, [arm], "ZERODT", "EOSDT")
    adsl = results.dataset("data/adsl").iloc[patients.rows]
    open_ = adsl.loc[adsl["EOSDT"].isna(), "USUBJID"]
    if open_.empty:
        return [patients]
    ends = [measured_rows(results, o.id, open_, "AVAL") for o in results.plan.outcomes]
    return [patients, *ends]


def of_adverse_events(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a count of adverse events rests on."""
    del table
    events = results.dataset("data/adae")
    patients = in_arms(results, [row["arm"]])
    term, severity = row["term"], row["severity"]
    conditions = {
        ANY: ("AETERM", None),
        ANY_SERIOUS: ("AESER", "Y"),
        ANY_RELATED: ("AEREL", "Y"),
    }
    named = {name: term for term, name in term_names(events["AETERM"].unique()).items()}
    variable, value = conditions.get(term) or ("AETERM", named[term])
    mask = results.of_patients("data/adae", members(results, patients))
    variables, where = [variable], "all records"
    if value is not None:
        mask &= (events[variable] == value).to_numpy()
        where = f"{variable} = {value}"
    if severity:
        mask &= (events["AESEV"] == severity).to_numpy()
        variables.append("AESEV")
        where = f"AESEV = {severity}"
    patients_counted = "number of patients with a record"
    operations = {
        "patients": patients_counted,
        "percent": f"100 x {patients_counted} / patients of the arm",
        "events": "number of records",
        "patient_years": FOLLOWED,
        "rate": f"number of records / {FOLLOWED}",
    }
    chosen_events = chosen("adae", mask, ["USUBJID", *variables], where)
    followed = [patients]
    if column in ("patient_years", "rate"):
        followed = _followed(results, row["arm"])
    return Evidence(
        "ADAE",
        variables[-1],
        operations.get(column, column),
        RANDOMIZED,
        f"ADAE: {where}",
        by_arm(row),
        [*followed, *([] if column == "patient_years" else [chosen_events])],
    )
