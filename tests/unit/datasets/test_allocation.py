"""The arms from a file of their own: each patient has one there, and only there."""

from pathlib import Path

import pytest

from support.configurations import told_at_its_line
from support.hand_trial import datasets_of, findings_in, plan_of, rows, told
from support.trial_folder import PROJECT

CONFIG = (PROJECT / "config.yaml").read_text(encoding="utf-8")
PLAN = plan_of(data={"allocation": {"file": "allocation.csv"}})
SUBJECTS = "patient,randomisation_date\nP1,2020-01-01\nP2,2020-02-01\n"
EXPOSURE = {"exposure": {"file": "exposure.csv"}}

ONE_OF_TWO = (
    "if the patient was allocated twice, leave out the row that does not count by an "
    "exclusion in `data: decisions:`; one that was entered in error goes"
)


def test_the_arm_is_that_of_the_allocation_file(tmp_path: Path) -> None:
    allocation = "patient,arm\nP2,a\nP1,b\n"
    adsl, values, _ = datasets_of(
        tmp_path, PLAN, subjects=SUBJECTS, allocation=allocation
    )
    assert rows(adsl, "USUBJID", "ARMCD") == [
        ("P1", "b"),
        ("P2", "a"),
    ]
    of_patients = values["score"].drop_duplicates("USUBJID")
    assert rows(of_patients, "USUBJID", "ARMCD") == [("P1", "b"), ("P2", "a")]


def test_an_arm_column_of_the_subjects_file_is_not_used(tmp_path: Path) -> None:
    # it contradicts the allocation, and has an arm that the plan has not
    subjects = "patient,arm,randomisation_date\nP1,a,2020-01-01\nP2,c,2020-02-01\n"
    adsl, _, _ = datasets_of(
        tmp_path, PLAN, subjects=subjects, allocation="patient,arm\nP1,b\nP2,a\n"
    )
    assert rows(adsl, "USUBJID", "ARMCD") == [("P1", "b"), ("P2", "a")]


def test_columns_rows_and_values_are_selected_as_in_other_files(
    tmp_path: Path,
) -> None:
    table = {
        "file": "allocation.csv",
        "columns": {"patient": "id", "arm": "kit"},
        "where": {"status": ["final"]},
        "recode": {"arm": {"1": "a", "2": "b"}},
    }
    allocation = "id,kit,status\nP1,1,draft\nP1,2,final\nP2,1,final\n"
    adsl, _, _ = datasets_of(
        tmp_path,
        plan_of(data={"allocation": table}),
        subjects=SUBJECTS,
        allocation=allocation,
    )
    assert rows(adsl, "USUBJID", "ARMCD") == [("P1", "b"), ("P2", "a")]


# rows of the allocation file, and all that is said of them
FAULTS: dict[str, tuple[str, list[str]]] = {
    "a patient without an allocation": (
        "P1,a\n",
        [
            (
                "fatal: allocation.csv, column arm: no patient in arm 'b', but in 'a'; "
                "if the file calls it otherwise, say so under `recode:`, as `recode: "
                "{arm: {NAME: b}}`; if nobody was in it, take it out of `arms: groups:`"
                " in config.yaml [empty_arm]"
            ),
            (
                "fatal: subjects.csv, row 3, column patient, value 'P2': no allocation "
                "in allocation.csv; add the patient there, or correct it. "
                "One who was not randomised is left out by `where:` below `data: "
                "subjects:` [no_allocation]"
            ),
        ],
    ),
    "an unknown patient": (
        "P1,a\nP2,b\nP3,b\n",
        [
            (
                "fatal: allocation.csv, row 4, column patient, value 'P3': no such "
                "patient in subjects.csv; add the patient there or correct it. "
                "One who was not randomised is listed there and left out by `where:` "
                "[unknown_patient]"
            )
        ],
    ),
    "two allocations": (
        "P1,a\nP2,b\nP1,b\n",
        [
            (
                "fatal: allocation.csv, row 4, column patient, value 'P1': same "
                f"patient as row 2; {ONE_OF_TWO} [duplicate_allocation]"
            )
        ],
    ),
    "an unknown arm": (
        "P1,a\nP2,b\nP2,c\n",
        [
            (
                "fatal: allocation.csv, row 4, column arm, value 'c': not one of a, b; "
                "correct it, or say under `recode:` in config.yaml what it stands for, "
                "as `recode: {arm: {c: MEANING}}`; or, if it is an arm of the plan, "
                "list it below `arms: groups:`; if its patients are not analysed, "
                "leave them out by `where:` [not_permitted]"
            ),
            (
                "fatal: allocation.csv, row 4, column patient, value 'P2': same "
                f"patient as row 3; {ONE_OF_TWO} [duplicate_allocation]"
            ),
        ],
    ),
    "no arm": (
        "P1,a\nP2,b\nP2,\n",
        [
            (
                "fatal: allocation.csv, row 4, column arm: the cell is empty; a "
                "patient who was not randomised is left out, visits and all, by "
                "`where:` below `data: subjects:` with values that those who were have "
                "there [required]"
            ),
            (
                "fatal: allocation.csv, row 4, column patient, value 'P2': same "
                f"patient as row 3; {ONE_OF_TWO} [duplicate_allocation]"
            ),
        ],
    ),
    "no rows": (
        "",
        [
            (
                "fatal: allocation.csv: the file has a header but no rows; at least "
                "one row is needed [no_rows]"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_with_the_allocation_is_told(name: str, tmp_path: Path) -> None:
    lines, expected = FAULTS[name]
    _, found = findings_in(
        tmp_path, PLAN, subjects=SUBJECTS, allocation=f"patient,arm\n{lines}"
    )
    assert told(found) == expected


def test_a_dose_is_held_to_the_arm_of_the_allocation(tmp_path: Path) -> None:
    _, found = findings_in(
        tmp_path,
        plan_of(data={"allocation": {"file": "allocation.csv"}} | EXPOSURE),
        subjects=SUBJECTS,
        allocation="patient,arm\nP1,b\nP2,a\n",
        exposure="patient,date,dose\nP1,2020-01-01,2\nP2,2020-02-01,2\n",
    )
    assert [(f.rule, f.row, f.value) for f in found] == [("dose_of_arm", 3, "2")]


def test_the_subjects_have_no_name_for_an_arm_that_stands_elsewhere() -> None:
    old = "    columns: {patient: subject_id}\n    characteristics:"
    new = (
        "    columns: {patient: subject_id, arm: group}\n    characteristics:",
        "  allocation:\n    file: data/allocation.csv\n  visits:",
    )
    text = CONFIG.replace("  visits:\n    file", f"{new[1]}\n    file")
    says = (
        "data.subjects.columns.arm: 'arm' is not one of our columns: patient, "
        "randomisation_date, age"
    )
    told_at_its_line(text, (old, new[0], "arm: group", says))
