"""One file may have all tables: patients, visits, values, doses, ends and allocation.

Values that are expected are read off the files by hand.
"""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.doses_and_events import dose_records
from alsdecline.settings.file import read_settings
from support.hand_trial import datasets_of, findings_in, plan_of, rows, told
from support.short_trial import short_trial

UNKNOWN = "unknown_patient"

# a row a visit; what is the patient's is repeated, doses are given at some visits
ALL = """\
patient,arm,randomisation_date,visit_week,visit_date,score,dose,event,ended,reason
P1,a,2020-01-01,0,2020-01-01,8,0,died,2020-03-01,
P1,a,2020-01-01,4,2020-01-29,7,,died,2020-03-01,
P1,a,2020-01-01,8,2020-02-26,5,0,died,2020-03-01,
P2,b,2020-02-01,0,2020-02-01,9,2,,,
P2,b,2020-02-01,4,2020-02-29,6,2,,,
"""
FILE = {"file": "visits.csv"}
DATED = {"columns": {"date": "visit_date"}}
PLAN = plan_of(
    data={
        "subjects": FILE | {"one_row_a_patient": False},
        "exposure": FILE | DATED,
        "events": FILE | {"columns": {"date": "ended"}},
    }
)


def written(text: str) -> dict[str, str]:
    return dict.fromkeys(("subjects", "visits", "exposure", "events"), text)


def test_one_file_of_visits_has_doses_and_ends_too(tmp_path: Path) -> None:
    """A row without a dose is none, though it has the date of a visit."""
    plan = PLAN
    files, found = findings_in(tmp_path, plan, **written(ALL))
    assert found == []
    assert rows(dose_records(plan, files), "USUBJID", "ASTDT", "ADOSE", "GIVENFL") == [
        ("P1", "2020-01-01", 0, "Y"),
        ("P1", "2020-02-26", 0, "Y"),
        ("P2", "2020-02-01", 2, "Y"),
        ("P2", "2020-02-29", 2, "Y"),
    ]
    assert rows(subject_level(plan, files), "USUBJID", "EOSSTT", "DTHDT") == [
        ("P1", "died", "2020-03-01"),
        ("P2", None, None),
    ]


EVERYTHING = """\
patient,arm,randomisation_date,visit_week,visit_date,score,dose,event,end_date,ae,\
severity,serious
P1,a,2020-01-01,0,2020-01-01,8,0,died,2020-03-01,Rash,mild,N
P1,a,2020-01-01,4,2020-01-29,7,,died,2020-03-01,,,
P2,b,2020-02-01,0,2020-02-01,9,2,,,,,
"""


def test_the_end_of_the_study_is_not_that_of_doses_and_events(tmp_path: Path) -> None:
    """By its name alone, which ends of patients have, it would be theirs."""
    of_events = {"term": "ae", "start_date": "visit_date"}
    data = {
        "subjects": FILE | {"one_row_a_patient": False},
        "exposure": FILE | DATED,
        "events": FILE | {"columns": {"date": "end_date"}},
        "adverse_events": FILE | {"columns": of_events},
    }
    texts = dict.fromkeys(data, EVERYTHING) | {"visits": EVERYTHING}
    files, found = findings_in(tmp_path, plan_of(data=data), **texts)
    assert found == []
    assert rows(files.tables["exposure"], "patient", "end_date") == [
        ("P1", None),
        ("P2", None),
    ]
    assert rows(files.tables["adverse_events"], "term", "end_date") == [("Rash", None)]
    named = FILE | {"columns": DATED["columns"] | {"end_date": "end_date"}}
    plan = plan_of(data=data | {"exposure": named})
    files, _ = findings_in(tmp_path, plan, **texts)
    assert rows(files.tables["exposure"], "end_date") == [("2020-03-01",), (None,)]


