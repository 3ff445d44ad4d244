"""Dates known in part: kept, or counted as a day by a declared rule, never made up."""

from pathlib import Path
from typing import Any

import pytest

from alsdecline.datasets.adsl import subject_level
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.variables import LABELS
from alsdecline.raw.partial_dates import partial_date
from support.hand_trial import findings_in, plan_of, rows, told

EVENTS: dict[str, Any] = {
    "data": {
        "events": {"file": "events.csv"},
        "adverse_events": {"file": "adverse.csv"},
    }
}
ADVERSE = """\
patient,term,start_date,end_date,severity,serious
P1,Fall,2020-01-12,2020-01-UNK,mild,N
P1,Rash,UN-JAN-2020,,mild,N
P2,Cough,2020,2020-02-20,mild,N
P2,Fever,2020---12,,severe,Y
"""
ENDS = "patient,event,date,reason\nP1,died,2020-03,\nP2,completed,2020-03-28,\n"


@pytest.mark.parametrize(
    ("text", "first", "last", "flag", "iso"),
    [
        ("2005", "2005-01-01", "2005-12-31", "M", "2005"),
        ("2004-02", "2004-02-01", "2004-02-29", "D", "2004-02"),
        ("2005-06-UNK", "2005-06-01", "2005-06-30", "D", "2005-06"),
        ("2005-06-00", "2005-06-01", "2005-06-30", "D", "2005-06"),
        ("UN-JUN-2005", "2005-06-01", "2005-06-30", "D", "2005-06"),
        ("unJun2005", "2005-06-01", "2005-06-30", "D", "2005-06"),
        ("UNK-UNK-2005", "2005-01-01", "2005-12-31", "M", "2005"),
        ("Jun 2005", "2005-06-01", "2005-06-30", "D", "2005-06"),
        ("06/2005", "2005-06-01", "2005-06-30", "D", "2005-06"),
        ("2005---15", "2005-01-15", "2005-12-15", "M", "2005---15"),
    ],
)
def test_what_is_known_of_a_date(
    text: str, first: str, last: str, flag: str, iso: str
) -> None:
    read = partial_date(text)
    assert read is not None
    assert (str(read.first), str(read.last)) == (first, last)
    assert (read.flag, read.text) == (flag, iso)


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("07/UN/2024", "mdy", "2024-07"),
        ("7/UNK/2024", "mdy", "2024-07"),
        ("04/00/2024", "mdy", "2024-04"),
        ("UN/07/2024", "mdy", "2024---07"),
        ("UN/UN/2024", "mdy", "2024"),
        ("05/2024", "mdy", "2024-05"),
        ("JUL UN 2024", "mdy", "2024-07"),
        ("UN-JUL-2024", "mdy", "2024-07"),
        ("2024-07-UN", "mdy", "2024-07"),
        ("UN/07/2024", "dmy", "2024-07"),
        ("07/UN/2024", "dmy", "2024---07"),
        ("2024-07-UN", "dmy", "2024-07"),
        ("UN/UN/2024", "", "2024"),
    ],
)
def test_the_order_of_the_file_tells_the_day_from_the_month(
    text: str, order: str, iso: str
) -> None:
    read = partial_date(text, order)
    assert read is not None
    assert read.text == iso


@pytest.mark.parametrize("text", ["07/UN/2024", "UN/07/2024", "00.07.2024"])
def test_no_day_is_told_from_a_month_where_no_order_is_declared(text: str) -> None:
    assert partial_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["2005-06-15", "15-JUN-2005", "200506", "2005-13", "UN-XYZ-2005", "05", "1605-06"],
)
def test_what_is_whole_or_none_is_not_known_in_part(text: str) -> None:
    assert partial_date(text) is None


def test_adverse_events_keep_what_is_known(tmp_path: Path) -> None:
    texts = {
        "adverse_events": ADVERSE,
        "events": ENDS.replace("2020-03,", "2020-03-30,"),
    }
    plan = plan_of(**EVENTS)
    files, found = findings_in(tmp_path, plan, **texts)
    assert found == []
    adae = adverse_event_records(plan, files)
    assert set(adae) <= set(LABELS)
    shown = rows(adae, "AETERM", "ASTDT", "AESTDTC", "AENDT", "AEENDTC")
    assert shown == [
        ("Fall", "2020-01-12", "", None, "2020-01"),
        ("Rash", None, "2020-01", None, ""),
        ("Cough", None, "2020", "2020-02-20", ""),
        ("Fever", None, "2020---12", None, ""),
    ]
    assert "ASTDTF" not in adae


