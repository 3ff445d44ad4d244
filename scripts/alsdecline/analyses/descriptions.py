"""Baseline, changes and numbers analysed, one row a statistic, each number apart."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from alsdecline.analyses.row_names import (
    NAMES_APART,
    PATIENTS,
    Described,
    baseline_names,
)
from alsdecline.datasets.study_time import observed_values
from alsdecline.settings.data import Arms
from alsdecline.settings.tables import Characteristic

ALL_ARMS = "all"
"""Label, in the column ``arm``, of all arms together."""


def groups_of(arms: Arms, frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the arms in display order, then all together."""
    by_arm = [(arm.id, frame[frame["ARMCD"] == arm.id]) for arm in arms.groups]
    return [*by_arm, (ALL_ARMS, frame)]


def number_statistics(values: pd.Series) -> dict[str, float]:
    """Return n, mean, sd, median, min and max; missing where there are too few."""
    present = values.dropna().astype(float)
    statistics = {"n": float(len(present))}
    if len(present):
        statistics |= {
            "mean": float(present.mean()),
            "sd": float(present.std(ddof=1)) if len(present) > 1 else float("nan"),
            "median": float(present.median()),
            "min": float(present.min()),
            "max": float(present.max()),
        }
    return statistics


STANDARDISED = "standardised_difference"
"""Statistic of an arm's mean or share less the reference's, in SDs: of the two groups'
variances the mean (Austin, Commun Stat Simul Comput 2009;38:1228). It is not tested."""


def standardised_difference(
    treated: pd.Series, reference: pd.Series, *, shares: bool
) -> float:
    """Return the difference between two groups' means in SDs.

    Parameters
    ----------
    treated, reference : Series
        Numbers, or 0 and 1 of a level.
    shares : bool
        Whether they are of a level, with the variance p (1 - p) of its share p.

    Returns
    -------
    float
        Missing where a group has no value or none of them varies.
    """
    groups = [values.dropna().astype(float) for values in (treated, reference)]
    variance = sum(values.var(ddof=0 if shares else 1) for values in groups) / 2
    if not variance > 0:
        return float("nan")
    return float((groups[0].mean() - groups[1].mean()) / np.sqrt(variance))


_Rows = list[tuple[str, str, str, str, float]]


def _differences(
    adsl: pd.DataFrame,
    baselines: Mapping[str, pd.Series],
    labels: Mapping[str, str],
    arms: Arms,
    characteristics: Sequence[Characteristic],
) -> _Rows:
    """Return the standardised differences of each arm from the reference."""
    compared: list[tuple[str, str, pd.Series]] = []
    names = baseline_names(characteristics, labels)
    for c in characteristics:
        name = names[Described("characteristic", c.column)]
        values = adsl[c.column.upper()]
        if c.kind == "number":
            compared.append((name, "", values))
            continue
        for level in sorted(values.dropna().unique()):
            of_level = (values == level).astype(float).where(values.notna())
            compared.append((name, str(level), of_level))
    for outcome, baseline in baselines.items():
        at_baseline = adsl["USUBJID"].map(baseline)
        compared.append((names[Described("outcome", outcome)], "", at_baseline))
    rows = []
    for name, level, values in compared:
        by_arm = {arm.id: values[adsl["ARMCD"] == arm.id] for arm in arms.groups}
        reference = by_arm.pop(arms.reference)
        for arm, own in by_arm.items():
            apart = standardised_difference(own, reference, shares=bool(level))
            rows.append((name, level, STANDARDISED, arm, apart))
    return rows


