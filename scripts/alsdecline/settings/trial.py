"""The whole configuration of a trial, every setting with what it means.

The descriptions are what a wrong setting's message shows, so they say what is
permitted.
"""

import datetime
from typing import Literal

from pydantic import Field

from alsdecline.settings.analysis import (
    Design,
    Estimand,
    Gates,
    Influence,
    Sampler,
    Summaries,
    SummariesAtHorizon,
)
from alsdecline.settings.data import Arms, Data, Outcome, Population
from alsdecline.settings.decision_rule import DecisionRule
from alsdecline.settings.members import FAMILY, MemberName
from alsdecline.settings.models import Models, Priors
from alsdecline.settings.privacy import Privacy
from alsdecline.settings.scales import Scale
from alsdecline.settings.section import GivenTimeUnit, Section
from alsdecline.settings.simulated_design import SimulatedDesign
from alsdecline.settings.supplementary import Supplementary
from alsdecline.settings.visits import Visits


class Trial(Section):
    """What trial this is."""

    id: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="Study identifier (STUDYID): letters, digits, '.', '_', '-'.",
    )
    title: str = Field(min_length=1, description="Title, shown above the report.")
    disease: str = Field(min_length=1, description="The disease, as printed.")
    data_kind: Literal["real", "synthetic"] = Field(
        description="'real' or 'synthetic'; synthetic data carry a banner wherever "
        "results are shown."
    )
    note: str = Field(
        default="", description="One or two sentences shown below the title."
    )
    blinded: bool = Field(
        default=False,
        description="true: no arm and no dose is read, all patients are described "
        "together, and what needs arms is refused. Set to false at unblinding.",
    )


class Figures(Section):
    """Settings of the figures."""

    formats: list[Literal["svg", "png"]] = Field(
        min_length=1, description="'svg' and 'png'; the report needs 'svg'."
    )
    width_inches: float = Field(gt=2, le=20, description="Width, 2 to 20 inches.")
    dpi: int = Field(ge=50, le=600, description="Resolution of PNG, 50 to 600.")


class PlanDeviation(Section):
    """Why the configuration differs from the locked analysis plan."""

    key: str = Field(
        pattern=r"^\S+$",
        description="What differs, as the report names it (priors.outcomes.limb.slope."
        "sd), or a part that holds it (priors.outcomes.limb).",
    )
    reason: str = Field(pattern=r"\S", description="Why, in a sentence or two.")
    date: datetime.date | None = Field(
        default=None, description="When it was decided (YYYY-MM-DD)."
    )


class Settings(Section):
    """The whole configuration of a trial."""

    trial: Trial = Field(description="What trial this is.")
    data: Data = Field(description="The raw files.")
    arms: Arms = Field(description="The arms.")
    scales: dict[str, Scale] = Field(
        default_factory=dict, description="Scales that the catalogue does not have."
    )
    outcomes: list[Outcome] = Field(min_length=1, description="The outcomes.")
    visits: Visits = Field(description="The visit schedule.")
    time_origin: Literal["randomisation", "first_dose", "baseline"] = Field(
        description="'randomisation' or 'first_dose' (without a dose, randomisation); "
        "'baseline' is time zero of a visits file that has times, not dates."
    )
    time_unit: GivenTimeUnit = Field(
        default="months",
        description="Unit of time that slopes are per, in the priors, the design and "
        "all that is printed: 'days', 'weeks', 'months' (of 30.4375 days) or 'years'.",
    )
    populations: dict[str, Population] = Field(
        default_factory=dict,
        description="Populations by the name of their flag: EFFFL, PPROTFL, ...",
    )
    estimands: list[Estimand] = Field(min_length=1, description="The estimands.")
    primary: str = Field(description="Id of the one primary estimand.")
    models: Models = Field(description="The models.")
    priors: Priors = Field(description="The priors.")
    sampler: Sampler = Field(description="The sampler.")
    gates: Gates = Field(description="Limits on computation.")
    summaries: Summaries = Field(description="How estimates are summarised.")
    design: Design | None = Field(
        default=None,
        description="Assumptions about what a comparison of arms can show; needed "
        "unless there is one arm alone.",
    )
    decision: DecisionRule | None = Field(
        default=None,
        description="What counts as success, of the primary estimand; nothing does if "
        "left out.",
    )
    simulated_design: SimulatedDesign | None = Field(
        default=None,
        description="Trials of other designs that are simulated and analysed, to size "
        "the next one; none if left out. No part of the analysis plan.",
    )
    influence: Influence = Field(
        default_factory=Influence, description="How much single patients matter."
    )
    supplementary: Supplementary = Field(
        default_factory=Supplementary,
        description="Analyses beside the models of decline.",
    )
    figures: Figures = Field(description="The figures.")
    privacy: Privacy = Field(
        default_factory=Privacy,
        description="What may be known of patients by the results.",
    )
    plan_deviations: list[PlanDeviation] = Field(
        default_factory=list,
        description="Reasons for what differs from the locked analysis plan.",
    )

    def outcomes_of(self, model: MemberName) -> list[str]:
        """Outcomes that a model gives: those fitted, and sums of those together."""
        fitted = self.models.by_member[model]
        if not FAMILY[model].together:
            return fitted
        sums = [
            outcome.id
            for outcome in self.outcomes
            if outcome.sum_of and set(outcome.sum_of) <= set(fitted)
        ]
        return [*fitted, *sums]

    @property
    def horizon_week(self) -> float:
        """Week from time zero at which the change from baseline is given."""
        given = self.summaries
        if given.horizon_week is not None:
            return self.visits.visit_of(given.horizon_week)
        if given.horizon is not None:
            return self.visits.visit_of(self.visits.week_of(given.horizon))
        return self.visits.schedule[-1]

    @property
    def summaries_at_horizon(self) -> SummariesAtHorizon:
        """How estimates are summarised, with the week that the horizon is."""
        given = self.summaries.model_dump() | {"horizon_week": self.horizon_week}
        return SummariesAtHorizon(**given)

    @property
    def analysed_population(self) -> str:
        """Flag of the population that fits are restricted to; empty for all."""
        population = self.estimands[0].population
        return "" if population == "all" else population

    @property
    def until_last_dose(self) -> bool:
        """Whether values after the last dose do not count."""
        return any(
            event.strategy == "while on treatment"
            for estimand in self.estimands
            for event in estimand.intercurrent_events
        )

    @property
    def modelled_outcomes(self) -> list[str]:
        """Outcomes of which some model gives a slope."""
        given = {outcome for model in FAMILY for outcome in self.outcomes_of(model)}
        return [outcome.id for outcome in self.outcomes if outcome.id in given]