@pytest.mark.parametrize(
    ("rule", "starts", "end"),
    [
        # the fall cannot have ended before it began on the 12th
        (
            "first",
            ["2020-01-12", "2020-01-01", "2020-01-12", "2020-01-01"],
            "2020-01-12",
        ),
        (
            "last",
            ["2020-01-12", "2020-01-31", "2020-12-12", "2020-12-31"],
            "2020-01-31",
        ),
    ],
)
def test_a_declared_rule_imputes_and_flags(
    rule: str, starts: list[str], end: str, tmp_path: Path
) -> None:
    plan = plan_of(
        data={
            "adverse_events": {"file": "adverse.csv", "partial_dates": rule},
        }
    )
    text = ADVERSE.replace("2020-02-20", "")
    files, found = findings_in(tmp_path, plan, adverse_events=text)
    assert found == []
    adae = adverse_event_records(plan, files).set_index("AETERM")
    order = ["Fall", "Rash", "Fever", "Cough"]
    assert [str(adae["ASTDT"][term].date()) for term in order] == starts
    assert [adae["ASTDTF"][term] for term in order] == ["", "D", "M", "M"]
    assert set(adae) - {"AETERM"} <= set(LABELS)
    assert (str(adae["AENDT"]["Fall"].date()), adae["AENDTF"]["Fall"]) == (end, "D")


def test_a_death_known_in_part_needs_a_rule_and_names_it(tmp_path: Path) -> None:
    _, found = findings_in(
        tmp_path, plan_of(**EVENTS), events=ENDS, adverse_events=ADVERSE
    )
    assert told(found) == [
        (
            "fatal: events.csv, row 2, column date, value '2020-03': a date of which a "
            "part is not known; say below its file in config.yaml which day it counts "
            "as, `partial_dates: first` (or last) [not_a_date]"
        )
    ]
    last = {"data": {"events": {"file": "events.csv", "partial_dates": "last"}}}
    plan = plan_of(**last)
    files, found = findings_in(tmp_path, plan, events=ENDS)
    assert found == []
    adsl = subject_level(plan, files)
    assert {"EOSDTF", "DTHDTF"} <= set(LABELS)
    assert rows(adsl, "EOSDT", "EOSDTF", "DTHDT", "DTHDTF") == [
        ("2020-03-31", "D", "2020-03-31", "D"),
        ("2020-03-28", "", None, ""),
    ]


@pytest.mark.parametrize("form", ["MM/DD/YYYY", "%m/%d/%Y"])
def test_a_death_of_a_file_with_the_month_first_is_of_that_month(
    form: str, tmp_path: Path
) -> None:
    table = {"file": "events.csv", "partial_dates": "last", "date_format": form}
    plan = plan_of(data={"events": table})
    text = ENDS.replace("2020-03,", "03/UN/2020,").replace("2020-03-28", "03/28/2020")
    files, found = findings_in(tmp_path, plan, events=text)
    assert found == []
    assert rows(subject_level(plan, files), "DTHDT", "DTHDTF") == [
        ("2020-03-31", "D"),
        (None, ""),
    ]


def test_a_part_that_is_a_day_or_a_month_needs_the_order_of_its_file(
    tmp_path: Path,
) -> None:
    table = {"file": "events.csv", "partial_dates": "last"}
    text = ENDS.replace("2020-03,", "03/UN/2020,")
    _, found = findings_in(tmp_path, plan_of(data={"events": table}), events=text)
    assert told(found) == [
        (
            "fatal: events.csv, row 2, column date, value '03/UN/2020': a date of "
            "which the day or the month is not known; say which of them stands first, "
            "by `date_format: DD/MM/YYYY` or `MM/DD/YYYY` under its file in "
            "config.yaml [not_a_date]"
        )
    ]


@pytest.mark.parametrize(("start", "fatal"), [("2020-03", []), ("2020-04", [3])])
def test_order_is_told_only_where_it_is_certain(
    start: str, fatal: list[int], tmp_path: Path
) -> None:
    """P1 died in March 2020; an event of that month need not be after it."""
    last = {"file": "events.csv", "partial_dates": "first"}
    plan = plan_of(data=EVENTS["data"] | {"events": last})
    text = ADVERSE.replace("UN-JAN-2020", start)
    _, found = findings_in(tmp_path, plan, events=ENDS, adverse_events=text)
    assert [f.row for f in found if f.severity == "fatal"] == fatal
    assert [f.value for f in found if f.severity == "fatal"] == [start] * len(fatal)


def test_a_date_known_in_part_is_held_to_the_cutoff(tmp_path: Path) -> None:
    table = {"file": "adverse.csv", "partial_dates": "last"}
    plan = plan_of(data={"adverse_events": table, "cutoff": "2020-06-30"})
    text = ADVERSE.replace("2020---12", "2020-07").replace("2020-02-20", "")
    files, found = findings_in(tmp_path, plan, adverse_events=text)
    fatal = [(f.rule, f.row) for f in found if f.severity == "fatal"]
    assert fatal == [("date_after_cutoff", 5)]
    starts = files.tables["adverse_events"]["start_date"]
    assert str(starts[2].date()) == "2020-06-30"  # of which 2020 is known


