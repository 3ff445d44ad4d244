"""What became of the patients: disposition, exposure, adverse events by arm."""

import dataclasses
from collections.abc import Mapping

import pandas as pd

from alsdecline.analyses.descriptions import groups_of, number_statistics
from alsdecline.analyses.row_names import (
    ANY,
    ANY_RELATED,
    ANY_SERIOUS,
    term_names,
    unique_names,
)
from alsdecline.datasets.relative_days import days_between
from alsdecline.datasets.study_time import observed_values
from alsdecline.settings.data import Arms
from alsdecline.time_units import DAYS_PER


@dataclasses.dataclass(frozen=True)
class Recorded:
    """Which raw files a trial has; what it has not is left out, never counted as 0."""

    exposure: bool
    events: bool
    adverse_events: bool


def disposition(
    adsl: pd.DataFrame,
    arms: Arms,
    recorded: Recorded,
    populations: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Count what became of the patients.

    Parameters
    ----------
    adsl : DataFrame
        One row a patient.
    arms : Arms
        Display order.
    recorded : Recorded
        Which raw files there are.
    populations : mapping of str to str, optional
        Labels of the analysis populations by their flags.

    Returns
    -------
    DataFrame
        status, reason, arm, n, percent.
    """
    rows = []
    reasons = sorted(adsl["DCSREAS"].dropna().unique())
    for arm, group in groups_of(arms, adsl):
        counts = [("randomized", "", len(group))]
        if recorded.exposure:
            counts.append(("dosed", "", int((group["SAFFL"] == "Y").sum())))
        for flag, name in unique_names(populations or {}).items():
            inside = int((group[flag] == "Y").sum())
            counts.append(("in the population", name, inside))
        for status in ("completed", "withdrawn", "died") if recorded.events else ():
            with_status = group[group["EOSSTT"] == status]
            counts.append((status, "", len(with_status)))
            counts += [
                (status, reason, int((with_status["DCSREAS"] == reason).sum()))
                for reason in reasons
                if (adsl.loc[adsl["EOSSTT"] == status, "DCSREAS"] == reason).any()
            ]
        if recorded.events:
            unknown = int(group["EOSSTT"].isna().sum())
            counts.append(("no record of the end", "", unknown))
        for status, reason, n in counts:
            percent = 100 * n / len(group) if len(group) else float("nan")
            rows.append((status, reason, arm, n, percent))
    return pd.DataFrame(rows, columns=["status", "reason", "arm", "n", "percent"])


def _first_and_last_days(doses: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the days on which periods of dosing begin and end, from any day."""
    if "ASTDY" in doses:  # of a trial without dates; there is no study day 0
        first, last = doses["ASTDY"], doses["AENDY"]
        return first - (first > 0), last - (last > 0)
    start = doses["ASTDT"].min()
    return days_between(start, doses["ASTDT"]), days_between(start, doses["AENDT"])


def exposure(adsl: pd.DataFrame, doses: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Describe the doses given: quantity, statistic, arm, value."""
    doses = doses[doses["GIVENFL"] == "Y"]
    first, last = _first_and_last_days(doses)
    days = last - first + 1
    given = doses.assign(
        days=days, amount=doses["ADOSE"] * days, first=first, last=last
    ).groupby("USUBJID")
    # where a row is a period of dosing, the mean dose is over its days
    doses_given = "periods of dosing" if (days > 1).any() else "doses given"
    by_patient = pd.DataFrame(
        {
            doses_given: given.size(),
            f"dose, {arms.dose_unit}".rstrip(", "): (
                given["amount"].sum() / given["days"].sum()
            ),
            "days from first to last dose": given["last"].max() - given["first"].min(),
        }
    )
    rows = []
    for arm, group in groups_of(arms, adsl):
        of_arm = by_patient.reindex(group["USUBJID"])
        dosed = float(of_arm[doses_given].notna().sum())
        rows.append(("patients dosed", "n", arm, dosed))
        total = float(of_arm[doses_given].sum())
        rows.append((f"{doses_given}, all patients", "n", arm, total))
        for quantity in by_patient.columns:
            for statistic, value in number_statistics(of_arm[quantity]).items():
                rows.append((quantity, statistic, arm, value))
    return pd.DataFrame(rows, columns=["quantity", "statistic", "arm", "value"])


def years_followed(adsl: pd.DataFrame, values: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return how long each patient was under observation, in years.

    Parameters
    ----------
    adsl : DataFrame
        One row a patient.
    values : mapping of str to DataFrame
        BDS by outcome id.

    Returns
    -------
    Series
        By USUBJID: from time zero to the end of participation or, where that is not
        recorded, to the last measured value; 0 without either.
    """
    if adsl["ZERODT"].isna().all():
        return _years_followed_by_days(adsl, values)
    dates = pd.concat(
        [
            observed_values(frame)[["USUBJID", "ADT"]].astype(
                {"ADT": adsl["ZERODT"].dtype}
            )
            for frame in values.values()
        ]
    )
    last = adsl["USUBJID"].map(dates.groupby("USUBJID")["ADT"].max())
    ends = adsl["EOSDT"].fillna(last)
    days = days_between(adsl["ZERODT"], ends).clip(lower=0)
    years = days.fillna(0.0) / DAYS_PER["years"]
    return pd.Series(years.to_numpy(float), index=adsl["USUBJID"])


def _years_followed_by_days(
    adsl: pd.DataFrame, values: Mapping[str, pd.DataFrame]
) -> pd.Series:
    """Return the same of a trial without dates."""
    seen = pd.concat([observed_values(frame) for frame in values.values()])
    days = adsl["USUBJID"].map(seen.groupby("USUBJID")["ARELTM"].max())
    if "EOSDY" in adsl:
        days = (adsl["EOSDY"] - (adsl["EOSDY"] > 0)).fillna(days)
    years = days.clip(lower=0).fillna(0.0) / DAYS_PER["years"]
    return pd.Series(years.to_numpy(float), index=adsl["USUBJID"])


def adverse_events(
    adsl: pd.DataFrame, adae: pd.DataFrame, arms: Arms, years: pd.Series
) -> pd.DataFrame:
    """Count adverse events by term, severity and arm.

    Parameters
    ----------
    adsl, adae : DataFrame
        The patients, and the adverse events.
    arms : Arms
        Display order.
    years : Series
        From :func:`years_followed`.

    Returns
    -------
    DataFrame
        term, severity, arm, patients, percent, events, patient_years, rate (events a
        patient-year; missing where nobody was followed). ``any``, ``any serious`` and
        ``any related`` come first; a severity that is not empty restricts the term to
        it.
    """
    events = adae.merge(adsl[["USUBJID", "ARMCD"]], on="USUBJID")
    selections = [
        (ANY, "", events.index),
        *((ANY, s, events.index[events["AESEV"] == s]) for s in _severities(events)),
        (ANY_SERIOUS, "", events.index[events["AESER"] == "Y"]),
        *(
            [(ANY_RELATED, "", events.index[events["AEREL"] == "Y"])]
            if events["AEREL"].notna().any()
            else []
        ),
        *(
            (name, "", events.index[events["AETERM"] == term])
            for term, name in term_names(events["AETERM"]).items()
        ),
    ]
    by_arm = [
        (arm, len(group), float(years[group["USUBJID"]].sum()))
        for arm, group in groups_of(arms, adsl)
    ]
    rows = []
    for term, severity, index in selections:
        chosen = dict(groups_of(arms, events.loc[index]))
        for arm, n_patients, followed in by_arm:
            of_arm = chosen[arm]
            patients = int(of_arm["USUBJID"].nunique())
            percent = 100 * patients / n_patients if n_patients else float("nan")
            rate = len(of_arm) / followed if followed else float("nan")
            counts = (patients, percent, len(of_arm), followed, rate)
            rows.append((term, severity, arm, *counts))
    columns = ["term", "severity", "arm", "patients", "percent", "events"]
    return pd.DataFrame(rows, columns=[*columns, "patient_years", "rate"])


def _severities(events: pd.DataFrame) -> list[str]:
    order = ["mild", "moderate", "severe"]
    return [s for s in order if (events["AESEV"] == s).any()]
