"""Files with many rows a patient: measurements one a row."""

import dataclasses
from collections.abc import Iterable, Iterator

import pandas as pd

from alsdecline.near_names import (
    did_you_mean,
    nearest,
    same_identifier,
    same_number_or_text,
)
from alsdecline.raw.cells import ROW
from alsdecline.raw.column_names import listed
from alsdecline.raw.findings import Finding, further_rows
from alsdecline.raw.near_values import parameters_told
from alsdecline.raw.rules import Rule
from alsdecline.raw.schema import check_table
from alsdecline.raw.summary_rows import is_summary
from alsdecline.raw.tables import RawTable
from alsdecline.settings.columns import ColumnSpec

KEYS = ["patient", "visit"]

REPEATS = "`repeats: first` (or last, mean, worst, best)"
"""How a rule for several values of a visit is written."""

ADD_VISIT = (
    "add it if its date is known, or correct it; a visit that is not analysed is left "
    "out by `where:`"
)


def no_such_patient(patient: str, known: set[str], where: str) -> str:
    """Say that a patient is unknown, and which one may be meant.

    Parameters
    ----------
    patient : str
        As a record has it.
    known : set of str
        Patients of the trial.
    where : str
        What the file is called that lists them.

    Returns
    -------
    str
    """
    if is_summary(patient, known):
        return (
            f"no such patient in {where}, but a row of totals or a note, as it seems; "
            "take it out of the file, or leave it out by `where:`"
        )
    written, number = same_identifier(patient), same_number_or_text(patient)
    alike = [
        k
        for k in sorted(known)
        if (written and same_identifier(k) == written)
        or same_number_or_text(k) == number
    ]
    near = alike[0] if len(alike) == 1 else ""
    meant = f"did you mean {near!r}? " if near else ""
    return (
        f"no such patient in {where}; {meant}add the patient there or correct it. One "
        "who was not randomised is listed there and left out by `where:`"
    )


def _visit_meant(visit: str, there: Iterable[object]) -> str:
    near = nearest(visit, map(str, there))
    return f"did you mean {near!r}? " if near else ""


def row_of(column: str) -> str:
    """Name the column that holds the raw row of a value's cell."""
    return f"{ROW}:{column}"


