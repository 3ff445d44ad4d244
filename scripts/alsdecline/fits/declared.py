"""The model that a fit's plan declares."""

from typing import Literal, cast

from alsdecline.fits.plan import FitPlan
from alsdecline.fits.priors import outcome_priors
from alsdecline.models.explicit.member import ExplicitMember
from alsdecline.models.explicit.model import ExplicitModel
from alsdecline.models.gaussian.model import GaussianModel
from alsdecline.models.interface import DeclineModel
from alsdecline.settings.members import NOT_GAUSSIAN
from alsdecline.settings.models import PriorAlternative


def declared_model(
    plan: FitPlan, alternative: PriorAlternative | None = None
) -> DeclineModel:
    """Declare the model of a fit.

    Parameters
    ----------
    plan : FitPlan
        The fit.
    alternative : PriorAlternative, optional
        Factors on the plan's priors.

    Returns
    -------
    DeclineModel
    """
    priors = outcome_priors(plan, alternative)
    if plan.model not in NOT_GAUSSIAN:
        return GaussianModel(plan.structure, priors, plan.correlation_lkj)
    likelihood = cast(Literal["robust", "bounded"], plan.model)
    return ExplicitModel(
        ExplicitMember(
            plan.structure, likelihood, priors, plan.maxima, plan.correlation_lkj
        )
    )
