"""ADSL of trials with sites to pool, populations, titration and periods of dosing."""

from pathlib import Path

import pandas as pd
import pytest

from alsdecline.datasets.adsl import pooled_groups, subject_level, with_population_flags
from alsdecline.settings.tables import Pooling
from support.hand_trial import SUBJECTS, datasets_of, findings_in, plan_of, rows, told

POOLING = {"column": "SITEGR", "of": "site", "fewest": 2, "label": "small"}


def pooled(*patients: tuple[str, str], fewest: int = 2) -> list[str]:
    frame = pd.DataFrame(patients, columns=["site", "arm"])
    return list(pooled_groups(frame, Pooling(**POOLING | {"fewest": fewest})))


def test_sites_with_too_few_patients_in_any_arm_are_pooled() -> None:
    big = [("1", "a"), ("1", "a"), ("1", "b"), ("1", "b")]
    few_in_b = [("2", "a"), ("2", "a"), ("2", "b")]
    none_in_a = [("3", "b"), ("3", "b")]
    assert pooled(*big, *few_in_b, *none_in_a) == [*["1"] * 4, *["small"] * 5]


def test_a_site_with_just_enough_patients_in_each_arm_stays() -> None:
    site = [("1", "a")] * 3 + [("1", "b")] * 3
    assert pooled(*site, fewest=3) == ["1"] * 6
    assert pooled(*site, fewest=4) == ["small"] * 6


def test_pooled_sites_are_a_column_of_the_subjects(tmp_path: Path) -> None:
    plan = plan_of(data={"subjects": {"pooled": [POOLING]}})
    header, p1, p2 = SUBJECTS.strip().split("\n")
    subjects = f"{header},site\n{p1},701\n{p2},702\n"
    adsl, _, _ = datasets_of(tmp_path, plan, subjects=subjects)
    assert rows(adsl, "USUBJID", "SITEGR") == [("P1", "small"), ("P2", "small")]


def test_a_site_called_like_the_pooled_ones_is_told(tmp_path: Path) -> None:
    plan = plan_of(data={"subjects": {"pooled": [POOLING]}})
    header, p1, p2 = SUBJECTS.strip().split("\n")
    subjects = f"{header},site\n{p1},701\n{p2},small\n"
    _, found = findings_in(tmp_path, plan, subjects=subjects)
    assert told(found) == [
        (
            "fatal: subjects.csv, row 3, column site, value 'small': pooled groups of "
            "SITEGR are called 'small' too; choose another `label` in config.yaml "
            "[pooled_label]"
        )
    ]


@pytest.mark.parametrize("described", [True, False])
def test_a_patient_without_a_site_cannot_be_pooled(
    described: bool, tmp_path: Path
) -> None:
    site = [{"column": "site", "label": "Site", "kind": "category"}]
    plan = plan_of(
        data={
            "subjects": {
                "pooled": [POOLING],
                "characteristics": site if described else [],
            }
        }
    )
    header, p1, p2 = SUBJECTS.strip().split("\n")
    _, found = findings_in(tmp_path, plan, subjects=f"{header},site\n{p1},\n{p2},1\n")
    assert [(f.rule, f.row, f.column) for f in found] == [("required", 2, "site")]


EXPOSURE = {"exposure": {"file": "exposure.csv", "columns": {"end_date": "until"}}}
ARMS = [
    {"id": "a", "label": "Arm A", "dose": 0},
    {"id": "b", "label": "Arm B", "dose": 2, "titration": [1, 1.5]},
]


