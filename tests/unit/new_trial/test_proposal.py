"""What new-trial takes of small tables, what it refuses, and what it leaves open."""

import random

import pytest

from alsdecline.new_trial.guesses import Given
from support.new_trials import Made, csv_text, make, renamed, visits

UNSAID = ["reference arm", "data"]
"""What no data tell, of a scale that the catalogue knows."""


def test_a_plain_long_file_leaves_open_only_what_no_data_tell(tmp_path):
    made = make(tmp_path, visits())

    assert made.faults == ""
    assert made.decisions == UNSAID
    assert made.guessed("patient") == "patient"
    assert made.guessed("arm") == "arm"
    assert made.guessed("time") == "week"
    assert made.guessed("unit of time") == "weeks"
    assert made.guessed("outcome") == "alsfrs_r"
    assert made.guessed("scale of alsfrs_r") == "alsfrs_r"


def test_what_is_given_is_no_guess_and_nothing_is_left_to_decide(tmp_path):
    made = make(
        tmp_path, visits(), reference="placebo", data_kind="real", disease="ALS"
    )

    assert made.decisions == []
    assert "reference: placebo  # given" in made.config
    assert "disease: ALS  # given" in made.config


def test_an_unknown_scale_has_its_direction_left_open(tmp_path):
    made = make(tmp_path, renamed(visits(), alsfrs_r="points"))

    assert made.decisions == ["reference arm", "better points", "data"]


