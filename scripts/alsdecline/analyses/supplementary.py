"""Analyses beside the models of decline, from analysis datasets to tables.

Long, for both kinds choose rows, refuse and name what failed alike.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pydantic import Field

from alsdecline.analyses.analysed_rows import model_rows, visit_rows
from alsdecline.analyses.ancova import ancova, dose_response
from alsdecline.analyses.descriptions import number_statistics
from alsdecline.analyses.mixed_model import fit_mixed_model, parameter_table
from alsdecline.faults import DataError
from alsdecline.settings.data import Arms
from alsdecline.settings.section import Section
from alsdecline.settings.supplementary import Ancova, MixedModel
from alsdecline.time_units import DAYS_PER

STATISTICS = [
    "analysis",
    "variable",
    "arm",
    "n",
    "mean",
    "sd",
    "median",
    "min",
    "max",
]

ESTIMATES = [
    "analysis",
    "quantity",
    "arm",
    "versus",
    "estimate",
    "se",
    "df",
    "lower",
    "upper",
    "p_value",
    "note",
]

PARAMETERS = [
    "analysis",
    "parameter",
    "estimate",
    "se",
    "df",
    "lower",
    "upper",
    "p_value",
    "note",
]

NOT_TESTED = "not tested: without random slopes patients would count as visits"


class SupplementaryPlan(Section):
    """What a supplementary analysis needs of the settings."""

    arms: Arms = Field(description="The arms.")
    level: float = Field(description="Confidence level.")
    ancova: list[Ancova] = Field(default_factory=list, description="To be done.")
    mixed_models: list[MixedModel] = Field(
        default_factory=list, description="To be done."
    )


def _ordered_arms(arms: Arms) -> list[str]:
    treatments = [arm.id for arm in arms.groups if arm.id != arms.reference]
    return [arms.reference, *treatments]


def _failed(analysis: str, error: DataError) -> pd.DataFrame:
    """Return the one row of an analysis that could not be done, saying why."""
    return pd.DataFrame(
        {"analysis": [analysis], "quantity": "failed", "note": str(error)}
    )


def visit_values(
    analysis: Ancova, adsl: pd.DataFrame, bds: pd.DataFrame, arms: Arms
) -> pd.DataFrame:
    """Return the analysis values of one visit with the patients' covariates.

    Parameters
    ----------
    analysis : Ancova
        Visit, population and covariates.
    adsl : DataFrame
        One row a patient.
    bds : DataFrame
        Analysis values of the outcome.
    arms : Arms
        With the planned doses.

    Returns
    -------
    DataFrame
        A row for each patient of the population with a value then: ARMCD, AVAL, BASE,
        CHG, DOSE and the covariates.
    """
    columns = [name.upper() for name in (*analysis.factors, *analysis.covariates)]
    patients = adsl[["USUBJID", *dict.fromkeys(columns)]]
    doses = {arm.id: arm.dose for arm in arms.groups}
    at = visit_rows(analysis, adsl, bds)
    values = at[["USUBJID", "ARMCD", "AVAL", "BASE", "CHG"]]
    return values.merge(patients, on="USUBJID").assign(
        DOSE=lambda frame: frame["ARMCD"].map(doses).astype("float64")
    )


def describe_visit(analysis: Ancova, frame: pd.DataFrame, arms: Arms) -> pd.DataFrame:
    """Describe baseline, value and change of the patients of an ANCOVA.

    Parameters
    ----------
    analysis : Ancova
        Its id names the rows.
    frame : DataFrame
        From :func:`visit_values`.
    arms : Arms
        Display order.

    Returns
    -------
    DataFrame
        Columns :data:`STATISTICS`; ``variable`` is BASE, AVAL or CHG.
    """
    rows = [
        {
            "analysis": analysis.id,
            "variable": variable,
            "arm": arm.id,
            **number_statistics(frame.loc[frame["ARMCD"] == arm.id, variable]),
        }
        for variable in ("BASE", "AVAL", "CHG")
        if frame[variable].notna().any()
        for arm in arms.groups
    ]
    return pd.DataFrame(rows).reindex(columns=STATISTICS)


def _of_population(analysis: Ancova | MixedModel) -> str:
    return f" of population {analysis.population}" if analysis.population else ""


BASELINE_COLUMN = (
    "or, where a column of the subjects has it, `baseline: {column: NAME, use: row}` "
    "below the outcome"
)


def _refuse_absent_arms(
    analysis: Ancova, frame: pd.DataFrame, response: str, arms: Arms
) -> None:
    """Refuse to compare arms that have nobody, and say where nobody was looked for."""
    present = set(frame.loc[frame[response].notna(), "ARMCD"])
    absent = [arm.id for arm in arms.groups if arm.id not in present]
    if absent:
        missing, remedy = "value", "choose another week or population"
        if response == "CHG":
            missing = "change from baseline"
            remedy = (
                "where it is the baseline that is missing, write `response: value` and "
                f"`baseline: false`, {BASELINE_COLUMN}; else {remedy}"
            )
        raise DataError(
            f"week {analysis.week:g}: no patient{_of_population(analysis)} in arm "
            f"{', '.join(absent)} has a {missing}; {remedy}"
        )


def compare_at_visit(
    analysis: Ancova, frame: pd.DataFrame, arms: Arms, level: float
) -> pd.DataFrame:
    """Carry an ANCOVA out.

    Parameters
    ----------
    analysis : Ancova
        What is compared, and adjusted for.
    frame : DataFrame
        From :func:`visit_values`.
    arms : Arms
        Display order, reference.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        Columns :data:`ESTIMATES`. ``quantity`` is ``difference`` (of `arm` from
        `versus`, in points, as the scale runs), ``ls_mean`` or ``dose_response``
        (points per unit of dose); one row ``failed`` where it could not be done.
    """
    response = {"change": "CHG", "value": "AVAL"}[analysis.response]
    factors = [name.upper() for name in analysis.factors]
    covariates = [name.upper() for name in analysis.covariates]
    covariates += ["BASE"] if analysis.baseline else []
    try:
        _refuse_absent_arms(analysis, frame, response, arms)
        differences, means = ancova(
            frame,
            response=response,
            arm="ARMCD",
            arms=_ordered_arms(arms),
            reference=arms.reference,
            factors=factors,
            covariates=covariates,
            level=level,
        )
        parts = [
            differences.assign(quantity="difference"),
            means.assign(quantity="ls_mean"),
        ]
        if analysis.dose_response:
            trend = dose_response(
                frame,
                response=response,
                dose="DOSE",
                factors=factors,
                covariates=covariates,
                level=level,
            )
            parts.append(trend.assign(quantity="dose_response"))
    except DataError as error:
        return _failed(analysis.id, error).reindex(columns=ESTIMATES)
    table = pd.concat(parts, ignore_index=True).assign(analysis=analysis.id, note="")
    return table.reindex(columns=ESTIMATES)


def model_frame(
    model: MixedModel, adsl: pd.DataFrame, bds: pd.DataFrame, arms: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Lay out response, fixed and random effects of a mixed model.

    Parameters
    ----------
    model : MixedModel
        Which effects there are.
    adsl : DataFrame
        One row a patient.
    bds : DataFrame
        Analysis values of the outcome.
    arms : sequence of str
        The reference arm first.

    Returns
    -------
    values : DataFrame
        USUBJID and AVAL of each observation.
    fixed, random : dict of str to ndarray
        Columns of the designs by name.
    """
    values = model_rows(model, adsl, bds).reset_index(drop=True)
    time = values["ARELTM"].to_numpy(float) / DAYS_PER[model.time_unit]
    intercept = np.ones(len(values))
    fixed = {"intercept": intercept}
    if model.baseline == "covariate":
        fixed["baseline"] = values["BASE"].to_numpy(float)
    fixed["time"] = time
    of_arm = {arm: np.where(values["ARMCD"] == arm, 1.0, 0.0) for arm in arms[1:]}
    if model.arms_differ_at_start:
        fixed |= {f"arm {arm}": column for arm, column in of_arm.items()}
    fixed |= {f"time x arm {arm}": time * column for arm, column in of_arm.items()}
    effects = {"intercept": intercept, "slope": time}
    random = {str(name): effects[name] for name in model.random}
    return values[["USUBJID", "AVAL"]], fixed, random


