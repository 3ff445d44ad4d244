"""The data dictionary of a simulated trial's raw files."""

import pandas as pd

from alsdecline.simulation.plan import SimulationPlan

type Rows = list[tuple[str, ...]]
"""Of the columns of one file: column, type, unit, permitted, description."""

_DATE = ("date", "", "ISO 8601, YYYY-MM-DD")
_YES_NO = ("category", "", "Y; N")
_ID = ("text", "", "as in subjects.csv")
_TEXT = ("text", "", "")


def _range_of(minimum: float | None, maximum: float | None) -> str:
    """Write a permitted range, either end of which may be open."""
    if minimum is None:
        return "" if maximum is None else f"at most {maximum:g}"
    return f"at least {minimum:g}" if maximum is None else f"{minimum:g} to {maximum:g}"


def _subject_rows(plan: SimulationPlan) -> Rows:
    """Rows of the subjects, one a patient: arm and characteristics."""
    age = plan.characteristics.age_years
    return [
        ("subject_id", "text", "", "unique", "Subject, numbered as randomised"),
        ("arm", "category", "", "; ".join(plan.arms), "Arm as randomised"),
        ("randomisation_date", *_DATE, "Date of randomisation; day 0"),
        ("sex", "category", "", "F; M", "Sex"),
        (
            "age",
            "integer",
            "years",
            _range_of(age.minimum, age.maximum),
            "Age at randomisation, completed years",
        ),
        ("onset_site", "category", "", "limb; bulbar", "Site of first symptoms"),
        (
            "months_since_onset",
            "decimal",
            "months",
            "at least 0",
            "From first symptoms to randomisation",
        ),
        ("riluzole", *_YES_NO, "Riluzole at randomisation"),
    ]


def _outcome_rows(plan: SimulationPlan) -> Rows:
    """Rows of the outcomes, a total after its last part, as in the visits file."""
    rows: Rows = []
    for name, outcome in plan.outcomes.items():
        kind = "integer" if outcome.whole_points else "decimal"
        permitted = _range_of(outcome.minimum, outcome.maximum)
        rows.append(
            (
                outcome.column,
                kind,
                outcome.unit,
                permitted,
                f"{outcome.label}; blank if not recorded",
            )
        )
        for total in plan.totals_after(name):
            parts = [plan.outcomes[part] for part in total.parts]
            low = [part.minimum for part in parts if part.minimum is not None]
            high = [part.maximum for part in parts if part.maximum is not None]
            whole = all(part.whole_points for part in parts)
            formula = " + ".join(part.column for part in parts)
            rows.append(
                (
                    total.column,
                    "integer" if whole else "decimal",
                    outcome.unit,
                    _range_of(
                        sum(low) if len(low) == len(parts) else None,
                        sum(high) if len(high) == len(parts) else None,
                    ),
                    f"{total.label}: {formula}; blank if one of them is",
                )
            )
    return rows


def _visit_rows(plan: SimulationPlan) -> Rows:
    """Rows of the visits: when they were, and the outcomes."""
    weeks = f"0 to {plan.visits.last_week} by {plan.visits.every_weeks}"
    return [
        ("subject_id", *_ID, "Subject"),
        ("visit_week", "integer", "weeks", weeks, "Nominal week of the visit"),
        ("visit_date", *_DATE, "Date of the visit; a missed visit has no row"),
        *_outcome_rows(plan),
    ]


def _exposure_rows(plan: SimulationPlan) -> Rows:
    """Rows of the doses that were given."""
    doses = "; ".join(f"{arm.dose_ug_per_kg:g}" for arm in plan.arms.values())
    return [
        ("subject_id", *_ID, "Subject"),
        ("dose_date", *_DATE, "Date of the intrathecal dose"),
        ("dose_ug_per_kg", "decimal", "ug/kg", doses, "IGF-1 given"),
    ]


def _end_rows() -> Rows:
    """Rows of how and when subjects left the trial."""
    return [
        ("subject_id", *_ID, "Subject; one row each"),
        (
            "event",
            "category",
            "",
            "completed; withdrawn; died",
            "How the subject left the trial",
        ),
        ("event_date", *_DATE, "Date of it; if completed, of the last visit due"),
        ("reason", *_TEXT, "Reason of a withdrawal; else blank"),
    ]


def _adverse_event_rows(plan: SimulationPlan) -> Rows:
    """Rows of the adverse events."""
    return [
        ("subject_id", *_ID, "Subject"),
        ("term", *_TEXT, "What it was"),
        ("start_date", *_DATE, "First day"),
        ("end_date", *_DATE, "Last day; blank if ongoing when the subject left"),
        (
            "severity",
            "category",
            "",
            "; ".join(plan.adverse_events.severity),
            "Severity",
        ),
        ("serious", *_YES_NO, "Serious by the regulatory definition"),
        ("related", *_YES_NO, "Related to treatment or its route, as judged"),
    ]


def _dictionary_rows() -> Rows:
    """Rows of the dictionary itself."""
    return [
        ("file", *_TEXT, "File in this folder"),
        ("column", *_TEXT, "Column of the file"),
        (
            "type",
            "category",
            "",
            "text; category; integer; decimal; date",
            "Type of the values",
        ),
        ("unit", *_TEXT, "Unit; blank if none"),
        ("permitted", *_TEXT, "Permitted values or range; blank if any"),
        ("description", *_TEXT, "What the column is"),
    ]


def data_dictionary(plan: SimulationPlan) -> pd.DataFrame:
    """Describe every column of every raw file.

    Parameters
    ----------
    plan : SimulationPlan
        Generating values: arms, doses, visit weeks and outcomes come from it.

    Returns
    -------
    DataFrame
        ``file``, ``column``, ``type``, ``unit``, ``permitted`` and ``description``.
    """
    files = {
        "subjects.csv": _subject_rows(plan),
        "visits.csv": _visit_rows(plan),
        "exposure.csv": _exposure_rows(plan),
        "events.csv": _end_rows(),
        "adverse_events.csv": _adverse_event_rows(plan),
        "data_dictionary.csv": _dictionary_rows(),
    }
    return pd.DataFrame(
        [(name, *row) for name, rows in files.items() for row in rows],
        columns=["file", "column", "type", "unit", "permitted", "description"],
    )
