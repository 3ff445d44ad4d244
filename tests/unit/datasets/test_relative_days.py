"""Dates become days from each patient's time zero, and nothing that follows moves."""

import pandas as pd

from alsdecline.datasets.relative_days import day_zeros, days_between, in_days

ADSL = pd.DataFrame(
    {
        "USUBJID": ["A", "B", "C"],
        "RANDDT": pd.to_datetime(["2020-01-01", "2021-06-01", None]),
        "ZERODT": pd.to_datetime(["2020-01-03", None, None]),
    }
)
DOSES = pd.DataFrame(
    {
        "USUBJID": ["A", "B", "C", "C"],
        "ASTDT": pd.to_datetime(
            ["2020-01-03", "2021-05-31", "2022-02-28", "2022-03-05"]
        ),
        "AENDT": pd.to_datetime(["2020-01-04", "2021-06-10", "2022-03-01", None]),
    }
)


def test_days_count_from_time_zero_else_randomisation_else_the_first_date() -> None:
    zeros = day_zeros(ADSL, [DOSES])
    assert in_days(DOSES, zeros)["ASTDT"].tolist() == [0, -1, 0, 5]
    days = in_days(ADSL, zeros)
    assert days["RANDDT"].fillna(99).tolist() == [-2, 0, 99]
    assert days["ZERODT"].fillna(99).tolist() == [0, 99, 99]
    assert list(days) == list(ADSL)


def test_lengths_are_the_same_in_dates_and_days() -> None:
    days = in_days(DOSES, day_zeros(ADSL, [DOSES]))
    dated = days_between(DOSES["ASTDT"], DOSES["AENDT"])
    counted = days_between(days["ASTDT"], days["AENDT"])
    assert dated.fillna(-9).tolist() == counted.fillna(-9).tolist() == [1, 10, 1, -9]
