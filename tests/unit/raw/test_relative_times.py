"""Doses, ends and adverse events have days, weeks or study days in place of dates.

Values that are expected are read off the files, and computed, by hand.
"""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.analyses.dispositions import exposure, years_followed
from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.variables import LABELS
from support.hand_trial import datasets_of, findings_in, plan_of, rows, told

SUBJECTS = "patient,arm\nP1,a\nP2,b\n"
VISITS = "patient,visit_study_day,score\nP1,1,8\nP1,29,7\nP2,-1,9\nP2,57,4\n"
DOSES = "patient,date,end_date,dose\nP1,1,14,0\nP1,29,42,0\nP2,2,,2\n"
ENDS = "patient,event,date,reason\nP1,died,60,\nP2,withdrawn,57,moved\n"
ADVERSE = """\
patient,term,start_date,end_date,severity,serious
P1,Fall,-1,2,mild,N
P2,Rash,8,,severe,Y
"""


def table(name: str, time: str, **more: Any) -> dict[str, Any]:
    return {"file": f"{name}.csv", "time": time} | more


def undated(death: str = "study_day", **visits: Any) -> dict[str, Any]:
    times = {"exposure": "study_day", "events": death, "adverse_events": "study_day"}
    return {
        "data": {name: table(name, time) for name, time in times.items()}
        | {"visits": {"time": "study_day"}, "cutoff": None},
        "visits": {"weeks": [], "days": [0, 28, 56], "window_days": None} | visits,
        "time_origin": "baseline",
    }


TEXTS = {
    "subjects": SUBJECTS,
    "visits": VISITS,
    "exposure": DOSES,
    "events": ENDS,
    "adverse_events": ADVERSE,
}


def test_a_trial_without_dates_is_whole(tmp_path: Path) -> None:
    plan = plan_of(**undated())
    files, found = findings_in(tmp_path, plan, **TEXTS)
    assert [f.rule for f in found if f.severity == "fatal"] == []
    adsl = subject_level(plan, files)
    days = ("TRTSDY", "TRTEDY", "EOSDY", "DTHDY", "SAFFL")
    assert rows(adsl, *days) == [(1, 42, 60, 60, "Y"), (2, 2, 57, None, "Y")]
    assert adsl[["TRTSDT", "TRTEDT", "EOSDT", "DTHDT", "ZERODT"]].isna().all(axis=None)
    doses = dose_records(plan, files)
    assert rows(doses, "ASTDT", "ASTDY", "AENDY") == [
        (None, 1, 14),
        (None, 29, 42),
        (None, 2, 2),
    ]
    adae = adverse_event_records(plan, files)
    assert {*adsl, *doses, *adae} <= set(LABELS)
    assert rows(adae, "AETERM", "ASTDT", "ASTDY", "AENDY") == [
        ("Fall", None, -1, 2),
        ("Rash", None, 8, None),
    ]
    values = analysis_values(plan, measured_values(plan, files, adsl), adsl)
    shown = rows(values["score"], "USUBJID", "ARELTM", "ADY", "AVAL")
    assert shown == [
        ("P1", 0, 1, 8),
        ("P1", 28, 29, 7),
        ("P2", -1, -1, 9),
        ("P2", 56, 57, 4),
    ]
    # 14 and 14 days of dosing, from study day 1 to 42
    told_of = exposure(adsl, doses, plan.arms).set_index(["quantity", "statistic"])
    first = told_of[told_of["arm"] == "a"]["value"]
    assert first["days from first to last dose", "mean"] == 41
    # until study days 60 and 57
    years = years_followed(adsl, values)
    assert years.tolist() == pytest.approx([59 / 365.25, 56 / 365.25])


@pytest.mark.parametrize(
    ("time", "written"), [("day", "59"), ("week", "8.5"), ("month", "1.94")]
)
def test_a_death_is_at_its_time_in_any_unit(
    time: str, written: str, tmp_path: Path
) -> None:
    """8.5 weeks are 59.5 days, and 1.94 months 59.05: within study day 60."""
    plan = plan_of(**undated(death=time))
    ends = ENDS.replace("died,60", f"died,{written}").replace("57,moved", "1,moved")
    files, _ = findings_in(tmp_path, plan, **TEXTS | {"events": ends})
    assert rows(subject_level(plan, files), "DTHDY")[0] == (60,)