def test_a_population_is_who_was_dosed_and_has_later_values(tmp_path: Path) -> None:
    plan = plan_of(
        data=EXPOSURE,
        populations={
            "EFFFL": {
                "label": "Efficacy",
                "dosed": True,
                "values_after_baseline": ["score"],
            },
            "DOSEDFL": {"label": "Dosed", "dosed": True},
            "SEENFL": {"label": "Seen", "values_after_baseline": ["score"]},
            "ALLFL": {"label": "All"},
        },
        visits={"carry_forward": "baseline"},
    )
    subjects = "patient,arm,randomisation_date\n" + "".join(
        f"P{i},{arm},2020-01-01\n" for i, arm in enumerate("abab", 1)
    )
    # P1 has a value on day 2, P2 one on day 1 alone, P3 was not dosed, P4 has nothing
    visits = (
        "patient,visit_week,visit_date,score\nP1,0,2020-01-01,8\nP1,4,2020-01-02,8\n"
        "P2,0,2020-01-01,9\nP3,0,2020-01-01,8\nP3,4,2020-01-29,8\n"
    )
    exposure = (
        "patient,date,dose,until\nP1,2020-01-01,0,2020-01-09\n"
        "P2,2020-01-01,2,2020-01-09\nP4,2020-01-01,2,2020-01-09\n"
    )
    adsl, values, _ = datasets_of(
        tmp_path, plan, subjects=subjects, visits=visits, exposure=exposure
    )
    # what is carried is no value after baseline
    of_p2 = values["score"][values["score"]["USUBJID"] == "P2"]
    assert list(of_p2["DTYPE"]) == ["", "LOCF", "LOCF"]
    flagged = with_population_flags(plan, adsl, values)
    assert rows(flagged, "USUBJID", "EFFFL", "DOSEDFL", "SEENFL", "ALLFL") == [
        ("P1", "Y", "Y", "Y", "Y"),
        ("P2", "N", "Y", "N", "Y"),
        ("P3", "N", "N", "Y", "Y"),
        ("P4", "N", "Y", "N", "Y"),
    ]


def doses(folder: Path, *lines: str, **arms: object) -> list[str]:
    plan = plan_of(data=EXPOSURE, arms={"groups": ARMS, **arms})
    exposure = "\n".join(["patient,date,dose,until", *lines]) + "\n"
    _, found = findings_in(folder, plan, exposure=exposure)
    return told(found)


def test_doses_of_the_titration_are_those_of_the_arm(tmp_path: Path) -> None:
    lines = [f"P2,2020-02-0{i},{dose},2020-02-0{i}" for i, dose in ((1, 1), (2, 1.5))]
    assert doses(tmp_path, *lines, "P2,2020-02-03,2,2020-02-09") == []


def test_a_dose_that_neither_arm_nor_titration_plans_is_told(tmp_path: Path) -> None:
    remedy = (
        "but the patient is in arm 'b' (2); correct dose or arm if one is wrong, or, "
        "if the plan permits the dose, write `titration: [{}]` below the arm"
    )
    assert doses(tmp_path, "P2,2020-02-01,1.7,2020-02-09") == [
        (
            "warning: exposure.csv, row 2, column dose, value '1.7': of no arm, "
            f"{remedy.format(1.7)} [dose_of_arm]"
        )
    ]
    assert doses(tmp_path, "P2,2020-02-01,0,2020-02-09") == [
        (
            "fatal: exposure.csv, row 2, column dose, value '0': the dose of arm 'a', "
            f"{remedy.format(0)}; if it was given in error, accept it by "
            "`data: decisions:` [dose_of_arm]"
        )
    ]


def test_periods_of_dosing_end_at_the_last_of_their_ends(tmp_path: Path) -> None:
    plan = plan_of(data=EXPOSURE, arms={"groups": ARMS})
    exposure = (
        "patient,date,dose,until\nP2,2020-02-01,1,2020-05-31\n"
        "P2,2020-02-10,2,2020-03-01\nP1,2020-01-01,0,\n"
    )
    adsl, _, _ = datasets_of(tmp_path, plan, exposure=exposure)
    assert rows(adsl, "USUBJID", "TRTSDT", "TRTEDT") == [
        ("P1", "2020-01-01", "2020-01-01"),  # an open period counts as one day
        ("P2", "2020-02-01", "2020-05-31"),
    ]


def test_an_open_period_is_told_and_one_that_ends_early_is_fatal(
    tmp_path: Path,
) -> None:
    assert doses(tmp_path, "P1,2020-01-01,0,", "P2,2020-02-09,2,2020-02-08") == [
        (
            "fatal: exposure.csv, row 3, column until, value '2020-02-08': before its "
            "start on 2020-02-09; correct the date that is wrong [end_before_start]"
        ),
        (
            "warning: exposure.csv, row 2, column until: no end of this period; it "
            "counts as one day. Enter it if it is known [no_end_date]"
        ),
    ]


