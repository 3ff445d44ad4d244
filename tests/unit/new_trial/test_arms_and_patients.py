"""Who is taken for a patient, and what for an arm."""

import pytest

from support.new_trials import make, renamed, visits


@pytest.mark.parametrize(
    "name",
    [
        *("trt", "Treatment Group", "therapy", "投与群", "ARMCD"),
        *("Treatment arm (choice=drug)", "Arm [as randomised]"),
    ],
)
def test_names_of_arms_in_the_fields_words(tmp_path, name):
    assert make(tmp_path, renamed(visits(), arm=name)).guessed("arm") == name


@pytest.mark.parametrize(
    "name", ["USUBJID", "Subject ID", "patient_no", "Pat.Nr.", "被験者番号", "id"]
)
def test_names_of_patients_in_the_fields_words(tmp_path, name):
    assert make(tmp_path, renamed(visits(), patient=name)).guessed("patient") == name


def test_numeric_codes_are_arms(tmp_path):
    rows = [
        row | {"arm": {"active": "1", "placebo": "0"}[row["arm"]]} for row in visits()
    ]
    made = make(tmp_path, rows, reference="0")

    assert made.faults == ""
    assert 'reference: "0"' in made.config
    assert '- {id: "0"}' in made.config


def test_japanese_arms_get_ids_and_keep_their_labels(tmp_path):
    rows = [
        row | {"arm": {"active": "実薬", "placebo": "プラセボ"}[row["arm"]]}
        for row in visits()
    ]
    made = make(tmp_path, renamed(rows, arm="投与群", patient="症例番号"))

    assert made.faults == ""
    assert 'label: "プラセボ"' in made.config
    assert 'arm: {"プラセボ": arm_1, "実薬": arm_2}' in made.config


def test_no_arm_is_one_arm_alone(tmp_path):
    rows = [{k: v for k, v in row.items() if k != "arm"} for row in visits()]
    made = make(tmp_path, rows)

    assert made.guessed("arm") == "one arm alone"
    assert made.decisions == ["data"]


def test_an_arm_that_varies_within_a_patient_is_refused(tmp_path):
    rows = visits()
    rows[1]["arm"] = "placebo"
    made = make(tmp_path, rows)

    assert (
        "column 'arm', taken as the arm by its name: differs within 1 patient:"
        in made.faults
    )
    assert "P01 (rows 2, 3, 4)" in made.faults
    assert made.config == ""


def test_an_arm_with_more_values_than_arms_is_refused(tmp_path):
    rows = [row | {"arm": f"site {row['patient']}"} for row in visits(patients=20)]

    assert "more than the 8 arms" in make(tmp_path, rows).faults


def test_an_arm_of_one_patient_is_taken_as_a_slip(tmp_path):
    rows = [
        row | {"arm": "Placebo"} if row["patient"] == "P01" else row for row in visits()
    ]

    assert (
        "'Placebo' has one patient alone; a slip in writing"
        in make(tmp_path, rows).faults
    )


def test_two_columns_of_patients_that_disagree_are_refused(tmp_path):
    rows = [row | {"subject": row["patient"][-1]} for row in visits(patients=12)]

    assert (
        "'patient' and 'subject' may both be the patient" in make(tmp_path, rows).faults
    )
    assert make(tmp_path, rows, patient="patient").faults == ""


def test_two_columns_of_patients_that_agree_are_taken(tmp_path):
    rows = [row | {"subject": f"S-{row['patient']}"} for row in visits()]

    made = make(tmp_path, rows)
    assert made.faults == ""
    assert made.guessed("patient") == "patient"


def test_a_file_without_patients_names_its_columns(tmp_path):
    rows = [{"a": row["week"], "b": row["alsfrs_r"]} for row in visits()]

    assert "say which by --patient COLUMN, of a, b" in make(tmp_path, rows).faults


def test_an_arm_in_the_first_row_of_each_patient_alone_has_a_way(tmp_path):
    rows = visits()
    seen = set()
    for row in rows:
        if row["patient"] in seen:
            row["arm"] = ""
        seen.add(row["patient"])
    made = make(tmp_path, rows)

    assert "fill them in, or give a file with a row a patient too" in made.faults
