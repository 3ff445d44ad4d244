"""Of one cause one finding is told; what it hides is told once it is remedied."""

from pathlib import Path

import pytest

from alsdecline.raw.files import read_trial_files
from alsdecline.validation.follow_ups import without_follow_ups
from support.hand_trial import findings_in, plan_of
from support.trial_folder import (
    Edit,
    added_row,
    cell,
    content,
    copy_bundled_trial,
    findings_of,
    row_text,
    together,
    without_column,
)

SUBJECTS, VISITS = "data/subjects.csv", "data/visits.csv"

CAUSES: dict[str, tuple[Edit, tuple[str, str]]] = {
    "a row of the subjects has too many cells": (
        row_text(SUBJECTS, 2, "IGF-001,high,2003-03-17,M,80,bulbar,39.1,N,"),
        ("row_cells", SUBJECTS),
    ),
    "a row of the subjects is nobody's": (
        cell(SUBJECTS, 2, "subject_id", ""),
        ("required", SUBJECTS),
    ),
    "the visits do not say whose they are": (
        without_column(VISITS, "subject_id"),
        ("column_missing", VISITS),
    ),
    "the row of a baseline has too few cells": (
        row_text(VISITS, 2, "IGF-001,0"),
        ("row_cells", VISITS),
    ),
    "a baseline is no number": (
        cell(VISITS, 2, "fvc_percent", "high"),
        ("not_a_number", VISITS),
    ),
    "a part of a total is no number": (
        cell(VISITS, 5, "norris_limb", "high"),
        ("not_a_number", VISITS),
    ),
}


@pytest.mark.parametrize(("edit", "found"), CAUSES.values(), ids=list(CAUSES))
def test_one_cause_is_one_finding(
    tmp_path: Path, edit: Edit, found: tuple[str, str]
) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    edit(trial)
    assert [(f.rule, f.file) for f in findings_of(trial)] == [found]


def test_a_patient_that_no_lost_row_can_be_is_told_beside_it(tmp_path: Path) -> None:
    """Two are unknown, and one row alone could not be read."""
    trial = copy_bundled_trial(tmp_path / "trial")
    together(
        row_text(SUBJECTS, 2, "IGF-001,high"),
        added_row("data/events.csv", "STRANGER,completed,2004-03-17,"),
    )(trial)
    told = {(f.rule, f.value) for f in findings_of(trial)}
    assert ("unknown_patient", "STRANGER") in told


def test_other_files_are_checked_where_one_cannot_be_read(tmp_path: Path) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    together(
        content(VISITS, lambda text: text.replace(b",", b";")),
        cell("data/events.csv", 2, "event_date", "soon"),
        cell(SUBJECTS, 2, "age", "old"),
    )(trial)
    assert {(f.rule, f.file) for f in findings_of(trial)} == {
        ("separator", VISITS),
        ("not_a_date", "data/events.csv"),
        ("not_a_number", SUBJECTS),
    }


COURSES = [
    "41 40 40 39 36",
    "38 36 {0} {0} {0}",
    "44 44 42 42 40",
    "35 33 31 30 22",
    "{0} {0} {0} {0} {0}",
    "43 41 40 38 35",
]


def _told_of(folder: Path, courses: list[str], **scale: object) -> set[str]:
    """Return rule and row of what is told of patients with a visit every 4 weeks."""
    subjects, visits = ["patient,arm,randomisation_date"], ["patient,visit_week,score"]
    for patient, course in enumerate(courses):
        subjects.append(f"P{patient},{'ab'[patient % 2]},2020-01-01")
        values = enumerate(course.split())
        visits += [f"P{patient},{4 * visit},{value}" for visit, value in values]
    plan = plan_of(
        data={"visits": {"time": "week"}},
        scales={"score": scale},
        visits={"weeks": [0, 4, 8, 12, 16], "window_days": None},
        time_origin="baseline",
    )
    texts = {"subjects": "\n".join(subjects), "visits": "\n".join(visits)}
    _, found = findings_in(folder, plan, **texts)
    return {f"{f.rule} {f.row}" for f in without_follow_ups(plan, found)}


def test_right_values_beside_codes_for_none_are_not_doubted(tmp_path: Path) -> None:
    """38 and 36 were, of which 101 and 67 would be expected beside 99."""
    scale = {"maximum": 102, "item_maxima": [34, 34, 34]}
    courses = [course.format(99) for course in COURSES]
    assert _told_of(tmp_path, courses, **scale) == {"sentinel 9"}


def test_of_a_patient_in_another_unit_no_value_is_told_beside_it(
    tmp_path: Path,
) -> None:
    scale = {"maximum": None, "whole_points": False, "item_maxima": []}
    courses = [course.format(37) for course in COURSES]
    assert _told_of(tmp_path, courses, **scale) == set()
    courses[3] = "3094 2917 2741 2652 1945"  # each 88.4 times as many
    assert _told_of(tmp_path, courses, **scale) == {"unit_differs 17"}


def test_visits_without_the_column_of_their_plan_are_not_told_one_by_one(
    tmp_path: Path,
) -> None:
    trial = copy_bundled_trial(tmp_path / "trial")
    without_column(VISITS, "visit_week")(trial)
    assert [(f.rule, f.column) for f in findings_of(trial)] == [
        ("column_missing", "visit_week")
    ]


def test_a_key_of_a_preset_that_no_row_has_is_nobodys_slip(tmp_path: Path) -> None:
    own = {"WITHDRAWAL BY SUBJECT": "withdrawn", "DEATH": "died", "Deth": "died"}
    table = {"file": "events.csv", "recode": {"event": own}}
    events = "patient,event,date,reason\nP1,WITHDRAWAL BY SUBJECT,2020-02-27,\n"
    plan = plan_of(data={"events": table})
    findings_in(tmp_path, plan, events=events)  # of whom notes are not listed
    _, found = read_trial_files(plan, tmp_path)
    assert [f.value for f in found if f.rule == "unused_key"] == ["Deth"]
