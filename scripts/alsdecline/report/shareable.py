"""Tables of results that may be passed on: no patient's row, no small count.

Either arms are shown or all patients together, never both, for the one less the other
tells what is hidden. Where an arm is small, nothing is told by arm, and no estimate.
What is left out is counted, and said why.
"""

import dataclasses
from collections.abc import Iterable, Mapping

import pandas as pd

from alsdecline.report.shareable_rows import DESCRIBED, numbers_told

DIGITS, ESTIMATE_DIGITS = 3, 4
"""Significant digits of descriptions and of estimates."""

ALL = "all"
"""The group of all patients in the descriptive tables."""

ESTIMATED: dict[str, tuple[str, ...]] = {
    "rate_of_decline": (
        *("estimand", "outcome", "model", "quantity", "arm", "estimate", "sd"),
        *("lower", "upper", "probability", "passed"),
    ),
    "prior_sensitivity": (
        *("estimand", "outcome", "model", "quantity", "arm", "prior", "estimate", "sd"),
        *("lower", "upper", "probability", "passed"),
    ),
    "slope_tests": (
        *("estimand", "outcome", "test", "method", "arm", "estimate", "lower"),
        *("upper", "p_value"),
    ),
    "ancova": (
        *("analysis", "quantity", "arm", "versus", "estimate", "se", "df", "lower"),
        *("upper", "p_value"),
    ),
    "mixed_models": (
        *("analysis", "parameter", "estimate", "se", "df", "lower", "upper"),
        "p_value",
    ),
}
"""Tables of estimates, and the columns of each that are of no single patient."""

NEVER: dict[str, str] = {
    "report.html, report_files, changes.html": "they show patients",
    "data, lineage, validation": "they have a row a patient or record",
    "figures": "most draw each patient; draw others of the tables here",
    "fits, diagnostics": "the draws of patients' effects, and checks by single values",
    "tables/patient_slopes": "a row a patient",
    "tables/influence.csv": "estimates without a patient each",
    "tables/model_comparison.csv": "names patients who are hard to predict",
    "tables/parameters.csv, design.csv, interval_properties.csv": "not needed here",
    "records, logs, benchmarks, ledger, workflow, plan.yaml, ro-crate-metadata.json": (
        "they name raw files, people and machines"
    ),
    "reasons of withdrawal, minima, maxima, medians": "values of single patients",
    "terms of adverse events of few patients, events by term": "small counts",
}
"""What is never passed on, and why."""


@dataclasses.dataclass(frozen=True)
class Shown:
    """A table as it may be passed on.

    Attributes
    ----------
    frame : DataFrame
        What is left.
    left_out : int
        Rows of the table that are not.
    why : str
        Why all rows are left out; empty where some are not.
    """

    frame: pd.DataFrame
    left_out: int
    why: str = ""


def groups_shown(numbers: pd.DataFrame, limit: int) -> dict[str, int]:
    """Return the groups that are shown, with their patients.

    Parameters
    ----------
    numbers : DataFrame
        The table of baseline characteristics, whose first rows count patients.
    limit : int
        Smaller groups are not shown.

    Returns
    -------
    dict of str to int
        The arms; where one is small, all patients together; nothing where they are few.
    """
    patients = numbers[
        (numbers["characteristic"] == "Patients") & (numbers["statistic"] == "n")
    ]
    counts = dict(zip(patients["arm"], patients["value"].astype(int), strict=True))
    together = counts.pop(ALL, sum(counts.values()))
    if counts and all(count >= limit for count in counts.values()):
        return counts
    return {ALL: together} if together >= limit else {}


def _rounded(frame: pd.DataFrame, columns: Iterable[str], digits: int) -> pd.DataFrame:
    """Round to significant digits; of more, small groups' values could be told."""
    return frame.assign(
        **{c: [float(f"{value:.{digits}g}") for value in frame[c]] for c in columns}
    )


def shown_table(
    name: str, frame: pd.DataFrame, groups: Mapping[str, int], limit: int
) -> Shown:
    """Return what of a table may be passed on.

    Parameters
    ----------
    name : str
        Of a table of :data:`DESCRIBED` or :data:`ESTIMATED`.
    frame : DataFrame
        As :func:`alsdecline.result_tables.read_result_table` reads it.
    groups : mapping of str to int
        From :func:`groups_shown`.
    limit : int
        Smaller counts are not shown.

    Returns
    -------
    Shown
        A count at a visit is left out where that of the patients without it is small.
    """
    if name in ESTIMATED:
        frame = _rounded(frame, frame.select_dtypes("float").columns, ESTIMATE_DIGITS)
        kept = list(ESTIMATED[name])
        if not groups or ALL in groups:
            why = f"an arm has fewer than {limit} patients"
            return Shown(frame.loc[[], kept], len(frame), why)
        return Shown(frame[kept], 0)
    which, columns = DESCRIBED[name]
    left = frame.loc[which(frame, groups, limit).astype(bool), list(columns)]
    if "mean" in columns:
        told = numbers_told(left, groups, limit)
        left = left.assign(n=left["n"].where(told.astype(bool)))
    left = _rounded(left, {"mean", "sd", "percent"} & {*left}, DIGITS)
    if "value" in left and "statistic" in left:
        exact = left["value"].where(left["statistic"] == "n")
        left = left.assign(
            value=exact.fillna(_rounded(left, ["value"], DIGITS)["value"])
        )
    why = "" if len(left) else f"every row is of fewer than {limit} patients"
    return Shown(left, len(frame) - len(left), why)