def baseline_characteristics(
    adsl: pd.DataFrame,
    baselines: Mapping[str, pd.Series],
    labels: Mapping[str, str],
    arms: Arms,
    characteristics: Sequence[Characteristic],
) -> pd.DataFrame:
    """Describe the patients at baseline by arm.

    Parameters
    ----------
    adsl : DataFrame
        One row a patient.
    baselines : mapping of str to Series
        Baseline of each outcome by USUBJID, by the outcome's id.
    labels : mapping of str to str
        Labels of all outcomes by id.
    arms : Arms
        Display order.
    characteristics : sequence of Characteristic
        Columns of `adsl` to describe.

    Returns
    -------
    DataFrame
        characteristic, level, statistic, arm, value; of each arm but the reference the
        standardised difference from it too. Characteristics are named by
        :func:`alsdecline.analyses.row_names.baseline_names`.
    """
    rows: _Rows = []
    names = baseline_names(characteristics, labels)
    for arm, group in groups_of(arms, adsl):
        rows.append((PATIENTS, "", "n", arm, float(len(group))))
        for c in characteristics:
            name = names[Described("characteristic", c.column)]
            values = group[c.column.upper()]
            if c.kind == "number":
                for statistic, value in number_statistics(values).items():
                    rows.append((name, "", statistic, arm, value))
                continue
            for level in sorted(adsl[c.column.upper()].dropna().unique()):
                count = float((values == level).sum())
                rows.append((name, str(level), "n", arm, count))
                if len(group):
                    percent = 100 * count / len(group)
                    rows.append((name, str(level), "percent", arm, percent))
        for outcome, baseline in baselines.items():
            name = names[Described("outcome", outcome)]
            at_baseline = group["USUBJID"].map(baseline)
            for statistic, value in number_statistics(at_baseline).items():
                rows.append((name, "", statistic, arm, value))
    rows += _differences(adsl, baselines, labels, arms, characteristics)
    columns = ["characteristic", "level", "statistic", "arm", "value"]
    return pd.DataFrame(rows, columns=columns)


def change_from_baseline(
    values: Mapping[str, pd.DataFrame], arms: Arms
) -> pd.DataFrame:
    """Describe values and changes from baseline by visit.

    Parameters
    ----------
    values : mapping of str to DataFrame
        BDS by outcome id.
    arms : Arms
        Display order.

    Returns
    -------
    DataFrame
        outcome, visit, week, arm, variable (AVAL or CHG), n, mean, sd, median, min,
        max. Scheduled visits; all arms together are left out.
    """
    rows = []
    for outcome, frame in values.items():
        observed = observed_values(frame)
        scheduled = observed.loc[
            (observed["ANL01FL"] == "Y") & (observed["AVISIT"] != "Unscheduled"),
            ["AVISITN", "AVISIT", "ARMCD", "AVAL", "CHG"],
        ]
        for (week, visit), at in scheduled.groupby(["AVISITN", "AVISIT"], sort=True):
            for arm in arms.groups:
                of_arm = at[at["ARMCD"] == arm.id]
                for variable in ("AVAL", "CHG"):
                    if variable == "CHG" and not of_arm["CHG"].notna().any():
                        continue
                    rows.append(
                        {
                            "outcome": outcome,
                            "visit": visit,
                            "week": week,
                            "arm": arm.id,
                            "variable": variable,
                            **number_statistics(of_arm[variable]),
                        }
                    )
    columns = [
        "outcome",
        "visit",
        "week",
        "arm",
        "variable",
        "n",
        "mean",
        "sd",
        "median",
        "min",
        "max",
    ]
    return pd.DataFrame(rows).reindex(columns=columns)


def numbers_analysed(
    adsl: pd.DataFrame, values: Mapping[str, pd.DataFrame], arms: Arms
) -> pd.DataFrame:
    """Count who is in the models: outcome, arm, randomized, patients, values, without.

    ``without`` names the randomized patients who have no value of the outcome, apart by
    :data:`NAMES_APART`.
    """
    rows = []
    for outcome, frame in values.items():
        used = observed_values(frame)[["USUBJID", "ARMCD"]]
        for arm in arms.groups:
            randomized = adsl.loc[adsl["ARMCD"] == arm.id, "USUBJID"]
            of_arm = used[used["ARMCD"] == arm.id]
            patients = of_arm["USUBJID"].unique()
            without = NAMES_APART.join(randomized[~randomized.isin(patients)])
            numbers = (len(randomized), len(patients), len(of_arm))
            rows.append((outcome, arm.id, *numbers, without))
    columns = ["outcome", "arm", "randomized", "patients", "values", "without"]
    return pd.DataFrame(rows, columns=columns)


def baseline_values(values: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """Return the baseline of each outcome by USUBJID, by the outcome's id."""
    result = {}
    for outcome, frame in values.items():
        if frame.empty:
            continue
        baseline = frame[frame["ABLFL"] == "Y"].set_index("USUBJID")["AVAL"]
        result[outcome] = baseline.astype(np.float64)
    return result