REPEATED = """\
patient,arm,randomisation_date,visit_week,visit_date,score,dose,given,ae,started,\
severity,serious
P1,a,2020-01-01,0,2020-01-01,8,0,2020-01-01,Rash,2020-01-12,mild,N
P1,a,2020-01-01,4,2020-01-29,7,0,2020-01-01,Rash,2020-01-12,mild,N
P1,a,2020-01-01,8,2020-02-26,5,0,2020-01-01,Rash,2020-01-12,mild,N
P2,b,2020-02-01,0,2020-02-01,9,,,,,,
P2,b,2020-02-01,,,,2,2020-02-01,,,,
P2,b,2020-02-01,,,,2,2020-02-01,,,,
"""


def test_doses_and_adverse_events_repeated_beside_visits_count_once(
    tmp_path: Path,
) -> None:
    """P2 may have had two doses of a day, which stand in rows of their own."""
    of_events = {"term": "ae", "start_date": "started"}
    data = {
        "subjects": FILE | {"one_row_a_patient": False},
        "exposure": FILE | {"columns": {"date": "given"}},
        "adverse_events": FILE | {"columns": of_events},
    }
    texts = dict.fromkeys(data, REPEATED) | {"visits": REPEATED}
    files, found = findings_in(tmp_path, plan_of(data=data), **texts)
    assert [(f.rule, f.row) for f in found] == [("duplicate_record", 7)]
    assert rows(files.tables["exposure"], "patient", "_row") == [
        ("P1", 2),
        ("P2", 6),
        ("P2", 7),
    ]
    assert rows(files.tables["adverse_events"], "term", "_row") == [("Rash", 2)]


def test_ends_that_differ_between_rows_are_told(tmp_path: Path) -> None:
    text = ALL.replace(
        "2020-02-26,5,0,died,2020-03-01", "2020-02-26,5,0,died,2020-03-02"
    )
    _, found = findings_in(tmp_path, PLAN, **written(text))
    assert [(f.rule, f.row) for f in found] == [("duplicate_event", 4)]


# one row a value; P1's vital capacity of week 4 was taken two days later
LONG = """\
patient,arm,visit_week,day,test,result
P1,a,0,2020-01-01,SCORE,8
P1,a,0,2020-01-01,WEIGHT,80
P1,a,4,2020-01-29,SCORE,7
P1,a,4,2020-01-31,WEIGHT,79
P2,b,0,2020-02-01,SCORE,9
P2,b,4,2020-02-29,SCORE,6
"""
VALUES = {
    "subjects": {"columns": {"randomisation_date": "first"}},
    "visits": {"columns": {"visit_date": "day"}},
    "measurements": FILE | {"columns": {"parameter": "test", "value": "result"}},
}
SUBJECTS = "patient,arm,first\nP1,a,2020-01-01\nP2,b,2020-02-01\n"


def of_values(**changes: Any) -> Any:
    outcomes = {"column": "SCORE"}
    return plan_of(outcomes, data=VALUES, **changes)


def test_visits_and_measurements_may_be_one_file_without_names_of_visits(
    tmp_path: Path,
) -> None:
    texts = {"subjects": SUBJECTS, "visits": LONG, "measurements": LONG}
    _, values, _ = datasets_of(tmp_path, of_values(), **texts)
    assert rows(values["score"], "USUBJID", "AVISITN", "ADT", "AVAL", "SRCVAR") == [
        ("P1", 0, "2020-01-01", 8, "result"),
        ("P1", 4, "2020-01-29", 7, "result"),
        ("P2", 0, "2020-02-01", 9, "result"),
        ("P2", 4, "2020-02-29", 6, "result"),
    ]


