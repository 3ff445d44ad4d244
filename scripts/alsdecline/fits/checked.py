"""The model that a fit's plan declares, as it is checked against the data."""

from alsdecline.fits.drawn import explicit_member
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.priors import outcome_priors
from alsdecline.models.checked import CheckedModel
from alsdecline.models.explicit.checked import CheckedExplicit
from alsdecline.models.gaussian.checked import CheckedGaussian


def checked_model(plan: FitPlan) -> CheckedModel:
    """Declare the model of a fit with all that a check asks of it."""
    if not plan.member.gaussian:
        return CheckedExplicit(explicit_member(plan))
    return checked_gaussian(plan)


def checked_gaussian(plan: FitPlan) -> CheckedGaussian:
    """Declare a Gaussian model so."""
    return CheckedGaussian(
        plan.structure,
        outcome_priors(plan),
        plan.correlation_lkj,
        plan.effect_correlation,
    )
