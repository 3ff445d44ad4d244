"""Every result table: what its analysis is, and what its numbers rest on.

A new table is an entry of :data:`ANALYSES` and of :data:`alsdecline.value_ids.KEYS`.
One that has none is traced through the record of the job that made it.
"""

import dataclasses
from collections.abc import Callable

from alsdecline.trace import of_descriptions as descriptive
from alsdecline.trace import of_models as models
from alsdecline.trace import of_outcomes as outcomes
from alsdecline.trace import of_supplementary as supplementary
from alsdecline.trace.evidence import Evidence
from alsdecline.trace.of_descriptions import Row
from alsdecline.trace.results import TrialResults


@dataclasses.dataclass(frozen=True)
class Analysis:
    """The analysis that a result table shows, as the Analysis Results Standard has it.

    Attributes
    ----------
    name : str
        Of the analysis.
    method, description : str
        Name of the method, and what it does.
    behind : callable
        Given the results, the table's name, a row as text and a column, returns what
        the number there rests on.
    """

    name: str
    method: str
    description: str
    behind: Callable[[TrialResults, str, Row, str], Evidence]


SUMMARY = "Summary by group"
_COUNTS = "counts and percentages of patients by arm"
_POSTERIOR = "Bayesian hierarchical model of decline"
_SUMMARISED = "summary of the draws of a fit; docs/models.md describes the model"

ANALYSES: dict[str, Analysis] = {
    "baseline_characteristics": Analysis(
        "Baseline characteristics",
        SUMMARY,
        "counts, percentages, mean, SD, median and range by arm",
        descriptive.of_baseline_characteristics,
    ),
    "disposition": Analysis(
        "Disposition of patients", SUMMARY, _COUNTS, descriptive.of_disposition
    ),
    "exposure": Analysis(
        "Exposure",
        SUMMARY,
        "statistics of the patients' doses by arm",
        descriptive.of_exposure,
    ),
    "adverse_events": Analysis(
        "Adverse events", SUMMARY, _COUNTS, descriptive.of_adverse_events
    ),
    "numbers_analysed": Analysis(
        "Numbers analysed", SUMMARY, _COUNTS, outcomes.of_numbers_analysed
    ),
    "change_from_baseline": Analysis(
        "Values and changes from baseline by visit",
        SUMMARY,
        "n, mean, SD, median and range by arm and scheduled visit",
        outcomes.of_change_from_baseline,
    ),
    "patient_slopes": Analysis(
        "Patients' own slopes",
        "Ordinary least squares",
        "a straight line in months through each patient's values",
        outcomes.of_patient_slopes,
    ),
    "permutation_tests": Analysis(
        "Permutation tests of patients' slopes",
        "Permutation test",
        "difference in mean slopes over the ways in which patients could have been "
        "allocated",
        outcomes.of_permutation_tests,
    ),
    "design": Analysis(
        "What a trial of this size can show",
        "Properties of the design",
        "power and errors of a comparison of mean slopes, under assumptions",
        outcomes.of_design,
    ),
    "rate_of_decline": Analysis(
        "Rates of decline", _POSTERIOR, _SUMMARISED, models.of_estimates
    ),
    "prior_sensitivity": Analysis(
        "Estimates under each prior", _POSTERIOR, _SUMMARISED, models.of_estimates
    ),
    "influence": Analysis(
        "Estimates without each patient", _POSTERIOR, _SUMMARISED, models.of_estimates
    ),
    "parameters": Analysis(
        "Parameters of the models", _POSTERIOR, _SUMMARISED, models.of_parameters
    ),
    "visits_compared": Analysis(
        "Values at the visits compared",
        SUMMARY,
        "n, mean, SD, median and range by arm",
        supplementary.of_visits_compared,
    ),
    "ancova": Analysis(
        "Comparison of arms at a visit",
        "Analysis of covariance",
        "linear model by ordinary least squares",
        supplementary.of_ancova,
    ),
    "mixed_models": Analysis(
        "Linear mixed models",
        "Linear mixed model",
        "restricted maximum likelihood",
        supplementary.of_mixed_models,
    ),
    "diagnostics/fits": Analysis(
        "Convergence of the fits",
        "Convergence diagnostics",
        "R-hat, effective sample sizes, divergences and E-BFMI of the draws",
        models.of_fits,
    ),
    "diagnostics/model_checks": Analysis(
        "Checks of the models against the data",
        "Predictive checks",
        "statistics of the data among those of replicated data",
        models.of_model_checks,
    ),
}
"""By the table's name, or by its folder where a table is of one outcome."""


def analysis_of(table: str) -> tuple[str, Analysis] | None:
    """Return the id and the entry of a table's analysis; None where it has none."""
    for name in (table, table.partition("/")[0]):
        if name in ANALYSES:
            return name, ANALYSES[name]
    return None
