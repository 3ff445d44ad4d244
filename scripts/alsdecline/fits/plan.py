"""What one fit needs of the settings: outcomes, arms, priors, sampler, gates.

A rule passes it to its script as canonical JSON, so that a change of any other
setting does not touch the fit.
"""

from pydantic import Field

from alsdecline.models.structure import Structure
from alsdecline.settings.analysis import Gates, Sampler
from alsdecline.settings.members import FAMILY, Member, MemberName
from alsdecline.settings.models import OutcomePriors, PriorAlternative
from alsdecline.settings.section import Section
from alsdecline.time_units import TimeUnit, weeks_as

DEFAULT = "default"
"""Name of the prior that the plan gives; the others are alternatives to it."""

WEAK = "weak"
"""The alternative that is shown beside the plan's."""


class Sum(Section):
    """An outcome that is the sum of fitted ones."""

    id: str = Field(description="Its id.")
    parts: list[str] = Field(description="Ids of what it sums.")


class CovariateTerm(Section):
    """A column of the patients' weights: a number, or the indicator of a level."""

    name: str = Field(description="As draws have it.")
    setting: str = Field(description="The covariate as the settings name it.")
    column: str = Field(description="Column of the subject-level dataset.")
    level: str | None = Field(description="The level it indicates; none of a number.")


class FitPlan(Section):
    """The part of the settings that one fit depends on."""

    trial: str = Field(description="Study identifier, for the seed.")
    population: str = Field(description="Flag of its patients; empty for all.")
    until_last_dose: bool = Field(
        description="Whether values after the last dose do not count."
    )
    time_unit: TimeUnit = Field(description="Unit of time of its slopes.")
    model: MemberName = Field(description="A member of the family.")
    outcomes: list[str] = Field(description="Ids of the outcomes fitted.")
    sums: list[Sum] = Field(description="Sums taken of the draws.")
    better: dict[str, str] = Field(description="Direction of each outcome.")
    reference: str = Field(description="Id of the reference arm.")
    arms: list[str] = Field(description="Ids of the other arms, if any.")
    correlation_lkj: float = Field(description="Shape of the LKJ prior.")
    effect_correlation: float = Field(description="Of effects on several outcomes.")
    priors: dict[str, OutcomePriors] = Field(description="Priors of the outcomes.")
    alternatives: dict[str, PriorAlternative] = Field(description="Named factors.")
    sampler: Sampler = Field(description="The sampler.")
    gates: Gates = Field(description="Limits on computation.")
    pairs: list[list[str]] = Field(description="Outcomes whose effects are compared.")
    primary_quantity: tuple[str, str, str] | None = Field(
        description="Outcome, quantity and arm of the primary estimand, if it rests on "
        "this fit."
    )
    shown: list[str] = Field(
        description="Quantities shown under every prior and without each patient."
    )
    leave_out_at_most: int = Field(
        description="Patients up to which each is left out in turn."
    )
    covariates: list[CovariateTerm] = Field(description="Columns of covariates.")
    variances_by_arm: bool = Field(description="Whether SDs differ between arms.")
    maxima: dict[str, int] = Field(description="Highest values of bounded scores.")
    horizon_week: float | None = Field(
        description="Week to which mean slopes are; none where courses are straight."
    )

    @property
    def primary(self) -> bool:
        """Whether the primary estimand rests on it."""
        return self.primary_quantity is not None

    @property
    def member(self) -> Member:
        """What the model is like."""
        return FAMILY[self.model]

    def sign(self, outcome: str) -> int:
        """Return 1 where a higher value of an outcome is better, else -1."""
        return 1 if self.better[outcome] == "higher" else -1

    @property
    def structure(self) -> Structure:
        """Outcomes, arms and time as the model takes them."""
        return Structure(
            tuple(self.outcomes),
            self.reference,
            tuple(self.arms),
            tuple(term.name for term in self.covariates),
            curved=self.member.squared_time,
            ratio=self.member.arms_multiply,
            variances_by_arm=self.variances_by_arm,
        )

    @property
    def name(self) -> str:
        """Return the fit's name: its model, and the outcome where it has one alone."""
        together = self.member.together
        return self.model if together else f"{self.model}/{self.outcomes[0]}"

    @property
    def horizon_time(self) -> float:
        """Time to which mean slopes are; any will do where courses are straight."""
        return self.time_of(self.horizon_week or 1.0)

    def time_of(self, weeks: float) -> float:
        """Return weeks in the unit of time of the slopes."""
        return weeks_as(self.time_unit, weeks)

    def parts_of(self, outcome: str) -> list[str]:
        """Return the fitted outcomes that an outcome is the sum of, or itself."""
        return next((s.parts for s in self.sums if s.id == outcome), [outcome])
