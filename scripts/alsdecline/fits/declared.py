"""The model that a fit's plan declares, as it is fitted."""

from alsdecline.fits.drawn import explicit_member
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.priors import effect_correlation_of, outcome_priors
from alsdecline.models.explicit.model import ExplicitModel
from alsdecline.models.gaussian.model import GaussianModel
from alsdecline.models.interface import DeclineModel
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
    if not plan.member.gaussian:
        return ExplicitModel(explicit_member(plan, alternative))
    priors = outcome_priors(plan, alternative)
    return GaussianModel(
        plan.structure,
        priors,
        plan.correlation_lkj,
        effect_correlation_of(plan, alternative),
    )
