"""A member of the family that is not Gaussian, as it is declared; no PyMC is needed.

What the members are stands in :mod:`alsdecline.models.explicit.declaration`.
"""

import dataclasses
from collections.abc import Mapping
from typing import Literal

from alsdecline.models.structure import ModelPrior, Structure

Likelihood = Literal["robust", "bounded"]
"""Student's t about the courses, or beta-binomial on a scale."""

LOGIT = "logit_"
"""Begins the names of parameters on the logit scale, lest they be read as points."""

FREEDOM_LEAST = 2.0
"""Degrees of freedom are above it."""


@dataclasses.dataclass(frozen=True)
class ExplicitMember:
    """A model declared once: arms and outcomes, time, priors and likelihood.

    Attributes
    ----------
    structure : Structure
        K outcomes with m coefficients of time each, p in all; arms; covariates.
    likelihood : {"robust", "bounded"}
        Of the values about the patients' courses.
    priors : mapping of str to ModelPrior
        By outcome, in points and units of time whatever the likelihood.
    maxima : mapping of str to int
        Of ``bounded``: the highest possible value n of each outcome; the lowest is 0.
    lkj_shape : float
        Shape of the LKJ prior of the correlations.
    freedom_rate : float
        Of ``robust``: rate b of the Gamma(2, b) prior of degrees of freedom.

    Raises
    ------
    ValueError
        If the structure has ratios or variances by arm, if an outcome has no maximum,
        or if a prior baseline mean is not between 0 and the maximum.
    """

    structure: Structure
    likelihood: Likelihood
    priors: Mapping[str, ModelPrior]
    maxima: Mapping[str, int] = dataclasses.field(default_factory=dict)
    lkj_shape: float = 2.0
    freedom_rate: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what the members do not have."""
        if self.likelihood not in ("robust", "bounded"):
            raise ValueError(f"likelihood {self.likelihood!r}: robust or bounded")
        if self.structure.ratio or self.structure.variances_by_arm:
            raise ValueError(
                f"{self.likelihood}: ratios and variances by arm are of the Gaussian "
                "members alone; set ratio and variances_by_arm to false"
            )
        for outcome in self.structure.outcomes if self.bounded else ():
            if self.maxima.get(outcome, 0) < 1:
                raise ValueError(f"bounded: no maximum of {outcome!r}")
            mean = self.priors[outcome].intercept_mean
            if not 0.0 < mean < self.maxima[outcome]:
                raise ValueError(
                    f"bounded: the prior baseline mean {mean:g} of {outcome!r} is not "
                    f"between 0 and {self.maxima[outcome]}"
                )

    @property
    def bounded(self) -> bool:
        """Whether the likelihood is that of a bounded score."""
        return self.likelihood == "bounded"

    @property
    def within_names(self) -> list[str]:
        """Names of the parameters of the values about a course, K or 2 K."""
        if self.bounded:
            return [f"overdispersion[{k}]" for k in self.structure.outcomes]
        freedom = [f"degrees_of_freedom[{k}]" for k in self.structure.outcomes]
        return [f"sd_residual[{k}]" for k in self.structure.outcomes] + freedom

    @property
    def course_names(self) -> dict[str, str]:
        """Names of the parameters of the courses, by the structure's name for each."""
        names = self.structure.coefficient_names
        names += self.structure.scale_names[: self.structure.n_random]
        shown = {name: (LOGIT if self.bounded else "") + name for name in names}
        return shown | {name: name for name in self.structure.correlation_names}

    @property
    def shown_names(self) -> dict[str, str]:
        """Names as draws have them, by the structure's names."""
        residual = self.structure.scale_names[self.structure.n_random :]
        within = dict(zip(residual, self.within_names, strict=False))
        return self.course_names | within


def parameter_names(member: ExplicitMember) -> list[str]:
    """Return the names of all parameters, as draws have them.

    Parameters
    ----------
    member : ExplicitMember
        The model.

    Returns
    -------
    list of str
        Fixed effects, SDs between patients, those within, then correlations; of
        ``bounded``, effects and SDs are on the logit scale and begin with ``logit_``.
    """
    names = member.course_names
    correlations = member.structure.correlation_names
    course = [shown for name, shown in names.items() if name not in correlations]
    return course + member.within_names + correlations