def test_each_value_of_a_visit_keeps_its_own_date(tmp_path: Path) -> None:
    weight = {
        "id": "weight",
        "label": "Weight",
        "parameter": "WEIGHT",
        "scale": "weight",
        "column": "WEIGHT",
    }
    score = of_values().model_dump()["outcomes"][0]
    scale = {"name": "w", "unit": "kg", "minimum": 0, "better": "higher", "source": "-"}
    scales = {"weight": scale}
    plan = plan_of(data=VALUES, outcomes=[score, weight], scales=scales)
    texts = {"subjects": SUBJECTS, "visits": LONG, "measurements": LONG}
    _, values, _ = datasets_of(tmp_path, plan, **texts)
    assert rows(values["weight"], "AVISITN", "ADT", "AVAL") == [
        (0, "2020-01-01", 80),
        (4, "2020-01-31", 79),
    ]
    assert rows(values["score"], "ADT")[1] == ("2020-01-29",)


def test_a_value_that_is_there_twice_is_told_by_the_setting(tmp_path: Path) -> None:
    text = LONG + "P2,b,4,2020-02-29,SCORE,5\n"
    texts = {"subjects": SUBJECTS, "visits": text, "measurements": text}
    _, found = findings_in(tmp_path, of_values(), **texts)
    fatal = [f for f in found if f.severity == "fatal"]
    assert [(f.rule, f.row) for f in fatal] == [("duplicate_value", 8)], told(found)
    plan = of_values(visits={"repeats": "worst"})
    _, values, _ = datasets_of(tmp_path, plan, **texts)
    assert rows(values["score"], "AVAL")[3] == (5,)


CONFIG = """\
trial: {id: LONG, disease: macular degeneration, data_kind: real}
data:
  subjects: {file: letters.csv, columns: {patient: subject, arm: treatment}}
  measurements: {file: letters.csv, columns: {parameter: test, value: result}}
arms:
  reference: placebo
  groups: [{id: placebo}, {id: active}]
scales:
  va: {minimum: 0, maximum: 100, better: higher}
outcomes: [{id: va}]
"""


def test_a_long_file_of_weeks_and_values_needs_ten_lines(tmp_path: Path) -> None:
    lines = ["subject,treatment,week,test,result"]
    lines += [
        f"P{n},{'placebo' if n % 2 else 'active'},{w},va,{40 + 10 * n - w}"
        for n in (1, 2, 3, 4)
        for w in (0, 4, 12)
    ]
    settings = read_settings(short_trial(tmp_path, CONFIG, lines))
    assert settings.visits.weeks == [0, 4, 12]
    assert settings.data.visits.time == "week"
    assert settings.priors.outcomes["va"].baseline.mean == 65


def test_rows_of_means_below_the_visits_are_no_patients(tmp_path: Path) -> None:
    """Each row of a mean would else be a patient of its arm, and its values used."""
    text = ALL + "Mean a,a,,0,,8,,,,\nMean a,a,,4,,7,,,,\nSD,b,,0,,1,,,,\n"
    plan = plan_of(data={"subjects": FILE | {"one_row_a_patient": False}})
    _, found = findings_in(tmp_path, plan, **written(text))
    of_rows = [(f.row, f.value, f.severity) for f in found if f.rule == UNKNOWN]
    assert of_rows == [(7, "Mean a", "fatal"), (9, "SD", "fatal")]
    assert told([f for f in found if f.row == 7])[0] == (
        "fatal: visits.csv, row 7, column patient, value 'Mean a': a row of totals or "
        "a note, as it seems, and no patient; take it out of the file, or leave it out "
        "by `where:`. A patient who is called so gets another identifier by `recode:`"
        "; the first of 2 such rows [unknown_patient]"
    )


OF_VALUES = {
    "subjects": FILE | {"one_row_a_patient": False},
    "measurements": FILE | {"columns": {"parameter": "test", "value": "result"}},
}
UNPLANNED = """\
patient,arm,randomisation_date,visit_week,visit_date,test,result
P1,a,2020-01-01,0,2020-01-01,SCORE,8
P1,a,2020-01-01,4,2020-01-29,SCORE,7
P1,a,2020-01-01,{0},2020-02-10,SCORE,5
P1,a,2020-01-01,{0},2020-02-20,SCORE,6
P1,a,2020-01-01,8,2020-02-26,SCORE,4
P2,b,2020-02-01,0,2020-02-01,SCORE,9
P2,b,2020-02-01,4,2020-02-29,SCORE,6
"""


