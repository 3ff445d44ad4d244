"""What the report is made of: the settings that it states, and the results."""

import dataclasses

import pandas as pd
from pydantic import Field

from alsdecline.fits.plan import FitPlan
from alsdecline.settings.analysis import Estimand, SummariesAtHorizon
from alsdecline.settings.data import Arms, Outcome
from alsdecline.settings.decision_rule import DecisionRule
from alsdecline.settings.models import Models, Normal, Priors
from alsdecline.settings.plan_status import PlanStatus
from alsdecline.settings.scales import Scale
from alsdecline.settings.section import Section
from alsdecline.settings.simulated_design import DesignScenario
from alsdecline.settings.supplementary import Supplementary
from alsdecline.settings.trial import Trial
from alsdecline.time_units import TimeUnit, singular

LONGEST_UNBROKEN = 16
"""Letters of an arm's label up to which lines do not break it."""


class DescribedPlan(Section):
    """The part of the settings that a description of the patients states."""

    trial: Trial = Field(description="What trial this is.")
    arms: Arms = Field(description="The arms.")
    outcomes: list[Outcome] = Field(description="The outcomes.")
    time_origin: str = Field(description="What time is counted from.")
    analysis_plan: PlanStatus = Field(description="Whether the plan is locked.")
    covariate_labels: dict[str, str] = Field(
        description="Labels of the subjects' columns, which covariates may be."
    )

    @property
    def alone(self) -> bool:
        """Whether there is one arm alone, and nothing to compare."""
        return len(self.arms.groups) == 1

    @property
    def arm_labels(self) -> dict[str, str]:
        """The arms' labels by id; lines do not break short ones."""
        return {
            arm.id: arm.label.replace(" ", "\N{NO-BREAK SPACE}")
            if len(arm.label) <= LONGEST_UNBROKEN
            else arm.label
            for arm in self.arms.groups
        }


class ReportPlan(DescribedPlan):
    """The part of the settings that the report states."""

    scales: dict[str, Scale] = Field(description="Scale of each outcome, by its id.")
    catalogue_version: str = Field(description="Version of the scales' catalogue.")
    estimands: list[Estimand] = Field(description="The estimands.")
    primary: str = Field(description="Id of the primary estimand.")
    fit: FitPlan = Field(description="The fit that the primary estimand rests on.")
    prior: Normal = Field(description="Prior of what the primary estimand is about.")
    models: Models = Field(description="Which models are fitted, and with what.")
    priors: Priors = Field(description="The priors.")
    summaries: SummariesAtHorizon = Field(description="How estimates are summarised.")
    horizon: str = Field(description="The time to which changes are given.")
    visits_compared: dict[str, str] = Field(
        description="Visit of each analysis of covariance, as the schedule counts."
    )
    time_unit: TimeUnit = Field(description="Unit of time that slopes are per.")
    populations: dict[str, str] = Field(description="Labels of populations by flag.")
    carried_past_death: bool = Field(
        description="Whether carried values reach past death."
    )
    supplementary: Supplementary = Field(description="Analyses beside the models.")
    decision: DecisionRule | None = Field(
        default=None, description="What counts as success."
    )
    rule_worth: dict[str, DesignScenario] = Field(
        default_factory=dict,
        description="Simulated scenarios that say what the rule is worth, by name.",
    )
    rule_model: str = Field(
        default="", description="By which model their trials are fitted, if any."
    )

    @property
    def per(self) -> str:
        """The unit of time that slopes are per, one of it."""
        return singular(self.time_unit)

    @property
    def primary_estimand(self) -> Estimand:
        """The primary estimand."""
        return next(e for e in self.estimands if e.id == self.primary)


@dataclasses.dataclass(frozen=True)
class Results:
    """The tables that the report prints, by name, as they were read."""

    tables: dict[str, pd.DataFrame]
    tests: pd.DataFrame

    def slope_tests(self, estimand: Estimand, test: str) -> list[pd.Series]:
        """Return the row of a test of the patients' slopes, if it was planned."""
        tests = self.tests
        found = tests[
            (tests["outcome"] == estimand.outcome)
            & (tests["arm"] == estimand.treatment)
            & (tests["test"] == test)
        ]
        return [row for _, row in found.iterrows()]

    def slope_test(self, estimand: Estimand, test: str) -> pd.Series:
        """Return the row of a test that is always done; without numbers if it fails."""
        [row] = self.slope_tests(estimand, test)
        return row
