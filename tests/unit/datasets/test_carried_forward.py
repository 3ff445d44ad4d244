"""Which value stands for a visit, and what is carried to visits that have none.

Values that are carried stand in comparisons at a visit alone: no model sees them.
"""

from pathlib import Path

import pandas as pd
import pytest

from alsdecline.analyses.supplementary import model_frame
from alsdecline.datasets.bds import analysis_flags, carried_forward
from alsdecline.datasets.study_time import model_observations, observed_values
from alsdecline.settings.supplementary import MixedModel
from alsdecline.settings.visits import Visits
from support.hand_trial import datasets_of, plan_of, rows

WINDOWS = [
    {"week": 0, "to_day": 1, "target_day": 1},
    {"week": 4, "from_day": 2, "to_day": 42, "target_day": 29},
    {"week": 8, "from_day": 43, "to_day": 70, "target_day": 57},
]
VISITS = Visits.model_validate({"weeks": [0, 4, 8], "windows": WINDOWS})


def flags(*values: tuple[str, int, float | None], baselines: tuple[int, ...] = ()):
    """Flag values of study days, which skip 0."""
    frame = pd.DataFrame(values, columns=["USUBJID", "ADY", "AVISITN"])
    frame["ARELTM"] = frame["ADY"] - (frame["ADY"] > 0)
    return list(analysis_flags(frame, pd.Index(baselines), VISITS))


def test_the_value_closest_to_the_target_day_stands_for_its_window() -> None:
    # 27, 2 and 8 days from day 29
    assert flags(("P1", 2, 4), ("P1", 27, 4), ("P1", 37, 4)) == ["", "Y", ""]


def test_of_equally_close_values_the_earlier_stands() -> None:
    assert flags(("P1", 26, 4), ("P1", 32, 4)) == ["Y", ""]


def test_the_target_is_of_each_patient_and_window_by_itself() -> None:
    assert flags(
        ("P1", 2, 4), ("P1", 60, 8), ("P1", 70, 8), ("P2", 3, 4), ("P2", 43, 8)
    ) == ["Y", "Y", "", "Y", "Y"]


def test_the_baseline_stands_for_its_window_however_close_another_is() -> None:
    days = [("P1", -10, 0.0), ("P1", -3, 0.0), ("P1", 1, 0.0)]
    assert flags(*days, baselines=(1,)) == ["", "Y", ""]


def test_a_value_outside_all_windows_stands_for_none() -> None:
    assert flags(("P1", 29, 4), ("P1", 71, None)) == ["Y", ""]


def test_without_windows_every_value_stands_for_its_visit() -> None:
    frame = pd.DataFrame({"USUBJID": "P1", "ARELTM": [0, 39], "AVISITN": [0, 5.7]})
    visits = Visits(weeks=[0, 4], window_days=6)
    assert list(analysis_flags(frame, pd.Index([0]), visits)) == ["Y", "Y"]


# P1: week 0 on day 1, days 20 and 30 in the window of week 4, day 71 in none; P2: the
# baseline alone; P3: no baseline
RAW = """\
patient,visit_date,score
P1,2020-01-01,8
P1,2020-01-20,7
P1,2020-01-30,6
P1,2020-03-11,3
P2,2020-02-01,9
P3,2020-03-29,5
"""
SUBJECTS = (
    "patient,arm,randomisation_date\nP1,a,2020-01-01\nP2,b,2020-02-01\n"
    "P3,b,2020-03-01\n"
)
OBSERVED = [
    ("P1", 0, 1, 8, "Y", ""),
    ("P1", 4, 20, 7, "", ""),
    ("P1", 4, 30, 6, "Y", ""),
    ("P1", None, 71, 3, "", ""),
    ("P2", 0, 1, 9, "Y", ""),
    ("P3", 4, 29, 5, "Y", ""),
]
COLUMNS = ["USUBJID", "AVISITN", "ADY", "AVAL", "ANL01FL", "DTYPE"]


