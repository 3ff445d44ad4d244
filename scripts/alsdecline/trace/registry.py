"""What the numbers of each result table rest on.

A table that has no entry here is traced through the record of the job that made it.
"""

from collections.abc import Callable

from alsdecline.declared_tables import ResultTable, table_of
from alsdecline.trace import of_descriptions as descriptive
from alsdecline.trace import of_models as models
from alsdecline.trace import of_outcomes as outcomes
from alsdecline.trace import of_supplementary as supplementary
from alsdecline.trace.evidence import Evidence
from alsdecline.trace.of_descriptions import Row
from alsdecline.trace.results import TrialResults

Behind = Callable[[TrialResults, str, Row, str], Evidence]
"""What is behind a number, given the results, its table's name, its row and column."""

BEHIND: dict[str, Behind] = {
    "baseline_characteristics": descriptive.of_baseline_characteristics,
    "disposition": descriptive.of_disposition,
    "exposure": descriptive.of_exposure,
    "adverse_events": descriptive.of_adverse_events,
    "numbers_analysed": outcomes.of_numbers_analysed,
    "change_from_baseline": outcomes.of_change_from_baseline,
    "patient_slopes": outcomes.of_patient_slopes,
    "slope_tests": outcomes.of_slope_tests,
    "interval_properties": outcomes.of_interval_properties,
    "design": outcomes.of_design,
    "rate_of_decline": models.of_estimates,
    "prior_sensitivity": models.of_estimates,
    "decision_rule": models.of_decision_rule,
    "influence": models.of_estimates,
    "parameters": models.of_parameters,
    "visits_compared": supplementary.of_visits_compared,
    "ancova": supplementary.of_ancova,
    "mixed_models": supplementary.of_mixed_models,
    "diagnostics/fits": models.of_fits,
    "diagnostics/model_checks": models.of_model_checks,
    "diagnostics/power_scaling": models.of_power_scaling,
}
"""By the name of the table's declaration."""


def analysis_of(table: str) -> tuple[ResultTable, Behind] | None:
    """Return a table's declaration and what is behind it; None where it has none."""
    declared = table_of(table)
    if declared is None or declared.name not in BEHIND:
        return None
    return declared, BEHIND[declared.name]
