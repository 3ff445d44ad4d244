"""Items of checklists that ask for the patients: their numbers, results and harms."""

import math

import pandas as pd

from alsdecline.analyses.descriptions import ALL_ARMS
from alsdecline.analyses.row_names import ANY, ANY_SERIOUS, PATIENTS
from alsdecline.report.cells import Cell, ids_of
from alsdecline.report.checklist_answers import (
    ALONE,
    Answer,
    Facts,
    filled,
    unmet,
)
from alsdecline.report.tables import known
from alsdecline.report.words import counted
from alsdecline.time_units import SAME_WEEK


def who_is_included(facts: Facts) -> Answer:
    """Answer with the population of the estimands."""
    population = facts.plan.primary_estimand.population
    if population != "all":
        who = facts.plan.populations[population]
    else:
        who = "all patients" if facts.plan.alone else "all randomised patients"
    where = "" if facts.plan.alone else ", in the arm that the data name"
    at = ("table-estimands", "table-analysed")
    return filled(f"{who[:1].upper()}{who[1:]} with a value{where}.", *at)


def missing_data(facts: Facts) -> Answer:
    """Answer with the assumption, and how many patients have no value."""
    analysed = _analysed(facts)
    n, have = analysed["randomized"].sum(), analysed["patients"].sum()
    text = (
        "Missing visits are taken as missing at random given the values seen. Of the "
        f"primary outcome {have:.0f} of {n:.0f} patients have a value."
    )
    return filled(text, "methods", "table-analysed")


def _arms(facts: Facts) -> dict[str, str]:
    return facts.plan.arm_labels


def _analysed(facts: Facts) -> pd.DataFrame:
    table = facts.table("numbers_analysed")
    return table[table["outcome"] == facts.plan.primary_estimand.outcome]


def _ids(rows: pd.DataFrame, *columns: str) -> list[str]:
    return [name for _, row in rows.iterrows() for name in ids_of(row, *columns)]


def _by_status(facts: Facts, status: str, reason: str = "") -> pd.DataFrame:
    table = facts.table("disposition")
    reasons = table["reason"].fillna("")
    found = table[(table["status"] == status) & (reasons == reason)]
    return found[found["arm"] != ALL_ARMS]


def flow(facts: Facts) -> Answer:
    """Answer with the numbers entered, treated and analysed by arm."""
    analysed, dosed = _analysed(facts), _by_status(facts, "dosed")
    treated = {row["arm"]: row for _, row in dosed.iterrows()}
    entered = "enrolled" if facts.plan.alone else "randomised"
    said: list[str] = []
    ids: list[str] = []
    for _, row in analysed.iterrows():
        parts = [f"{row['randomized']:.0f} {entered}"]
        ids += ids_of(row, "randomized")
        if row["arm"] in treated:
            parts.append(f"{treated[row['arm']]['n']:.0f} treated")
            ids += ids_of(treated[row["arm"]], "n")
        parts.append(f"{row['patients']:.0f} analysed")
        ids += ids_of(row, "patients")
        said.append(f"{_arms(facts)[row['arm']]}: {', '.join(parts)}")
    text = "; ".join(said)
    if facts.plan.alone or not treated:
        why = ALONE if facts.plan.alone else "Who was treated is not in the data."
        return unmet(Cell(f"{text}. {why}", ids), "figure-flow", "table-disposition")
    return filled(Cell(f"{text}.", ids), "figure-flow", "table-disposition")


