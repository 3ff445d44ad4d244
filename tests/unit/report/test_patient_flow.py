"""The flow of the patients has the stages that the data have, and fits a phone."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from alsdecline.report.patient_flow import LETTERS, Flow, patient_flow
from alsdecline.report.plan import DescribedPlan, ReportPlan
from alsdecline.settings.data import Arm, Arms
from alsdecline.value_ids import ROW_ID

PHONE = 350
"""Pixels of the width of a phone that a picture has."""

LETTER = 7.5
"""Pixels of a letter of the boxes' words, at most."""


def plan(labels: list[str], population: str = "all") -> ReportPlan:
    ids = [f"a{n}" for n in range(len(labels))]
    return ReportPlan.model_construct(
        trial=SimpleNamespace(blinded=False),
        arms=Arms(
            reference="a0",
            groups=[
                Arm(id=one, label=label) for one, label in zip(ids, labels, strict=True)
            ],
        ),
        outcomes=[SimpleNamespace(id="limb", label="Limb")],
        estimands=[
            SimpleNamespace(id="rate", outcome="limb", population=population),
        ],
        primary="rate",
        populations={"ITTFL": "Dosed once"},
    )


def tables(arms: int, statuses: dict[tuple[str, str], int]) -> dict[str, pd.DataFrame]:
    rows: list[dict[str, Any]] = [
        {
            "status": status,
            "reason": reason or None,
            "arm": arm,
            "n": n,
            ROW_ID: f"d/{status}/{reason}/{arm}",
        }
        for arm in [*(f"a{n}" for n in range(arms)), "all"]
        for (status, reason), n in statuses.items()
    ]
    analysed = [
        {"outcome": outcome, "arm": f"a{n}", "patients": 4, ROW_ID: f"{outcome}/a{n}"}
        for n in range(arms)
        for outcome in ("limb", "fvc")
    ]
    return {
        "disposition": pd.DataFrame(rows),
        "numbers_analysed": pd.DataFrame(analysed),
    }


WHOLE = {
    ("randomized", ""): 5,
    ("dosed", ""): 5,
    ("in the population", "Dosed once"): 5,
    ("in the population", "Another"): 2,
    ("completed", ""): 2,
    ("withdrawn", ""): 2,
    ("withdrawn", "adverse event"): 1,
    ("withdrawn", "moved"): 0,
    ("died", ""): 1,
    ("no record of the end", ""): 0,
}


def stages(flow: Flow) -> list[str]:
    return [f"{box.number} {box.word}" for box in flow.arms[0].boxes]


def test_an_arm_has_its_stages_and_below_them_who_was_lost_and_why() -> None:
    flow = patient_flow(plan(["Low", "High"]), tables(2, WHOLE))
    assert stages(flow) == ["5 randomised", "5 treated", "2 completed", "4 analysed"]
    said = [line.text for line in flow.arms[1].lines]
    assert said == ["2 withdrew: adverse event 1", "1 died"]
    assert flow.entered == "5"


def test_each_number_has_the_id_of_its_value() -> None:
    flow = patient_flow(plan(["Low", "High"]), tables(2, WHOLE))
    boxes = [box.number.ids for box in flow.arms[1].boxes]
    assert boxes[0] == ("d/randomized//a1:n",)
    assert boxes[-1] == ("limb/a1:patients",)
    assert flow.entered.ids == ("d/randomized//all:n",)
    assert flow.arms[0].lines[0].text.ids == (
        "d/withdrawn//a0:n",
        "d/withdrawn/adverse event/a0:n",
    )


def test_what_the_data_do_not_have_is_left_out() -> None:
    flow = patient_flow(plan(["Low", "High"]), tables(2, {("randomized", ""): 5}))
    assert stages(flow) == ["5 randomised", "4 analysed"]
    assert flow.arms[0].lines == []


def test_one_arm_is_enrolled_and_has_no_sum_above_it() -> None:
    flow = patient_flow(plan(["Only"]), tables(1, WHOLE))
    assert stages(flow)[0] == "5 enrolled"
    assert flow.entered == ""


def test_while_blinded_all_are_randomised_and_nobody_is_analysed() -> None:
    blinded = DescribedPlan.model_construct(
        trial=SimpleNamespace(blinded=True),
        arms=Arms(reference="a0", groups=[Arm(id="a0", label="All patients")]),
        outcomes=[],
    )
    undosed = {key: n for key, n in WHOLE.items() if key[0] != "dosed"}
    flow = patient_flow(blinded, tables(1, undosed))
    assert stages(flow) == ["5 randomised", "2 completed"]
    assert [line.text for line in flow.arms[0].lines] == [
        "2 withdrew: adverse event 1",
        "1 died",
    ]
    assert flow.outcome == ""


def test_who_is_in_the_population_of_the_primary_estimand_is_told() -> None:
    flow = patient_flow(plan(["Low", "High"], "ITTFL"), tables(2, WHOLE))
    assert flow.arms[0].lines[0].text == "5 in the population Dosed once"


@pytest.mark.parametrize("arms", [1, 2, 3, 5])
def test_boxes_of_any_number_of_arms_hold_their_words_on_a_phone(arms: int) -> None:
    label = "A label of an arm that is much longer than a phone is wide"
    flow = patient_flow(
        plan([f"{label} {n}" for n in range(arms)]), tables(arms, WHOLE)
    )
    assert len(flow.arms) == arms
    for arm in flow.arms:
        assert all(len(part) <= LETTERS for part in arm.name.parts)
        assert "".join(arm.name.parts).replace(" ", "") == arm.name.text.replace(
            " ", ""
        )
        ends = [0.0]
        for box in arm.boxes:
            assert box.at >= ends[-1]
            assert box.width / 100 * PHONE >= LETTER * len(box.word)
            ends.append(box.at + box.width)
        assert ends[-1] <= 100
