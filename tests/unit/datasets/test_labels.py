"""Labels stand beside the datasets that analyses read, never in them."""

from pathlib import Path

from alsdecline.datasets.labels import labelled_adsl, labelled_bds
from support.hand_trial import datasets_of, plan_of, rows

ARMS = {"a": "Arm A", "b": "Arm B"}


def test_labels_follow_what_they_are_of(tmp_path: Path) -> None:
    adsl, values, _ = datasets_of(tmp_path, plan_of())
    labelled = labelled_adsl(adsl, ARMS)
    assert list(labelled.columns)[2:5] == ["ARMCD", "TRT01P", "TRT01PN"]
    assert rows(labelled, "USUBJID", "TRT01P") == [("P1", "Arm A"), ("P2", "Arm B")]
    score = labelled_bds(values["score"], ARMS, "Score")
    assert list(score.columns)[2:6] == ["ARMCD", "TRTP", "PARAMCD", "PARAM"]
    assert set(rows(score, "ARMCD", "TRTP", "PARAM")) == {
        ("a", "Arm A", "Score"),
        ("b", "Arm B", "Score"),
    }


def test_all_else_is_as_it_was(tmp_path: Path) -> None:
    _, values, _ = datasets_of(tmp_path, plan_of())
    score = labelled_bds(values["score"], ARMS, "Score")
    assert score.drop(columns=["TRTP", "PARAM"]).equals(values["score"])


def test_other_labels_make_the_same_datasets(tmp_path: Path) -> None:
    groups = [
        {"id": "a", "label": "Placebo", "dose": 0},
        {"id": "b", "label": "Verum", "dose": 2},
    ]
    renamed = plan_of({"label": "Points"}, arms={"reference": "a", "groups": groups})
    adsl, values, _ = datasets_of(tmp_path, renamed)
    adsl_before, values_before, _ = datasets_of(tmp_path, plan_of())
    assert adsl.equals(adsl_before)
    assert values["score"].equals(values_before["score"])
