"""A mistyped name leads to the one that is meant, and to none where none is."""

import pytest

from alsdecline.near_names import (
    did_you_mean,
    is_misspelt,
    nearest,
    same_but_for_form,
    same_identifier,
    value_meant,
)

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


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("High", "high"),
        ("week\u00a04", "Week  4"),
        ("follow\u2013up", "follow-up"),
        ("Xan Lo", "Xan_Lo"),
        ("patient\u2019s wish", "patient's wish"),
        ("\uff28igh", "high"),
        ("hi\u200bgh", "high"),
        ("01", "1"),
        ("1.0", "1"),
    ],
)
def test_a_value_is_the_same_however_it_is_typed(written: str, other: str) -> None:
    assert same_but_for_form(written) == same_but_for_form(other)
    assert value_meant(written, ["else", other]) == (other, True)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("-9", "9"),
        ("grade -1", "grade 1"),
        ("1.5", "15"),
        ("12345678901234567", "12345678901234568"),
        ("\u00b5g", "mg"),
    ],
)
def test_values_that_mean_another_stay_apart(written: str, other: str) -> None:
    assert same_but_for_form(written) != same_but_for_form(other)
    assert value_meant(written, [other]) == ("", False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bulba", "bulbar"),
        ("lmib", "limb"),
        ("withdrwan", "withdrawn"),
        ("compelted", "completed"),
        ("compeltde", "completed"),
        ("limb onste", "limb onset"),
    ],
)
def test_a_slip_of_the_fingers_is_recognised(written: str, meant: str) -> None:
    assert is_misspelt(written, meant)
    assert is_misspelt(meant, written)


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("male", "female"),
        ("V1", "V2"),
        ("site A", "site B"),
        ("scheduled", "unscheduled"),
        ("symptomatic", "asymptomatic"),
        ("Austria", "Australia"),
        ("Iran", "Iraq"),
        ("done", "none"),
        ("probable", "possible"),
    ],
)
def test_words_that_mean_another_are_no_slip(one: str, another: str) -> None:
    assert not is_misspelt(one, another)
    assert not is_misspelt(another, one)


def test_an_identifier_is_the_same_with_other_zeros_dashes_and_blanks() -> None:
    alike = ["IGF-001", "igf1", "IGF 01", "IGF\u2013001", "IGF_0001"]
    assert len({same_identifier(name) for name in alike}) == 1
    apart = ["1-11", "11-1", "111", "S1-01", "S-101", "A1"]
    assert len({same_identifier(name) for name in apart}) == len(apart)
