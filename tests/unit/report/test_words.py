"""Words of the report: numbers, singular and plural."""

from alsdecline.report.words import agreement, places, two_digits, whole_percent


def test_analyses_are_counted_in_words() -> None:
    one, other = ("the one", 1.0, 0.5, 1.5), ("the other", 1.0, -0.5, 2.5)
    third = ("the third", 2.0, 0.5, 3.5)
    assert agreement([one]) == ""
    assert agreement([one, one]) == (
        "Their estimates are 1.00; neither of their intervals contains zero."
    )
    assert agreement([other, other]).endswith("; both their intervals contain zero.")
    assert agreement([one, one, third]).endswith(
        "; none of their intervals contains zero."
    )
    assert "of the other contains zero, that of the one and the third do not" in (
        agreement([one, other, third])
    )


def test_numbers_end_at_the_leading_digit_of_their_error() -> None:
    assert [places(x) for x in (12.0, 1.0, 0.3, 0.099, 0.01, 0.0012)] == [
        0,
        0,
        1,
        2,
        2,
        3,
    ]


def test_small_numbers_keep_two_digits() -> None:
    """Else an assumed effect of 0.17 points would be printed as 0.2."""
    assert [two_digits(x) for x in (3.46, 0.17, 0.7, 0.034, 0)] == [
        "3.5",
        "0.17",
        "0.70",
        "0.034",
        "0.0",
    ]


def test_one_of_many_is_not_none_and_all_but_one_not_all() -> None:
    shares = [100 * n / 254 for n in (0, 1, 2, 127, 253, 254)]
    assert [whole_percent(share) for share in shares] == [
        *("0%", "< 1%", "1%", "50%", "> 99%", "100%"),
    ]
