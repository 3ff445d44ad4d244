"""Values of a population, and those up to the last dose, where no others count."""

import pandas as pd

from alsdecline.datasets.study_time import analysed_values

ADSL = pd.DataFrame(
    {
        "USUBJID": ["P1", "P2", "P3"],
        "SAFFL": ["Y", "Y", "N"],
        "TRTEDT": pd.to_datetime(["2020-02-01", "2020-03-01", None]),
    }
)
BDS = pd.DataFrame(
    {
        "USUBJID": ["P1", "P1", "P1", "P2", "P2", "P3", "P3"],
        "ADT": pd.to_datetime(
            [
                *("2020-01-01", "2020-02-01", "2020-02-02"),
                *("2020-01-01", "2020-02-29"),
                *("2020-01-01", "2020-01-15"),
            ]
        ),
        "ARELTM": [0.0, 31.0, 32.0, 0.0, 59.0, 0.0, 14.0],
    }
)


def days(population: str, *, until_last_dose: bool) -> list[tuple[str, int]]:
    kept = analysed_values(BDS, ADSL, population, until_last_dose=until_last_dose)
    return list(zip(kept["USUBJID"], kept["ARELTM"], strict=True))


def test_all_values_count_unless_told() -> None:
    assert len(days("", until_last_dose=False)) == len(BDS)


def test_a_population_has_its_own_patients_alone() -> None:
    assert {patient for patient, _ in days("SAFFL", until_last_dose=False)} == {
        "P1",
        "P2",
    }


def test_values_after_the_day_of_the_last_dose_are_left_out() -> None:
    """Of P3, who had no dose, what follows time zero."""
    assert days("", until_last_dose=True) == [
        ("P1", 0),
        ("P1", 31),
        ("P2", 0),
        ("P2", 59),
        ("P3", 0),
    ]
