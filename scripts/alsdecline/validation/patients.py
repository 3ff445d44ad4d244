"""Rules on whose record each is: known, allocated, there once, with covariates."""

import dataclasses
from collections.abc import Iterator
from functools import partial

import pandas as pd

from alsdecline.near_names import same_identifier, value_meant
from alsdecline.raw.cell_values import recoded
from alsdecline.raw.cells import ROW
from alsdecline.raw.files import OTHER_ARM, TrialFiles
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.long_files import REPEATS, no_such_patient
from alsdecline.raw.rules import Rule
from alsdecline.settings.data_plan import DataPlan


def unknown_patients(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find records of patients whom the subjects file does not have."""
    del plan
    known = set(files.tables["subjects"]["patient"].dropna())
    subjects = files.sources["subjects"].place
    for name, frame in files.tables.items():
        report = partial(files.finding, name)
        if name == "subjects" or not known:
            continue
        strange = frame[frame["patient"].notna() & ~frame["patient"].isin(known)]
        for patient, records in strange.groupby("patient", sort=True):
            message = no_such_patient(str(patient), known, subjects)
            message += further_rows(len(records))
            yield report(
                Rule.UNKNOWN_PATIENT,
                records[ROW].min(),
                "patient",
                patient,
                message,
            )


def alike_patients(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find identifiers that differ in how they are written, probably of one patient."""
    del plan
    report = partial(files.finding, "subjects")
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    subjects = subjects.drop_duplicates("patient")
    subjects = subjects.assign(folded=subjects["patient"].map(same_identifier))
    alike = subjects[subjects.duplicated("folded", keep=False)]
    alike = alike[alike["folded"] != ""]
    for _, group in alike.groupby("folded", sort=True):
        first = group.iloc[0]
        for _, record in group.iloc[1:].iterrows():
            capitals = record["patient"].casefold() == first["patient"].casefold()
            how = "capitals" if capitals else "zeros, dashes, blanks or capitals"
            message = (
                f"differs from {first['patient']!r} in row {first[ROW]} by {how} alone;"
                " counted as another patient. Correct one if they are one, or say so "
                f"by {recoded('patient', record['patient'], first['patient'])}"
            )
            yield report(
                Rule.ALIKE_PATIENTS,
                record[ROW],
                "patient",
                record["patient"],
                message,
            )


def unallocated_patients(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients of whom the allocation file does not say in which arm they are."""
    del plan
    if "allocation" not in files.tables or files.tables["allocation"].empty:
        return  # an empty file is told already
    allocated = files.tables["allocation"]["patient"]
    subjects = files.tables["subjects"].dropna(subset=["patient"])
    message = (
        f"no allocation in {files.sources['allocation'].place}; add the patient there, "
        "or correct it. One who was not randomised is left out by `where:` below "
        "`data: subjects:`"
    )
    for _, subject in subjects[~subjects["patient"].isin(allocated)].iterrows():
        patient, row = subject["patient"], subject[ROW]
        yield files.finding(
            "subjects", Rule.NO_ALLOCATION, row, "patient", patient, message
        )


AGREE = 0.75
"""Share of patients by whom words of one file are seen to be arms of another."""


def _arms_meant(subjects: pd.DataFrame) -> dict[str, str]:
    """Tell of which arm a word of the subjects file is, by those who have it."""
    counts = pd.crosstab(subjects[OTHER_ARM], subjects["arm"])
    if counts.empty:
        return {}
    meant = {str(text): str(arm) for text, arm in counts.idxmax(axis=1).items()}
    apart = len({*meant.values()}) == len(meant)
    agree = counts.max(axis=1).sum() / counts.to_numpy().sum()
    return meant if apart and agree >= AGREE else {}


def differing_arms(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients who are in another arm in the subjects file than allocated."""
    if "allocation" not in files.tables:
        return
    subjects = files.tables["subjects"].dropna(subset=["patient", "arm", OTHER_ARM])
    arms = {arm.id for arm in plan.arms.groups}
    meanings = _arms_meant(subjects) | files.sources["allocation"].recode.get("arm", {})
    there = subjects[OTHER_ARM].map(
        lambda text: text if text in arms else meanings.get(text, text)
    )
    # of codes or words that are no arm's nothing is known
    wrong = there.isin(arms) & (there != subjects["arm"])
    # where many differ, one file has the allocation of another time, or none
    many = wrong.mean() > 1 - AGREE
    for subject in subjects[wrong][: 1 if many else None].to_dict("records"):
        message = (
            f"in arm {subject['arm']!r} in {files.sources['allocation'].place}, which "
            "counts; correct the one that is wrong, or, if this column is not who was "
            "allocated to which, give it another name"
            f"{further_rows(int(wrong.sum())) if many else ''}"
        )
        yield files.finding(
            "subjects",
            Rule.ARMS_DIFFER,
            subject[ROW],
            "arm",
            subject[OTHER_ARM],
            message,
        )


def _repeated(
    files: TrialFiles, table: str, keys: list[str], rule: Rule, remedy: str
) -> Iterator[Finding]:
    """Find records whose keys stand in an earlier row already."""
    report = partial(files.finding, table)
    names = " and ".join(files.column_name(table, key) for key in keys)
    frame = files.tables[table].dropna(subset=keys)
    frame = frame[frame.duplicated(keys, keep=False)]
    for _, group in frame.groupby(keys, sort=True):
        first = group.iloc[0]
        for _, record in group.iloc[1:].iterrows():
            message = f"same {names} as row {first[ROW]}; {remedy}"
            yield report(rule, record[ROW], keys[-1], record[keys[-1]], message)


TWICE_PLANNED = (
    "if the visit was repeated, say below `visits:` which values count, "
    f"{REPEATS}, or let `windows:` choose by the dates; if it was entered twice, the "
    "row in error goes"
)
TWICE_AT_A_TIME = (
    "if a measurement was repeated, or each row has a part of the values, say below "
    f"`visits:` which values count, {REPEATS}; if the visit was entered twice, the row "
    "in error goes"
)
TWO_ON_A_DAY = "they are two planned visits; correct the one that is wrong"


def _repeated_visits(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find visits of one patient that are the same, told once each."""
    # rows of one visit on two days are told by their repeated values, if there are any
    if plan.visits.repeats != "refuse" or plan.values_with_visits:
        yield from _planned_visits_of_a_day(plan, files)
        return
    columns = ["visit", plan.planned_column or "", plan.time_column]
    present = [c for c in columns if c in files.tables["visits"]]
    told: set[int | None] = set()
    for column in present:
        keys = ["patient", column]
        remedy = TWICE_PLANNED if column == plan.planned_column else TWICE_AT_A_TIME
        for finding in _repeated(files, "visits", keys, Rule.DUPLICATE_VISIT, remedy):
            if finding.row not in told:
                told.add(finding.row)
                yield finding


def _planned_visits_of_a_day(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find two planned visits of a patient on one day, which are no repeats."""
    if not plan.planned_column:
        return
    visits = files.tables["visits"].dropna(subset=[plan.planned_column])
    visits = visits.drop_duplicates(["patient", plan.planned_column, plan.time_column])
    tables = files.tables | {"visits": visits}
    keys, rule = ["patient", plan.time_column], Rule.DUPLICATE_VISIT
    apart = dataclasses.replace(files, tables=tables, visit_days=None)
    yield from _repeated(apart, "visits", keys, rule, TWO_ON_A_DAY)


def duplicates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find records that are there twice."""
    entered = "one that was entered in error goes"
    ends = (
        "if both are true, as a withdrawal and a later death, leave out the row that "
        f"does not end participation by an exclusion in `data: decisions:`; {entered}"
    )
    arms = (
        "if the patient was allocated twice, leave out the row that does not count by "
        f"an exclusion in `data: decisions:`; {entered}"
    )
    yield from _repeated(
        files,
        "subjects",
        ["patient"],
        Rule.DUPLICATE_PATIENT,
        "if the file has several rows a patient, as of a row a visit, write "
        f"`one_row_a_patient: false` below `data: subjects:`; else {entered}",
    )
    yield from _repeated_visits(plan, files)
    for table, rule, remedy in (
        ("allocation", Rule.DUPLICATE_ALLOCATION, arms),
        ("events", Rule.DUPLICATE_EVENT, ends),
    ):
        if table in files.tables:
            yield from _repeated(files, table, ["patient"], rule, remedy)
    twice = "both are counted. Remove one if it was entered twice"
    for table, keys in (
        ("exposure", ["patient", "date"]),
        ("adverse_events", ["patient", "term", "start_date"]),
    ):
        if table in files.tables:
            yield from _repeated(files, table, keys, Rule.DUPLICATE_RECORD, twice)


OR_LEAVE_OUT = "or take the covariate out of `models: covariates:` in config.yaml"


def missing_covariates(plan: DataPlan, files: TrialFiles) -> Iterator[Finding]:
    """Find patients without a covariate, or with a level that is not the plan's."""
    subjects = files.tables["subjects"]
    for covariate in plan.covariates:
        column, levels = covariate.column, covariate.levels
        values = subjects[column]
        strange = values.isna() | (bool(levels) & ~values.isin(levels))
        for _, subject in subjects[strange].iterrows():
            value = subject[column] if pd.notna(subject[column]) else None
            wrong, mended = "is missing", "enter it if it is known"
            if value is not None:
                wrong, mended = "is none of the levels", "correct it"
            permitted = f" ({', '.join(levels)})" if levels else ""
            near = value_meant(str(value), levels)[0] if levels else ""
            means = f"say so by {recoded(column, str(value), near)}, " if near else ""
            message = (
                f"{column} of patient {subject['patient']}, a covariate of the models, "
                f"{wrong}{permitted}; {means}{mended}, {OR_LEAVE_OUT}"
            )
            yield files.finding(
                "subjects",
                Rule.COVARIATE,
                subject[ROW],
                column,
                value if pd.notna(value) else None,
                message,
            )
