"""What is estimated, computed and summarised: the settings of the analysis."""

from typing import Literal

from pydantic import Field

from alsdecline.settings.members import MemberName
from alsdecline.settings.section import Section

DEATH, WITHDRAWAL = "death", "withdrawal"
"""Events whose strategies are bound to what the data end with."""

CARRIED_OUT = {
    "treatment policy": "values count whatever happened",
    "while alive": "courses are those of the living; none is drawn on past death",
    "while on treatment": "values after the last dose do not count",
    "hypothetical": "courses are those that would have been, had patients stayed, by "
    "the model and as if missing at random",
}
"""The strategies that can be carried out, and by what."""


class IntercurrentEvent(Section):
    """An intercurrent event and how it is handled (ICH E9(R1))."""

    event: str = Field(
        min_length=1,
        description="What happens; 'death' and 'withdrawal' by these names.",
    )
    strategy: str = Field(
        description="'treatment policy' (of any event but death), 'while alive' (of "
        "death), 'while on treatment' (values after the last dose do not count), or "
        "'hypothetical' (of withdrawal, by the model). No other can be carried out."
    )


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
    population: str = Field(
        default="all",
        description="'all' randomised patients, or the flag of one of `populations:`, "
        "to which the fits are restricted; the same of all estimands.",
    )
    intercurrent_events: list[IntercurrentEvent] = Field(
        description="Intercurrent events with their strategies."
    )
    summary: Literal["slope_difference", "mean_slope"] = Field(
        description="Population-level summary, in points a `time_unit`: "
        "'slope_difference' from the reference arm, or the 'mean_slope' of one arm."
    )
    model: MemberName = Field(
        description="The model that estimates it; other models are supplementary."
    )


class Sampler(Section):
    """Settings of the sampler."""

    chains: int = Field(ge=2, le=64, description="Chains, at least 2.")
    tune: int = Field(ge=100, description="Iterations of each chain to adapt.")
    draws: int = Field(
        ge=100,
        description="Iterations of each chain to keep, of the plan's prior and of the "
        "weak one beside the primary estimate.",
    )
    further_draws: int = Field(
        default=1000,
        ge=100,
        description="The same of all other priors, and of each patient left out.",
    )
    target_accept: float = Field(
        gt=0.5, lt=1, description="Target acceptance, between 0.5 and 1."
    )
    retry_target_accept: float = Field(
        gt=0.5,
        lt=1,
        description="Target acceptance of the one retry, with twice the draws, of what "
        "the first screen shows; below 1.",
    )
    seed: int = Field(ge=0, description="Seed that all tasks' seeds derive from.")


class Gates(Section):
    """Limits on computation that a fit must meet, in the quantities reported."""

    r_hat: float = Field(gt=1, description="Largest R-hat, above 1.")
    ess: int = Field(ge=1, description="Smallest bulk and tail ESS.")
    divergences: int = Field(ge=0, description="Most divergent transitions.")
    e_bfmi: float = Field(gt=0, description="Smallest E-BFMI.")
    interval_error: float = Field(
        default=0.05,
        gt=0,
        description="Largest Monte Carlo standard error of an end of a 95% interval, "
        "in posterior SDs; of `draws`.",
    )
    further_interval_error: float = Field(
        default=0.1, gt=0, description="The same of `further_draws`."
    )


class Design(Section):
    """Assumptions about the primary outcome, for what a trial of this size can show."""

    sd_slope: float = Field(gt=0, description="SD of slopes between patients.")
    sd_residual: float = Field(gt=0, description="Residual SD.")
    effect: float = Field(
        gt=0, description="Assumed true effect on the slope, per unit of time, above 0."
    )
    correlation_of_slopes: float = Field(
        default=0,
        gt=-1,
        lt=1,
        description="Of two outcomes of `joint` between patients, in simulated trials.",
    )
    simulated: str | None = Field(
        default=None,
        description="CSV file that `benchmarks/simulated_intervals.py` has written: "
        "what the plan's intervals are worth in simulated trials.",
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
    horizon_week: float | None = Field(
        default=None,
        gt=0,
        description="Week from time zero at which the change from baseline is given.",
    )
    horizon: float | None = Field(
        default=None,
        description="In place of `horizon_week`: the same as the schedule counts. "
        "Without either it is the last scheduled visit.",
    )
    equality_of_effects: list[list[str]] = Field(
        default_factory=list,
        description="Pairs of outcome ids of the joint model whose effects, as "
        "fractions of their own decline, are compared.",
    )


class SummariesAtHorizon(Summaries):
    """The same with the week of the change worked out."""

    horizon_week: float = Field(
        description="Week from time zero at which the change is given."
    )


class Influence(Section):
    """How much single patients move the results."""

    patients_at_most: int = Field(
        default=30,
        ge=0,
        description="Each patient is left out in turn, and every model fitted again, "
        "where it has no more patients than this; 0: never.",
    )
