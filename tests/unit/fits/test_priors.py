"""Priors of effects, of sums and of alternatives, by hand from the configuration."""

import dataclasses

import numpy as np
import pytest

from alsdecline.fits.checked import checked_model
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.priors import outcome_priors, prior_effect_sd, prior_of
from alsdecline.models.prior_vectors import prior_vectors
from alsdecline.settings.trial import Settings


def test_prior_sd_of_an_effect_on_a_sum_is_that_of_its_parts_together(
    plan: FitPlan, settings: Settings
) -> None:
    """As the configuration has them: 2.2 and 0.85 points a month, correlation 0.5."""
    assert prior_effect_sd(plan, "limb") == 2.2
    together = np.sqrt(2.2**2 + 0.85**2 + 2 * 0.5 * 2.2 * 0.85)
    assert prior_effect_sd(plan, "total") == pytest.approx(together)
    apart = plan.model_copy(update={"effect_correlation": 0.0})
    assert prior_effect_sd(apart, "total") == pytest.approx(np.hypot(2.2, 0.85))
    alone = fit_plan(settings, "single", "total")
    assert prior_effect_sd(alone, "total") == 3.0


def test_effects_that_scales_run_against_correlate_as_benefits(plan: FitPlan) -> None:
    """Of 100,000 draws a correlation has an error of at most 1 / 316."""
    mixed = plan.model_copy(update={"better": plan.better | {"bulbar": "lower"}})
    model = checked_model(mixed)
    drawn = model.prior_draws(100_000, np.random.default_rng(20050727))
    for arm in ("middle", "high"):
        effects = drawn[[f"effect[limb,{arm}]", f"effect[bulbar,{arm}]"]]
        assert abs(effects.corr().iloc[0, 1] + 0.5) < 5 / 316
        assert effects.std().tolist() == pytest.approx([2.2, 0.85], rel=0.02)
    between = drawn[["effect[limb,middle]", "effect[limb,high]"]].corr().iloc[0, 1]
    assert abs(between) < 5 / 316


def test_an_alternative_may_centre_the_effect_at_a_slowing(plan: FitPlan) -> None:
    """Limb declines 2.2 points a month: 30% slowing is a benefit of 0.66."""
    enthusiastic = plan.alternatives["enthusiastic"]
    priors = outcome_priors(plan, enthusiastic)
    limb = priors["limb"]
    assert (limb.effect_mean, limb.effect_sd) == pytest.approx((0.66, 2.2 * 0.333))
    assert limb.log_ratio_mean == pytest.approx(np.log(0.7))
    names = plan.structure.coefficient_names
    means = prior_vectors(plan.structure, priors, 2)["coefficient_mean"]
    assert means[names.index("effect[bulbar,high]")] == pytest.approx(0.3 * 0.85)


def test_what_only_joint_fits_can_differ_by_is_no_alternative_of_others(
    settings: Settings,
) -> None:
    joint, single = fit_plan(settings, "joint"), fit_plan(settings, "single", "limb")
    of_correlation = {"independent_effects", "concordant_effects"}
    assert set(joint.alternatives) - set(single.alternatives) == of_correlation
    assert single.effect_correlation == 0
    assert joint.effect_correlation == 0.5


def test_prior_of_a_mean_slope_has_that_of_the_effect_in_another_arm(
    plan: FitPlan, settings: Settings
) -> None:
    """Limb: slope -2.2 (0.8), effect 2.2; bulbar: slope -0.85 (0.4), effect 0.85."""

    def prior(arm: str, summary: str) -> tuple[float, float]:
        update = {"treatment": arm, "summary": summary}
        found = prior_of(plan, settings.estimands[0].model_copy(update=update))
        return found.mean, found.sd

    effects = np.sqrt(2.2**2 + 0.85**2 + 0.5 * 2 * 2.2 * 0.85)
    slopes = np.hypot(0.8, 0.4)
    assert prior("high", "slope_difference") == pytest.approx((0, effects))
    assert prior("low", "mean_slope") == pytest.approx((-3.05, slopes))
    both = np.hypot(effects, slopes)
    assert prior("high", "mean_slope") == pytest.approx((-3.05, both))


def test_an_effect_without_a_prior_is_refused(plan: FitPlan) -> None:
    priors = {
        name: dataclasses.replace(prior, effect_sd=None)
        for name, prior in outcome_priors(plan).items()
    }
    with pytest.raises(ValueError, match=r"no prior of 'effect\[limb,middle\]'"):
        prior_vectors(plan.structure, priors, 2)
    alone = dataclasses.replace(plan.structure, arms=())
    vectors = prior_vectors(alone, priors, 2)
    assert len(vectors["coefficient_mean"]) == len(alone.coefficient_names) == 4
