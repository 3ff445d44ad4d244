"""What stands for no value is told, and is none once the configuration says so."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.raw.files import TrialFiles
from alsdecline.raw.findings import Finding
from alsdecline.settings.planning_cells import PlanningTable
from support.hand_trial import VISITS, findings_in, plan_of

CHARACTERISTICS = [
    {"column": "age", "label": "Age", "kind": "number"},
    {"column": "site", "label": "Site of onset", "kind": "category"},
]


def checked(
    folder: Path, site: str, age: str = "61", **subjects: Any
) -> tuple[TrialFiles, list[Finding]]:
    """Read a trial whose second patient has this site and age."""
    data = {"subjects": {"characteristics": CHARACTERISTICS} | subjects}
    text = (
        "patient,arm,randomisation_date,age,site\n"
        f"P1,a,2020-01-01,60,limb\nP2,b,2020-02-01,{age},{site}\n"
    )
    return findings_in(folder, plan_of(data=data), subjects=text)


@pytest.mark.parametrize(
    "text", ["NA", "n/a", "NaN", "null", ".", "-", "ND", "missing"]
)
def test_a_marker_is_no_level(text: str, tmp_path: Path) -> None:
    (found,) = checked(tmp_path, text)[1]
    assert (found.rule, found.severity, found.row) == ("marker", "fatal", 3)
    assert found.value == text


@pytest.mark.parametrize("text", ["unknown", "None"])
def test_what_may_be_a_level_is_a_warning(text: str, tmp_path: Path) -> None:
    (found,) = checked(tmp_path, text)[1]
    assert (found.rule, found.severity) == ("marker", "warning")


def test_a_marker_that_has_a_meaning_is_a_level(tmp_path: Path) -> None:
    for text, meaning in {"NA": "North America", "unknown": "unknown"}.items():
        recode = {"site": {text: meaning}}
        assert checked(tmp_path, text, recode=recode)[1] == []


def test_what_is_said_to_be_missing_is_empty(tmp_path: Path) -> None:
    files, found = checked(tmp_path, "NA", "-9.0", missing=["NA", "-9"])
    assert found == []
    assert files.tables["subjects"][["age", "site"]].loc[1].isna().all()


def test_what_is_missing_in_all_files_is_so_in_each_but_of_patients(
    tmp_path: Path,
) -> None:
    plan = plan_of(data={"missing": ["P1", "7"]})
    files, found = findings_in(tmp_path, plan)
    assert found == []
    visits = files.tables["visits"]
    assert visits["patient"].notna().all()
    assert visits["score"].isna().tolist() == [False, True, *[False] * 4]


def test_a_meaning_goes_before_what_is_missing(tmp_path: Path) -> None:
    recode = {"site": {"NA": "none known"}}
    files, found = checked(tmp_path, "NA", missing=["NA"], recode=recode)
    assert found == []
    assert files.tables["subjects"]["site"].tolist() == ["limb", "none known"]


@pytest.mark.parametrize("age", ["999", "-9", "99"])
def test_a_number_that_says_none_is_told_where_it_is_far(
    age: str, tmp_path: Path
) -> None:
    (found,) = checked(tmp_path, "limb", age)[1]
    assert (found.rule, found.severity, found.value) == ("sentinel", "warning", age)
    assert f'write `recode: {{age: {{"{age}": ""}}}}`' in found.message


@pytest.mark.parametrize("age", ["77", "66", "120"])
def test_a_number_among_the_others_is_a_number(age: str, tmp_path: Path) -> None:
    assert checked(tmp_path, "limb", age)[1] == []


@pytest.mark.parametrize(
    "day", ["1900-01-01", "1960-01-01", "1970-01-01", "9999-12-31", "2999-01-01"]
)
def test_a_day_that_says_none_is_no_date(day: str, tmp_path: Path) -> None:
    plan = plan_of(
        data={"adverse_events": {"file": "ae.csv"}, "cutoff": None},
    )
    events = (
        "patient,term,start_date,end_date,severity,serious,related\n"
        f"P1,Fall,2020-01-03,{day},mild,N,Y\n"
    )
    (found,) = findings_in(tmp_path, plan, adverse_events=events)[1]
    assert (found.rule, found.column) == ("not_a_date", "end_date")
    assert f"`missing: [{day}]`" in found.message
    said = {"file": "ae.csv", "missing": [day]}
    plan = plan_of(data={"adverse_events": said, "cutoff": None})
    assert findings_in(tmp_path, plan, adverse_events=events)[1] == []


def test_planning_reads_what_is_missing_as_empty(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("patient,score\nP1,-9.00\nP2,5\n", "utf-8")
    table = PlanningTable(tmp_path, {"file": "a.csv"}, ["-9", "P1"])
    assert [*table.cells("patient", "score")] == [("P1", ""), ("P2", "5")]


def test_a_number_that_says_none_is_told_within_the_scale_too(tmp_path: Path) -> None:
    wide = plan_of(scales={"score": {"maximum": 132, "item_maxima": [32, 50, 50]}})
    visits = "patient,visit_week,visit_date,score\n"
    visits += "P1,0,2020-01-01,38\nP1,4,2020-01-29,99\nP1,8,2020-02-26,99\n"
    visits += "P2,0,2020-02-01,36\nP2,4,2020-02-29,33\nP2,8,2020-03-28,{}\n"
    for last, told in (("30", [("sentinel", 3, "99")]), ("80", [])):
        found = findings_in(tmp_path, wide, visits=visits.format(last))[1]
        sentinels = [f for f in found if f.value == "99"]
        assert [(f.rule, f.row, f.value) for f in sentinels] == told


@pytest.mark.parametrize(
    ("sites", "told"),
    [
        (("A", "AB", "B", "0"), []),
        (("N", "NW", "S", "SE"), []),
        (("F", "FEMALE", "M", "MALE"), ["F", "M"]),
        (("Y", "YES", "N", "NO"), ["N", "Y"]),
        (("l", "limb", "b", "bulbar"), ["b", "l"]),
    ],
)
def test_a_letter_is_short_for_a_word_and_for_no_code(
    sites: tuple[str, ...], told: list[str], tmp_path: Path
) -> None:
    data = {"subjects": {"characteristics": CHARACTERISTICS}}
    subjects = "patient,arm,randomisation_date,age,site\n" + "".join(
        f"P{n},{'ab'[n % 2]},2020-01-01,60,{site}\n" for n, site in enumerate(sites, 1)
    )
    found = findings_in(tmp_path, plan_of(data=data), subjects=subjects)[1]
    alike = sorted(f.value for f in found if f.rule == "alike_levels")
    assert alike == told


@pytest.mark.parametrize("score", ["99", "-9", "999"])
def test_a_number_beyond_its_scale_is_told_as_that_alone(
    score: str, tmp_path: Path
) -> None:
    visits = VISITS.replace("2020-01-29,7", f"2020-01-29,{score}")
    _, found = findings_in(tmp_path, plan_of(), visits=visits)
    assert [(f.rule, f.value) for f in found] == [("range", score)]