@pytest.mark.parametrize("repeats", ["refuse", "first"])
@pytest.mark.parametrize("name", ["", "Unscheduled", "UNSCH", "Screening"])
def test_unplanned_visits_of_one_name_are_as_many_as_their_dates(
    name: str, repeats: str, tmp_path: Path
) -> None:
    """Each value stays at its own day, whatever is chosen of repeats of a visit."""
    plan = plan_of(
        {"column": "SCORE"},
        data=OF_VALUES,
        visits={"weeks": [0, 4, 8], "window_days": 6, "repeats": repeats},
    )
    texts = dict.fromkeys(
        ("subjects", "visits", "measurements"), UNPLANNED.format(name)
    )
    _, found = findings_in(tmp_path, plan, **texts)
    assert [(f.rule, f.row) for f in found] == [
        ("unscheduled_visit", 4),
        ("unscheduled_visit", 5),
    ]
    values = datasets_of(tmp_path, plan, **texts)[1]["score"]
    first = values[values["USUBJID"] == "P1"]
    assert rows(first, "AVISIT", "ADY", "AVAL") == [
        ("Week 0", 1, 8),
        ("Week 4", 29, 7),
        ("Unscheduled", 41, 5),
        ("Unscheduled", 51, 6),
        ("Week 8", 57, 4),
    ]


def test_unplanned_visits_that_windows_place_are_as_many_as_their_dates(
    tmp_path: Path,
) -> None:
    """AVISIT is empty, or UNSCHEDULED, of each of them."""
    windows = [
        {"week": 0, "to_day": 1, "target_day": 1},
        {"week": 4, "from_day": 2, "to_day": 45, "target_day": 29},
        {"week": 8, "from_day": 46, "to_day": 70, "target_day": 57},
    ]
    plan = plan_of(
        {"column": "SCORE"},
        data={
            "subjects": FILE | {"one_row_a_patient": False},
            "visits": FILE | {"columns": {"visit": "visit_week"}},
            "measurements": FILE
            | {
                "columns": {
                    "parameter": "test",
                    "value": "result",
                    "visit": "visit_week",
                }
            },
        },
        visits={"weeks": [0, 4, 8], "windows": windows, "window_days": None},
    )
    for name in ("", "UNSCHEDULED"):
        text = UNPLANNED.format(name)
        texts = dict.fromkeys(("subjects", "visits", "measurements"), text)
        assert findings_in(tmp_path, plan, **texts)[1] == []
        values = datasets_of(tmp_path, plan, **texts)[1]["score"]
        first = values[values["USUBJID"] == "P1"]
        assert rows(first, "ADY", "AVAL") == [
            (1, 8),
            (29, 7),
            (41, 5),
            (51, 6),
            (57, 4),
        ]


def test_an_unplanned_value_that_is_there_twice_on_a_day_is_told(
    tmp_path: Path,
) -> None:
    """Two times of day are no two visits."""
    of_day = UNPLANNED.format("Unscheduled").replace("-02-10,", "-02-20T09:30,")
    of_day = of_day.replace("-02-20,", "-02-20T11:00,")
    texts = dict.fromkeys(("subjects", "visits", "measurements"), of_day)
    plan = plan_of(
        {"column": "SCORE"},
        data=OF_VALUES,
    )
    _, found = findings_in(tmp_path, plan, **texts)
    fatal = [(f.rule, f.row) for f in found if f.severity == "fatal"]
    assert fatal == [("duplicate_value", 5)]
    first = plan.model_copy(
        update={"visits": plan.visits.model_copy(update={"repeats": "first"})}
    )
    values = datasets_of(tmp_path, first, **texts)[1]["score"]
    assert rows(values[values["AVISIT"] == "Unscheduled"], "ADY", "AVAL") == [(51, 5)]