def test_what_is_after_death_is_told_by_its_day(tmp_path: Path) -> None:
    ends = ENDS.replace("died,60", "died,28")
    _, found = findings_in(tmp_path, plan_of(**undated()), **TEXTS | {"events": ends})
    fatal = [line for line in told(found) if line.startswith("fatal")]
    assert fatal == [
        (
            "fatal: exposure.csv, row 3, column date, value '29': after the death on "
            "day 27; look up both, and correct the one that is wrong [after_death]"
        ),
        (
            "fatal: exposure.csv, row 3, column end_date, value '42': after the death "
            "on day 27; look up both, and correct the one that is wrong [after_death]"
        ),
        (
            "fatal: visits.csv, row 3, column visit_study_day, value '29': after the "
            "death on day 27; correct one of them [after_death]"
        ),
    ]


def test_nothing_is_carried_past_a_death_without_dates(tmp_path: Path) -> None:
    plan = plan_of(**undated(carry_forward="post_baseline"))
    for day, carried in ((50, 0), (57, 1)):
        ends = ENDS.replace("died,60", f"died,{day}")
        _, values, _ = datasets_of(tmp_path, plan, **TEXTS | {"events": ends})
        of_patient = values["score"].query("USUBJID == 'P1'")
        assert (of_patient["DTYPE"] == "LOCF").sum() == carried


def test_there_is_no_study_day_0(tmp_path: Path) -> None:
    texts = TEXTS | {"visits": VISITS.replace("P2,-1", "P2,0")}
    _, found = findings_in(tmp_path, plan_of(**undated()), **texts)
    fatal = [f for f in found if f.severity == "fatal"]
    assert [(f.rule, f.row, f.value) for f in fatal] == [("range", 4, "0")]
    assert "there is no study day 0" in fatal[0].message


def test_with_dates_a_day_is_so_long_after_randomisation(tmp_path: Path) -> None:
    """P1 was randomised on 1 January 2020, P2 on 1 February."""
    data = {"adverse_events": table("adverse_events", "study_day")}
    plan = plan_of(data=data)
    files, found = findings_in(tmp_path, plan, adverse_events=ADVERSE)
    assert found == []
    adae = adverse_event_records(plan, files)
    assert rows(adae, "AETERM", "ASTDT", "AENDT") == [
        ("Fall", "2019-12-31", "2020-01-02"),
        ("Rash", "2020-02-08", None),
    ]
    assert "ASTDY" not in adae


def test_ages_of_deaths_begin_where_those_of_visits_do(tmp_path: Path) -> None:
    """A patient seen at 8, 10 and 12 who dies at 12.5 was followed for 4.5 years."""
    plan = plan_of(
        data={
            "visits": {"time": "year"},
            "events": table("events", "year"),
            "cutoff": None,
        },
        visits={"weeks": [], "years": [8, 10, 12], "time_zero": 8, "window_days": None},
        time_origin="baseline",
    )
    texts = {
        "subjects": SUBJECTS,
        "visits": "patient,visit_year,score\nP1,8,8\nP1,10,7\nP1,12,5\nP2,8,9\n",
    }
    ends = "patient,event,date,reason\nP1,died,{age},\nP2,withdrawn,9,moved\n"
    late = texts | {"events": ends.format(age=12.5)}
    files, found = findings_in(tmp_path, plan, **late)
    assert [f.rule for f in found if f.severity == "fatal"] == []
    adsl = subject_level(plan, files)
    # whole days, the first being 1
    assert rows(adsl, "EOSDY") == [(int(4.5 * 365.25) + 1,), (int(365.25) + 1,)]
    _, found = findings_in(tmp_path, plan, **texts | {"events": ends.format(age=9.5)})
    assert [f.rule for f in found if f.severity == "fatal"] == ["after_death"] * 2
