"""What counts as success, said in the plan before anyone sees data."""

from typing import Literal

from pydantic import Field

from alsdecline.settings.section import Section

BASES = {
    "type I error": "how often a trial without an effect would succeed",
    "posterior": "how sure one wants to be",
    "benefit and risk": "what would outweigh harm and burden",
}
"""What a rule's numbers can be chosen by, and what that means."""

MARGIN = (
    "In points a `time_unit`, as the primary estimate is printed: of a "
    "'slope_difference' above 0 is better, a 'mean_slope' is compared as it is, better "
    "by the scale's direction."
)


class Success(Section):
    """The statement that counts as success."""

    margin: float = Field(
        default=0.0,
        allow_inf_nan=False,
        description=f"What the primary quantity must be better than. {MARGIN}",
    )
    probability: float = Field(
        gt=0.5,
        lt=1,
        description="It counts where the posterior probability of that is above this, "
        "between 0.5 and 1.",
    )


class Futility(Section):
    """The statement by which an effect worth having is given up."""

    margin: float = Field(
        allow_inf_nan=False,
        description=f"The least that would be worth having. {MARGIN}",
    )
    probability: float = Field(
        gt=0,
        lt=0.5,
        description="Futile where the posterior probability of being better than the "
        "margin is below this, between 0 and 0.5.",
    )


class DecisionRule(Section):
    """By what the trial is called a success, futile or neither."""

    success: Success = Field(description="What counts as success.")
    futility: Futility | None = Field(
        default=None, description="What counts as futile; nothing if left out."
    )
    basis: Literal["type I error", "posterior", "benefit and risk"] = Field(
        description="What the numbers were chosen by: "
        + "; ".join(f"'{name}' ({what})" for name, what in BASES.items())
        + "."
    )
    reason: str = Field(
        pattern=r"\S",
        description="Why these numbers, in a sentence; where they are calibrated, by "
        "which simulation.",
    )
    inconclusive: str = Field(
        default="inconclusive",
        pattern=r"\S",
        description="What a result is called that is neither.",
    )
