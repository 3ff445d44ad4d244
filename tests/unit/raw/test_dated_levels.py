"""Without their dates, names of visits and levels stay as many as they were."""

import pandas as pd

from alsdecline.raw.dated_levels import levels_without_dates, with_levels

KEY = b"0123456789abcdef"


def _told(column: str, *frames: pd.DataFrame, key: bytes = KEY) -> list[list[str]]:
    told = levels_without_dates(frames, [column], key, "S1")[column]
    return [with_levels(frame, column, told).tolist() for frame in frames]


def _visits(**visits: list[str]) -> pd.DataFrame:
    pairs = [(patient, visit) for patient, of in visits.items() for visit in of]
    return pd.DataFrame(pairs, columns=["patient", "visit"])


def test_visits_that_differ_by_dates_stay_apart_and_agree_in_all_tables() -> None:
    dates = [f"Extra 2024-03-{day:02}" for day in range(1, 10)]
    visits = _visits(P1=["Week 0", *dates], P2=["Extra 2024-03-05"])
    values = visits.iloc[::-1].reset_index(drop=True)
    of_visits, of_values = _told("visit", visits, values)
    assert sorted(of_visits[1:-1]) == [f"Extra (date {i})" for i in range(1, 10)]
    assert of_visits[1:-1] != sorted(of_visits[1:-1])
    assert (of_visits[0], of_visits[-1]) == ("Week 0", "Extra (date)")
    assert of_values == of_visits[::-1]
    assert _told("visit", visits, key=b"another") != [of_visits]


def test_levels_that_differ_by_dates_stay_apart_for_all_patients() -> None:
    frame = pd.DataFrame(
        {
            "patient": ["P1", "P2", "P3", "P4", "P5"],
            "cohort": ["2024-01", "2024-02", "2024-01", "none", "(date)"],
        }
    )
    (told,) = _told("cohort", frame)
    assert told[0] == told[2]
    assert {*told} == {"(date 1)", "(date 2)", "(date 3)", "none"}