def test_ends_are_checked_though_the_file_has_our_own_name_for_them(
    tmp_path: Path,
) -> None:
    plan = plan_of(data={"exposure": {"file": "exposure.csv"}})
    exposure = (
        "patient,date,dose,end_date\nP1,2020-01-09,0,2020-01-08\nP2,2020-02-01,2,\n"
    )
    _, found = findings_in(tmp_path, plan, exposure=exposure)
    assert [(f.rule, f.row) for f in found] == [
        ("end_before_start", 2),
        ("no_end_date", 3),
    ]


def test_doses_that_are_no_periods_need_no_end(tmp_path: Path) -> None:
    plan = plan_of(data={"exposure": {"file": "exposure.csv"}})
    exposure = "patient,date,dose\nP1,2020-01-09,0\n"
    _, found = findings_in(tmp_path, plan, exposure=exposure)
    assert found == []


def test_dosing_does_not_go_on_after_death(tmp_path: Path) -> None:
    plan = plan_of(
        data=EXPOSURE | {"events": {"file": "events.csv"}}, arms={"groups": ARMS}
    )
    _, found = findings_in(
        tmp_path,
        plan,
        exposure="patient,date,dose,until\nP2,2020-02-01,2,2020-06-01\n",
        events="patient,event,date\nP2,died,2020-05-01\n",
    )
    assert told(found) == [
        (
            "fatal: exposure.csv, row 2, column until, value '2020-06-01': after the "
            "death on 2020-05-01; look up both, and correct the one that is wrong "
            "[after_death]"
        )
    ]


def test_where_visits_have_no_dates_nor_have_the_subjects(tmp_path: Path) -> None:
    plan = plan_of(
        data={"visits": {"time": "week"}},
        time_origin="baseline",
        visits={"window_days": None},
    )
    files, found = findings_in(
        tmp_path,
        plan,
        subjects="patient,arm\nP1,a\nP2,b\n",
        visits="patient,visit_week,score\nP1,0,8\nP2,0,9\n",
    )
    assert found == []
    adsl = subject_level(plan, files)
    assert rows(adsl, "USUBJID", "RANDDT", "ZERODT", "TRTSDT", "SAFFL", "EOSDT") == [
        ("P1", None, None, None, "", None),
        ("P2", None, None, None, "", None),
    ]


def test_a_date_of_onset_known_in_part_is_kept_as_it_is_known(tmp_path: Path) -> None:
    subjects = (
        "patient,arm,randomisation_date,onset,diagnosed\n"
        "P1,a,2020-01-01,2018-UN,2019-03-05\nP2,b,2020-02-01,2019-06,2019-07-01\n"
    )
    names = {"onset_date": "onset", "diagnosis_date": "diagnosed"}
    plan = plan_of(data={"subjects": {"columns": names}})
    adsl, _, _ = datasets_of(tmp_path, plan, subjects=subjects)
    shown = rows(adsl, "ONSETDT", "ONSETDTC", "DIAGDT")
    assert shown == [(None, "2018", "2019-03-05"), (None, "2019-06", "2019-07-01")]
    assert "DIAGDTC" not in adsl
    # columns that are not named are there by chance
    adsl, _, _ = datasets_of(tmp_path, plan_of(), subjects=subjects)
    assert not {"ONSETDT", "ONSETDTC", "DIAGDT"} & {*adsl}


@pytest.mark.parametrize(
    ("planned", "of_p2", "given"),
    [
        ((None, None), "0", "Y"),  # what most records of an arm have is its dose
        ((None, None), "2", "Y"),
        ((0, 2), "0", "N"),
        ((None, 2), "0", "N"),
    ],
)
def test_a_dose_of_0_was_given_where_the_arm_has_no_other(
    planned: tuple[int | None, ...], of_p2: str, given: str, tmp_path: Path
) -> None:
    groups = [
        {"id": name, "label": name.upper(), "dose": dose}
        for name, dose in zip("ab", planned, strict=True)
    ]
    plan = plan_of(
        data={"exposure": {"file": "doses.csv"}},
        arms={"reference": "a", "groups": groups},
    )
    doses = "patient,date,dose\nP1,2020-01-01,0\nP1,2020-01-29,0\n"
    doses += f"P2,2020-02-01,{of_p2}\nP2,2020-02-29,{of_p2}\n"
    files, _ = findings_in(tmp_path, plan, exposure=doses)
    adsl = subject_level(plan, files)
    assert rows(adsl, "USUBJID", "SAFFL") == [("P1", "Y"), ("P2", given)]
