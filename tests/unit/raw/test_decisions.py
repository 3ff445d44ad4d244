"""Decisions change what is read, never the raw files, and fit or are told."""

import random
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.raw.decided_cells import same_text
from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.raw.trial_decisions import decisions_table
from alsdecline.settings.data_plan import DataPlan
from alsdecline.validation.consistency import check_trial
from support.hand_trial import SUBJECTS, VISITS, findings_in, plan_of, rows

HEADER = "kind,file,patient,visit,column,value,new_value,rule,who,when,why"
SIGNED = "AB,2020-05-01,source checked"
PLAN = plan_of(data={"decisions": "decisions.csv"})


def checked(
    folder: Path,
    *decisions: str,
    visits: str = VISITS,
    subjects: str = SUBJECTS,
    plan: DataPlan = PLAN,
    header: str = HEADER,
) -> tuple[TrialFiles, list[Finding]]:
    """Read and check a trial of two patients with decisions, each of them signed."""
    (folder / "subjects.csv").write_text(subjects)
    (folder / "visits.csv").write_text(visits)
    text = "\n".join([header, *(f"{d},{SIGNED}" for d in decisions)])
    (folder / "decisions.csv").write_text(text + "\n")
    return check_trial(plan, folder)


def fatal(found: list[Finding]) -> list[str]:
    """Return fatal findings by rule and row, with their messages."""
    return [f"{f.rule} {f.row}: {f.message}" for f in found if f.severity == "fatal"]


def scores(files: TrialFiles) -> list[tuple[object, ...]]:
    """Return the scores, sorted."""
    return sorted(rows(files.tables["visits"], "patient", "visit_week", "score"))


def test_a_correction_changes_its_cell_and_not_the_file(tmp_path: Path) -> None:
    # the score of 70 is beyond the scale; the week is written 4.0, the number 70
    visits = VISITS.replace("P1,4,2020-01-29,7\n", "P1,4,2020-01-29,70.0\n")
    decision = "correction,visits.csv,P1,4.0,score,70,7,"
    files, found = checked(tmp_path, decision, visits=visits)
    assert fatal(found) == []
    assert ("P1", 4.0, 7.0) in scores(files)
    assert (tmp_path / "visits.csv").read_text() == visits
    table = decisions_table(files.decisions)
    assert rows(table, "rows", "new_value", "who", "when", "why") == [
        ("3", "7", "AB", "2020-05-01", "source checked")
    ]


def test_a_visit_is_named_by_its_date_too(tmp_path: Path) -> None:
    decision = "correction,visits.csv,P1,2020-01-29,score,7,6,"
    files, found = checked(tmp_path, decision)
    assert (fatal(found), ("P1", 4.0, 6.0) in scores(files)) == ([], True)


def test_the_order_of_rows_does_not_count(tmp_path: Path) -> None:
    header, *records = VISITS.splitlines()
    decisions = [
        "correction,visits.csv,P1,4,score,7,6,",
        "exclusion,visits.csv,P2,8,score,4,,",
        "exclusion,visits.csv,P1,8,,,,",
    ]
    before, _ = checked(tmp_path, *decisions)
    random.Random(1).shuffle(records)
    after, found = checked(
        tmp_path, *reversed(decisions), visits="\n".join([header, *records, ""])
    )
    assert fatal(found) == []
    assert sorted(map(str, scores(after))) == sorted(map(str, scores(before)))


def test_a_value_a_visit_and_a_patient_are_left_out(tmp_path: Path) -> None:
    files, found = checked(
        tmp_path,
        "exclusion,visits.csv,P1,4,score,7,,",
        "exclusion,visits.csv,P1,8,,,,",
        "exclusion,,P2,,,,,",
        visits=VISITS + "P3,0,2020-03-01,9\n",
        subjects=SUBJECTS + "P3,b,2020-03-01\n",
    )
    assert fatal(found) == []
    assert scores(files)[:2] == [("P1", 0.0, 8.0), ("P1", 4.0, None)]
    assert list(files.tables["subjects"]["patient"]) == ["P1", "P3"]
    assert rows(decisions_table(files.decisions), "kind", "patient", "arm", "rows") == [
        ("exclusion", "P1", "", "3"),
        ("exclusion", "P1", "", "4"),
        ("exclusion", "P2", "b", ""),
    ]


