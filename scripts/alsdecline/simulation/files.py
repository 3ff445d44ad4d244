"""The raw files of a simulated trial, as clinics would deliver them."""

import datetime

import numpy as np
import pandas as pd

from alsdecline.simulation.conduct import SimulatedTrial, simulate_trial
from alsdecline.simulation.dictionary import data_dictionary
from alsdecline.simulation.plan import SimulationPlan
from alsdecline.time_units import DAYS_PER_MONTH


def allocate(plan: SimulationPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Randomise: ``patient`` and ``arm``, the arms' sizes as the plan has them."""
    arms = [name for name, arm in plan.arms.items() for _ in range(arm.patients)]
    return pd.DataFrame({"patient": plan.subjects, "arm": rng.permutation(arms)})


def randomisation_dates(
    plan: SimulationPlan, rng: np.random.Generator
) -> dict[str, datetime.date]:
    """Draw weekdays of the recruitment period, rising, by subject."""
    first, last = plan.trial.first_randomisation, plan.trial.last_randomisation
    weekdays = pd.bdate_range(first, last)
    drawn = np.sort(rng.choice(len(weekdays), len(plan.subjects), replace=False))
    return {
        subject: weekdays[i].date()
        for subject, i in zip(plan.subjects, drawn, strict=True)
    }


def calendar_dates(
    dates: dict[str, datetime.date], patients: pd.Series, days: pd.Series
) -> list[str]:
    """ISO 8601 dates of days counted from each patient's randomisation."""
    return [
        (dates[patient] + datetime.timedelta(days=int(day))).isoformat()
        for patient, day in zip(patients, days, strict=True)
    ]


def subjects_file(
    plan: SimulationPlan,
    patients: pd.DataFrame,
    dates: dict[str, datetime.date],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a subject: arm, date of randomisation and characteristics."""
    about = plan.characteristics
    n = len(patients)
    age = np.clip(
        rng.normal(about.age_years.mean, about.age_years.sd, n),
        about.age_years.minimum,
        about.age_years.maximum,
    )
    onset = about.months_since_onset
    return pd.DataFrame(
        {
            "subject_id": patients["patient"],
            "arm": patients["arm"],
            "randomisation_date": [dates[p].isoformat() for p in patients["patient"]],
            "sex": np.where(rng.random(n) < about.female, "F", "M"),
            "age": np.floor(age).astype(np.int64),
            "onset_site": np.where(
                rng.random(n) < about.bulbar_onset, "bulbar", "limb"
            ),
            "months_since_onset": np.round(
                rng.lognormal(np.log(onset.median), onset.log_sd, n), 1
            ),
            "riluzole": np.where(rng.random(n) < about.riluzole, "Y", "N"),
        }
    )


def visits_file(
    plan: SimulationPlan, trial: SimulatedTrial, dates: dict[str, datetime.date]
) -> pd.DataFrame:
    """One row an attended visit, a column an outcome, a total after its last part."""
    # Each outcome has every attended visit once, in one order.
    by_outcome = {
        name: trial.observations[trial.observations["outcome"] == name].reset_index(
            drop=True
        )
        for name in plan.outcomes
    }
    visits = next(iter(by_outcome.values()))
    file = pd.DataFrame(
        {
            "subject_id": visits["patient"],
            "visit_week": visits["week"],
            "visit_date": calendar_dates(dates, visits["patient"], visits["day"]),
        }
    )
    for name, outcome in plan.outcomes.items():
        # A nullable integer, for a missing value would turn whole numbers into 12.0.
        values = by_outcome[name]["value"]
        file[outcome.column] = (
            values.astype("Int64") if outcome.whole_points else values
        )
        for total in plan.totals_after(name):
            parts = [plan.outcomes[part].column for part in total.parts]
            file[total.column] = file[parts].sum(axis=1, skipna=False)
    return file


def exposure_file(
    plan: SimulationPlan,
    trial: SimulatedTrial,
    dates: dict[str, datetime.date],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a dose; doses are given at attended visits, few of which go without."""
    visits = trial.observations[["patient", "arm", "day"]].drop_duplicates()
    given = visits[rng.random(len(visits)) >= plan.nuisances.missed_dose]
    return pd.DataFrame(
        {
            "subject_id": given["patient"],
            "dose_date": calendar_dates(dates, given["patient"], given["day"]),
            # As a pharmacy writes them: 3, not 3.0.
            "dose_ug_per_kg": [
                f"{plan.arms[a].dose_ug_per_kg:g}" for a in given["arm"]
            ],
        }
    )


def events_file(
    plan: SimulationPlan, trial: SimulatedTrial, dates: dict[str, datetime.date]
) -> pd.DataFrame:
    """One row a subject: how and when it left the trial."""
    reasons = {w.subject: w.reason for w in plan.nuisances.withdrawals}
    patients = trial.patients
    return pd.DataFrame(
        {
            "subject_id": patients["patient"],
            "event": patients["status"],
            "event_date": calendar_dates(
                dates, patients["patient"], patients["last_day"]
            ),
            "reason": [
                reasons.get(patient, plan.nuisances.dropout_reason)
                if status == "withdrawn"
                else ""
                for patient, status in zip(
                    patients["patient"], patients["status"], strict=True
                )
            ],
        }
    )


def adverse_events_file(
    plan: SimulationPlan,
    trial: SimulatedTrial,
    dates: dict[str, datetime.date],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row an adverse event; one that lasts past the trial has no end date."""
    about = plan.adverse_events
    weights = np.array([term.weight for term in about.terms])
    rows = []
    for patient, last_day in zip(
        trial.patients["patient"], trial.patients["last_day"], strict=True
    ):
        number = rng.poisson(about.per_month * last_day / DAYS_PER_MONTH)
        for start in np.sort(rng.integers(0, last_day, number, endpoint=True)):
            term = about.terms[rng.choice(weights.size, p=weights / weights.sum())]
            end = start + rng.geometric(1 / about.mean_days) - 1
            severity = rng.choice(list(about.severity), p=list(about.severity.values()))
            first, last = (
                (dates[patient] + datetime.timedelta(days=int(day))).isoformat()
                for day in (start, end)
            )
            rows.append(
                {
                    "subject_id": patient,
                    "term": term.term,
                    "start_date": first,
                    "end_date": last if end <= last_day else "",
                    "severity": severity,
                    "serious": "N",
                    "related": "Y" if rng.random() < term.related else "N",
                }
            )
    columns = ["subject_id", "term", "start_date", "end_date", "severity"]
    return pd.DataFrame(rows, columns=[*columns, "serious", "related"])


def raw_files(plan: SimulationPlan) -> dict[str, pd.DataFrame]:
    """Simulate a trial and lay it out in files.

    Parameters
    ----------
    plan : SimulationPlan
        Generating values, the seed among them.

    Returns
    -------
    dict of str to DataFrame
        By file name; missing values are empty. The same plan makes the same files.
    """
    root = np.random.default_rng(plan.trial.seed)
    arm_rng, date_rng, trial_rng, subject_rng, dose_rng, event_rng = root.spawn(6)
    patients = allocate(plan, arm_rng)
    dates = randomisation_dates(plan, date_rng)
    trial = simulate_trial(
        plan.structure,
        plan.parameters,
        patients,
        plan.schedule,
        plan.nuisance_settings,
        trial_rng,
    )
    return {
        "subjects.csv": subjects_file(plan, patients, dates, subject_rng),
        "visits.csv": visits_file(plan, trial, dates),
        "exposure.csv": exposure_file(plan, trial, dates, dose_rng),
        "events.csv": events_file(plan, trial, dates),
        "adverse_events.csv": adverse_events_file(plan, trial, dates, event_rng),
        "data_dictionary.csv": data_dictionary(plan),
    }
