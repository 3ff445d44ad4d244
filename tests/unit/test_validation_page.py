"""The check of the page lets last digits differ between processors, and no more."""

import dataclasses

import pytest

from alsdecline.settings.file import read_settings
from support.published import Compared
from support.trial_folder import PROJECT
from support.validation_page import differences, render

NUMBER = Compared("slope", "table 1", "0.12", 0.1234, 0.005, True, True, False, "")


def page(**changes: float) -> tuple[str, dict[str, list[Compared]]]:
    compared = {"trial": [dataclasses.replace(NUMBER, **changes)]}
    return render({"trial": read_settings(PROJECT / "config.yaml")}, compared), compared


@pytest.mark.parametrize(
    ("ours", "same"), [(0.1234, True), (0.12355, True), (0.1237, False), (0.2, False)]
)
def test_ours_may_differ_by_two_units_of_its_last_digit(
    ours: float, same: bool
) -> None:
    kept, _ = page()
    now, compared = page(ours=ours)
    assert (differences(kept, now, compared) == []) == same


def test_a_sampled_number_may_differ_within_its_tolerance() -> None:
    kept, _ = page(sampled=True)
    now, compared = page(sampled=True, ours=0.128)
    assert differences(kept, now, compared) == []
    now, compared = page(sampled=True, ours=0.129)
    assert differences(kept, now, compared) != []


def test_another_published_number_or_line_is_always_told() -> None:
    kept, _ = page()
    now, compared = page()
    assert differences(kept.replace("| 0.12 |", "| 0.13 |"), now, compared) != []
    assert differences(kept + "more\n", now, compared) != []