def values(folder: Path, carry: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    plan = plan_of(
        visits={"window_days": None, "windows": WINDOWS, "carry_forward": carry}
    )
    adsl, datasets, _ = datasets_of(folder, plan, subjects=SUBJECTS, visits=RAW)
    return adsl, datasets["score"]


def test_nothing_is_carried_unless_it_is_planned(tmp_path: Path) -> None:
    _, score = values(tmp_path, "none")
    assert rows(score, *COLUMNS) == OBSERVED


def test_the_last_analysis_value_is_carried_to_visits_without_one(
    tmp_path: Path,
) -> None:
    _, score = values(tmp_path, "post_baseline")
    carried = score[score["DTYPE"] == "LOCF"]
    # day 30's 6, not that of day 20, nor day 71's, which is of no visit
    assert rows(carried, *COLUMNS[:5], "ADT", "BASE", "CHG") == [
        ("P1", 8, 30, 6, "Y", "2020-01-30", 8, -2),
        ("P3", 8, 29, 5, "Y", "2020-03-29", None, None),
    ]
    observed = score[score["DTYPE"] == ""]
    key = ["USUBJID", "ADY"]
    assert rows(observed.sort_values(key), *COLUMNS) == OBSERVED


def test_a_baseline_is_carried_where_the_plan_says_so(tmp_path: Path) -> None:
    _, score = values(tmp_path, "baseline")
    carried = score[score["DTYPE"] == "LOCF"]
    assert rows(carried, *COLUMNS[:4], "ABLFL", "CHG", "AVISIT") == [
        ("P1", 8, 30, 6, "", -2, "Week 8"),
        ("P2", 4, 1, 9, "", 0, "Week 4"),
        ("P2", 8, 1, 9, "", 0, "Week 8"),
        ("P3", 8, 29, 5, "", None, "Week 8"),
    ]
    # one baseline a patient, and it is the value that was measured
    assert rows(score[score["ABLFL"] == "Y"], "USUBJID", "DTYPE") == [
        ("P1", ""),
        ("P2", ""),
    ]


@pytest.mark.parametrize("past", [False, True])
def test_nothing_is_carried_past_death_unless_the_plan_says_so(past: bool) -> None:
    """P1 dies 44 days on: week 4 is planned for day 28, week 8 for day 56."""
    frame = pd.DataFrame(
        {
            "USUBJID": ["P1", "P2"],
            "AVISITN": [0.0, 0.0],
            "ARELTM": [0.0, 0.0],
            "AVAL": [9.0, 8.0],
            "ABLFL": "Y",
            "ANL01FL": "Y",
            "DTYPE": "",
        }
    )
    settings = {"weeks": [0, 4, 8], "windows": WINDOWS, "carry_forward": "baseline"}
    visits = Visits.model_validate(settings | {"carried_past_death": past})
    found = carried_forward(frame, visits, {"P1": 44.0})
    carried = found[found["DTYPE"] == "LOCF"]
    weeks = carried.groupby("USUBJID")["AVISITN"].apply(list).to_dict()
    assert weeks == {"P1": [4, 8] if past else [4], "P2": [4, 8]}
    by_weeks = Visits.model_validate(
        {"weeks": [0, 4, 8], "carry_forward": "baseline", "carried_past_death": past}
    )
    at_27 = carried_forward(frame, by_weeks, {"P1": 27.0})
    of_first = at_27[(at_27["DTYPE"] == "LOCF") & (at_27["USUBJID"] == "P1")]
    assert list(of_first["AVISITN"]) == ([4, 8] if past else [])


@pytest.mark.parametrize("carry", ["post_baseline", "baseline"])
def test_each_patient_has_at_most_one_analysis_value_a_visit(
    carry: str, tmp_path: Path
) -> None:
    _, score = values(tmp_path, carry)
    standing = score[score["ANL01FL"] == "Y"]
    assert not standing.duplicated(["USUBJID", "AVISITN"]).any()


def test_a_carried_value_has_the_sequence_number_of_its_source(tmp_path: Path) -> None:
    _, score = values(tmp_path, "baseline")
    of_p1 = score[score["USUBJID"] == "P1"]
    assert rows(of_p1, "AVISITN", "DTYPE", "SRCSEQ") == [
        (0, "", 1),
        (4, "", 2),
        (4, "", 3),
        (8, "LOCF", 3),
        (None, "", 4),
    ]


def test_a_value_between_two_others_is_carried_from_the_earlier() -> None:
    frame = pd.DataFrame(
        {
            "USUBJID": ["P1", "P1"],
            "AVISITN": [0.0, 8.0],
            "ARELTM": [0.0, 56.0],
            "AVAL": [8.0, 5.0],
            "ABLFL": ["Y", ""],
            "ANL01FL": "Y",
            "DTYPE": "",
        }
    )
    visits = Visits(weeks=[0, 4, 8], window_days=6, carry_forward="baseline")
    found = carried_forward(frame, visits, {})
    assert rows(found, "AVISITN", "AVAL", "DTYPE") == [
        (0, 8, ""),
        (4, 8, "LOCF"),
        (8, 5, ""),
    ]


def test_where_there_are_no_values_none_is_carried() -> None:
    columns = ["USUBJID", "AVISITN", "ARELTM", "AVAL", "ABLFL", "ANL01FL", "DTYPE"]
    empty = pd.DataFrame(columns=columns).astype({"AVISITN": float, "AVAL": float})
    visits = Visits(weeks=[0, 4], window_days=6, carry_forward="baseline")
    assert carried_forward(empty, visits, {}).empty


def test_no_model_sees_a_carried_value_and_all_see_those_outside_windows(
    tmp_path: Path,
) -> None:
    adsl, score = values(tmp_path, "baseline")
    assert len(score) == len(OBSERVED) + 4
    assert sorted(observed_values(score)["AVAL"]) == [3, 5, 6, 7, 8, 9]
    assert sorted(model_observations(score, "days")["value"]) == [3, 5, 6, 7, 8, 9]
    plan = MixedModel(
        id="m",
        label="M",
        outcome="score",
        baseline="response",
        random=["intercept"],
        time_unit="day",
    )
    seen, fixed, _ = model_frame(plan, adsl, score, ["a", "b"])
    assert sorted(seen["AVAL"]) == [3, 5, 6, 7, 8, 9]
    assert sorted(fixed["time"]) == [0, 0, 19, 28, 29, 70]
