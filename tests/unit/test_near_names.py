"""A mistyped name leads to the one that is meant, and to none where none is."""

import pytest

from alsdecline.near_names import did_you_mean, nearest

KEYS = ["window_days", "weeks", "windows", "time_zero"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("window-days", "window_days"),
        ("WindowDays", "window_days"),
        ("window_dayz", "window_days"),
        ("week", "weeks"),
        ("time zero", "time_zero"),
        ("colour", ""),
        ("", ""),
        ("___", ""),
    ],
)
def test_the_nearest_name_is_found(written: str, meant: str) -> None:
    assert nearest(written, KEYS) == meant


def test_of_several_that_begin_so_none_is_guessed() -> None:
    assert nearest("rate", ["rate_total", "rate_limb", "rate_fvc"]) == ""
    assert nearest("rate", ["rate_total"]) == "rate_total"


def test_the_question_is_left_out_where_nothing_is_near() -> None:
    assert did_you_mean("Placebo", ["placebo", "active"]) == "did you mean 'placebo'? "
    assert did_you_mean("colour", KEYS) == ""
