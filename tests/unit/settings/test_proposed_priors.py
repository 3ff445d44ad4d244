"""Priors that are proposed, and how they are marked."""

import math
from pathlib import Path

import pytest

from alsdecline.settings.catalogue import catalogue, known_slope
from alsdecline.settings.file import read_settings
from alsdecline.settings.models import Basis
from alsdecline.settings.proposed_priors import (
    MEDIAN_OF_HALF_NORMAL,
    is_proposed,
    no_spread,
    proposed_priors,
    rounded,
)
from alsdecline.time_units import DAYS_PER_MONTH
from support.short_trial import SHORT, short_rows, short_trial

SD = math.sqrt(200 / 3)
"""Of the baselines 40, 50, 60 and 50."""


def test_without_a_known_slope_all_follows_from_the_baselines(tmp_path: Path) -> None:
    settings = read_settings(short_trial(tmp_path))
    priors = settings.priors.outcomes["letters_read"]
    s = SD / (52 * 7 / DAYS_PER_MONTH)  # 0.683 points a month
    assert priors.slope.mean == 0
    assert priors.slope.sd == priors.effect_sd == rounded(s) == 0.68
    assert (priors.baseline.mean, priors.baseline.sd) == (50, rounded(2.5 * SD))
    assert priors.sd_baseline == rounded(1.5 * SD)
    assert priors.sd_slope == rounded(1.5 * s)
    assert priors.sd_residual == rounded(SD)
    assert all(is_proposed(basis) for basis in priors.basis.values())
    assert is_proposed(settings.priors.basis["correlation_lkj"])


def test_slopes_are_per_unit_of_time(tmp_path: Path) -> None:
    months = read_settings(short_trial(tmp_path)).priors.outcomes["letters_read"]
    config = SHORT + "time_unit: year\n"
    years = read_settings(short_trial(tmp_path, config)).priors.outcomes["letters_read"]
    assert years.slope.sd == pytest.approx(12 * months.slope.sd, rel=0.05)


def test_a_known_slope_of_the_disease_is_the_prior(tmp_path: Path) -> None:
    config = SHORT.replace("letters_read", "alsfrs_r").replace(
        "macular degeneration", "Amyotrophic lateral sclerosis"
    )
    lines = [line for line in config.splitlines() if "alsfrs_r: {" not in line]
    config = "\n".join(line for line in lines if line != "scales:") + "\n"
    header, *rows = short_rows()
    cut = [row.rsplit(",", 1)[0] for row in rows]
    rows = [f"{row},{30 + i % 7}" for i, row in enumerate(cut)]
    header = header.replace("letters_read", "alsfrs_r")
    settings = read_settings(short_trial(tmp_path, config, [header, *rows]))
    priors = settings.priors.outcomes["alsfrs_r"]
    assert (priors.slope.mean, priors.effect_sd) == (-1.03, 1.0)
    assert (priors.sd_slope, priors.sd_residual) == (1.14, 2.66)  # 1.5 x .76 and 1.77
    assert "PRO-ACT" in priors.basis["slope"].reason
    assert is_proposed(priors.basis["slope"])


def test_every_known_slope_is_of_a_scale_and_has_a_source() -> None:
    scales, slopes = catalogue().scales, catalogue().slopes
    assert slopes.keys() <= scales.keys()
    for scale, by_disease in slopes.items():
        for disease, known in by_disease.items():
            assert known.source.strip()
            assert known_slope(scale, disease.upper()) == known
            worse = -1 if scales[scale].better == "higher" else 1
            assert known.mean * worse > 0
    assert known_slope("alsfrs_r", "depression") is None


def test_an_effect_is_as_large_as_the_slope_that_is_given() -> None:
    given = {"slope": {"mean": -3, "sd": 1}}
    found = proposed_priors([40, 50, 60], 12, "months", None, given)
    assert found["effect_sd"][0] == 3


@pytest.mark.parametrize(
    ("source", "proposed"),
    [
        ("proposed", True),
        ("Proposed: from baselines", True),
        ("", False),
        ("A registry", False),
        ("As proposed by Miller 2019", False),
    ],
)
def test_a_source_that_begins_with_the_word_marks_a_proposal(
    source: str, proposed: bool
) -> None:
    assert is_proposed(Basis(source=source)) is proposed


def test_equal_baselines_have_no_spread_to_go_by() -> None:
    assert no_spread([5, 5, 5]) == "all of its baseline values are the same"
    assert not no_spread([4, 5, 5])


def test_the_design_assumes_the_medians_of_the_priors(tmp_path: Path) -> None:
    settings = read_settings(short_trial(tmp_path))
    prior, design = settings.priors.outcomes["letters_read"], settings.design
    assert design is not None
    # half of the mass of a half-normal lies below 0.6745 of its scale
    assert pytest.approx(0.674490, abs=1e-6) == MEDIAN_OF_HALF_NORMAL
    assert design.sd_slope == rounded(0.67449 * prior.sd_slope)
    assert design.sd_residual == rounded(0.67449 * prior.sd_residual)
    assert design.effect == rounded(0.67449 * (prior.effect_sd or 0))


def test_numbers_are_rounded_to_digits_that_mean_something() -> None:
    assert [rounded(x) for x in (0.6834, 14.87, 149.2, 0, -0.0104)] == [
        0.68,
        15,
        150,
        0,
        -0.01,
    ]