def test_a_period_of_dosing_may_begin_on_an_unknown_day(tmp_path: Path) -> None:
    table = {"file": "exposure.csv", "partial_dates": "first"}
    text = "patient,date,dose,end_date\nP1,2020-02,0,2020-02-20\nP2,2020-02-01,2,\n"
    plan = plan_of(data={"exposure": table})
    files, _ = findings_in(tmp_path, plan, exposure=text)
    assert rows(dose_records(plan, files), "ASTDT", "ASTDTF") == [
        ("2020-02-01", "D"),
        ("2020-02-01", ""),
    ]


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (
            "ongoing",
            (
                "not a date; write YYYY-MM-DD, or `missing: [ongoing]` under its file "
                "in config.yaml if it says that there is none"
            ),
        ),
        ("10-Mrz-2020", "not a date: 'Mrz' is no month in English; write YYYY-MM-DD"),
        ("10-UNK-2020", ""),
    ],
)
def test_words_in_dates_of_a_file_are_told_as_what_they_are(
    end: str, says: str, tmp_path: Path
) -> None:
    """A month that is not known is known in part, also beside a month's name."""
    table = {"file": "adverse.csv", "date_format": "DD-MON-YYYY"}
    text = "patient,term,start_date,end_date,severity,serious\n"
    text += f"P1,Fall,12-JAN-2020,{end},mild,N\n"
    plan = plan_of(data={"adverse_events": table})
    files, found = findings_in(tmp_path, plan, adverse_events=text)
    assert [f.message for f in found if f.severity == "fatal"] == ([says] * bool(says))
    if not says:
        assert files.tables["adverse_events"]["end_date_text"].tolist() == ["2020---10"]


def test_no_dose_and_no_end_is_made_up_before_the_randomisation(
    tmp_path: Path,
) -> None:
    """P2 was randomised on 1 February, P1 on 1 January; a dose of 2019 stays so."""
    tables = {
        "exposure": {"file": "exposure.csv", "partial_dates": "first"},
        "events": {"file": "events.csv", "partial_dates": "first"},
    }
    doses = "patient,date,dose,end_date\nP1,2019-12,0,\nP1,2020-02,0,\n"
    doses += "P2,2020,2,2020\nP2,2020-03,2,\n"
    ends = "patient,event,date,reason\nP1,completed,2020-03,\nP2,withdrawn,2020,\n"
    plan = plan_of(data=tables, time_origin="first_dose")
    files, found = findings_in(tmp_path, plan, exposure=doses, events=ends)
    assert [(f.rule, f.file, f.row) for f in found if f.severity == "fatal"] == [
        ("before_randomisation", "exposure.csv", 2)
    ]
    shown = rows(files.tables["exposure"], "date", "date_flag", "end_date")
    assert shown == [
        ("2019-12-01", "D", None),
        ("2020-02-01", "D", None),
        ("2020-02-01", "M", "2020-02-01"),
        ("2020-03-01", "D", None),
    ]
    # P2 was seen at the end of March
    assert rows(files.tables["events"], "date") == [("2020-03-01",), ("2020-03-28",)]
    assert rows(subject_level(plan, files), "ZERODT")[1] == ("2020-02-01",)


@pytest.mark.parametrize(
    ("form", "whole", "iso", "part"),
    [
        ("MMDDYY", "011924", "2024-01-19", ""),
        ("MMDDYY", "11924", "2024-01-19", ""),  # as a spreadsheet keeps it
        ("DDMMYYYY", "1022024", "2024-02-01", ""),
        ("sas", "9131", "1984-12-31", ""),
        ("DD/MM/YYYY", "19/01/2024", "2024-01-19", "00/01/2024"),
        ("DD/MM/YYYY", "01/02/2024", "2024-02-01", "UN/01/2024"),
        ("DD-MON-YYYY", "01-FEB-2024", "2024-02-01", "UN-JAN-2024"),
    ],
)
def test_a_whole_date_in_the_files_own_form_is_none_in_part(
    form: str, whole: str, iso: str, part: str, tmp_path: Path
) -> None:
    own = {"file": "adverse.csv", "date_format": form}
    plan = plan_of(data={"adverse_events": own, "cutoff": None})
    text = "patient,term,start_date,end_date,severity,serious\n"
    text += f"P1,Fall,{whole},,mild,N\nP2,Rash,{part},,mild,N\n"
    files, _ = findings_in(tmp_path, plan, adverse_events=text)
    table = files.tables["adverse_events"]
    assert table["start_date"].dropna().dt.strftime("%Y-%m-%d").tolist() == [iso]
    if part:
        assert table["start_date_text"].tolist()[1] == "2024-01"