def losses(facts: Facts) -> Answer:
    """Answer with who withdrew or died by arm, if every end has its reason."""
    if _by_status(facts, "completed").empty:
        return unmet("How patients ended is not in the data.", "table-disposition")
    table = facts.table("disposition")
    table = table[table["arm"] != ALL_ARMS]
    reasons = table["reason"].fillna("")
    withdrawn = table[(table["status"] == "withdrawn") & (reasons == "")]
    explained = table[(table["status"] == "withdrawn") & (reasons != "")]["n"].sum()
    died, unknown = (_by_status(facts, s) for s in ("died", "no record of the end"))
    without = withdrawn["n"].sum() - explained + unknown["n"].sum()
    said: list[str] = []
    ids: list[str] = []
    for (_, left), (_, dead) in zip(withdrawn.iterrows(), died.iterrows(), strict=True):
        arm = _arms(facts)[left["arm"]]
        said.append(f"{arm}: {left['n']:.0f} withdrew, {dead['n']:.0f} died")
        ids += [*ids_of(left, "n"), *ids_of(dead, "n")]
    text = f"{'; '.join(said)}."
    if without > 0:
        told = counted(without, "end has no reason", "ends have no reason")
        return unmet(Cell(f"{text} {told}.", ids), "table-disposition")
    return filled(Cell(text, ids), "table-disposition")


def recruitment_dates(_: Facts) -> Answer:
    """Answer: the report has days since time zero alone."""
    return unmet("The report has times since time zero, and no dates.")


def delivery(facts: Facts) -> Answer:
    """Answer with the patients dosed, if doses are part of the analysis."""
    table = facts.table("exposure")
    if table.empty:
        return unmet("Doses are not part of this analysis.")
    rows = table[table["quantity"].str.endswith(", all patients")]
    rows = rows[rows["arm"] != ALL_ARMS]
    said = [
        f"{_arms(facts)[row['arm']]}: {row['value']:.0f} "
        f"{row['quantity'].removesuffix(', all patients')}"
        for _, row in rows.iterrows()
    ]
    return filled(Cell(f"{'; '.join(said)}.", _ids(rows, "value")), "table-exposure")


def concomitant_care(_: Facts) -> Answer:
    """Answer: not known."""
    return unmet("Concomitant care is not part of the data analysed.")


def baseline(facts: Facts) -> Answer:
    """Answer with how many characteristics are described."""
    table = facts.table("baseline_characteristics")
    described = known(table[table["characteristic"] != PATIENTS])
    n = described["characteristic"].nunique()
    if not n:
        return unmet("No characteristic of the patients is part of the data.")
    return filled(f"{counted(n, 'characteristic')} by arm.", "table-baseline")


def results_by_outcome(facts: Facts) -> Answer:
    """Answer with how many outcomes have numbers, results and precision."""
    plan, rates = facts.plan, facts.table("rate_of_decline")
    rows = rates[rates["quantity"].isin(["mean_slope", "slope_difference"])]
    missing = int(rows["estimate"].isna().sum())
    weeks = facts.table("change_from_baseline")["week"].dropna()
    seen = any(math.fabs(w - plan.summaries.horizon_week) < SAME_WEEK for w in weeks)
    n = len({outcome.id for outcome in plan.outcomes} & set(rates["outcome"]))
    text = f"{counted(n, 'outcome')}, each with estimates and intervals by arm"
    at = ("table-analysed", "table-rates", "table-changes")
    if missing:
        return unmet(f"{text}, but {missing} that the data leave to the prior.", *at)
    if not seen:
        return unmet(f"{text}; no visit is at {plan.horizon}.", *at[:2])
    return filled(f"{text}.", *at)


def harms(facts: Facts) -> Answer:
    """Answer with who had adverse events by arm."""
    if not facts.has_harms:
        return unmet("Adverse events are not part of this analysis.")
    table = facts.table("adverse_events")
    whole = table[(table["severity"].fillna("") == "") & (table["arm"] != ALL_ARMS)]
    serious = whole[whole["term"] == ANY_SERIOUS].set_index("arm")
    said: list[str] = []
    ids: list[str] = []
    for _, row in whole[whole["term"] == ANY].iterrows():
        grave = serious.loc[row["arm"]]
        said.append(
            f"{_arms(facts)[row['arm']]}: {row['patients']:.0f} with any, "
            f"{grave['patients']:.0f} with a serious one"
        )
        ids += [*ids_of(row, "patients"), *ids_of(grave, "patients")]
    return filled(Cell(f"{'; '.join(said)}.", ids), "table-adverse-events")
