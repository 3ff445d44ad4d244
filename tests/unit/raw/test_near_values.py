"""What `where` and `recode` nearly mean is told, and what they do is counted."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.raw.files import read_trial_files
from alsdecline.raw.findings import Finding, sort_findings
from support.hand_trial import SUBJECTS, VISITS, plan_of

SITES = """\
patient,arm,randomisation_date,site,status
P1,a,2020-01-01,1,done
P2,b,2020-02-01,1.0,done
"""


def found(
    folder: Path, text: str = SUBJECTS, **settings: Any
) -> dict[tuple[str, str], Finding]:
    """Return findings by rule and file, notes too."""
    plan = plan_of(data=settings)
    (folder / "subjects.csv").write_text(text, encoding="utf-8")
    (folder / "visits.csv").write_text(VISITS, encoding="utf-8")
    findings = sort_findings(read_trial_files(plan, folder)[1])
    return {(str(f.rule), f.file): f for f in findings}


def test_a_patient_left_out_by_capitals_is_fatal_and_all_his_rows_are_counted(
    tmp_path: Path,
) -> None:
    told = found(
        tmp_path, SUBJECTS.replace("P2,b", "P2,B"), subjects={"where": {"arm": ["b"]}}
    )
    # nobody is left but for the value that is nearly the one that is selected
    assert ("none_selected", "subjects.csv") in told
    told = found(
        tmp_path,
        SUBJECTS.replace("P2,b", "P2,B"),
        subjects={"where": {"arm": ["a", "b"]}},
    )
    assert told["near_selected", "subjects.csv"].severity == "fatal"
    assert "`where: {arm: [a, b, B]}`" in told["near_selected", "subjects.csv"].message
    assert (
        told["rows_left_out", "visits.csv"].message
        == "3 rows are left out with their 1 patients, whom `where:` below "
        "`data: subjects:` leaves out"
    )


def test_a_number_written_otherwise_is_nearly_selected(tmp_path: Path) -> None:
    told = found(tmp_path, SITES, subjects={"where": {"site": ["1"]}})
    near = told["near_selected", "subjects.csv"]
    assert (near.row, near.value, near.severity) == (3, "1.0", "fatal")
    assert "by how the number is written alone" in near.message


def test_a_row_that_another_column_leaves_out_is_not_near(tmp_path: Path) -> None:
    where = {"site": ["1"], "status": ["done"]}
    told = found(
        tmp_path, SITES.replace("1.0,done", "1.0,x"), subjects={"where": where}
    )
    assert ("near_selected", "subjects.csv") not in told
    note = told["rows_left_out", "subjects.csv"]
    assert note.message == "`where:` leaves out 1 of 2 rows"


def test_a_value_that_is_said_to_be_right_is_not_near(tmp_path: Path) -> None:
    characteristics = [{"column": "site", "label": "Site", "kind": "category"}]
    subjects = {
        "characteristics": characteristics,
        "recode": {"site": {"1": "one", "1.0": "1.0"}},
    }
    assert found(tmp_path, SITES, subjects=subjects) == {}


@pytest.mark.parametrize(
    ("value", "severity"),
    [("DEATH", "fatal"), ("Died ", "fatal"), ("Death due to ALS", "warning")],
)
def test_a_death_is_not_swallowed_without_a_word(
    value: str, severity: str, tmp_path: Path
) -> None:
    (tmp_path / "events.csv").write_text(
        f"patient,event,date\nP1,{value},2020-05-01\nP2,moved,2020-05-01\n", "utf-8"
    )
    recode = {"event": {"done": "completed", "*": "withdrawn"}}
    told = found(tmp_path, events={"file": "events.csv", "recode": recode})
    swallowed = told["swallowed", "events.csv"]
    assert (swallowed.row, swallowed.severity) == (2, severity)
    assert f"`recode: {{event: {{{value.strip()}: died}}}}`" in swallowed.message
    listed = told["other_values", "events.csv"].message
    assert f"{value.strip()!r} 1" in listed
    assert "'moved' 1" in listed


def test_a_value_under_the_star_that_is_given_a_meaning_is_settled(
    tmp_path: Path,
) -> None:
    (tmp_path / "events.csv").write_text(
        "patient,event,date\nP1,Death of a relative,2020-05-01\n", "utf-8"
    )
    recode = {"event": {"Death of a relative": "withdrawn", "*": "withdrawn"}}
    assert found(tmp_path, events={"file": "events.csv", "recode": recode}) == {}
