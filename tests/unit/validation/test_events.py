"""Ends of participation and adverse events that contradict each other are told."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.raw.findings import Finding
from support.hand_trial import findings_in, plan_of

TABLES: dict[str, Any] = {
    "events": {"file": "events.csv"},
    "adverse_events": {"file": "ae.csv"},
}


def _found(folder: Path, events: str, adverse: str = "", **data: Any) -> list[Finding]:
    plan = plan_of(data=TABLES | {"cutoff": None} | data)
    texts = {
        "events": "patient,event,date,reason\n" + events,
        "adverse_events": "patient,term,start_date,end_date,severity,serious\n"
        + adverse,
    }
    return findings_in(folder, plan, **texts)[1]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Death", True),
        ("died of respiratory failure", True),
        ("patient verstorben", True),
        ("患者死亡", True),
        ("death in the family", False),
        ("Death of spouse", False),
        ("fear of death", False),
        ("deadline missed", False),
        ("moved away", False),
    ],
)
def test_a_death_is_known_in_words_and_no_other_persons(
    reason: str, told: bool, tmp_path: Path
) -> None:
    adverse = f"P2,{reason},2020-02-20,,mild,N\n"
    found = _found(tmp_path, f"P1,withdrawn,2020-02-27,{reason}\n", adverse)
    rules = [(f.file, f.row) for f in found if f.rule == "death_not_told"]
    assert rules == ([("ae.csv", 2), ("events.csv", 2)] if told else [])


def test_the_death_of_one_who_died_is_told(tmp_path: Path) -> None:
    adverse = "P1,Death,2020-02-27,2020-02-27,severe,Y\n"
    found = _found(tmp_path, "P1,died,2020-02-27,death\n", adverse)
    assert [f for f in found if f.rule == "death_not_told"] == []


@pytest.mark.parametrize(
    ("days", "told"),
    [
        # of P2 alone, of two; the last scheduled visit is on day 56
        (("2020-02-26", "2020-02-11"), [3]),
        (("2020-02-26", "2020-02-12"), []),
        (("2020-01-05", "2020-02-05"), []),
        (("2020-08-24", "2020-09-25"), [3]),
        (("2020-02-26", "2020-09-24"), []),
    ],
    ids=["early", "within 45 days", "all are early", "late", "within 180 days"],
)
def test_a_completion_far_from_the_last_scheduled_visit_is_told(
    days: tuple[str, str], told: list[int], tmp_path: Path
) -> None:
    events = f"P1,completed,{days[0]},\nP2,completed,{days[1]},\n"
    found = _found(tmp_path, events)
    assert [f.row for f in found if f.rule == "completion_day"] == told


def test_deaths_may_be_later_than_all_else(tmp_path: Path) -> None:
    """Patients are followed for survival long after the trial."""
    adverse = "P1,Fall,2020-01-05,2026-01-01,mild,N\n"
    for year, told in ((2034, [("ae.csv", "end_date")]), (2036, None)):
        found = _found(tmp_path, f"P2,died,{year}-04-01,\n", adverse)
        distant = [(f.file, f.column) for f in found if f.rule == "distant_date"]
        assert distant == (told or [("ae.csv", "end_date"), ("events.csv", "date")])


def test_an_adverse_event_without_severity_is_kept(tmp_path: Path) -> None:
    adverse = "P1,Fall,2020-01-05,,,N\nP2,Rash,2020-02-05,,,N\n"
    adverse += "P2,Fall,2020-02-05,,mild,N\n"
    found = _found(tmp_path, "P2,died,2020-04-01,\n", adverse)
    told = [(f.row, f.severity, f.message) for f in found if f.rule == "no_severity"]
    assert told == [
        (
            2,
            "warning",
            (
                "no severity; counted among all adverse events, and as none of mild, "
                "moderate or severe; the first of 2 such rows"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("AESDTH", "Y", True),
        ("AESDTH", "N", False),
        ("AEOUT", "FATAL", True),
        ("AEOUT", "RECOVERED/RESOLVED", False),
        ("AETOXGR", "5", True),
        ("AETOXGR", "4", False),
    ],
)
def test_a_fatal_outcome_of_an_adverse_event_is_a_death(
    column: str, text: str, told: bool, tmp_path: Path
) -> None:
    """SDTM has it there when the disposition is a withdrawal of the day before."""
    plan = plan_of(data=TABLES | {"cutoff": None})
    adverse = f"patient,term,start_date,severity,serious,{column}\n"
    adverse += f"P1,Respiratory failure,2020-02-20,severe,Y,{text}\n"
    events = "patient,event,date,reason\nP1,withdrawn,2020-02-27,AE\n"
    found = findings_in(tmp_path, plan, events=events, adverse_events=adverse)[1]
    rules = [(f.file, f.column) for f in found if f.rule == "death_not_told"]
    assert rules == [("ae.csv", column)] * told


@pytest.mark.parametrize("column", ["DTHDTC", "DTHDT", "DTHFL", "death_date"])
def test_a_death_in_the_subjects_file_alone_is_told(
    column: str, tmp_path: Path
) -> None:
    """Where no file has the ends too; once of a patient, whatever tells it."""
    day = "Y" if column == "DTHFL" else "2020-05-01"
    subjects = f"patient,arm,randomisation_date,{column}\n"
    subjects += f"P1,a,2020-01-01,{day}\nP2,b,2020-02-01,\n"
    plan = plan_of(data={"cutoff": None})
    (found,) = findings_in(tmp_path, plan, subjects=subjects)[1]
    assert (found.rule, found.row, found.column) == ("death_not_told", 2, column)
    ended = plan_of(data={"cutoff": None, "events": {"file": "events.csv"}})
    # who completed died after the trial
    for end, told in (("died", []), ("completed", []), ("withdrawn", [column])):
        events = f"patient,event,date,reason\nP1,{end},2020-02-26,\n"
        others = findings_in(tmp_path, ended, subjects=subjects, events=events)[1]
        assert [f.column for f in others] == told
    dropped = {"subjects": {"drop": [column]}, "cutoff": None}
    assert findings_in(tmp_path, plan_of(data=dropped), subjects=subjects)[1] == []


def test_adverse_events_may_have_no_column_of_severity(tmp_path: Path) -> None:
    plan = plan_of(data=TABLES | {"cutoff": None})
    adverse = "patient,term,start_date,serious\nP1,Fall,2020-02-20,N\n"
    events = "patient,event,date,reason\nP1,completed,2020-02-27,\n"
    (found,) = findings_in(tmp_path, plan, events=events, adverse_events=adverse)[1]
    assert found.rule == "no_severity"
    assert "name that by `columns: {severity: NAME}`" in found.message


def test_an_adverse_event_that_ends_after_death_is_a_warning(tmp_path: Path) -> None:
    adverse = "P2,Rash,2020-03-01,{},mild,N\n"
    for end, told in (("2020-04-01", []), ("2020-04-02", [("warning", "end_date")])):
        found = _found(tmp_path, "P2,died,2020-04-01,\n", adverse.format(end))
        after = [(f.severity, f.column) for f in found if f.rule == "after_death"]
        assert after == told