UNFIT = {
    "another value": (
        "correction,visits.csv,P1,4,score,9,6,",
        "the cell is '7' and not '9'",
    ),
    "no such patient": (
        "correction,visits.csv,P9,4,score,9,6,",
        "no row of the file is of this patient",
    ),
    "no patient to leave out": ("exclusion,,P9,,,,,", "no raw file has such a patient"),
    "no such visit": (
        "correction,visits.csv,P1,5,score,9,6,",
        "no row with '5' in visit_week, visit_date",
    ),
    "no such column": (
        "correction,visits.csv,P1,4,points,9,6,",
        "no column 'points' of the file is used",
    ),
    "several rows": ("exclusion,visits.csv,P1,,,,,", "3 rows fit it (2, 3, 4)"),
}


@pytest.mark.parametrize(("decision", "fault"), UNFIT.values(), ids=list(UNFIT))
def test_what_does_not_fit_is_fatal_and_not_applied(
    tmp_path: Path, decision: str, fault: str
) -> None:
    files, found = checked(tmp_path, decision)
    (told,) = fatal(found)
    assert told.startswith("decision_unfit 2: ")
    assert fault in told
    assert files.decisions == []


FORMS = {
    "kind": "corection,visits.csv,P1,4,score,7,6,",
    "file": "correction,vists.csv,P1,4,score,7,6,",
    "patient": "exclusion,visits.csv,,4,score,7,,",
    "column": "correction,visits.csv,P1,4,,7,6,",
    "new_value": "correction,visits.csv,P1,4,score,7,,",
    "rule": "accepted,visits.csv,P1,4,score,7,,no_such_rule",
}


@pytest.mark.parametrize(("column", "decision"), FORMS.items())
def test_what_a_decision_lacks_is_told_by_its_column(
    tmp_path: Path, column: str, decision: str
) -> None:
    _, found = checked(tmp_path, decision)
    told = [(f.rule, f.row, f.column) for f in found if f.severity == "fatal"]
    assert told == [("decision_form", 2, column)]


def test_a_decision_is_signed(tmp_path: Path) -> None:
    checked(tmp_path)
    (tmp_path / "decisions.csv").write_text(
        f"{HEADER}\nexclusion,,P2,,,,,,,1 May 2020,\n"
    )
    _, found = check_trial(PLAN, tmp_path)
    told = [f.column for f in found if f.rule == "decision_form"]
    assert told == ["when", "who", "why"]


def test_two_decisions_on_one_cell_are_told(tmp_path: Path) -> None:
    _, found = checked(
        tmp_path,
        "correction,visits.csv,P1,4,score,7,6,",
        "correction,visits.csv,P1,2020-01-29,score,7,5,",
        "exclusion,visits.csv,P1,4,,,,",
        "correction,visits.csv,P1,4,score,7,6,",
    )
    told = [(f.rule, f.row) for f in found if f.severity == "fatal"]
    assert told == [("decision_repeated", row) for row in (3, 4, 5)]


def test_a_further_column_tells_rows_apart(tmp_path: Path) -> None:
    plan = plan_of(
        data={
            "decisions": "decisions.csv",
            "adverse_events": {"file": "adverse.csv"},
        }
    )
    (tmp_path / "adverse.csv").write_text(
        "patient,term,start_date,end_date,severity,serious,related\n"
        "P1,Cough,2020-02-01,,mild,N,N\nP1,Fall,2020-02-01,,mild,N,N\n"
    )
    decision = "exclusion,adverse.csv,P1,2020-02-01,,,,"
    _, found = checked(tmp_path, decision, plan=plan)
    assert "2 rows fit it" in fatal(found)[0]
    header = HEADER.replace("rule,", "rule,term,")
    files, found = checked(tmp_path, f"{decision},Fall", plan=plan, header=header)
    assert fatal(found) == []
    assert list(files.tables["adverse_events"]["term"]) == ["Cough"]


