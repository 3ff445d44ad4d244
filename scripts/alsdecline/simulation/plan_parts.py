"""The parts of a simulated trial's plan: what each key means, and its limits."""

import datetime

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the plan; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Spread(Part):
    """A normal distribution between patients."""

    mean: float
    sd: float = Field(ge=0)


class Truncated(Spread):
    """A normal distribution, values beyond the limits moved to them."""

    minimum: float
    maximum: float


class Skewed(Part):
    """A log-normal distribution."""

    median: float = Field(gt=0)
    log_sd: float = Field(ge=0, description="SD of the natural logarithm.")


class TrialPlan(Part):
    """The trial's identity and time."""

    seed: int = Field(ge=0, description="Seed of every draw.")
    subject_prefix: str = Field(min_length=1, description="Before each number.")
    first_randomisation: datetime.date = Field(description="Earliest, inclusive.")
    last_randomisation: datetime.date = Field(
        lt=datetime.date(9000, 1, 1), description="Latest, inclusive."
    )


class ArmPlan(Part):
    """One arm."""

    patients: int = Field(ge=1, le=1_000_000, description="Number randomised.")
    dose_ug_per_kg: float = Field(gt=0, description="Dose, micrograms per kilogram.")


class VisitPlan(Part):
    """The visit schedule, in weeks from randomisation."""

    last_week: int = Field(ge=1, le=5200)
    every_weeks: int = Field(ge=1)
    window_days: int = Field(ge=0, description="Days that a visit may lie off.")


class OutcomePlan(Part):
    """One outcome: its course by month, and how it is recorded."""

    column: str = Field(description="Column in the visits file.")
    label: str = Field(description="What it is, for the data dictionary.")
    unit: str = Field(description="Unit, for the data dictionary.")
    intercept: Spread = Field(description="At randomisation, common to the arms.")
    slope: Spread = Field(description="Per month; the mean is the reference arm's.")
    effect: dict[str, float] = Field(description="Added to the slope, by other arm.")
    sd_residual: float = Field(ge=0, description="SD within a patient.")
    whole_points: bool = Field(description="Recorded as a whole number.")
    minimum: float | None = Field(description="Floor, or null.")
    maximum: float | None = Field(description="Ceiling, or null.")


class TotalPlan(Part):
    """A column that is the sum of recorded outcomes."""

    column: str = Field(description="Column in the visits file.")
    label: str = Field(description="What it is, for the data dictionary.")
    parts: list[str] = Field(min_length=2, description="Outcomes that it sums.")


class CorrelationPlan(Part):
    """A correlation between random effects; those not listed are 0."""

    between: tuple[str, str] = Field(description="As 'slope:limb', 'intercept:limb'.")
    value: float = Field(gt=-1, lt=1)


class WithdrawalPlan(Part):
    """A withdrawal that is part of the design."""

    subject: str
    week: int = Field(ge=1, description="From randomisation.")
    reason: str = Field(min_length=1)


class NuisancePlan(Part):
    """What happens to the data outside the model; 0 or an empty list is off."""

    missed_visit: float = Field(ge=0, lt=1, description="Probability, a visit.")
    missing_outcome: float = Field(ge=0, lt=1, description="Probability, a value.")
    missed_dose: float = Field(ge=0, lt=1, description="Probability, a visit.")
    dropout_hazard: float = Field(ge=0, description="Per month.")
    death_hazard: float = Field(ge=0, description="Per month.")
    hazard_ratios: dict[str, float] = Field(
        default_factory=dict,
        description="By outcome: factor on both hazards for each SD by which a slope "
        "lies below the mean.",
    )
    dropout_reason: str = Field(description="Of withdrawals by the hazard.")
    withdrawals: list[WithdrawalPlan]


class CharacteristicsPlan(Part):
    """Patients' characteristics, independent of each other and of the outcomes."""

    age_years: Truncated
    female: float = Field(ge=0, le=1, description="Probability.")
    bulbar_onset: float = Field(ge=0, le=1, description="Probability.")
    riluzole: float = Field(ge=0, le=1, description="Probability.")
    months_since_onset: Skewed


class TermPlan(Part):
    """A kind of adverse event."""

    term: str
    weight: float = Field(gt=0, description="Relative frequency.")
    related: float = Field(ge=0, le=1, description="Probability of 'related'.")


class AdverseEventPlan(Part):
    """Adverse events, alike in all arms; none is serious."""

    per_month: float = Field(ge=0, description="Mean number, a patient.")
    mean_days: float = Field(ge=1, description="Mean duration, geometric.")
    severity: dict[str, float] = Field(description="Probabilities, which sum to 1.")
    terms: list[TermPlan] = Field(min_length=1)
