"""The model that a fit's plan declares."""

from typing import Literal, cast

from alsdecline.explicit_interface import ExplicitModel
from alsdecline.explicit_member import ExplicitMember
from alsdecline.fit_plan import FitPlan
from alsdecline.gaussian_model import GaussianModel
from alsdecline.members import NOT_GAUSSIAN
from alsdecline.model_interface import DeclineModel
from alsdecline.model_settings import PriorAlternative
from alsdecline.plan_priors import outcome_priors


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