def test_a_measurement_is_named_by_its_parameter(tmp_path: Path) -> None:
    plan = plan_of(
        {"column": "TOTAL"},
        data={
            "decisions": "decisions.csv",
            "measurements": {
                "file": "measurements.csv",
                "recode": {"parameter": {"total score": "TOTAL"}},
            },
        },
    )
    visits = "patient,visit,visit_date,visit_week\nP1,V1,2020-01-01,0\n"
    visits += "P2,V1,2020-02-01,0\n"
    (tmp_path / "measurements.csv").write_text(
        "patient,visit,parameter,value\nP1,V1,total score,80\nP2,V1,total score,9\n"
        "P1,V1,weight,70\n"
    )
    decision = "correction,measurements.csv,P1,V1,TOTAL,80,8,"
    files, found = checked(tmp_path, decision, visits=visits, plan=plan)
    assert fatal(found) == []
    assert rows(files.tables["visits"], "patient", "TOTAL") == [("P1", 8), ("P2", 9)]


def test_an_accepted_finding_is_a_warning_that_says_by_whom(tmp_path: Path) -> None:
    visits = VISITS.replace("P1,8,2020-02-26", "P1,8,2022-08-26")
    decision = "accepted,visits.csv,P1,8,visit_date,2022-08-26,,date_after_cutoff"
    _, found = checked(tmp_path, decision, visits=visits)
    (late,) = [f for f in found if f.rule == "date_after_cutoff"]
    assert late.severity == "warning"
    assert late.message.endswith("(accepted by AB, 2020-05-01: source checked)")
    assert fatal(found) == []


def test_of_another_value_or_rule_nothing_is_accepted(tmp_path: Path) -> None:
    visits = VISITS.replace("P1,8,2020-02-26", "P1,8,2022-08-26")
    _, found = checked(
        tmp_path,
        "accepted,visits.csv,P1,8,visit_date,2022-08-27,,date_after_cutoff",
        "accepted,visits.csv,P1,4,score,seven,,not_a_number",
        visits=visits.replace("P1,4,2020-01-29,7", "P1,4,2020-01-29,seven"),
    )
    told = [(f.severity, f.rule, f.row) for f in found if "decision" in f.rule]
    assert told == [("fatal", "decision_unfit", 3), ("warning", "decision_unfit", 2)]
    assert {f.rule for f in found if f.severity == "fatal"} == {
        "date_after_cutoff",
        "not_a_number",
        "decision_unfit",
    }


def test_while_blinded_no_arm_is_decided_or_shown(tmp_path: Path) -> None:
    plan = plan_of(
        data={"decisions": "decisions.csv"},
        blinded=True,
        arms={"reference": "pooled", "groups": [{"id": "pooled", "label": "All"}]},
    )
    files, found = checked(
        tmp_path,
        "correction,subjects.csv,P1,,arm,a,b,",
        "correction,allocation.csv,P1,,arm,a,b,",
        "exclusion,,P2,,,,,",
        plan=plan,
    )
    assert fatal(found) == []
    assert rows(decisions_table(files.decisions), "patient", "arm", "new_value") == [
        ("P2", "", "")
    ]


def test_a_file_with_no_decision_is_no_fault(tmp_path: Path) -> None:
    files, found = checked(tmp_path)
    assert (fatal(found), files.decisions) == ([], [])
    (tmp_path / "decisions.csv").write_text("who,when\n")
    assert check_trial(PLAN, tmp_path)[1] == found


def test_a_cell_of_one_of_two_columns_is_decided_by_its_own_name(
    tmp_path: Path,
) -> None:
    either = VISITS.replace("\n", ",\n").replace("score,\n", "score,by_phone\n")
    either = either.replace("P1,4,2020-01-29,7,\n", "P1,4,2020-01-29,,70\n")
    one_of = {"visits": {"one_of": {"points": ["score", "by_phone"]}}}
    files, found = checked(
        tmp_path,
        "correction,visits.csv,P1,4,by_phone,70,7,",
        plan=plan_of(
            {"column": "points"}, data={"decisions": "decisions.csv"} | one_of
        ),
        visits=either,
    )
    assert fatal(found) == []
    assert files.tables["visits"]["points"].tolist()[:2] == [8.0, 7.0]


