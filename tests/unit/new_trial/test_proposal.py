"""What new-trial takes of small tables, what it refuses, and what it leaves open."""

import random

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


def test_without_any_baseline_its_column_is_left_to_decide(tmp_path):
    made = make(tmp_path, visits(weeks=(4, 8, 12)))

    assert "baseline" in made.decisions
    assert "# decide: no baseline was found" in made.config


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


def test_a_file_of_100_000_rows_is_taken_whole(tmp_path):
    scores = {"4": "39", "8": "38"}
    rows = visits(patients=10_000, weeks=range(0, 40, 4))
    made = make(
        tmp_path, [row | {"alsfrs_r": scores.get(row["week"], "40")} for row in rows]
    )

    assert made.faults == ""
    assert "100000 rows of 10000 patients" in made.book.guesses[1].evidence


def test_columns_of_events_without_dates_are_told_and_not_used(tmp_path):
    rows = [row | {"death": str(int(row["patient"] == "P03"))} for row in visits()]
    made = make(tmp_path, rows)

    assert made.guessed("events") == "not used"
    assert "death" not in made.config


def test_columns_that_tell_who_a_patient_is_are_dropped(tmp_path):
    rows = visits()
    for number, row in enumerate(rows):
        row["surname"] = f"Zappel{chr(97 + number % 20)}"
        row["site"] = "Ulm"
    made = make(tmp_path, rows)

    assert made.faults == ""
    assert made.config.count("    drop: [surname]  # guess: they tell who") == 2
    assert "Zappel" not in made.config
