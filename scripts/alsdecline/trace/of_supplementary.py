"""What each number of the supplementary analyses rests on."""

import pandas as pd

from alsdecline.analyses.analysed_rows import model_rows, population_of, visit_rows
from alsdecline.settings.supplementary import Ancova, MixedModel
from alsdecline.trace.evidence import Evidence, Selection, chosen
from alsdecline.trace.of_descriptions import RANDOMIZED, STATISTICS, Row
from alsdecline.trace.results import TrialResults

ARM = "ADSL.ARMCD"


def _analysis_set(results: TrialResults, flag: str) -> str:
    if not flag:
        return RANDOMIZED
    return f"{results.plan.populations[flag].label}: ADSL.{flag} = Y"


def _selected(
    results: TrialResults,
    analysis: Ancova | MixedModel,
    rows: pd.DataFrame,
    variables: list[str],
    of_patients: list[str],
    arm: str = "",
) -> list[Selection]:
    """Select the patients of the population, and rows of the outcome's dataset."""
    adsl, bds = results.dataset("data/adsl"), results.bds(analysis.outcome)
    patients = adsl.index.isin(population_of(adsl, analysis.population).index)
    used = bds.index.isin(rows.index)
    where = f"{analysis.population} = Y" if analysis.population else "all rows"
    if arm:
        patients &= adsl["ARMCD"] == arm
        used &= bds["ARMCD"] == arm
        where += f", ARMCD = {arm}"
    flags = [analysis.population] if analysis.population else []
    names = ["USUBJID", "ARMCD", *flags, *of_patients]
    return [
        chosen("adsl", patients, names, where),
        chosen(
            f"bds/{analysis.outcome}", used, ["USUBJID", *variables], _subset(analysis)
        ),
    ]


def _subset(analysis: Ancova | MixedModel) -> str:
    if isinstance(analysis, Ancova):
        carried = "" if analysis.carried_forward else ", DTYPE empty"
        return f"AVISITN = {analysis.week:g}, ANL01FL = Y{carried}"
    later = ", CHG not missing" if analysis.baseline == "covariate" else ""
    return f"DTYPE empty, AVAL not missing{later}"


def _ancova(results: TrialResults, name: str) -> Ancova:
    plans = results.settings.supplementary.ancova
    return next(analysis for analysis in plans if analysis.id == name)


def of_visits_compared(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a statistic of the values that an ANCOVA compares rests on."""
    del table
    analysis, variable = _ancova(results, row["analysis"]), row["variable"]
    rows = visit_rows(
        analysis, results.dataset("data/adsl"), results.bds(analysis.outcome)
    )
    rows = rows[rows[variable].notna()]
    return Evidence(
        f"BDS {analysis.outcome}",
        variable,
        STATISTICS.get(column, column),
        _analysis_set(results, analysis.population),
        f"{_subset(analysis)}, {variable} not missing",
        [(ARM, row["arm"])],
        _selected(results, analysis, rows, [variable], [], row["arm"]),
    )


def of_ancova(results: TrialResults, table: str, row: Row, column: str) -> Evidence:
    """Tell what a result of an ANCOVA rests on."""
    del table
    analysis = _ancova(results, row["analysis"])
    rows = visit_rows(
        analysis, results.dataset("data/adsl"), results.bds(analysis.outcome)
    )
    response = {"change": "CHG", "value": "AVAL"}[analysis.response]
    adjusted = [name.upper() for name in (*analysis.factors, *analysis.covariates)]
    base = ["BASE"] if analysis.baseline else []
    versus = [(ARM, row["versus"])] if row["versus"] else []
    return Evidence(
        f"BDS {analysis.outcome}",
        response,
        f"{column} of {row['quantity']}, analysis of covariance of {response} by arm"
        + (
            f", adjusted for {', '.join([*base, *adjusted])}" if base + adjusted else ""
        ),
        _analysis_set(results, analysis.population),
        _subset(analysis),
        [(ARM, row["arm"]), *versus] if row["arm"] else versus,
        _selected(results, analysis, rows, [response, *base], adjusted),
        settings={
            "ancova": analysis.model_dump(mode="json"),
            "level": results.settings.summaries.interval,
        },
    )


def of_mixed_models(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a parameter of a mixed model rests on."""
    del table
    plans = results.settings.supplementary.mixed_models
    analysis = next(m for m in plans if m.id == row["analysis"])
    rows = model_rows(
        analysis, results.dataset("data/adsl"), results.bds(analysis.outcome)
    )
    base = ["BASE"] if analysis.baseline == "covariate" else []
    return Evidence(
        f"BDS {analysis.outcome}",
        "AVAL",
        f"{column} of {row['parameter']}, linear mixed model by restricted maximum "
        "likelihood",
        _analysis_set(results, analysis.population),
        _subset(analysis),
        [],
        _selected(results, analysis, rows, ["AVAL", "ARELTM", *base], []),
        settings={
            "mixed_model": analysis.model_dump(mode="json"),
            "level": results.settings.summaries.interval,
        },
    )