def check_measurements(
    raw: RawTable, fixed: dict[str, ColumnSpec], values: dict[str, ColumnSpec]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Convert measurements to types and check each by its parameter's limits.

    Parameters
    ----------
    raw : RawTable
        Text cells; rows of parameters that are not used are passed over.
    fixed : dict of str to ColumnSpec
        The columns of every measurement.
    values : dict of str to ColumnSpec
        What the value of each parameter may be.

    Returns
    -------
    DataFrame
        patient, visit, parameter, value, date and the row.
    list of Finding
        Absent columns and parameters, unreadable cells, broken rules.
    """
    keys = {name: spec for name, spec in fixed.items() if name != "value"}
    if not {"parameter", "value"} <= set(raw.frame.columns):
        # what is used cannot be told, so nothing is said of any row
        typed, found = check_table(
            dataclasses.replace(raw, frame=raw.frame.iloc[:0]), fixed
        )
        return typed.assign(value=float("nan")), found
    used = raw.frame[raw.frame["parameter"].isin(list(values))]
    typed, found = check_table(dataclasses.replace(raw, frame=used), keys)
    found += parameters_told(raw, values)
    typed["value"] = float("nan")
    value_name = raw.names.get("value", "value")
    for parameter, spec in values.items():
        of_parameter = used[used["parameter"] == parameter]
        if of_parameter.empty:
            there = [*dict.fromkeys(raw.frame["parameter"])]
            message = (
                f"no row has the parameter {parameter!r}; "
                f"{did_you_mean(parameter, there)}the file has {listed(there)}. "
                "Correct the outcomes in config.yaml, or leave this one out"
            )
            found.append(
                raw.finding(Rule.PARAMETER_MISSING, None, "parameter", "", message)
            )
            continue
        cells = of_parameter[["value", ROW]].rename(columns={"value": parameter})
        column = RawTable(
            raw.file,
            cells,
            {parameter: value_name},
            raw.header,
            recoded_as="value",
            dialect=raw.dialect,
        )
        numbers, complaints = check_table(column, {parameter: spec})
        typed.loc[numbers.index, "value"] = numbers[parameter]
        for complaint in complaints:
            if complaint.row is None:  # then no row tells of which parameter it is
                message = f"parameter {parameter!r}: {complaint.message}"
                complaint = dataclasses.replace(complaint, message=message)
            found.append(complaint)
    return typed, found


def misplaced_measurements(
    visits: pd.DataFrame, measurements: pd.DataFrame, raw: RawTable, subjects: set[str]
) -> list[Finding]:
    """Find measurements of no visit or of nobody, and dates other than the visit's.

    Parameters
    ----------
    visits, measurements : DataFrame
        Typed.
    raw : RawTable
        The measurements' file, for messages.
    subjects : set of str
        Patients of the trial.

    Returns
    -------
    list of Finding
    """
    return [*_placed(visits, measurements, raw, subjects)]


def _placed(
    visits: pd.DataFrame, measurements: pd.DataFrame, raw: RawTable, subjects: set[str]
) -> Iterator[Finding]:
    strange = measurements[~measurements["patient"].isin(subjects)]
    for stranger, records in strange.groupby("patient", sort=True) if subjects else ():
        message = no_such_patient(str(stranger), subjects, "the subjects file")
        message += further_rows(len(records))
        row = int(records[ROW].min())
        yield raw.finding(Rule.UNKNOWN_PATIENT, row, "patient", str(stranger), message)
    if visits["visit"].isna().all():  # the visits cannot be read, which is told
        return
    known = visits.drop_duplicates(KEYS).set_index(KEYS)
    of_trial = measurements[measurements["patient"].isin(subjects)]
    of_trial = of_trial.dropna(subset=KEYS)
    places = pd.MultiIndex.from_frame(of_trial[KEYS])
    lost = of_trial[~places.isin(known.index)]
    for (patient, visit), records in lost.groupby(KEYS, sort=True):
        message = (
            f"patient {patient} has no such visit in the visits file; "
            f"{_visit_meant(str(visit), known.xs(patient).index)}{ADD_VISIT}"
            f"{further_rows(len(records))}"
            if patient in known.index.get_level_values(0)
            else f"patient {patient} has no visit in the visits file; {ADD_VISIT}"
            f"{further_rows(len(records))}"
        )
        row = int(records[ROW].min())
        yield raw.finding(Rule.UNKNOWN_VISIT, row, "visit", str(visit), message)
    if "visit_date" not in visits:
        return
    placed = of_trial[places.isin(known.index) & of_trial["date"].notna()]
    days = known["visit_date"].reindex(pd.MultiIndex.from_frame(placed[KEYS]))
    visit_dates = pd.Series(days.to_numpy(), index=placed.index)
    dated = pd.MultiIndex.from_frame(visits[[*KEYS, "visit_date"]])
    of_day = pd.MultiIndex.from_frame(placed[[*KEYS, "date"]]).isin(dated)
    other = placed[visit_dates.notna() & ~of_day]
    for (patient, visit), records in other.groupby(KEYS, sort=True):
        first = records.iloc[0]
        message = (
            f"patient {patient}, visit {visit}: the visits file has "
            f"{visit_dates[records.index[0]]:%Y-%m-%d}, which is used; correct one of "
            f"them{further_rows(len(records))}"
        )
        day = f"{first['date']:%Y-%m-%d}"
        yield raw.finding(Rule.VISIT_DATE, int(first[ROW]), "date", day, message)


def repeated_measurements(measurements: pd.DataFrame, raw: RawTable) -> list[Finding]:
    """Find parameters that a patient has several times at a visit.

    Parameters
    ----------
    measurements : DataFrame
        Typed.
    raw : RawTable
        The measurements' file, for messages.

    Returns
    -------
    list of Finding
    """
    return [*_repeated(measurements, raw)]


def _repeated(measurements: pd.DataFrame, raw: RawTable) -> Iterator[Finding]:
    keys = [*KEYS, "parameter"]
    named = measurements.dropna(subset=keys)
    twice = named[named.duplicated(keys, keep=False)]
    for (_, visit, parameter), records in twice.groupby(keys, sort=True):
        first, *others = records[ROW]
        for row in others:
            message = (
                f"{parameter} of visit {visit} is in row {first} too; if it was "
                f"measured repeatedly, say below `visits:` which counts, {REPEATS}; "
                "if it was entered twice, the one in error goes"
            )
            yield raw.finding(
                Rule.DUPLICATE_VALUE, int(row), "parameter", str(parameter), message
            )


def lay_out_by_visit(
    visits: pd.DataFrame,
    measurements: pd.DataFrame,
    raw: RawTable,
    subjects: set[str],
    parameters: list[str],
) -> tuple[pd.DataFrame, list[Finding]]:
    """Put each measurement beside its visit.

    Parameters
    ----------
    visits : DataFrame
        Typed; patient and visit, and when it was.
    measurements : DataFrame
        From :func:`check_measurements`.
    raw : RawTable
        The measurements' file, for messages.
    subjects : set of str
        Patients of the trial.
    parameters : list of str
        Those that are used.

    Returns
    -------
    DataFrame
        The visits at which anything was measured, with a column for each parameter
        and the row of its cell (:func:`row_of`).
    list of Finding
        Measurements of unknown visits, on other dates, or entered twice.
    """
    found = [
        *_placed(visits, measurements, raw, subjects),
        *_repeated(measurements, raw),
    ]
    first = measurements.dropna(subset=KEYS).drop_duplicates([*KEYS, "parameter"])
    wide = first.pivot_table(
        index=KEYS, columns="parameter", values=["value", ROW], aggfunc="first"
    )
    columns = {}
    for parameter in parameters:
        at = wide.get(("value", parameter)), wide.get((ROW, parameter))
        columns[parameter], columns[row_of(parameter)] = at
    laid = pd.DataFrame(columns, index=wide.index, dtype="float64").reset_index()
    return visits.merge(laid, on=KEYS, how="inner"), found
