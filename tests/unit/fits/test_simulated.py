"""The size of true effects in simulated trials, and in the formula beside them."""

import math

import pytest

from alsdecline.fits.planning import primary_fit
from alsdecline.fits.simulated import mean_slope
from alsdecline.report.design import true_effects_in_words
from alsdecline.report.plan import ReportPlan
from alsdecline.settings.file import parse_settings
from alsdecline.settings.trial import Settings
from support.trial_folder import PROJECT

TEXT = (PROJECT / "config.yaml").read_text("utf-8")


def _report_plan(settings: Settings) -> ReportPlan:
    return ReportPlan.model_construct(
        fit=primary_fit(settings),
        estimands=list(settings.estimands),
        primary=settings.primary,
    )


def test_effects_are_shares_of_the_mean_slope_of_a_total() -> None:
    settings = parse_settings(TEXT, "config.yaml")
    assert mean_slope(primary_fit(settings), "total") == pytest.approx(-2.2 - 0.85)
    words = true_effects_in_words(_report_plan(settings))
    assert words.endswith("and one mean slope of the prior")


def test_where_the_mean_slope_is_0_they_are_shares_of_its_sd() -> None:
    text = TEXT.replace("slope: {mean: -2.2,", "slope: {mean: 0,")
    text = text.replace("slope: {mean: -0.85,", "slope: {mean: 0,")
    settings = parse_settings(text, "config.yaml")
    found = mean_slope(primary_fit(settings), "total")
    assert found == pytest.approx(math.sqrt(0.8**2 + 0.4**2))
    words = true_effects_in_words(_report_plan(settings))
    assert words.endswith("and one SD of the mean slope's prior")
