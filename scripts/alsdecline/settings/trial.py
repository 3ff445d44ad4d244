"""The analysis plan: every setting of a trial, with what it means.

The descriptions are what a wrong setting's message shows, so they say what is
permitted.
"""

import datetime
from typing import Literal

from pydantic import Field

from alsdecline.settings.data import Arms, Data, Outcome, Population, Visits
from alsdecline.settings.members import Member
from alsdecline.settings.models import Models, Priors
from alsdecline.settings.scales import Scale
from alsdecline.settings.section import Section
from alsdecline.settings.supplementary import Supplementary


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


class IntercurrentEvent(Section):
    """An intercurrent event and how it is handled (ICH E9(R1))."""

    event: str = Field(min_length=1, description="What happens.")
    strategy: Literal[
        "treatment policy",
        "while alive",
        "while on treatment",
        "hypothetical",
        "composite",
        "principal stratum",
    ] = Field(description="One of the strategies of ICH E9(R1).")


class Estimand(Section):
    """What is to be estimated (ICH E9(R1))."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Short name: lower-case letters, digits, '_'.",
    )
    label: str = Field(min_length=1, description="Label in tables.")
    outcome: str = Field(description="Id of the outcome (the variable).")
    treatment: str = Field(
        description="Id of the arm compared with the reference; of 'mean_slope' that "
        "of the arm whose slope it is, which may be the reference."
    )
    population: str = Field(min_length=1, description="The patients it is about.")
    intercurrent_events: list[IntercurrentEvent] = Field(
        description="Intercurrent events with their strategies."
    )
    summary: Literal["slope_difference", "mean_slope"] = Field(
        description="Population-level summary, in points a month: 'slope_difference' "
        "from the reference arm, or the 'mean_slope' of one arm."
    )
    model: Member = Field(
        description="The model that estimates it; other models are supplementary."
    )


class Sampler(Section):
    """Settings of the sampler."""

    chains: int = Field(ge=2, le=64, description="Chains, at least 2.")
    tune: int = Field(ge=100, description="Iterations of each chain to adapt.")
    draws: int = Field(ge=100, description="Iterations of each chain to keep.")
    target_accept: float = Field(
        gt=0.5, lt=1, description="Target acceptance, between 0.5 and 1."
    )
    retry_target_accept: float = Field(
        gt=0.5, lt=1, description="Target acceptance of the one retry, below 1."
    )
    seed: int = Field(ge=0, description="Seed that all tasks' seeds derive from.")


class Gates(Section):
    """Limits on computation that a fit must meet."""

    r_hat: float = Field(gt=1, description="Largest R-hat, above 1.")
    ess: int = Field(ge=1, description="Smallest bulk and tail ESS.")
    divergences: int = Field(ge=0, description="Most divergent transitions.")
    e_bfmi: float = Field(gt=0, description="Smallest E-BFMI.")


class Design(Section):
    """Assumptions about the primary outcome, for what a trial of this size can show."""

    sd_slope: float = Field(gt=0, description="SD of slopes between patients.")
    sd_residual: float = Field(gt=0, description="Residual SD.")
    effect: float = Field(
        gt=0, description="Assumed true effect on the slope, per month, above 0."
    )


class Summaries(Section):
    """How estimates are summarised."""

    interval: float = Field(
        gt=0.5, lt=1, description="Probability of intervals, between 0.5 and 1."
    )
    ratio_thresholds: list[float] = Field(
        description="Ratios of declines to give the probability of being below."
    )
    ratio_needs_decline: float = Field(
        gt=0.5,
        lt=1,
        description="Probability that the reference declines below which no ratio is "
        "given.",
    )
    horizon_week: float = Field(
        gt=0, description="Week at which the change from baseline is given."
    )
    equality_of_effects: list[list[str]] = Field(
        default_factory=list,
        description="Pairs of outcome ids of the joint model whose effects, as "
        "fractions of their own decline, are compared.",
    )


class Influence(Section):
    """How much single patients move the results."""

    patients_at_most: int = Field(
        default=30,
        ge=0,
        description="Each patient is left out in turn, and every model fitted again, "
        "where it has no more patients than this; 0: never.",
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
        "'baseline' is day 0 of a visits file that has days or weeks, not dates."
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
    influence: Influence = Field(
        default_factory=Influence, description="How much single patients matter."
    )
    supplementary: Supplementary = Field(
        default_factory=Supplementary,
        description="Analyses beside the models of decline.",
    )
    figures: Figures = Field(description="The figures.")
    plan_deviations: list[PlanDeviation] = Field(
        default_factory=list,
        description="Reasons for what differs from the locked analysis plan.",
    )

    @property
    def joint_outcomes(self) -> list[str]:
        """Outcomes that the joint model gives: its own, and the sums of them."""
        fitted = self.models.joint
        sums = [
            outcome.id
            for outcome in self.outcomes
            if outcome.sum_of and set(outcome.sum_of) <= set(fitted)
        ]
        return [*fitted, *sums] if fitted else []

    def outcomes_of(self, model: Member) -> list[str]:
        """Outcomes that a model gives."""
        if model == "joint":
            return self.joint_outcomes
        return self.models.by_outcome[model]
