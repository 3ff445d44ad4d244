"""Priors of an outcome with their source, for tests of what is printed of them."""

from alsdecline.settings.models import Basis, Normal, OutcomePriors

STATED = Basis(source="a registry", reason="the same patients")
KEYS = ("baseline", "slope", "effect_sd", "sd_baseline", "sd_slope", "sd_residual")
PRIOR = OutcomePriors(
    baseline=Normal(mean=40, sd=10),
    slope=Normal(mean=-1, sd=1),
    effect_sd=1,
    sd_baseline=10,
    sd_slope=1,
    sd_residual=3,
    basis=dict.fromkeys(KEYS, STATED),
)