def fit_by_reml(
    model: MixedModel, adsl: pd.DataFrame, bds: pd.DataFrame, arms: Arms, level: float
) -> pd.DataFrame:
    """Fit a mixed model by REML.

    Parameters
    ----------
    model : MixedModel
        Which effects there are.
    adsl, bds : DataFrame
        The patients, and the analysis values of the outcome.
    arms : Arms
        Display order, reference.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        A row a parameter, columns :data:`PARAMETERS`; one row ``failed`` where it
        could not be fitted.
    """
    values, fixed, random = model_frame(model, adsl, bds, _ordered_arms(arms))
    try:
        if values["USUBJID"].nunique() < 2:
            with_baseline, remedy = "", "choose another population or outcome"
            if model.baseline == "covariate":
                with_baseline = " with a baseline"
                remedy = (
                    "where it is the baseline that is missing, write `baseline: "
                    f"response`, {BASELINE_COLUMN}; else {remedy}"
                )
            raise DataError(
                f"fewer than two patients{_of_population(model)} have "
                f"values{with_baseline}; {remedy}"
            )
        fit = fit_mixed_model(
            values["AVAL"].to_numpy(float),
            fixed,
            values["USUBJID"].to_numpy(),
            random,
            model.degrees_of_freedom,
        )
    except DataError as error:
        failed = _failed(model.id, error).rename(columns={"quantity": "parameter"})
        return failed.reindex(columns=PARAMETERS)
    table = parameter_table(fit, level).assign(analysis=model.id, note="")
    if model.degrees_of_freedom != "inner_outer" and "slope" not in model.random:
        # patients taken to have the same slope lend its error the number of visits
        of_time = table["parameter"].str.startswith("time")
        table.loc[of_time, ["se", "df", "lower", "upper", "p_value"]] = np.nan
        table.loc[of_time, "note"] = NOT_TESTED
    return table[PARAMETERS]