@pytest.mark.parametrize(
    "name", ["trt", "Treatment Group", "therapy", "投与群", "ARMCD"]
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


def test_two_values_of_one_patient_and_visit_are_refused(tmp_path):
    rows = visits()
    rows[1]["week"] = "0"

    faults = make(tmp_path, rows).faults
    assert (
        "two values for one patient and week: patient P01 at 0 in rows 2, 3" in faults
    )


def test_a_value_beyond_the_scale_is_refused(tmp_path):
    rows = visits()
    rows[4]["alsfrs_r"] = "49"

    faults = make(tmp_path, rows).faults
    assert "1 value outside ALSFRS-R (0 to 48, whole points): row 6: '49'" in faults


def test_a_value_beyond_the_scale_is_none_where_the_scale_is_another(tmp_path):
    rows = visits()
    rows[4]["alsfrs_r"] = "49"

    assert make(tmp_path, rows, scale="none").faults == ""


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    rows = visits()
    rows[1]["arm"] = "placebo"
    rows[4]["week"] = "0"
    rows[7]["alsfrs_r"] = "51"
    rows[9]["alsfrs_r"] = "not done"

    made = make(tmp_path, rows, reference="drug")
    for fault in (
        "differs within",
        "two values",
        "'51'",
        "'not done'",
        "--reference 'drug'",
    ):
        assert fault in made.faults


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


def test_a_column_that_is_given_but_not_there_is_refused(tmp_path):
    for said in ("patient", "time", "arm", "baseline"):
        assert f"--{said}" in make(tmp_path, visits(), **{said: "nowhere"}).faults
    assert "--outcome" in make(tmp_path, visits(), outcomes=("nowhere",)).faults


def test_several_numbers_without_a_name_are_not_chosen_from(tmp_path):
    draw = random.Random(1)
    rows = [
        renamed([row], alsfrs_r="grip")[0] | {"walk": str(draw.randint(1, 90))}
        for row in visits()
    ]

    assert "2 columns may be the outcome: grip, walk" in make(tmp_path, rows).faults
    made = make(tmp_path, rows, outcomes=("walk", "grip"))
    assert made.config.index("- id: walk") < made.config.index("- id: grip")


@pytest.mark.parametrize(
    ("names", "unit", "recode"),
    [
        (("Baseline", "Week 12", "Week 24"), "weeks", '"Week 12": "12"'),
        (("BL", "M3", "M6"), "months", 'M3: "3"'),
        (("Day 0", "Day 28", "Day 56"), "days", '"Day 28": "28"'),
        (("登録時", "12週", "24週"), "weeks", '"12週": "12"'),
        (("baseline", "4wks", "12wks"), "weeks", '4wks": "4"'),
    ],
)
def test_names_of_visits_tell_their_times(tmp_path, names, unit, recode):
    rows = [row | {"visit": names[int(row["week"]) // 4]} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert made.guessed("unit of time") in ("", unit)
    assert recode in made.config
    assert f"  {unit}: [0, " in made.config


def test_names_of_visits_that_tell_no_time_are_left_open(tmp_path):
    rows = [row | {"visit": f"V{int(row['week']) // 4 + 1}"} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]
    made = make(tmp_path, rows)

    assert "times of visits" in made.decisions
    assert "        V2:\n" in made.config


def test_a_number_without_a_unit_leaves_the_unit_open(tmp_path):
    made = make(tmp_path, renamed(visits(), week="time"))

    assert "unit of time" in made.decisions
    assert made.config.count("    columns: {patient: patient, visit_") == 4
    assert (
        make(tmp_path, renamed(visits(), week="time"), unit="weeks").decisions == UNSAID
    )


def test_a_unit_by_name_that_visits_contradict_is_refused(tmp_path):
    rows = [row | {"visit": f"Month {row['week']}"} for row in visits()]

    assert (
        "is in weeks by its name, and in months by other columns"
        in make(tmp_path, rows).faults
    )


def test_dates_with_randomisation_and_planned_weeks_are_dates(tmp_path):
    rows = [
        row
        | {
            "visit_date": f"2020-0{1 + int(row['week']) // 4}-10",
            "randomisation_date": "2020-01-10",
        }
        for row in visits()
    ]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert "time: date" in made.config
    assert "randomisation_date: randomisation_date" in made.config
    assert "visit_week: week" in made.config


def test_dates_alone_become_days_since_each_first_visit(tmp_path):
    rows = [row | {"date": f"2020-0{1 + int(row['week']) // 4}-10"} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert made.guessed("time zero") == "each patient's first visit"
    (written,) = (text for name, text in made.files.items() if "converted" in name)
    assert [line.rsplit(",", 1)[1] for line in written.splitlines()[:4]] == [
        "visit_day",
        "0",
        "31",
        "60",
    ]


def test_a_date_that_is_said_to_be_the_time_is_counted_from_each_first_visit(tmp_path):
    rows = [row | {"came": f"2020-0{1 + int(row['week']) // 4}-10"} for row in visits()]
    made = make(tmp_path, rows, time="came")

    assert made.faults == ""
    assert "visit_day: visit_day" in made.config


def test_without_any_baseline_its_column_is_left_to_decide(tmp_path):
    made = make(tmp_path, visits(weeks=(4, 8, 12)))

    assert "baseline" in made.decisions
    assert "# decide: no baseline was found" in made.config


def test_columns_of_events_without_dates_are_told_and_not_used(tmp_path):
    rows = [row | {"death": str(int(row["patient"] == "P03"))} for row in visits()]
    made = make(tmp_path, rows)

    assert made.guessed("events") == "not used"
    assert "death" not in made.config


@pytest.mark.parametrize("cell", ["1e400", "inf", "nan", "99999999999", "-3"])
def test_times_that_are_no_times_end_in_no_traceback(tmp_path, cell):
    for rows in (visits(patients=1), visits()):
        rows[0]["week"] = cell
        for row in rows[1::2]:
            row["week"] = f"{row['week']}.{row['patient'][1:]}"
        make(tmp_path, rows)
        make(tmp_path, rows[:2], unit="days")


def test_day_numbers_of_excel_are_told(tmp_path):
    rows = [row | {"week": str(43_831 + int(row["week"]))} for row in visits()]

    faults = make(tmp_path, renamed(rows, week="visit date")).faults
    assert (
        "'visit date' holds day numbers of Excel: format the cells as dates" in faults
    )


def test_the_time_is_no_outcome(tmp_path):
    faults = make(tmp_path, visits(), outcomes=("week",)).faults

    assert "'week' is the patient or the time already" in faults


def test_ambiguous_dates_are_refused_until_their_order_is_given(tmp_path):
    rows = [row | {"date": f"0{1 + int(row['week']) // 4}/05/2020"} for row in visits()]
    rows = [{k: v for k, v in row.items() if k != "week"} for row in rows]

    assert "say --dates dmy or mdy" in make(tmp_path, rows).faults
    assert make(tmp_path, rows, dates="mdy").faults == ""


def test_a_wide_file_is_made_long_and_nobody_is_lost(tmp_path):
    wide = [
        {
            "id": f"P{p}",
            "arm": "ab"[p % 2],
            "als_w0": "40",
            "als_w4": str(40 - p),
            "als_w8": "",
        }
        for p in range(1, 9)
    ]
    wide[3] |= {"als_w0": "", "als_w4": ""}
    made = make(tmp_path, csv_text(wide), better="higher")

    assert made.faults == ""
    assert made.guessed("shape") == "wide"
    written = made.files["data/trial.converted.csv"]
    assert written.splitlines()[:3] == [
        "id,arm,visit_week,als",
        "P1,b,0,40",
        "P1,b,4,39",
    ]
    assert "P4,a,0," in written.splitlines()
    assert (made.files["data/trial.csv"]).name == "trial.csv"


def test_items_are_the_total_of_their_scale(tmp_path):
    items = [
        {"id": row["patient"], "arm": row["arm"], "week": row["week"]}
        | {f"q{i}": str((i + int(row["week"])) % 5) for i in range(1, 13)}
        for row in visits()
    ]
    made = make(tmp_path, items)

    assert made.faults == ""
    assert "items: [q1, q2, q3" in made.config
    items[3]["q4"] = "5"
    assert "row 5: '5'" in make(tmp_path, items).faults


def test_one_row_a_patient_without_repeats_is_no_course(tmp_path):
    rows = [row for row in visits() if row["week"] == "0"]

    assert "no course over time" in make(tmp_path, rows).faults


def test_a_baseline_in_a_column_is_taken_where_no_visit_has_it(tmp_path):
    rows = [row | {"alsfrs_r_bl": "44"} for row in visits(weeks=(4, 8, 12))]
    made = make(tmp_path, rows)

    assert made.guessed("baseline") == "alsfrs_r_bl"
    assert "baseline: {column: alsfrs_r_bl, use: row}" in made.config
    assert "weeks: [0, 4, 8, 12]" in made.config


def test_a_change_is_no_outcome_and_tells_the_baseline(tmp_path):
    rows = [
        renamed([row], alsfrs_r="grip")[0]
        | {"start": "50", "chg": str(int(row["alsfrs_r"]) - 50)}
        for row in visits(weeks=(4, 8))
    ]
    made = make(tmp_path, rows)

    assert made.guessed("outcome") == "grip"
    assert made.guessed("baseline") == "start"


def test_one_parameter_is_taken_of_many(tmp_path):
    rows = [
        {
            "USUBJID": r["patient"],
            "ARM": r["arm"],
            "AVISITN": r["week"],
            "AVISIT": f"Week {r['week']}",
            "PARAMCD": code,
            "AVAL": r["alsfrs_r"],
        }
        for r in visits()
        for code in ("GRIP", "WALK")
    ]

    assert (
        "has 2 parameters (GRIP, WALK); say which by --parameter"
        in make(tmp_path, rows).faults
    )
    made = make(tmp_path, rows, parameter="WALK")
    assert made.faults == ""
    assert "where: {PARAMCD: [WALK]}" in made.config
    assert "- id: walk" in made.config


def test_subjects_and_visits_in_two_files(tmp_path):
    rows = visits()
    arms = [
        {"patient": r["patient"], "arm": r["arm"], "age": "61"}
        for r in rows
        if r["week"] == "0"
    ]
    values = [{k: v for k, v in r.items() if k != "arm"} for r in rows]
    files = {"subjects.csv": csv_text(arms), "visits.csv": csv_text(values)}
    made = Made(files, tmp_path, Given())

    assert made.faults == ""
    assert "file: data/subjects.csv\n    columns:" in made.config
    assert "{column: age, label: Age, kind: category}" in made.config
    files["subjects.csv"] = csv_text(arms[1:])
    assert "1 patient not in subjects.csv" in Made(files, tmp_path, Given()).faults


def test_commands_in_cells_stay_text_and_break_no_yaml(tmp_path):
    rows = [
        row
        | {"arm": {"active": "=cmd()|'x'!A0", "placebo": "a: [b]\u2028#"}[row["arm"]]}
        for row in visits()
    ]
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert made.decisions == UNSAID
    assert "\u2028" not in made.config
    assert '''label: "=cmd()|'x'!A0"''' in made.config


def test_the_same_files_give_the_same_bytes(tmp_path):
    first, second = (make(tmp_path, visits()) for _ in range(2))

    assert first.config == second.config
    assert first.book == second.book


def test_a_file_of_100_000_rows_takes_seconds(tmp_path):
    rows = visits(patients=10_000, weeks=range(0, 40, 4))
    made = make(
        tmp_path,
        [
            row
            | {"alsfrs_r": "40"}
            | (
                {
                    "alsfrs_r": "39",
                }
                if row["week"] == "4"
                else {"alsfrs_r": "38"}
                if row["week"] == "8"
                else {}
            )
            for row in rows
        ],
    )

    assert made.faults == ""
    assert "100000 rows of 10000 patients" in made.book.guesses[1].evidence