def test_a_visit_named_by_a_number_is_no_other_that_python_reads_so() -> None:
    """To Python 1_1 is 11; here it is the first repeat of visit 1."""
    assert same_text(pd.Series(["1_1", "11.0", "11", "x"]), "11").tolist() == [
        *(False, True, True, False)
    ]


@pytest.mark.parametrize("place", ["subjects.csv", ""])
def test_a_row_of_a_patient_that_a_further_key_tells_is_left_out_alone(
    place: str, tmp_path: Path
) -> None:
    (tmp_path / "subjects.csv").write_text(f"{SUBJECTS}P2,a,2020-02-01\n")
    (tmp_path / "visits.csv").write_text(VISITS)
    decision = f"exclusion,{place},P2,,,,,,{SIGNED},a"
    (tmp_path / "decisions.csv").write_text(f"{HEADER},arm\n{decision}\n")
    files, found = check_trial(PLAN, tmp_path)
    if not place:  # which file has the row is not said, and nobody is left out
        assert "a raw file of config.yaml is needed" in fatal(found)[0]
        return
    assert fatal(found) == []
    assert rows(files.tables["subjects"], "patient", "arm") == [
        ("P1", "a"),
        ("P2", "b"),
    ]
    assert len(scores(files)) == 6


MARKERS = plan_of(
    data={
        "decisions": "decisions.csv",
        "subjects": {
            "characteristics": [{"column": "site", "label": "Site", "kind": "category"}]
        },
    }
)


@pytest.mark.parametrize(
    ("patient", "told"),
    [
        ("P1", ["decision_unfit", "marker"]),
        ("P2", ["decision_unfit", "marker"]),
        ("", []),
    ],
)
def test_what_is_told_once_of_several_rows_is_accepted_of_all_or_none(
    patient: str, told: list[str], tmp_path: Path
) -> None:
    subjects = "patient,arm,randomisation_date,site\n"
    subjects += "P1,a,2020-01-01,NA\nP2,b,2020-02-01,NA\n"
    decision = f"accepted,subjects.csv,{patient},,site,NA,,marker"
    _, found = checked(tmp_path, decision, subjects=subjects, plan=MARKERS)
    assert [text.split()[0] for text in fatal(found)] == told
    if patient:
        assert (
            "leave `patient` and `visit` empty to accept it of all" in fatal(found)[0]
        )
    else:
        (marker,) = [f for f in found if f.rule == "marker"]
        assert (marker.severity, "accepted by AB" in marker.message) == (
            "warning",
            True,
        )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (
            HEADER.replace(",", ";"),
            "columns are separated by semicolons; save the file",
        ),
        (
            f"{HEADER}\nexclusion,,P1,,,,,,Bj\xf6rk,2020-05-01,left\n",
            "is not UTF-8; save",
        ),
    ],
)
def test_a_decisions_file_of_another_form_is_to_be_saved_anew(
    content: str, fault: str, tmp_path: Path
) -> None:
    (tmp_path / "subjects.csv").write_text(SUBJECTS)
    (tmp_path / "visits.csv").write_text(VISITS)
    (tmp_path / "decisions.csv").write_bytes(content.encode("latin-1"))
    _, found = check_trial(PLAN, tmp_path)
    assert fault in fatal(found)[0]
    assert "as CSV in UTF-8, with commas between columns" in fatal(found)[0]
    assert "config.yaml" not in fatal(found)[0]


def test_a_patient_who_is_left_out_is_shown_in_the_arm_as_allocated(
    tmp_path: Path,
) -> None:
    plan = plan_of(
        data={
            "decisions": "decisions.csv",
            "allocation": {"file": "allocation.csv"},
        }
    )
    subjects = SUBJECTS.replace("P2,b", "P2,a")
    (tmp_path / "decisions.csv").write_text(
        f"{HEADER}\nexclusion,,P2,,,,,,AB,2020-05-01,x\n", "utf-8"
    )
    allocation = "patient,arm\nP1,a\nP2,b\n"
    files, _ = findings_in(tmp_path, plan, subjects=subjects, allocation=allocation)
    assert rows(decisions_table(files.decisions), "patient", "arm") == [("P2", "b")]
