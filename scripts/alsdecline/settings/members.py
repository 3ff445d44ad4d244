"""The family of decline models: each member declared once, where settings name it.

A member is a key under ``models:`` and, beside it, what the rest of the library must
know of it; whoever asks which member a fit is of asks for these facts, not for its
name. What the report says of a member stands in
:mod:`alsdecline.report.member_words`, for a rewording may not fit anything again.
"""

import dataclasses
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from alsdecline.settings.section import Section


@dataclasses.dataclass(frozen=True, kw_only=True)
class Member:
    """What the library must know of a member of the family.

    Attributes
    ----------
    together : bool
        Whether one fit takes all of its outcomes, and sums of them; else each has one.
    squared_time : bool
        Whether courses have a term in the square of time.
    arms_multiply : bool
        Whether an arm multiplies the patients' slopes instead of adding to them.
    likelihood : {"normal", "robust", "bounded"}
        Of the values about the patients' courses. Where it is normal the patients'
        effects are integrated out, else they are parameters. Of ``bounded`` scores
        count points from 0 to the maximum of their scale.
    priors : tuple of str
        Settings of an outcome's priors that are this member's own. It needs those that
        have no default.
    """

    together: bool = False
    squared_time: bool = False
    arms_multiply: bool = False
    likelihood: Literal["normal", "robust", "bounded"] = "normal"
    priors: tuple[str, ...] = ()

    @property
    def gaussian(self) -> bool:
        """Whether values are normal, which variances by arm need."""
        return self.likelihood == "normal"

    @property
    def bounded(self) -> bool:
        """Whether scores are bounded by their scale."""
        return self.likelihood == "bounded"

    @property
    def straight(self) -> bool:
        """Whether courses are straight lines; else mean slopes are to a horizon."""
        return not (self.squared_time or self.bounded)


class ModelledOutcomes(Section):
    """Outcomes of each member of the family, in the order in which all is shown."""

    joint: Annotated[list[str], Member(together=True)] = Field(
        default_factory=list,
        description="Ids of the measured outcomes fitted together; sums of them come "
        "from the same draws. Empty: no joint model.",
    )
    single: Annotated[list[str], Member()] = Field(
        default_factory=list, description="Ids of the outcomes fitted by themselves."
    )
    ratio: Annotated[
        list[str], Member(arms_multiply=True, priors=("log_ratio_sd",))
    ] = Field(
        default_factory=list,
        description="Ids of outcomes of which an arm multiplies the patients' slopes.",
    )
    curved: Annotated[
        list[str], Member(squared_time=True, priors=("curvature_sd", "sd_curvature"))
    ] = Field(
        default_factory=list,
        description="Ids of outcomes with a term in the square of time; their mean "
        "slope is the mean change to the horizon divided by the time.",
    )
    robust: Annotated[list[str], Member(likelihood="robust")] = Field(
        default_factory=list,
        description="Ids of outcomes with residuals of Student's t.",
    )
    bounded: Annotated[list[str], Member(likelihood="bounded")] = Field(
        default_factory=list,
        description="Ids of outcomes that are beta-binomial from 0 to the maximum of "
        "their scale, which has whole points; their mean slope is as of `curved`.",
    )

    @property
    def by_member(self) -> dict[str, list[str]]:
        """Outcomes of every member, none where it is not fitted."""
        return {name: getattr(self, name) for name in FAMILY}

    @property
    def fitted(self) -> set[str]:
        """All outcomes that any member is fitted to."""
        return {outcome for ids in self.by_member.values() for outcome in ids}


FAMILY: dict[str, Member] = {
    name: next(fact for fact in field.metadata if isinstance(fact, Member))
    for name, field in ModelledOutcomes.model_fields.items()
}
"""The members by their names."""

if TYPE_CHECKING:
    MemberName = str
else:  # a type checker reads no tuple here; settings refuse all other names
    MemberName = Literal[tuple(FAMILY)]
