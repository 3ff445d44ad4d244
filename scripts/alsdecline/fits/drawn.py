"""What the draws of a fit's plan mean; whatever reads a posterior asks here."""

from typing import cast

from alsdecline.fits.plan import FitPlan
from alsdecline.fits.priors import outcome_priors
from alsdecline.models.drawn import DrawnModel
from alsdecline.models.explicit.drawn import ExplicitDraws
from alsdecline.models.explicit.member import ExplicitMember, Likelihood
from alsdecline.models.gaussian.drawn import GaussianDraws
from alsdecline.settings.models import PriorAlternative


def explicit_member(
    plan: FitPlan, alternative: PriorAlternative | None = None
) -> ExplicitMember:
    """Declare the member of a plan that is not Gaussian, under its priors or others."""
    return ExplicitMember(
        plan.structure,
        cast(Likelihood, plan.member.likelihood),
        outcome_priors(plan, alternative),
        plan.maxima,
        plan.correlation_lkj,
    )


def drawn_model(plan: FitPlan) -> DrawnModel:
    """Return what the draws of a fit mean."""
    if plan.member.gaussian:
        return GaussianDraws(plan.structure)
    return ExplicitDraws(explicit_member(plan))
